// load_places: INPUT and OUTPUT of a load, checked before anything is touched.
//
// Thread contract: a free function, on the thread that loads.
// Errors: one line: what, where, what next.
#pragma once

#include <string>

#include "engine/result.h"

namespace engine::io {

/// INPUT is a directory that lies in no output directory of any load; OUTPUT is one or can become
/// one, and lies in no tree and no other OUTPUT, unless it was one before.
Result<void> check_places(const std::string& input, const std::string& output);

}  // namespace engine::io
