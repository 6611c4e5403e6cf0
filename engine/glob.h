// Globs: does a path match a pattern of the command line (--include, --priority, ...)?
//
// Thread contract: pure.
// Errors: none; every pattern is one: a '[' that is never closed stands for itself.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace engine {

/// `*` stands for any characters but '/', `**` for any characters, `?` for one character but '/',
/// `[a-z]` and `[!a-z]` for one of a set. A pattern without '/' is held against the last name of
/// the path; letter case is ignored for ASCII, because `*.SQL` means `*.sql` to whoever writes it.
bool glob_match(std::string_view pattern, std::string_view path);

/// What the last glob of `rules` that matches says; null when none does.
template <class Value>
const Value* last_match(const std::vector<std::pair<std::string, Value>>& rules,
                        std::string_view path) {
  for (auto rule = rules.rbegin(); rule != rules.rend(); ++rule) {
    if (glob_match(rule->first, path)) return &rule->second;
  }
  return nullptr;
}

}  // namespace engine
