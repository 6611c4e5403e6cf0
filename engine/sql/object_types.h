// The words that name a type of object behind CREATE, ALTER, DROP, COMMENT ON and GRANT ... ON.
//
// Thread contract: pure over constants.
#pragma once

#include <string_view>

#include "engine/sql/token_cursor.h"

namespace engine::sql {

/// Reads the longest phrase at the cursor ("MATERIALIZED VIEW", "PROC"); the type's name
/// ("materialized_view", "procedure"), or nothing and the cursor unmoved.
std::string_view read_object_type(TokenCursor* cursor);

}  // namespace engine::sql
