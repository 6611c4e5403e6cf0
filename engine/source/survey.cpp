#include "engine/source/survey.h"

#include <algorithm>

#include "engine/source/detect_encoding.h"
#include "engine/sql/kernels/kernels.h"

namespace engine::source {

Survey::Survey(std::string_view bytes, std::size_t mark_length, std::string_view text,
               bool expects_utf8)
    : bytes_(bytes),
      text_(text),
      is_part_(text.data() == bytes.data() + mark_length),
      expects_utf8_(expects_utf8) {
  if (is_part_) hasher_.add(bytes_.substr(0, mark_length));
}

void Survey::look_until(std::size_t end) {
  while (looked_ < end) {
    const std::size_t stop = looked_ + std::min(kStretch, end - looked_);
    if (is_part_) hasher_.add(text_.substr(looked_, stop - looked_));
    const sql::Tally tally = sql::kernels().tally(text_, looked_, stop);
    feeds_ += tally.feeds;
    returns_ += tally.returns;
    pairs_ += tally.pairs;
    if (expects_utf8_ && is_utf8_) check_utf8(stop, tally.ascii);
    looked_ = stop;
  }
  if (expects_utf8_ && looked_ == text_.size()) is_utf8_ = is_utf8_ && utf8_until_ == looked_;
}

void Survey::check_utf8(std::size_t end, bool is_ascii) {
  constexpr std::size_t kLongestBeginning = 3;
  if (utf8_until_ == looked_ && is_ascii) {
    utf8_until_ = end;
    return;
  }
  utf8_until_ += utf8_prefix(text_.substr(utf8_until_, end - utf8_until_));
  is_utf8_ = end - utf8_until_ <= kLongestBeginning;
}

std::string_view Survey::line_ends() const {
  if (returns_ == 0) return feeds_ == 0 ? "none" : "lf";
  if (pairs_ == feeds_ && pairs_ == returns_) return "crlf";
  return feeds_ == 0 ? "cr" : "mixed";
}

std::string Survey::hash() const { return is_part_ ? hasher_.hex() : content_hash(bytes_); }

}  // namespace engine::source
