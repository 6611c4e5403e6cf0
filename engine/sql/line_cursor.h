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
#include <vector>

#include "engine/sql/line_place.h"
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
  /// So is that of one further on, behind those that were said before; up to there none is counted.
  void know(LinePlace place) { known_.push_back(place); }
  /// REQUIRES: not before the last position.
  std::uint64_t line_at(std::uint64_t offset) {
    assert(offset_ <= offset);
    for (; next_known_ < known_.size() && known_[next_known_].offset <= offset; ++next_known_) {
      const LinePlace& place = known_[next_known_];
      if (place.offset > offset_) move_to(place.offset, place.line);
    }
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
  std::vector<LinePlace> known_;
  std::size_t next_known_ = 0;
};

}  // namespace engine::sql
