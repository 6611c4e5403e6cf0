// read_search_path(): the schemas that PostgreSQL's search_path names.
//
// Thread contract: pure.
// Source: https://www.postgresql.org/docs/15/ddl-schemas.html#DDL-SCHEMAS-PATH
#pragma once

#include <string>
#include <vector>

#include "engine/sql/token_cursor.h"

namespace engine::sql {

/// `cursor` behind the words SET search_path, or at the first schema of a list. In their order,
/// without "$user", who is nobody that a script knows, and without the server's own schemas, which
/// are looked through anyway. DEFAULT, FROM CURRENT and nothing are an empty path.
std::vector<std::string> read_search_path(TokenCursor* cursor);

}  // namespace engine::sql
