// find_references(): what a statement refers to, from its tokens. It is no grammar of SQL: it knows
// where the name of a relation, a routine, a type stands, which names a query made up itself (CTEs,
// aliases, transition tables), and leaves everything else alone.
//
// Bodies of routines are read where their language is SQL or a procedural SQL, also when they are
// string literals. SQL that a routine puts together at run time is not seen.
//
// Thread contract: pure.
// Memory: the open parentheses and the names a query made up, never the tokens. A statement of rows
// is read as far as its head, unless a query fills the table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/dialect.h"
#include "engine/reference.h"

namespace engine::sql {

/// Appends what text[begin, end), one statement, refers to; each once for a kind, in the order of
/// the text. `line` is the one that `begin` stands in. Returns the search path that a routine
/// sets for itself (CREATE FUNCTION ... SET search_path = a, b); empty where it sets none.
std::vector<std::string> find_references(std::string_view text, std::size_t begin, std::size_t end,
                                         std::uint64_t line, Dialect dialect,
                                         std::vector<Reference>* out);

}  // namespace engine::sql
