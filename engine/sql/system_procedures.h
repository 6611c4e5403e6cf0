// stands_for_statement(): which procedures of SQL Server a script calls to make, change or drop an
// object.
//
// Thread contract: pure over constants.
#pragma once

#include <string_view>

namespace engine::sql {

/// `procedure` without its schema, in any letter case.
bool stands_for_statement(std::string_view procedure);

}  // namespace engine::sql
