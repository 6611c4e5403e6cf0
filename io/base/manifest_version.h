// kManifestVersion: the version of manifests that this program writes and reads.
//
// Thread contract: a constant.
// Source: docs/manifest.md.
#pragma once

#include <cstdint>

namespace engine::io {

inline constexpr std::uint64_t kManifestVersion = 1;

}  // namespace engine::io
