#include "engine/glob.h"

#include <algorithm>
#include <cstddef>

namespace engine {
namespace {

char fold(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Matches one [set] at the head of `pattern` against `c`; `*length` gets the set's length. A set
// that is never closed is the character '[' itself.
bool match_set(std::string_view pattern, char c, std::size_t* length) {
  const std::size_t close = pattern.find(']', pattern.size() > 1 && pattern[1] == '!' ? 3 : 2);
  if (close == std::string_view::npos) {
    *length = 1;
    return c == '[';
  }
  *length = close + 1;
  std::string_view set = pattern.substr(1, close - 1);
  const bool negated = set.front() == '!';
  if (negated) set.remove_prefix(1);
  bool found = false;
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (i + 2 < set.size() && set[i + 1] == '-') {
      found |= fold(set[i]) <= fold(c) && fold(c) <= fold(set[i + 2]);
      i += 2;
    } else {
      found |= fold(set[i]) == fold(c);
    }
  }
  return found != negated && c != '/';
}

// Iterative, with one place to go back to per kind of star: linear for usual patterns, and never
// exponential, whatever a user writes.
bool match(std::string_view pattern, std::string_view text) {
  constexpr std::size_t kNone = std::string_view::npos;
  std::size_t p = 0, t = 0;
  std::size_t star = kNone, star_text = 0, deep = kNone, deep_text = 0;
  bool by_name = false;
  while (true) {
    if (p < pattern.size() && pattern[p] == '*') {
      if (p + 1 < pattern.size() && pattern[p + 1] == '*') {
        const bool at_name = p == 0 || pattern[p - 1] == '/';
        p += 2;
        // "**/x" stands for any directories, none as well: x begins where a name begins.
        by_name = at_name && p < pattern.size() && pattern[p] == '/';
        if (by_name) ++p;
        deep = p, deep_text = t, star = kNone;
      } else {
        star = ++p, star_text = t;
      }
      continue;
    }
    if (t == text.size() && p == pattern.size()) return true;
    if (t < text.size() && p < pattern.size()) {
      std::size_t length = 1;
      const bool fits = pattern[p] == '?'   ? text[t] != '/'
                        : pattern[p] == '[' ? match_set(pattern.substr(p), text[t], &length)
                                            : fold(pattern[p]) == fold(text[t]);
      if (fits) {
        p += length, ++t;
        continue;
      }
    }
    if (star != kNone && star_text < text.size() && text[star_text] != '/') {
      p = star, t = ++star_text;
    } else if (deep != kNone && deep_text < text.size()) {
      deep_text =
          by_name ? std::min(text.find('/', deep_text), text.size() - 1) + 1 : deep_text + 1;
      p = deep, t = deep_text, star = kNone;
    } else {
      return false;
    }
  }
}

}  // namespace

bool glob_match(std::string_view pattern, std::string_view path) {
  if (pattern.find('/') == std::string_view::npos) {
    const std::size_t slash = path.rfind('/');
    return match(pattern, slash == std::string_view::npos ? path : path.substr(slash + 1));
  }
  if (pattern.front() == '/') pattern.remove_prefix(1);
  return match(pattern, path);
}

}  // namespace engine
