// lock_store: one engine at a time has a state store, wherever that lies.
//
//   PATH.lock   beside the file itself, where links have been followed; holds the engine's PID
//
// A store in the .engine of an OUTPUT is locked with that OUTPUT. One that is put elsewhere may be
// named for two, each of which would take the other's records for its own while both run.
// Thread contract: a free function; the lock belongs to the descriptor, not to a thread.
// Errors: one line that says what next.
// Source: docs/state.md.
#pragma once

#include <string>

#include "engine/result.h"
#include "io/base/descriptor.h"

namespace engine::io {

/// Before the store at `path` is opened or made. No descriptor where it lies in the .engine of
/// `output`, which is locked already, or is nothing that can be a store, which opening it says.
Result<Descriptor> lock_store(const std::string& path, const std::string& output);

}  // namespace engine::io
