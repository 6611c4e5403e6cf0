// TextMarks: where the first of some words begins in a stretch of a text, looked for once, a
// stretch ahead at a time, as long as questions come in the order of the text. A word may be a part
// of another, or stand in a string.
//
// Thread contract: MarkSet is constant; TextMarks is confined to one thread; borrows the text.
// Units: bytes of the text. Cost: the text is read once, 64 bytes at a time; what is compared byte
// by byte is where two bytes that are rare in rows stand.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string_view>

#include "engine/sql/kernels/byte_pairs.h"

namespace engine::dependency {

struct Mark {
  std::string_view word;  ///< in lower case; found whatever the letter case
  std::size_t rare;       ///< the place of two bytes that are rare in rows, in INSERT and VALUES
};

class MarkSet {
 public:
  static constexpr std::size_t kMost = sql::BytePairs::kMost;

  constexpr MarkSet(std::initializer_list<Mark> marks) {  // NOLINT: stands wherever a set does
    for (const Mark& mark : marks) {
      marks_[count_] = mark;
      pairs_.add(mark.word[mark.rare], mark.word[mark.rare + 1], count_++);
      if (mark.rare > last_rare_) last_rare_ = mark.rare;
    }
  }

  /// Where the first one begins in text[begin, end); else `end`. It may go on behind `end`.
  std::size_t find(std::string_view text, std::size_t begin, std::size_t end) const;
  bool any(std::string_view text) const { return find(text, 0, text.size()) < text.size(); }

 private:
  std::array<Mark, kMost> marks_{};
  std::size_t count_ = 0;
  std::size_t last_rare_ = 0;
  sql::BytePairs pairs_;
};

class TextMarks {
 public:
  /// `marks` outlives it.
  TextMarks(std::string_view text, const MarkSet& marks) : text_(text), marks_(marks) {}

  /// Where the first one begins in text[begin, end); else `end`, or where the text ends.
  std::size_t find(std::size_t begin, std::size_t end);

 private:
  static constexpr std::size_t kStretch = 4 << 10;

  const std::string_view text_;
  const MarkSet& marks_;
  // None begins in [clear_from_, clear_until_); behind that one may, and one does where `found_`
  // says so.
  std::size_t clear_from_ = 0;
  std::size_t clear_until_ = 0;
  bool found_ = false;
};

}  // namespace engine::dependency
