// beneath: opens files below a directory so that nothing in the path leads out of it.
//
// Links are not followed, ".." does not leave, absolute paths are refused: openat2(2) with
// RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS, or a walk component by component where the kernel or a
// sandbox has no openat2.
// Thread contract: free functions, safe from any thread.
// Errors: an empty Descriptor and errno: ELOOP for a link on the way, EXDEV for a path that leads
// out, else what open(2) says.
#pragma once

#include <fcntl.h>
#include <sys/types.h>

#include <string>
#include <string_view>

#include "io/base/descriptor.h"

namespace engine::io {

Descriptor open_beneath(int directory, const std::string& path, int flags, mode_t mode = 0);

/// What open_beneath() does where there is no openat2.
Descriptor open_beneath_by_walk(int directory, const std::string& path, int flags, mode_t mode = 0);

/// True when `path` is relative, not empty and has no component that is empty, "." or "..": such a
/// path names an entry below its directory, if no links are followed.
bool is_plain_path(std::string_view path);

}  // namespace engine::io
