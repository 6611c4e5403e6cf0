// default_schema: the schema of a name that is written without one, and what has one.
//
// Thread contract: free functions.
#pragma once

#include <span>
#include <string_view>

#include "engine/dialect.h"

namespace engine::io {

/// Empty where the dialect has none of its own.
std::string_view default_schema(Dialect dialect);

/// Types whose objects lie in a schema; so does what hangs on one of them. Roles, databases, casts
/// and the like do not.
std::span<const std::string_view> types_in_schemas();

}  // namespace engine::io
