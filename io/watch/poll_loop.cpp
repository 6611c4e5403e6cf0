#include "io/watch/poll_loop.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "io/base/os_error.h"

namespace engine::io {

Result<EventLoop::Happened> PollLoop::wait(std::optional<std::chrono::nanoseconds> timeout,
                                           const OnBytes& on_bytes) {
  // poll() passes over a negative descriptor.
  std::array<pollfd, 3> files = {
      {{reading_ ? fd_ : -1, POLLIN, 0}, {wake_fd(), POLLIN, 0}, {signal_fd(), POLLIN, 0}}};
  timespec time{};
  if (timeout) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*timeout);
    time.tv_sec = seconds.count();
    time.tv_nsec = (*timeout - seconds).count();
  }
  Happened happened;
  const int ready = ::ppoll(files.data(), files.size(), timeout ? &time : nullptr, nullptr);
  if (ready < 0 && errno != EINTR) {
    return os_error(ErrorCode::kInternal, "poll", "cannot wait", errno);
  }
  if (ready <= 0) return happened;
  if (files[0].revents != 0) {
    const ssize_t size = ::read(fd_, buffer_.data(), buffer_.size());
    if (size > 0) on_bytes({buffer_.data(), static_cast<std::size_t>(size)});
    if (size < 0 && errno != EAGAIN && errno != EINTR) {
      return os_error(ErrorCode::kInternal, "notification descriptor", "cannot be read", errno);
    }
  }
  if (files[1].revents != 0) take_wake(happened);
  if (files[2].revents != 0) take_signals(happened);
  return happened;
}

}  // namespace engine::io
