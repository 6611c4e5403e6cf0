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
bool looks_utf16(std::string_view bytes, std::size_t zero_at) {
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

std::optional<EncodingGuess> marked_encoding(std::string_view bytes) {
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
  if (looks_utf16(bytes, 1)) return {Encoding::kUtf16Le, 0, "every other byte is zero"};
  if (looks_utf16(bytes, 0)) return {Encoding::kUtf16Be, 0, "every other byte is zero"};
  if (sql::is_ascii(bytes)) return {Encoding::kUtf8, 0, "all of it is ASCII"};
  if (utf8_prefix(bytes) == bytes.size()) return {Encoding::kUtf8, 0, "all of it is UTF-8"};
  return guess_legacy(bytes);
}

EncodingGuess detect_encoding_at_first(std::string_view bytes) {
  constexpr std::size_t kFirst = 16 << 10, kLongestBeginning = 3;
  const std::string_view first = bytes.substr(0, kFirst);
  const bool told = marked_encoding(bytes) || looks_utf16(bytes, 1) || looks_utf16(bytes, 0) ||
                    first.size() == bytes.size();
  if (told || first.size() - utf8_prefix(first) > kLongestBeginning) return detect_encoding(bytes);
  return {Encoding::kUtf8, 0, "it begins as UTF-8"};
}

EncodingGuess named_encoding(std::string_view bytes, Encoding named) {
  if (const auto marked = marked_encoding(bytes)) return *marked;
  if (!is_utf16(named) && sql::is_ascii(bytes)) return {Encoding::kUtf8, 0, "all of it is ASCII"};
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
