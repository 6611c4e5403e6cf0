// ByteSet: a set of byte values, and the search for the next byte of a text that is in it.
//
// Thread contract: constant after construction.
// Errors: none.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace engine::sql {

class ByteSet {
 public:
  constexpr ByteSet() = default;
  constexpr explicit ByteSet(std::string_view members) { add(members); }

  constexpr ByteSet& add(std::string_view members) {
    for (const char c : members) table_[static_cast<unsigned char>(c)] = true;
    return *this;
  }
  constexpr ByteSet& add_range(unsigned char first, unsigned char last) {
    for (unsigned c = first; c <= last; ++c) table_[c] = true;
    return *this;
  }
  constexpr ByteSet& invert() {
    for (bool& member : table_) member = !member;
    return *this;
  }
  constexpr bool contains(char c) const { return table_[static_cast<unsigned char>(c)]; }

  /// The first position at or after `from` whose byte is in the set, or the size of the text.
  std::size_t find(std::string_view text, std::size_t from) const {
    const std::size_t size = text.size();
    while (from < size && !contains(text[from])) ++from;
    return from;
  }

 private:
  std::array<bool, 256> table_{};
};

inline constexpr ByteSet kSpaces{" \t\r\n\f\v"};
inline constexpr ByteSet kNonSpaces = ByteSet(" \t\r\n\f\v").invert();
inline constexpr ByteSet kDigits = ByteSet().add_range('0', '9');
/// Letters, digits, '_', and every byte above ASCII (a part of some letter in any encoding).
inline constexpr ByteSet kWordBytes =
    ByteSet("_").add_range('0', '9').add_range('a', 'z').add_range('A', 'Z').add_range(0x80, 0xff);

}  // namespace engine::sql
