#include "engine/sql/encoding.h"

#include <algorithm>
#include <cstring>

#include "engine/sql/utf8.h"

namespace engine::sql {
namespace {

bool valid_utf8(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    // Eight ASCII bytes at a time, which most SQL is made of.
    std::uint64_t eight = 0;
    while (text.size() - i >= 8 &&
           (std::memcpy(&eight, text.data() + i, 8), (eight & 0x8080808080808080u) == 0)) {
      i += 8;
    }
    if (i == text.size()) break;
    const std::size_t length = utf8_length(text, i);
    if (length == 0) return false;
    i += length;
  }
  return true;
}

// UTF-16 without a mark: SQL is mostly ASCII, so every other byte of it is zero.
bool looks_utf16(std::string_view bytes, std::size_t zero_at) {
  const std::size_t size = std::min<std::size_t>(bytes.size(), 4096) & ~std::size_t{1};
  if (size < 4) return false;
  std::size_t zeros = 0, others = 0;
  for (std::size_t i = 0; i < size; i += 2) {
    zeros += bytes[i + zero_at] == '\0';
    others += bytes[i + 1 - zero_at] == '\0';
  }
  return zeros * 10 > (size / 2) * 7 && others * 50 < size / 2;
}

unsigned unit_at(const char* p, Encoding encoding) {
  const auto a = static_cast<unsigned char>(p[0]);
  const auto b = static_cast<unsigned char>(p[1]);
  return encoding == Encoding::kUtf16Le ? a | unsigned{b} << 8 : b | unsigned{a} << 8;
}

constexpr bool is_high(unsigned unit) { return (unit & 0xfc00) == 0xd800; }
constexpr bool is_low(unsigned unit) { return (unit & 0xfc00) == 0xdc00; }

// Calls put(code_point) for every character; a lone surrogate is one of its own.
template <class Put>
void each_code_point(std::string_view bytes, Encoding encoding, Put put) {
  const char* p = bytes.data();
  const char* const end = p + (bytes.size() & ~std::size_t{1});
  while (p < end) {
    const unsigned unit = unit_at(p, encoding);
    p += 2;
    if (is_high(unit) && p < end && is_low(unit_at(p, encoding))) {
      put(0x10000 + ((unit - 0xd800) << 10) + (unit_at(p, encoding) - 0xdc00));
      p += 2;
    } else {
      put(unit);
    }
  }
}

}  // namespace

EncodingGuess detect_encoding(std::string_view bytes) {
  if (bytes.substr(0, 3) == "\xef\xbb\xbf") return {Encoding::kUtf8, 3};
  if (bytes.substr(0, 2) == "\xff\xfe") return {Encoding::kUtf16Le, 2};
  if (bytes.substr(0, 2) == "\xfe\xff") return {Encoding::kUtf16Be, 2};
  if (looks_utf16(bytes, 1)) return {Encoding::kUtf16Le, 0};
  if (looks_utf16(bytes, 0)) return {Encoding::kUtf16Be, 0};
  return {valid_utf8(bytes) ? Encoding::kUtf8 : Encoding::k8bit, 0};
}

std::string_view encoding_name(const EncodingGuess& guess) {
  const bool mark = guess.mark_length > 0;
  switch (guess.encoding) {
    case Encoding::kUtf8:
      return mark ? "utf-8-bom" : "utf-8";
    case Encoding::kUtf16Le:
      return mark ? "utf-16le-bom" : "utf-16le";
    case Encoding::kUtf16Be:
      return mark ? "utf-16be-bom" : "utf-16be";
    case Encoding::k8bit:
      break;
  }
  return "8bit";
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

std::size_t utf16_size(std::string_view utf8) {
  std::size_t units = 0;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    units += (byte & 0xc0) != 0x80;  // first byte of a character
    units += byte >= 0xf0;           // which needs two units
  }
  return units * 2;
}

std::uint64_t SourceOffsets::at(std::uint64_t text_offset) {
  const std::string_view passed = text_.substr(static_cast<std::size_t>(position_),
                                               static_cast<std::size_t>(text_offset - position_));
  source_ += is_utf16(guess_.encoding) ? utf16_size(passed) : passed.size();
  position_ = text_offset;
  return source_;
}

}  // namespace engine::sql
