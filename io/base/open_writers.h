// open_writers: does anybody have a file open for writing, or mapped so?
//
// A read lease is granted only where nobody does; it is asked for and given back at once. That
// needs the file's owner or CAP_LEASE, and a file system that knows all its writers.
// Thread contract: free functions, safe from any thread.
// Source: fcntl(2), "Leases".
#pragma once

#include <cstdint>
#include <string>

namespace engine::io {

enum class OpenWriters : std::uint8_t { kNone, kSome, kUnknown };

/// `fd` is open for reading alone.
OpenWriters open_writers(int fd);
OpenWriters open_writers(int directory_fd, const std::string& name);

}  // namespace engine::io
