// find_mentions(): the names that a text speaks of, found without parsing it. That is more than it
// needs: a column may be called like a table. Whoever uses them holds them against the objects that
// there are.
//
// Thread contract: pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/dialect.h"

namespace engine::order {

struct Mention {
  std::string name;       ///< quotes off, in lower case
  std::string qualifier;  ///< the part before it; empty where none stands
  /// Stands in a string (the body of a routine, a name to be resolved later), or is a word of the
  /// language where no name has to be.
  bool weak = false;
};

struct Mentions {
  std::vector<Mention> names;  ///< each once
  /// A statement changes the schema or database that unqualified names are in, or what the server
  /// checks.
  bool changes_session = false;
};

Mentions find_mentions(std::string_view text, Dialect dialect);

/// The runs of characters that operators are made of, each once.
std::vector<std::string_view> operator_symbols(std::string_view text);

}  // namespace engine::order
