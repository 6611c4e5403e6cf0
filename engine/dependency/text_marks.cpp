#include "engine/dependency/text_marks.h"

#include <algorithm>

#include "engine/sql/ascii.h"
#include "engine/sql/kernels/kernels.h"

namespace engine::dependency {

// The pairs of words come in another order than the words may: one that begins before the first
// that is found has its pair not far behind.
std::size_t MarkSet::find(std::string_view text, std::size_t begin, std::size_t end) const {
  std::size_t first = end;
  for (std::size_t at = begin; at < std::min(text.size(), first + last_rare_); ++at) {
    const std::size_t limit = std::min(text.size(), first + last_rare_ + 1);
    at = sql::kernels().find_pairs(text.substr(0, limit), at, pairs_);
    for (const Mark& mark : std::span(marks_).first(count_)) {
      if (at < begin + mark.rare || at >= first + mark.rare) continue;
      const std::string_view word = text.substr(at - mark.rare, mark.word.size());
      if (sql::equal_words(word, mark.word)) first = at - mark.rare;
    }
  }
  return first;
}

std::size_t TextMarks::find(std::size_t begin, std::size_t end) {
  end = std::min(end, text_.size());
  if (begin < clear_from_ || begin > clear_until_) {
    clear_from_ = clear_until_ = begin;
    found_ = false;
  }
  if (!found_ && clear_until_ < end) {
    const std::size_t until = std::min(text_.size(), std::max(end, clear_until_ + kStretch));
    clear_until_ = marks_.find(text_, clear_until_, until);
    found_ = clear_until_ < until;
  }
  return found_ ? std::min(clear_until_, end) : end;
}

}  // namespace engine::dependency
