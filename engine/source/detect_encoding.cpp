#include "engine/source/detect_encoding.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "engine/source/legacy_guess.h"
#include "engine/sql/utf8.h"

namespace engine::source {
namespace {

// UTF-16 without a mark: SQL is mostly ASCII, so every other byte of it is zero. Where most of a
// text is not, its first words are.
bool is_mostly_ascii_utf16(std::string_view bytes, std::size_t zero_at) {
  for (const std::size_t sample : {std::size_t{64}, std::size_t{4096}}) {
    const std::size_t size = std::min(bytes.size(), sample) & ~std::size_t{1};
    if (size < 4) return false;
    std::size_t zeros = 0, others = 0;
    for (std::size_t i = 0; i < size; i += 2) {
      zeros += bytes[i + zero_at] == '\0';
      others += bytes[i + 1 - zero_at] == '\0';
    }
    if (zeros * 10 > (size / 2) * 7 && others * 50 < size / 2) return true;
  }
  return false;
}

unsigned unit_at(const char* p, Encoding encoding) {
  const auto a = static_cast<unsigned char>(p[0]);
  const auto b = static_cast<unsigned char>(p[1]);
  return encoding == Encoding::kUtf16Le ? a | unsigned{b} << 8 : b | unsigned{a} << 8;
}

constexpr bool is_high_surrogate(unsigned unit) { return (unit & 0xfc00) == 0xd800; }
constexpr bool is_low(unsigned unit) { return (unit & 0xfc00) == 0xdc00; }

// What people write: no control characters, and each surrogate in its pair.
bool is_text(std::string_view bytes, Encoding encoding) {
  bool expects_low = false;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    const unsigned unit = unit_at(bytes.data() + i, encoding);
    if (is_low(unit) != expects_low) return false;
    expects_low = is_high_surrogate(unit);
    const bool is_blank = unit == '\t' || unit == '\n' || unit == '\f' || unit == '\r';
    if ((unit < ' ' && !is_blank) || unit == 0x7f || unit >= 0xfffe) return false;
  }
  return true;
}

// The same of a text with many other letters. Few of those have a low byte of zero, and text of
// single bytes hardly has zeros in one place of two only.
bool is_partly_ascii_utf16(std::string_view bytes, Encoding encoding) {
  constexpr std::size_t kSample = 4096;
  if (bytes.size() < 4 || bytes.size() % 2 != 0) return false;
  bytes = bytes.substr(0, kSample);
  std::size_t ascii = 0, low_zeros = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    const unsigned unit = unit_at(bytes.data() + i, encoding);
    ascii += unit < 0x80;
    low_zeros += (unit & 0xff) == 0;
  }
  return ascii * 4 >= bytes.size() / 2 && low_zeros * 8 <= ascii && is_text(bytes, encoding);
}

bool looks_utf16(std::string_view bytes, Encoding encoding) {
  return is_mostly_ascii_utf16(bytes, encoding == Encoding::kUtf16Le ? 1 : 0) ||
         is_partly_ascii_utf16(bytes, encoding);
}

std::optional<EncodingGuess> unmarked_utf16(std::string_view bytes) {
  for (const Encoding encoding : {Encoding::kUtf16Le, Encoding::kUtf16Be}) {
    if (looks_utf16(bytes, encoding)) return EncodingGuess{encoding, 0, "every other byte is zero"};
  }
  return std::nullopt;
}

// Size in bytes of the UTF-16 that became `utf8`.
std::size_t utf16_size(std::string_view utf8) {
  std::size_t units = 0;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    units += (byte & 0xc0) != 0x80;  // first byte of a character
    units += byte >= 0xf0;           // which needs two units
  }
  return units * 2;
}

// A file with the mark of UTF-32 is read as bytes: the mark of UTF-16 is a part of it.
std::optional<EncodingGuess> marked_utf32(std::string_view bytes) {
  constexpr std::string_view kLittle("\xff\xfe\0\0", 4), kBig("\0\0\xfe\xff", 4);
  const std::string_view mark = bytes.substr(0, 4);
  if (bytes.size() % 4 != 0 || (mark != kLittle && mark != kBig)) return std::nullopt;
  EncodingGuess guess{Encoding::k8bit, 0, "a byte order mark of UTF-32, which is not read"};
  guess.is_utf32 = true;
  return guess;
}

const char* ascii_evidence(std::string_view bytes) {
  const bool has_zeros = bytes.find('\0') != std::string_view::npos;
  return has_zeros ? "all of it is ASCII, with NULs in it" : "all of it is ASCII";
}

std::optional<EncodingGuess> marked_encoding(std::string_view bytes) {
  if (auto utf32 = marked_utf32(bytes)) return utf32;
  for (const Encoding encoding : {Encoding::kUtf8, Encoding::kUtf16Le, Encoding::kUtf16Be}) {
    const std::string_view mark = byte_order_mark(encoding);
    if (bytes.substr(0, mark.size()) == mark) {
      return EncodingGuess{encoding, mark.size(), "a byte order mark"};
    }
  }
  return std::nullopt;
}

// Calls put(code_point) for every character; a lone surrogate is one of its own.
template <class Put>
void each_code_point(std::string_view bytes, Encoding encoding, Put put) {
  const char* p = bytes.data();
  const char* const end = p + (bytes.size() & ~std::size_t{1});
  while (p < end) {
    const unsigned unit = unit_at(p, encoding);
    p += 2;
    if (is_high_surrogate(unit) && p < end && is_low(unit_at(p, encoding))) {
      put(0x10000 + ((unit - 0xd800) << 10) + (unit_at(p, encoding) - 0xdc00));
      p += 2;
    } else {
      put(unit);
    }
  }
}

}  // namespace

std::size_t utf8_prefix(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    // Many ASCII bytes at a time, which most SQL is made of.
    std::array<std::uint64_t, 4> words{};
    while (text.size() - i >= sizeof words &&
           (std::memcpy(words.data(), text.data() + i, sizeof words),
            ((words[0] | words[1] | words[2] | words[3]) & 0x8080808080808080u) == 0)) {
      i += sizeof words;
    }
    while (i < text.size() && static_cast<unsigned char>(text[i]) < 0x80) ++i;
    if (i == text.size()) break;
    const std::size_t length = sql::utf8_length(text, i);
    if (length == 0) return i;
    i += length;
  }
  return i;
}

EncodingGuess detect_encoding(std::string_view bytes) {
  if (const auto marked = marked_encoding(bytes)) return *marked;
  if (const auto utf16 = unmarked_utf16(bytes)) return *utf16;
  if (sql::is_ascii(bytes)) return {Encoding::kUtf8, 0, ascii_evidence(bytes)};
  if (utf8_prefix(bytes) == bytes.size()) return {Encoding::kUtf8, 0, "all of it is UTF-8"};
  return guess_legacy(bytes);
}

EncodingGuess detect_encoding_at_first(std::string_view bytes) {
  constexpr std::size_t kFirst = 16 << 10, kLongestBeginning = 3;
  const std::string_view first = bytes.substr(0, kFirst);
  const bool told = marked_encoding(bytes) || unmarked_utf16(bytes) || first.size() == bytes.size();
  if (told || first.size() - utf8_prefix(first) > kLongestBeginning) return detect_encoding(bytes);
  return {Encoding::kUtf8, 0, "it begins as UTF-8"};
}

EncodingGuess named_encoding(std::string_view bytes, Encoding named) {
  if (const auto marked = marked_encoding(bytes)) return *marked;
  if (!is_utf16(named) && sql::is_ascii(bytes)) return {Encoding::kUtf8, 0, ascii_evidence(bytes)};
  return {named, 0, "as the user says"};
}

std::size_t utf8_size(std::string_view bytes, Encoding encoding) {
  std::size_t size = 0;
  each_code_point(bytes, encoding, [&](unsigned c) {
    size += c < 0x80 ? 1u : c < 0x800 ? 2u : c < 0x10000 ? 3u : 4u;
  });
  return size;
}

std::size_t to_utf8(std::string_view bytes, Encoding encoding, std::span<char> out) {
  std::size_t size = 0;
  bool fits = true;
  const auto put = [&](unsigned byte) { out[size++] = static_cast<char>(byte); };
  const auto tail = [&](unsigned c, int shift) { put(0x80 | ((c >> shift) & 0x3f)); };
  each_code_point(bytes, encoding, [&](unsigned c) {
    const std::size_t length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    fits = fits && out.size() - size >= length;
    if (!fits) return;
    if (length == 1) {
      put(c);
    } else if (length == 2) {
      put(0xc0 | (c >> 6));
    } else if (length == 3) {
      put(0xe0 | (c >> 12));
      tail(c, 6);
    } else {
      put(0xf0 | (c >> 18));
      tail(c, 12);
      tail(c, 6);
    }
    if (length > 1) tail(c, 0);
  });
  return fits ? size : out.size() + 1;
}

std::uint64_t SourceOffsets::source_size(std::string_view passed) {
  if (is_utf16(guess_.encoding)) return utf16_size(passed);
  if (!is_legacy(guess_.encoding)) return passed.size();
  constexpr std::size_t kChunk = 64 << 10;
  std::uint64_t size = 0;
  for (; !passed.empty(); passed.remove_prefix(std::min(kChunk, passed.size()))) {
    encoded_.clear();
    encoder_.add(passed.substr(0, kChunk), encoded_);
    size += encoded_.size();
  }
  return size;
}

std::uint64_t SourceOffsets::at(std::uint64_t text_offset) {
  source_ += source_size(text_.substr(static_cast<std::size_t>(position_),
                                      static_cast<std::size_t>(text_offset - position_)));
  position_ = text_offset;
  return source_;
}

}  // namespace engine::source
