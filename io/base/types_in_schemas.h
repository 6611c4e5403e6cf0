// types_in_schemas(): what lies in a schema, where the schema of a name that is written without one
// is the dialect's own (engine/dialect.h).
//
// Thread contract: pure.
#pragma once

#include <span>
#include <string_view>

namespace engine::io {

/// Types whose objects lie in a schema; so does what hangs on one of them. Roles, databases, casts
/// and the like do not.
std::span<const std::string_view> types_in_schemas();

}  // namespace engine::io
