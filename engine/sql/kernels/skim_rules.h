// SkimRules: what may be passed over in a stretch of statement that nobody wants to read, and where
// the passing must stop. Data only, made by a splitter from its scanner's rules.
//
// skim() passes over closed quotes, closed names, parentheses and everything that is not a stop. It
// stops, outside quotes and names, at the first byte
//   - that is a stop,
//   - of two neighbours out of "-/*", which may begin a comment,
//   - that opens a quote or name with a letter before it that may change its meaning, or one that
//     touches a word on either side, is never closed, or has a stop, a quote or a bracket in it:
//     what that means is for the scanner to say,
//   - that is the first of its line but for blanks, and one of the line heads.
// It may stop elsewhere too: where it stops, the scanner reads on, and loses nothing but time.
//
// Thread contract: a value.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace engine::sql {

/// Classes of bytes, told by two look-ups: a byte is in a class when both its low and its high half
/// say so. Exact where all members of the class share their high half, or their low one.
struct NibbleTable {
  alignas(16) std::array<std::uint8_t, 16> low{};
  alignas(16) std::array<std::uint8_t, 16> high{};

  constexpr void add(char c, unsigned bit) {
    const auto byte = static_cast<unsigned char>(c);
    low[byte & 15u] = static_cast<std::uint8_t>(low[byte & 15u] | 1u << bit);
    high[byte >> 4] = static_cast<std::uint8_t>(high[byte >> 4] | 1u << bit);
  }
  constexpr void add(std::string_view members, unsigned bit) {
    for (const char c : members) add(c, bit);
  }
  constexpr std::uint8_t classes(char c) const {
    const auto byte = static_cast<unsigned char>(c);
    return low[byte & 15u] & high[byte >> 4];
  }
};

class SkimRules {
 public:
  /// Classes of `bytes`. Letters and marks that differ in case only share one class of stops, so
  /// that '|' is a stop where '\\' is.
  static constexpr unsigned kCommentBit = 0;  ///< one of "-/*"
  static constexpr std::uint8_t kWordish = 0x42;
  static constexpr std::uint8_t kStops = 0x3c;
  static constexpr unsigned kNameBit = 7;         ///< opens or closes a name
  static constexpr std::uint8_t kSpecial = 0xbd;  ///< any of these but wordish

  SkimRules();

  /// False when skim() cannot stop there: a control character, a byte above ASCII, a quote. Names
  /// are set before.
  bool add_stops(std::string_view stops);
  /// `open` and `close` of quoted names, the same byte or brackets.
  void set_names(char open, char close);

  bool is_stop(char c) const { return (bytes.classes(c) & kStops) != 0; }
  bool is_comment_byte(char c) const { return (bytes.classes(c) & 1u << kCommentBit) != 0; }
  /// A byte that may belong to a word; some others are taken for it too.
  bool is_wordish(char c) const { return (bytes.classes(c) & kWordish) != 0; }
  bool is_line_end(char c) const { return c == '\n' || c == '\r'; }
  bool has_line_heads() const { return line_letter != '\0' || line_mark != '\0'; }
  bool is_line_head(char c) const {
    return c != '\0' && ((c | 0x20) == line_letter || c == line_mark);
  }

  NibbleTable bytes;
  bool backslash = false;        ///< in quotes it keeps the next byte from closing; must be a stop
  bool letter_prefixes = false;  ///< E'...', q'...': one letter before a quote matters
  bool parentheses = false;      ///< their depth is kept, never below zero
  char name_open = '\0';         ///< '\0': no names are passed over
  char name_close = '\0';
  char line_letter = '\0';  ///< a small letter: it and its capital are line heads; '\0': none
  char line_mark = '\0';    ///< another line head
};

}  // namespace engine::sql
