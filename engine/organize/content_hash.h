// content_hash: XXH3, 128 bits, as the manifest writes it.
//
// Thread contract: pure functions.
// Units: 32 lower-case hexadecimal digits, the high 64 bits first; no seed.
// Source: docs/manifest.md; libxxhash.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace engine::organize {

std::string content_hash(std::string_view bytes);

/// Of the pieces as one text.
std::string content_hash(std::span<const std::string_view> pieces);

}  // namespace engine::organize
