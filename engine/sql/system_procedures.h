// stands_for_statement(): which procedures of SQL Server a script calls to make, change or drop an
// object.
//
// Thread contract: pure over constants.
#pragma once

#include <string_view>

#include "engine/sql/token_cursor.h"

namespace engine::sql {

/// `procedure` without its schema, in any letter case.
bool stands_for_statement(std::string_view procedure);

/// EXEC sp_add_jobstep and its kin: of the job that the script made before. `cursor` at EXEC.
bool goes_on_with_job(TokenCursor cursor);

}  // namespace engine::sql
