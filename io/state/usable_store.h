// check_usable: is an opened file a state store that a command may go on with?
//
// Thread contract: free functions, on the thread that the database belongs to.
// Errors: kNotFound, kUnreadable, kInvalid: one line that says what next.
// Source: docs/state.md.
#pragma once

#include <string>

#include "engine/result.h"
#include "io/state/database.h"

namespace engine::io {

/// `code` is what opening the file at `path` has come to.
Result<void> check_usable(Database& database, const std::string& path, int code);

/// "PATH: cannot read the state store: why".
tl::unexpected<Error> unreadable_store(const std::string& path, const std::string& why);

}  // namespace engine::io
