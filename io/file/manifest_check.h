// check_manifest: what a manifest says must be possible.
//
// Thread contract: a free function.
// Errors: kInvalid, beginning with `shown`.
// Source: docs/manifest.md, last section.
#pragma once

#include <string>

#include "io/file/manifest.h"

namespace engine::io {

/// Paths stay in the tree and differ; pieces tile the source; added bytes and pieces tile every
/// output.
Result<void> check_manifest(const Manifest& manifest, const std::string& shown);

}  // namespace engine::io
