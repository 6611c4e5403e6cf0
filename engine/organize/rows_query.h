// What rows take from other rows: whether they are read from tables, or rest on the row that came
// last, whichever table that was in.
//
// Thread contract: pure.
// Cost: a search for a few words; only where one stands are there tokens to be read.
#pragma once

#include <string_view>

#include "engine/dialect.h"

namespace engine::organize {

/// INSERT ... SELECT, VALUES ((SELECT ...)).
bool has_query(std::string_view text, Dialect dialect);

/// LAST_INSERT_ID(), currval('s'), s.NEXTVAL, @@IDENTITY, RETURNING ... \gset.
bool rests_on_last_row(std::string_view text, Dialect dialect);

}  // namespace engine::organize
