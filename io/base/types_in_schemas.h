// types_in_schemas(): the types of objects that lie in a schema. Which one that is where a name
// says none, engine/dialect.h tells.
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
