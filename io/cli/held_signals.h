// HeldSignals: the signals that a watch hears, held back from the begin of the program until
// somebody asks for them, so that one that comes early is heard like any other.
//
// Thread contract: made on the first thread before there are others; all threads inherit it.
// Source: pthread_sigmask(3), signal(7).
#pragma once

#include <signal.h>

#include <array>

namespace engine::io {

inline constexpr std::array<int, 4> kWatchSignals = {SIGINT, SIGTERM, SIGHUP, SIGUSR1};

class HeldSignals {
 public:
  HeldSignals() {
    sigset_t set;
    ::sigemptyset(&set);
    for (const int signal : kWatchSignals) ::sigaddset(&set, signal);
    ::pthread_sigmask(SIG_BLOCK, &set, &before_);
  }
  ~HeldSignals() { release(); }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

  /// What has come meanwhile, and what comes from now on, has its usual effect.
  void release() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  /// But only SIGINT and SIGTERM end the process; the others, those that wait too, nobody hears.
  void release_end() {
    for (const int signal : {SIGHUP, SIGUSR1}) ::signal(signal, SIG_IGN);
    release();
  }

 private:
  sigset_t before_{};
};

}  // namespace engine::io
