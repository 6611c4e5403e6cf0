// lower(), equal_words(): letter case of ASCII, whatever the locale and what other bytes may mean.
//
// Thread contract: pure.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace engine::sql {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

inline void append_lower(std::string_view text, std::string* out) {
  const std::size_t begin = out->size();
  out->append(text);
  for (char& c : std::span(*out).subspan(begin)) c = lower(c);
}

inline std::string lower(std::string_view text) {
  std::string out;
  append_lower(text, &out);
  return out;
}

/// Is `a` the word `lower_case`, whatever its letter case?
constexpr bool equal_words(std::string_view a, std::string_view lower_case) {
  if (a.size() != lower_case.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower_case[i]) return false;
  }
  return true;
}

/// The same but for letter case.
constexpr bool same_letters(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

template <class Words>
constexpr bool equals_any(std::string_view word, const Words& lower_case) {
  for (const std::string_view candidate : lower_case) {
    if (equal_words(word, candidate)) return true;
  }
  return false;
}

}  // namespace engine::sql
