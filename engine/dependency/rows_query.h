// has_query(): are rows read from tables?
//
// Thread contract: pure.
// Cost: a search for a word; only where it stands are there tokens to be read.
#pragma once

#include <string_view>

#include "engine/dialect.h"

namespace engine::dependency {

/// INSERT ... SELECT, VALUES ((SELECT ...)).
bool has_query(std::string_view text, Dialect dialect);

}  // namespace engine::dependency
