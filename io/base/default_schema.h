// default_schema: the schema of a name that is written without one.
//
// Thread contract: a free function.
#pragma once

#include <string_view>

#include "engine/dialect.h"

namespace engine::io {

/// Empty where the dialect has none of its own.
std::string_view default_schema(Dialect dialect);

}  // namespace engine::io
