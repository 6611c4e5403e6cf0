// Lines of a text: what ends them, and how many there are.
//
// Thread contract: pure.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace engine::sql {

/// The byte that ends the lines of this text: '\n', or '\r' where there is no '\n' at all.
inline char line_mark(std::string_view text) {
  return text.find('\n') != std::string_view::npos || text.find('\r') == std::string_view::npos
             ? '\n'
             : '\r';
}

inline std::uint64_t count_lines(std::string_view text, char mark) {
  return static_cast<std::uint64_t>(std::count(text.begin(), text.end(), mark));
}

/// "lf", "crlf", "cr", "mixed", "none".
std::string_view line_ends_name(std::string_view text);

}  // namespace engine::sql
