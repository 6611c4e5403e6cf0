// unnamed_file: a temporary file that has no name and is gone when it is closed.
//
// Thread contract: a free function, safe from any thread.
// Errors: an empty Descriptor and errno.
#pragma once

#include <string>

#include "io/base/descriptor.h"

namespace engine::io {

/// Up to this size, temporary texts stay in memory; larger ones go to a file.
inline constexpr std::size_t kInMemoryLimit = std::size_t{1} << 20;

Descriptor unnamed_file(const std::string& directory);

}  // namespace engine::io
