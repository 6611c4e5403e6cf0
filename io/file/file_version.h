// FileVersion: what tells one state of a file from another without reading it.
//
// Thread contract: a value.
// Units: nanoseconds since the epoch, bytes. Source: design.md, "Words".
#pragma once

#include <sys/stat.h>

#include <cstdint>

namespace engine::io {

struct FileVersion {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;

  bool operator==(const FileVersion&) const = default;

  static FileVersion of(const struct stat& status) {
    const auto nanoseconds = [](const timespec& time) {
      return std::int64_t{time.tv_sec} * 1'000'000'000 + std::int64_t{time.tv_nsec};
    };
    return {static_cast<std::uint64_t>(status.st_dev), static_cast<std::uint64_t>(status.st_ino),
            static_cast<std::uint64_t>(status.st_size), nanoseconds(status.st_mtim),
            nanoseconds(status.st_ctim)};
  }
};

}  // namespace engine::io
