// EventLoop: one wait for everything a watcher waits for: the bytes of a notification descriptor, a
// wake from another thread, signals, and time.
//
// Two loops do the same: one over io_uring, one over poll(2) and read(2) for where io_uring is
// missing or forbidden (an old kernel, kernel.io_uring_disabled, a container's seccomp filter).
// Thread contract: made and used on one thread; wake() from any thread.
// Errors: kInternal when the operating system refuses to wait.
// Source: io_uring_setup(2), io_uring_enter(2), poll(2), eventfd(2), signalfd(2).
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"
#include "io/base/descriptor.h"

namespace engine::io {

/// In the order of --event-loop's values.
enum class EventLoopKind : std::uint8_t { kAuto, kIoUring, kPoll };
inline constexpr std::array<std::string_view, 3> kEventLoopNames = {"auto", "io_uring", "poll"};

class EventLoop {
 public:
  /// Auto takes io_uring where it works. The `signals` must be blocked in every thread; wait()
  /// tells of them.
  static Result<std::unique_ptr<EventLoop>> open(EventLoopKind wanted,
                                                 std::span<const int> signals);

  virtual ~EventLoop() = default;
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  /// The descriptor whose bytes are read, instead of the one before; it must be non-blocking (a
  /// multishot read of a blocking one never completes). -1: none.
  virtual void read_from(int fd) = 0;

  /// False: what comes stays in the kernel. Bytes that were on their way are still given.
  virtual void set_reading(bool reading) = 0;

  struct Happened {
    bool woken = false;
    std::vector<int> signals;
  };
  using OnBytes = std::function<void(std::span<const char>)>;

  /// Returns when something has happened, or after `timeout` (none: whenever that is). `on_bytes`
  /// is given whole reads, and calls neither wait() nor read_from().
  virtual Result<Happened> wait(std::optional<std::chrono::nanoseconds> timeout,
                                const OnBytes& on_bytes) = 0;

  /// Ends the wait() that runs, or the next one.
  void wake();

  EventLoopKind kind() const { return kind_; }
  const std::string& reason() const { return reason_; }  ///< why this one

 protected:
  EventLoop(EventLoopKind kind, std::string reason, std::span<const int> signals);

  static constexpr std::size_t kReadSize = 64 * 1024;
  int wake_fd() const { return wake_.get(); }
  int signal_fd() const { return signals_.get(); }  ///< -1 without signals
  void take_wake(Happened& happened) const;
  void take_signals(Happened& happened) const;
  void add_reason(std::string_view more) { reason_ += more; }

 private:
  static Result<std::unique_ptr<EventLoop>> open_kind(EventLoopKind wanted,
                                                      std::span<const int> signals);

  const EventLoopKind kind_;
  std::string reason_;
  const Descriptor wake_;
  const Descriptor signals_;
  const int error_;  // of opening these two
};

}  // namespace engine::io
