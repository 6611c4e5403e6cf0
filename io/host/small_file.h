// small_file: the kernel's one-line and one-page files under /proc and /sys.
//
// Thread contract: free functions without state.
// Errors: nothing where the file is missing, unreadable or says something else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace engine::io {

std::optional<std::string> read_small_file(const std::string& path);

/// The number at the begin of `text`, behind white space.
std::optional<std::uint64_t> leading_number(std::string_view text);

/// The number behind `key` on the line that begins with it: "MemTotal:  123 kB", "inactive_file 4".
std::optional<std::uint64_t> number_of(std::string_view text, std::string_view key);

}  // namespace engine::io
