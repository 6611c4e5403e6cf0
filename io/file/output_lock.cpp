#include "io/file/output_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "io/base/os_error.h"

namespace engine::io {
namespace {

constexpr const char* kLockName = "lock";

// " (PID 12)", or nothing while the other one has not written it yet.
std::string holder(int lock) {
  std::array<char, 16> text{};
  const ssize_t count = ::pread(lock, text.data(), text.size(), 0);
  const auto* const begin = text.data();
  const auto* const end = std::find_if_not(begin, begin + std::max<ssize_t>(count, 0),
                                           [](char c) { return c >= '0' && c <= '9'; });
  return begin == end ? "" : " (PID " + std::string(begin, end) + ')';
}

int try_lock(int fd) {
  while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EINTR) return errno;
  }
  return 0;
}

}  // namespace

Result<Descriptor> lock_output(int engine_directory, int output, const std::string& shown) {
  Descriptor lock(::openat(engine_directory, kLockName,
                           O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666));
  if (!lock) {
    return os_error(ErrorCode::kUnwritable, shown, "cannot open .engine/lock", errno);
  }
  const int error = try_lock(lock.get());
  // Some file systems lock no directories: then the file alone has to do.
  if (error == EWOULDBLOCK || (error == 0 && try_lock(output) == EWOULDBLOCK)) {
    return fail(ErrorCode::kUnwritable, shown + ": held by another engine" + holder(lock.get()) +
                                            "; wait for it or stop it");
  }
  if (error != 0) {
    return os_error(ErrorCode::kUnwritable, shown, "cannot lock .engine/lock", error);
  }
  // Should it not be written, on a full disk, only the message is poorer.
  const std::string pid = std::to_string(::getpid()) + '\n';
  if (::ftruncate(lock.get(), 0) == 0) {
    [[maybe_unused]] const ssize_t count = ::pwrite(lock.get(), pid.data(), pid.size(), 0);
  }
  return lock;
}

}  // namespace engine::io
