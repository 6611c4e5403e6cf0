// byte_lock: one byte of a file, which whoever has it locked keeps from all others.
//
// Unlike flock(2) it can be asked for without being taken, from another PID namespace as well.
// Closing any descriptor of the file gives back what a process has locked in it by fcntl(2)
// otherwise, but not this: it belongs to the descriptor.
// Thread contract: free functions.
// Errors: a file system that locks no bytes has all of them free.
// Source: fcntl(2), "Open file description locks".
#pragma once

#include <sys/types.h>

namespace engine::io {

/// `fd` can be written. False: another descriptor has locked it. Until `fd` is closed.
bool lock_byte(int fd, off_t byte);

/// Another descriptor has.
bool is_byte_locked(int fd, off_t byte);

}  // namespace engine::io
