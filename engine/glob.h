// glob_match(): does a path match a pattern of the command line (--include, --priority, ...)?
//
// Thread contract: pure.
#pragma once

#include <string_view>

namespace engine {

/// `*` stands for any characters but '/', `**` for any characters, `?` for one character but '/',
/// `[a-z]` and `[!a-z]` for one of a set. A pattern without '/' is held against the last name of
/// the path; letter case is ignored for ASCII, because `*.SQL` means `*.sql` to whoever writes it.
bool glob_match(std::string_view pattern, std::string_view path);

/// What the last pattern that matches says; `otherwise` where none does.
template <class Rules, class Value>
Value last_match(const Rules& rules, std::string_view path, Value otherwise) {
  for (const auto& [pattern, value] : rules) {
    if (glob_match(pattern, path)) otherwise = value;
  }
  return otherwise;
}

}  // namespace engine
