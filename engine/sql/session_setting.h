// changes_setting(): whether a step of a script sets something of the session that what follows may
// depend on. What is known to change nothing (how long to wait, what is logged) is on a list; every
// other setting counts.
//
// Thread contract: pure.
#pragma once

#include "engine/sql/token_cursor.h"

namespace engine::sql {

/// SET, RESET, PRAGMA x = 1, ALTER SESSION, \connect, SELECT set_config(...), at the cursor; up to
/// the end of the statement.
bool changes_setting(TokenCursor* cursor);

/// Of these: what names mean, and whose what is made is. USE, \connect, SET search_path, SET ROLE.
bool changes_context(TokenCursor* cursor);

}  // namespace engine::sql
