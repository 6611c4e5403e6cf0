// FileSystemSync: everything on a file system made durable, by one call for all who ask meanwhile.
//
// A failed sync is not tried again as if nothing had happened: the kernel may have thrown away what
// it could not write, and says so once. So failures are counted, and whoever wrote something asks
// with the count from before he did: one failure since then is his failure too.
// Thread contract: from any thread.
// Errors: kUnwritable.
// Source: syncfs(2), "fsync errors" in fsync(2).
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "engine/result.h"
#include "io/base/descriptor.h"

namespace engine::io {

class FileSystemSync {
 public:
  /// `directory` is any open one on the file system, not opened with O_PATH; it is duplicated.
  explicit FileSystemSync(int directory);

  std::uint64_t failures() const;

  /// Durable when it returns: all that was written before the call. Fails when any sync has since
  /// `failures_before`.
  Result<void> sync(std::uint64_t failures_before);

 private:
  const Descriptor directory_;
  mutable std::mutex mutex_;
  std::condition_variable ended_;
  // Guarded by mutex_.
  std::uint64_t begun_ = 0;
  std::uint64_t done_ = 0;
  std::uint64_t failures_ = 0;
  int last_error_ = 0;
  bool running_ = false;
};

}  // namespace engine::io
