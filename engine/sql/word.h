// Word: a word as words are compared, whatever its letter case: its first eight bytes in lower case
// as one number, and where it stands. A keyword is another number that the compiler makes, so most
// comparisons are one.
//
// Thread contract: a value; borrows the text it was made of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

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
    std::uint64_t head = 0;
    for (std::size_t i = text.size() < kHead ? text.size() : kHead; i-- > 0;) {
      head = head << 8 | static_cast<unsigned char>(lower(text[i]));
    }
    return head;
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
