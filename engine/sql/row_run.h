// RowRun: rows that follow each other in a text, each a unit by itself, with nothing but a line end
// between them. A dump has millions of them, and most of what is asked of one has the same answer
// for all, so they travel together.
//
// Thread contract: a value; borrows where its rows end.
// Units: bytes of the text, lines from 1. A semicolon ends each of them.
// Errors: none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "engine/sql/row_end.h"
#include "engine/sql/split_part.h"

namespace engine::sql {

class RowRun {
 public:
  RowRun() = default;
  /// The first one begins at `offset`, in `line`.
  RowRun(std::uint64_t offset, std::uint64_t line, std::span<const RowEnd> ends)
      : offset_(offset), line_(line), ends_(ends) {}

  bool empty() const { return ends_.empty(); }
  std::size_t size() const { return ends_.size(); }
  std::span<const RowEnd> ends() const { return ends_; }

  std::uint64_t offset(std::size_t row = 0) const {
    return row == 0 ? offset_ : ends_[row - 1].next;
  }
  std::uint64_t line(std::size_t row = 0) const {
    return row == 0 ? line_ : ends_[row - 1].line + 1;
  }
  /// Behind the last one and its line end.
  std::uint64_t end() const { return offset(size()); }
  std::uint64_t end_line() const { return line(size()); }

  SplitPart unit(std::size_t row) const;
  /// The line end behind it.
  SplitPart gap(std::size_t row) const;

  RowRun first(std::size_t count) const { return {offset_, line_, ends_.first(count)}; }
  RowRun behind(std::size_t count) const {
    return {offset(count), line(count), ends_.subspan(count)};
  }

  /// How many, from the first, end at `place` or before.
  std::size_t count_ending_by(std::uint64_t place) const;
  /// How many, from the first, begin before `place`.
  std::size_t count_beginning_before(std::uint64_t place) const;

 private:
  std::uint64_t offset_ = 0;
  std::uint64_t line_ = 1;
  std::span<const RowEnd> ends_;
};

/// Of INSERT ... VALUES, text[begin, end), whose table's name ends at `name_end`: all up to the
/// first value. Empty where anything but columns stands between.
std::string_view head_of_rows(std::string_view text, std::size_t begin, std::size_t name_end,
                              std::size_t end);

}  // namespace engine::sql
