#include "engine/source/survey.h"

#include <algorithm>

#include "engine/source/detect_encoding.h"
#include "engine/sql/lines.h"
#include "engine/sql/utf8.h"

namespace engine::source {
namespace {

// Of the first `count` bytes, how many are a '\r' before a '\n'. `count` + 1 bytes are read. In
// blocks whose sum fits a byte, which compilers make vectors of.
std::uint64_t count_pairs(const char* text, std::size_t count) {
  constexpr std::size_t kBlock = 128;
  std::uint64_t pairs = 0;
  while (count > 0) {
    const std::size_t size = std::min(count, kBlock);
    unsigned char sum = 0;
    for (std::size_t i = 0; i < size; ++i) {
      sum = static_cast<unsigned char>(sum + ((text[i] == '\r') & (text[i + 1] == '\n')));
    }
    pairs += sum;
    text += size;
    count -= size;
  }
  return pairs;
}

}  // namespace

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
    const std::string_view stretch = text_.substr(looked_, std::min(kStretch, end - looked_));
    if (is_part_) hasher_.add(stretch);
    if (expects_utf8_ && is_utf8_) check_utf8(stretch);
    note_line_ends(stretch);
    looked_ += stretch.size();
  }
  if (expects_utf8_ && looked_ == text_.size()) is_utf8_ = is_utf8_ && utf8_until_ == looked_;
}

void Survey::check_utf8(std::string_view stretch) {
  constexpr std::size_t kLongestBeginning = 3;
  const std::size_t end = looked_ + stretch.size();
  if (utf8_until_ == looked_ && sql::is_ascii(stretch)) {
    utf8_until_ = end;
    return;
  }
  utf8_until_ += utf8_prefix(text_.substr(utf8_until_, end - utf8_until_));
  is_utf8_ = end - utf8_until_ <= kLongestBeginning;
}

void Survey::note_line_ends(std::string_view stretch) {
  returns_ += sql::count_lines(stretch, '\r');
  if (returns_ == 0) {
    if (feeds_ == 0) feeds_ = stretch.find('\n') != std::string_view::npos;
    return;
  }
  feeds_ += sql::count_lines(stretch, '\n');
  const bool last = looked_ + stretch.size() == text_.size();
  pairs_ += count_pairs(stretch.data(), stretch.size() - last);
}

std::string_view Survey::line_ends() const {
  if (returns_ == 0) return feeds_ == 0 ? "none" : "lf";
  if (pairs_ == feeds_ && pairs_ == returns_) return "crlf";
  return feeds_ == 0 ? "cr" : "mixed";
}

std::string Survey::hash() const { return is_part_ ? hasher_.hex() : content_hash(bytes_); }

}  // namespace engine::source
