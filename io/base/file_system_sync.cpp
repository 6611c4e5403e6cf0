#include "io/base/file_system_sync.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "io/base/os_error.h"

namespace engine::io {

FileSystemSync::FileSystemSync(int directory)
    : directory_(::fcntl(directory, F_DUPFD_CLOEXEC, 0)) {}

std::uint64_t FileSystemSync::failures() const {
  const std::lock_guard lock(mutex_);
  return failures_;
}

Result<void> FileSystemSync::sync(std::uint64_t failures_before) {
  std::unique_lock lock(mutex_);
  // One that runs already may have passed over what the caller has written: the next one has not.
  const std::uint64_t wanted = begun_ + 1;
  while (done_ < wanted) {
    if (running_) {
      ended_.wait(lock);
      continue;
    }
    running_ = true;
    const std::uint64_t number = ++begun_;
    lock.unlock();
    const int error = ::syncfs(directory_.get()) == 0 ? 0 : errno;
    lock.lock();
    running_ = false;
    done_ = number;
    if (error != 0) {
      ++failures_;
      last_error_ = error;
    }
    ended_.notify_all();
  }
  if (failures_ == failures_before) return {};
  return os_error(ErrorCode::kUnwritable, "the outputs", "cannot be made durable", last_error_);
}

}  // namespace engine::io
