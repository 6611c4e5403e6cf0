// LineCursor: the lines of a text's positions, asked for in ascending order, so that none is
// counted twice.
//
// Thread contract: confined to one thread; borrows the text.
// Units: offsets in bytes of the text, lines from 1.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/sql/lines.h"

namespace engine::sql {

class LineCursor {
 public:
  LineCursor(std::string_view text, char mark) : text_(text), mark_(mark) {}

  char mark() const { return mark_; }
  /// The line of a position is known from elsewhere.
  void move_to(std::uint64_t offset, std::uint64_t line) {
    offset_ = offset;
    line_ = line;
  }
  /// REQUIRES: not before the last position.
  std::uint64_t line_at(std::uint64_t offset) {
    assert(offset_ <= offset);
    line_ += count_lines(
        text_.substr(static_cast<std::size_t>(offset_), static_cast<std::size_t>(offset - offset_)),
        mark_);
    offset_ = offset;
    return line_;
  }

 private:
  std::string_view text_;
  char mark_;
  std::uint64_t offset_ = 0;
  std::uint64_t line_ = 1;
};

}  // namespace engine::sql
