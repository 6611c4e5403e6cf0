// manifest_version: the version of manifests that this program writes and reads, and what is said
// of another.
//
// Thread contract: pure.
// Source: docs/manifest.md.
#pragma once

#include <cstdint>
#include <string>

#include "engine/result.h"

namespace engine::io {

inline constexpr std::uint64_t kManifestVersion = 1;

/// `shown` is the manifest's file. kInvalid where that has another version.
inline Result<void> check_manifest_version(std::uint64_t version, const std::string& shown) {
  if (version == kManifestVersion) return {};
  return fail(ErrorCode::kInvalid, shown + ": has version " + std::to_string(version) +
                                       ", this program reads version " +
                                       std::to_string(kManifestVersion));
}

}  // namespace engine::io
