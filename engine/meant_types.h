// other_types_meant(), may_mean(): what else than its word a statement may mean that names an
// object and does not make it. ALTER ROUTINE changes a procedure, ALTER TABLE in PostgreSQL a view,
// ALTER INDEX a key; sp_rename says of no object what it is.
//
// Thread contract: pure over constants.
// Errors: none.
#pragma once

#include <span>
#include <string_view>

#include "engine/dialect.h"

namespace engine {

/// Besides those that share names with `said`, as views and tables do.
std::span<const std::string_view> other_types_meant(std::string_view said, Dialect dialect);

/// An object of `type` may be the one that a statement calls a `said`.
bool may_mean(std::string_view said, std::string_view type, Dialect dialect);

}  // namespace engine
