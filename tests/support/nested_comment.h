// nested_comment_end(): where a comment ends whose kind nests.
//
// Thread contract: pure.
#pragma once

#include <cstddef>
#include <string_view>

namespace engine::test {

/// Behind the comment that begins at text[begin] with "/*"; the size of the text where it is open.
inline std::size_t nested_comment_end(std::string_view text, std::size_t begin) {
  std::size_t depth = 0;
  for (std::size_t i = begin; i + 1 < text.size(); ++i) {
    const std::string_view two = text.substr(i, 2);
    if (two != "/*" && two != "*/") continue;
    ++i;
    if (two == "/*") {
      ++depth;
    } else if (--depth == 0) {
      return i + 1;
    }
  }
  return text.size();
}

}  // namespace engine::test
