// read_signature(): the types of a routine's parameters, by which overloads are told apart.
//
// Thread contract: pure.
#pragma once

#include <string>
#include <string_view>

#include "engine/sql/token_cursor.h"

namespace engine::sql {

/// At '(' of a parameter list: "(int, text)", the cursor behind the matching ')'. Names, modes,
/// default values and what only goes out are left out.
std::string read_signature(TokenCursor* cursor);

/// A type by itself, to the ',' or ')' behind it: "double precision", "numeric(10,2)".
std::string read_type(TokenCursor* cursor);

/// A signature by which PostgreSQL's spellings of one type are equal: "(int4, varchar(10))" is
/// "(integer, character varying)"; the schema of what has it is left out before types.
std::string canonical_signature(std::string_view signature, std::string_view own_schema);

}  // namespace engine::sql
