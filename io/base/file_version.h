// version_of: the version of a file, from what stat() says of it; is_coarse: whether another write
// might not have changed it for long.
//
// Thread contract: a free function without state.
#pragma once

#include <sys/stat.h>

#include <chrono>
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

/// How long a file that stamps whole seconds, or every second one, may be written again and keep
/// its version: ext3, ext4 with small inodes, FAT, HFS+. Elsewhere stamps fall on a whole second
/// once in a million files, which then only wait.
inline constexpr std::chrono::nanoseconds kCoarseTick = std::chrono::seconds(2);
inline bool is_coarse(const SourceVersion& version) {
  return version.ctime_ns % 1'000'000'000 == 0;
}

}  // namespace engine::io
