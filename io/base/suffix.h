// suffix: what the end of a file's name says, in any letter case.
//
// Thread contract: pure functions.
#pragma once

#include <cstdint>
#include <string_view>

namespace engine::io {

/// `suffix` is in lower case.
bool has_suffix(std::string_view name, std::string_view suffix);

enum class Compression : std::uint8_t { kNone, kGzip, kZstd, kXz, kBzip2 };

/// By a final .gz, .zst, .xz or .bz2.
Compression compression_of(std::string_view name);

/// The name without that suffix; the whole name where it has none.
std::string_view without_compression(std::string_view name);

}  // namespace engine::io
