// read_object_type(), scope_of(): the words that name a type of object behind CREATE, ALTER, DROP,
// COMMENT ON and GRANT ... ON, and what such an object lies in.
//
// Thread contract: pure over constants.
#pragma once

#include <string_view>

#include "engine/sql/object_type.h"
#include "engine/sql/token_cursor.h"

namespace engine::sql {

/// Reads the longest phrase at the cursor ("MATERIALIZED VIEW", "PROC"); the type's name
/// ("materialized_view", "procedure"), or nothing and the cursor unmoved. The result is a constant.
std::string_view read_object_type(TokenCursor* cursor);

/// The type of those words ("message type", in any letter case); empty where there is none.
std::string_view object_type_of(std::string_view words);

Scope scope_of(std::string_view type, Dialect dialect);

/// A function, a procedure, an aggregate.
bool is_function(std::string_view type);

/// Told apart by their parameters: functions, procedures, aggregates, in dialects that overload.
bool has_overloads(std::string_view type, Dialect dialect);

}  // namespace engine::sql
