#include "io/cli/stop_signals.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>

namespace engine::io {
namespace {

sigset_t stop_set() {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGINT);
  ::sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

StopSignals::StopSignals() : notified_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void StopSignals::hold() {
  const sigset_t set = stop_set();
  signals_ = Descriptor(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals_) return;  // nobody would hear them: they end the process, as they do elsewhere
  ::pthread_sigmask(SIG_BLOCK, &set, &before_);
  held_ = true;
}

StopSignals::Wake StopSignals::wait(std::chrono::milliseconds timeout) {
  std::array<pollfd, 2> files = {{{signals_.get(), POLLIN, 0}, {notified_.get(), POLLIN, 0}}};
  if (::poll(files.data(), files.size(), static_cast<int>(timeout.count())) <= 0) {
    return Wake::kTimeout;
  }
  if ((files[0].revents & POLLIN) != 0) {
    signalfd_siginfo taken{};
    static_cast<void>(!::read(signals_.get(), &taken, sizeof taken));
    return Wake::kSignal;
  }
  std::uint64_t count = 0;
  static_cast<void>(!::read(notified_.get(), &count, sizeof count));
  return Wake::kNotified;
}

void StopSignals::notify() {
  const std::uint64_t one = 1;
  static_cast<void>(!::write(notified_.get(), &one, sizeof one));
}

void StopSignals::release() {
  if (!held_) return;
  held_ = false;
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace engine::io
