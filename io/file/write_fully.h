// write_fully: all bytes into an open file, however often write(2) has to be asked.
//
// Thread contract: free functions without state.
// Errors: 0, or -1 and errno as write(2) has it; EFAULT when a mapped file was truncated under it.
#pragma once

#include <span>
#include <string_view>

namespace engine::io {

int write_fully(int fd, std::string_view bytes);

/// The pieces one behind the other; one system call as long as they are few.
int write_fully(int fd, std::span<const std::string_view> pieces);

}  // namespace engine::io
