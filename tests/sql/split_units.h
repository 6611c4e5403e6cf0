// Units of a text as plain strings, for tests that say what a client would send.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/sql/splitter.h"

namespace engine::test {

inline std::vector<std::string> parts_of(std::string_view text, Dialect dialect, PartKind kind) {
  std::vector<std::string> found;
  sql::Splitter splitter(text, dialect);
  sql::SplitPart part;
  while (splitter.next(&part)) {
    if (part.kind == kind) found.emplace_back(part.in(text));
  }
  return found;
}

inline std::vector<std::string> units_of(std::string_view text, Dialect dialect) {
  return parts_of(text, dialect, PartKind::kUnit);
}

/// "line:column: message"
inline std::vector<std::string> warnings_of(std::string_view text, Dialect dialect) {
  sql::Splitter splitter(text, dialect);
  sql::SplitPart part;
  while (splitter.next(&part)) {
  }
  std::vector<std::string> found;
  for (const Warning& warning : splitter.warnings()) {
    found.push_back(std::to_string(warning.line) + ":" + std::to_string(warning.column) + ": " +
                    warning.message);
  }
  return found;
}

inline std::vector<std::string> directives_of(std::string_view text, Dialect dialect) {
  return parts_of(text, dialect, PartKind::kDirective);
}

}  // namespace engine::test
