// reads_tables(): are rows read from tables, as by INSERT ... SELECT?
//
// Thread contract: pure.
// Cost: a search for a word; only where it stands are there tokens to be read.
#pragma once

#include <string_view>

#include "engine/dialect.h"

namespace engine::dependency {

/// INSERT ... SELECT, VALUES ((SELECT ...)).
bool reads_tables(std::string_view text, Dialect dialect);

}  // namespace engine::dependency
