#include "engine/tree/json_writer.h"

#include <fmt/format.h>

#include <iterator>

#include "engine/sql/byte_set.h"
#include "engine/sql/utf8.h"

namespace engine::tree {
namespace {

constexpr sql::ByteSet kNotPlain = sql::ByteSet("\"\\").add_range(0, 0x1f).add_range(0x80, 0xff);

// JSON must be UTF-8; the text of a legacy source may be anything.
void append_escaped(std::string_view text, std::pmr::string* out) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t plain = kNotPlain.find(text, i) - i;
    out->append(text, i, plain);
    i += plain;
    if (i == text.size()) return;
    const char c = text[i];
    if (c == '"' || c == '\\') {
      *out += '\\';
      *out += c;
      ++i;
    } else if (const std::size_t length = sql::utf8_length(text, i); length > 1) {
      out->append(text, i, length);
      i += length;
    } else {
      // A control, or a byte that is no UTF-8, shown as the Latin-1 character of its value.
      fmt::format_to(std::back_inserter(*out), "\\u{:04x}",
                     static_cast<unsigned>(static_cast<unsigned char>(c)));
      ++i;
    }
  }
}

}  // namespace

void JsonWriter::separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (!first_) *out_ += line_ >= 0 ? "," : ", ";
  if (line_ >= 0) {
    *out_ += '\n';
    out_->append(static_cast<std::size_t>(line_), ' ');
    line_ = -1;
  }
  first_ = false;
}

JsonWriter& JsonWriter::open(char bracket) {
  separate();
  *out_ += bracket;
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  if (line_ >= 0) {
    *out_ += '\n';
    out_->append(static_cast<std::size_t>(line_), ' ');
    line_ = -1;
  }
  *out_ += bracket;
  first_ = false;
  return *this;
}

JsonWriter& JsonWriter::key(const JsonKey& name) {
  const bool on_same_line = line_ < 0;
  if (!on_same_line) separate();
  out_->append(on_same_line && !first_ ? name.behind() : name.first());
  first_ = false;
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  separate();
  *out_ += '"';
  append_escaped(text, out_);
  *out_ += '"';
  return *this;
}

JsonWriter& JsonWriter::value(std::uint64_t number) {
  separate();
  const fmt::format_int digits(number);
  out_->append(digits.data(), digits.size());
  return *this;
}

JsonWriter& JsonWriter::value(bool truth) {
  separate();
  *out_ += truth ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::null() {
  separate();
  *out_ += "null";
  return *this;
}

JsonWriter& JsonWriter::new_line(int indent) {
  line_ = indent;
  return *this;
}

}  // namespace engine::tree
