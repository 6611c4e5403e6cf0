// has_query(): whether rows are read from other tables: INSERT ... SELECT, VALUES ((SELECT ...)).
//
// Thread contract: pure.
// Cost: a search for one word; only where it stands are there tokens to be read.
#pragma once

#include <string_view>

#include "engine/dialect.h"

namespace engine::organize {

bool has_query(std::string_view text, Dialect dialect);

}  // namespace engine::organize
