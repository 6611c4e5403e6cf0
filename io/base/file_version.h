// version_of: the version of a file, from what stat() says of it.
//
// Thread contract: a free function without state.
#pragma once

#include <sys/stat.h>

#include <cstdint>

#include "engine/source_version.h"

namespace engine::io {

inline SourceVersion version_of(const struct stat& status) {
  const auto nanoseconds = [](const timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + std::int64_t{time.tv_nsec};
  };
  return {static_cast<std::uint64_t>(status.st_dev), static_cast<std::uint64_t>(status.st_ino),
          static_cast<std::uint64_t>(status.st_size), nanoseconds(status.st_mtim),
          nanoseconds(status.st_ctim)};
}

}  // namespace engine::io
