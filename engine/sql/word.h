// Word: a word as words are compared, whatever its letter case: its first eight bytes in lower case
// as one number, and where it stands. A keyword is another number that the compiler makes, so most
// comparisons are one.
//
// Thread contract: a value; borrows the text it was made of.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string_view>
#include <type_traits>

#include "engine/sql/ascii.h"

namespace engine::sql {

class Word {
 public:
  static constexpr std::size_t kHead = 8;  ///< bytes that the number holds

  constexpr Word() = default;
  /// A keyword: `text` in lower case.
  template <std::size_t N>
  consteval Word(const char (&text)[N])  // NOLINT: stands wherever a word does
      : Word(head_of({text, N - 1}), {text, N - 1}) {}
  /// `head` is head_of(text).
  constexpr Word(std::uint64_t head, std::string_view text) : head_(head), text_(text) {}
  static constexpr Word of(std::string_view text) { return {head_of(text), text}; }

  /// The first byte is the lowest; behind a shorter text are zeros.
  static constexpr std::uint64_t head_of(std::string_view text) {
    if (std::is_constant_evaluated() || std::endian::native != std::endian::little) {
      std::uint64_t head = 0;
      for (std::size_t i = text.size() < kHead ? text.size() : kHead; i-- > 0;) {
        head = head << 8 | static_cast<unsigned char>(lower(text[i]));
      }
      return head;
    }
    return lower_bytes(first_bytes(text));
  }

  constexpr std::uint64_t head() const { return head_; }
  constexpr std::string_view text() const { return text_; }  ///< as it stands
  constexpr std::size_t size() const { return text_.size(); }
  constexpr bool empty() const { return text_.empty(); }

  friend constexpr bool operator==(const Word& a, const Word& b) {
    return a.head_ == b.head_ && a.size() == b.size() &&
           (a.size() <= kHead || same_letters(a.text_.substr(kHead), b.text_.substr(kHead)));
  }

 private:
  // The first kHead bytes, or as many as there are, in the machine's order.
  static std::uint64_t first_bytes(std::string_view text) {
    const std::size_t size = text.size();
    const auto load = [&](auto bytes, std::size_t from) {
      std::memcpy(&bytes, text.data() + from, sizeof bytes);
      return std::uint64_t{bytes};
    };
    const auto load_ends = [&](auto half) {  // which lie over each other
      const std::size_t last = size - sizeof half;
      return load(half, 0) | load(half, last) << 8 * last;
    };
    if (size >= sizeof(std::uint64_t)) return load(std::uint64_t{}, 0);
    if (size >= sizeof(std::uint32_t)) return load_ends(std::uint32_t{});
    if (size >= sizeof(std::uint16_t)) return load_ends(std::uint16_t{});
    return size == 0 ? 0 : load(std::uint8_t{}, 0);
  }

  // lower() of each of eight bytes: no sum goes over into the next one, so its highest bit tells.
  static std::uint64_t lower_bytes(std::uint64_t bytes) {
    constexpr std::uint64_t kEach = 0x0101010101010101, kHighest = 0x80 * kEach;
    const std::uint64_t low = bytes & ~kHighest;
    const std::uint64_t from_a = low + (0x80 - 'A') * kEach;
    const std::uint64_t behind_z = low + (0x80 - 'Z' - 1) * kEach;
    return bytes | (from_a & ~behind_z & ~bytes & kHighest) >> 2;
  }

  std::uint64_t head_ = 0;
  std::string_view text_;
};

constexpr bool is_one_of(const Word& word, std::initializer_list<Word> words) {
  for (const Word& candidate : words) {
    if (word == candidate) return true;
  }
  return false;
}

}  // namespace engine::sql
