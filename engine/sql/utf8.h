// utf8_length(): is there a UTF-8 character here, and how long is it?
// q_mark_length(): that, or a byte.
// is_ascii(): is there nothing else than ASCII?
// behind_byte_order_marks(): files that were put together leave them in front of a statement.
//
// Thread contract: pure.
// Source: The Unicode Standard, table 3-7: nothing overlong, no surrogates, at most U+10FFFF.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace engine::sql {

/// Length in bytes of the character at text[i]; 0 where the bytes are none.
inline std::size_t utf8_length(std::string_view text, std::size_t i) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(text[i + k]); };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first < 0xc2   ? 0
                             : first < 0xe0 ? 2
                             : first < 0xf0 ? 3
                             : first < 0xf5 ? 4
                                            : 0;
  if (length == 0 || text.size() - i < length) return 0;
  for (std::size_t k = 1; k < length; ++k) {
    if ((byte(k) & 0xc0) != 0x80) return 0;
  }
  const unsigned second = byte(1);
  if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
      (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f)) {
    return 0;
  }
  return length;
}

/// Length of the character that q'...' opens with; a byte that is none in UTF-8 is a letter.
inline std::size_t q_mark_length(std::string_view text, std::size_t i) {
  const std::size_t length = utf8_length(text, i);
  return length == 0 ? 1 : length;
}

/// Words instead of bytes: eight times as fast where the compiler makes no vectors of the loop.
inline bool is_ascii(std::string_view text) {
  constexpr std::size_t kWords = 4;
  std::array<std::uint64_t, kWords> high{}, words{};
  for (; text.size() >= sizeof words; text.remove_prefix(sizeof words)) {
    std::memcpy(words.data(), text.data(), sizeof words);
    for (std::size_t i = 0; i < kWords; ++i) high[i] |= words[i];
  }
  unsigned char rest = 0;
  for (const char c : text) rest |= static_cast<unsigned char>(c);
  return ((high[0] | high[1] | high[2] | high[3]) & 0x8080808080808080u) == 0 && rest < 0x80;
}

inline std::size_t behind_byte_order_marks(std::string_view text, std::size_t i) {
  while (i < text.size() && text.substr(i, 3) == "\xef\xbb\xbf") i += 3;
  return i;
}

}  // namespace engine::sql
