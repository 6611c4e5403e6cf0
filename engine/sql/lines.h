// Lines of a text: what ends them, and how many there are.
//
// Thread contract: pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/sql/kernels/kernels.h"

namespace engine::sql {

/// The byte that ends the lines of this text: '\n', or '\r' where there is no '\n' at all.
inline char line_mark(std::string_view text) {
  return text.find('\n') != std::string_view::npos || text.find('\r') == std::string_view::npos
             ? '\n'
             : '\r';
}

inline std::uint64_t count_lines(std::string_view text, char mark) {
  return kernels().count(text, 0, text.size(), mark);
}

/// The next '\n' or '\r' from `position` on, or the size of the text.
inline std::size_t find_line_end(std::string_view text, std::size_t position) {
  return kernels().find_either(text, position, '\n', '\r');
}

}  // namespace engine::sql
