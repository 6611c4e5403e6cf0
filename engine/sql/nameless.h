// names_none(), is_only_one(): what a statement says without a name: it is about the database or
// the account in use (ALTER DATABASE CURRENT, ALTER ROLE ALL), or about something of which a
// database has only one.
//
// Thread contract: pure.
#pragma once

#include <string_view>

#include "engine/sql/token_cursor.h"

namespace engine::sql {

/// Behind the type of ALTER, DROP or COMMENT ON: no name follows, but what is done.
bool names_none(TokenCursor* cursor, std::string_view type);

/// A database has one of them at most, which is called as its type is: MASTER KEY.
bool is_only_one(std::string_view type);

}  // namespace engine::sql
