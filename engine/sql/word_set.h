// WordSet: a constant set of lower-case words, asked for words in any letter case.
//
// Thread contract: constant after construction.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/sql/word.h"

namespace engine::sql {

constexpr std::size_t count_words(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), ' ')) + 1;
}

template <std::size_t N>
class WordSet {
 public:
  static constexpr std::size_t kNotThere = N;

  /// `words` stand between single blanks.
  constexpr explicit WordSet(std::string_view words) : WordSet(split(words)) {}
  constexpr explicit WordSet(const std::array<std::string_view, N>& words) {
    for (auto& bucket : first_) bucket = kEnd;
    for (std::size_t i = N; i-- > 0;) {
      words_[i] = Word::of(words[i]);
      const std::size_t bucket = bucket_of(words_[i]);
      next_[i] = first_[bucket];
      first_[bucket] = static_cast<std::uint16_t>(i);
    }
  }

  /// Its place in the list of words; kNotThere for a word that is not in it.
  constexpr std::size_t find(const Word& word) const {
    for (std::uint16_t i = first_[bucket_of(word)]; i != kEnd; i = next_[i]) {
      if (word == words_[i]) return i;
    }
    return kNotThere;
  }
  constexpr bool contains(const Word& word) const { return find(word) != kNotThere; }

 private:
  static constexpr std::uint16_t kEnd = 0xffff;
  static constexpr std::size_t kBuckets = std::bit_ceil(4 * N);

  static constexpr std::array<std::string_view, N> split(std::string_view text) {
    std::array<std::string_view, N> words{};
    for (std::string_view& word : words) {
      word = text.substr(0, text.find(' '));
      text.remove_prefix(word.size() < text.size() ? word.size() + 1 : word.size());
    }
    return words;
  }
  static constexpr std::size_t bucket_of(const Word& word) {
    // Of the product's bits the highest depend on all of the head.
    return (word.head() + word.size()) * 0x9e3779b97f4a7c15u >> (65 - std::bit_width(kBuckets));
  }

  std::array<Word, N> words_;
  std::array<std::uint16_t, N> next_{};
  std::array<std::uint16_t, kBuckets> first_{};
};

}  // namespace engine::sql
