#include "io/watch/event_loop.h"

#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "io/base/os_error.h"
#include "io/watch/poll_loop.h"
#include "io/watch/uring_loop.h"

namespace engine::io {
namespace {

Descriptor open_signals(std::span<const int> signals) {
  if (signals.empty()) return {};
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : signals) ::sigaddset(&set, signal);
  return Descriptor(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

}  // namespace

// Without a descriptor for them it would be deaf to signals that are blocked, and to other threads.
Result<std::unique_ptr<EventLoop>> EventLoop::open(EventLoopKind wanted,
                                                   std::span<const int> signals) {
  Result<std::unique_ptr<EventLoop>> loop = open_kind(wanted, signals);
  if (!loop || (*loop)->error_ == 0) return loop;
  return os_error(ErrorCode::kInternal, "watching", "no descriptor for wakes and signals",
                  (*loop)->error_);
}

Result<std::unique_ptr<EventLoop>> EventLoop::open_kind(EventLoopKind wanted,
                                                        std::span<const int> signals) {
  std::string reason = "asked for";
  if (wanted != EventLoopKind::kPoll) {
    if (wanted == EventLoopKind::kAuto) reason = "it works here";
    Result<std::unique_ptr<EventLoop>> ring = UringLoop::open(std::move(reason), signals);
    if (ring || wanted == EventLoopKind::kIoUring) return ring;
    reason = std::move(ring.error().message);
  }
  return std::make_unique<PollLoop>(std::move(reason), signals);
}

EventLoop::EventLoop(EventLoopKind kind, std::string reason, std::span<const int> signals)
    : kind_(kind),
      reason_(std::move(reason)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      signals_(open_signals(signals)),
      error_(wake_ && (signals_ || signals.empty()) ? 0 : errno) {}

void EventLoop::wake() {
  const std::uint64_t one = 1;
  static_cast<void>(!::write(wake_.get(), &one, sizeof one));
}

void EventLoop::take_wake(Happened& happened) const {
  std::uint64_t count = 0;
  if (::read(wake_.get(), &count, sizeof count) == sizeof count) happened.woken = true;
}

void EventLoop::take_signals(Happened& happened) const {
  signalfd_siginfo taken{};
  while (::read(signals_.get(), &taken, sizeof taken) == sizeof taken) {
    happened.signals.push_back(static_cast<int>(taken.ssi_signo));
  }
}

}  // namespace engine::io
