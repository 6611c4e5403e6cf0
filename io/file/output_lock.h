// output_lock: one engine at a time writes below one OUTPUT.
//
//   OUTPUT/.engine/lock   locked while an engine runs; holds its PID, for the message alone
//
// The lock is the operating system's (flock): it goes with its process, however that ends, and a
// file that a killed engine left is no obstacle. Readers take none. OUTPUT itself is locked with
// it, because somebody may delete the file, or all of .engine, and let a second engine in, which
// would take what the first one builds for left-overs.
// Thread contract: a free function; the lock belongs to the descriptor, not to a thread.
// Errors: kUnwritable, with the PID of the engine that has it.
#pragma once

#include <string>

#include "engine/result.h"
#include "io/base/descriptor.h"

namespace engine::io {

/// `engine_directory` is OUTPUT/.engine, open, and `output` OUTPUT. Locked until the descriptor,
/// and `output`, are closed; once more by the same `output` is no obstacle. `shown` is for
/// messages.
Result<Descriptor> lock_output(int engine_directory, int output, const std::string& shown);

/// The same of one file, which is made if it is missing, and else left as it is; `shown` is what it
/// stands for.
Result<Descriptor> lock_file(const std::string& path, const std::string& shown);

/// An engine works below it just now. Locks nothing itself.
bool is_output_locked(const std::string& output_directory);

}  // namespace engine::io
