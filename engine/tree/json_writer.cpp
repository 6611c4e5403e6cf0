#include "engine/tree/json_writer.h"

#include <fmt/format.h>

#include <cassert>
#include <charconv>

#include "engine/sql/byte_set.h"
#include "engine/sql/utf8.h"

namespace engine::tree {
namespace {

constexpr sql::ByteSet kNotPlain = sql::ByteSet("\"\\").add_range(0, 0x1f).add_range(0x80, 0xff);

// Of eight bytes. A difference reaches into the next byte only where there is one.
bool any_not_plain(std::uint64_t bytes) {
  constexpr std::uint64_t kEach = 0x0101010101010101, kHighest = 0x80 * kEach;
  const std::uint64_t quotes = (bytes ^ '"' * kEach) - kEach;
  const std::uint64_t backslashes = (bytes ^ '\\' * kEach) - kEach;
  const std::uint64_t controls = bytes - ' ' * kEach;
  return ((bytes | quotes | backslashes | controls) & kHighest) != 0;
}

}  // namespace

void JsonWriter::flush() {
  out_->append(gathered_.data(), size_);
  size_ = 0;
}

// How many bytes the text begins with that JSON has as they are.
std::size_t JsonWriter::put_plain(std::string_view stretch) {
  std::uint64_t bytes = 0;
  char* const out = end();
  std::size_t at = 0;
  for (; at + sizeof bytes <= stretch.size(); at += sizeof bytes) {
    std::memcpy(&bytes, stretch.data() + at, sizeof bytes);
    std::memcpy(out + at, &bytes, sizeof bytes);
    if (any_not_plain(bytes)) break;
  }
  for (; at < stretch.size() && !kNotPlain.contains(stretch[at]); ++at) out[at] = stretch[at];
  size_ += at;
  return at;
}

// What the text begins with and JSON has not as it is: how many bytes of it. JSON must be UTF-8;
// the text of a legacy source may be anything.
std::size_t JsonWriter::put_other(std::string_view text) {
  const char c = text.front();
  const std::size_t length = sql::utf8_length(text, 0);
  if (c == '"' || c == '\\') {
    put('\\');
    put(c);
  } else if (length > 1) {
    size_ += text.copy(end(), length);
    return length;
  } else {
    // A control, or a byte that is no UTF-8, shown as the Latin-1 character of its value.
    const char* const behind =
        fmt::format_to(end(), "\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    size_ += static_cast<std::size_t>(behind - end());
  }
  return 1;
}

void JsonWriter::put_text(std::string_view text) {
  while (!text.empty()) {
    make_room();
    const std::string_view stretch = text.substr(0, kStretch);
    const std::size_t plain = put_plain(stretch);
    text.remove_prefix(plain);
    if (plain < stretch.size()) text.remove_prefix(put_other(text));
  }
}

void JsonWriter::begin_line() {
  constexpr char kLine[] = "\n               ";
  static_assert(sizeof kLine == 1 + kMostIndent + 1);
  std::memcpy(end(), kLine, sizeof kLine);
  size_ += 1 + static_cast<std::size_t>(line_);
  line_ = -1;
}

// Behind it there is room for more than a key or a number.
void JsonWriter::separate() {
  make_room();
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (!first_) put(',');
  if (line_ >= 0) {
    begin_line();
  } else if (!first_) {
    put(' ');
  }
  first_ = false;
}

JsonWriter& JsonWriter::open(char bracket) {
  separate();
  put(bracket);
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  make_room();
  if (line_ >= 0) begin_line();
  put(bracket);
  first_ = false;
  return *this;
}

JsonWriter& JsonWriter::key(const JsonKey& name) {
  const bool on_same_line = line_ < 0;
  if (on_same_line) {
    make_room();
  } else {
    separate();
  }
  size_ += name.copy(!on_same_line || first_, end());
  first_ = false;
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  separate();
  put('"');
  put_text(text);
  make_room();
  put('"');
  return *this;
}

JsonWriter& JsonWriter::value(std::uint64_t number) {
  separate();
  char* const behind = std::to_chars(end(), gathered_.data() + gathered_.size(), number).ptr;
  size_ = static_cast<std::size_t>(behind - gathered_.data());
  return *this;
}

JsonWriter& JsonWriter::value(bool truth) {
  separate();
  size_ += std::string_view(truth ? "true" : "false").copy(end(), kRoom);
  return *this;
}

JsonWriter& JsonWriter::null() {
  separate();
  size_ += std::string_view("null").copy(end(), kRoom);
  return *this;
}

JsonWriter& JsonWriter::new_line(int indent) {
  assert(indent <= kMostIndent);
  line_ = indent;
  return *this;
}

}  // namespace engine::tree
