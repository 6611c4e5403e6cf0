// HeldSignals: the signals that a watch hears, held back from the begin of the program until
// somebody asks for them, so that one that comes early is heard like any other.
//
// SIGINT and SIGTERM have a thread of their own: the first one asks for the end, the next one ends
// the process at once, whatever the other threads are at.
//
// Thread contract: made on the first thread before there are others; all threads inherit it.
// call_at_end() from one thread; what it is given is called on either.
// Source: pthread_sigmask(3), sigwait(3), signal(7).
#pragma once

#include <signal.h>

#include <array>
#include <atomic>
#include <functional>
#include <mutex>
#include <thread>

#include "engine/result.h"

namespace engine::io {

/// That stay blocked, for whoever reads them.
inline constexpr std::array<int, 2> kWatchSignals = {SIGHUP, SIGUSR1};

class HeldSignals {
 public:
  HeldSignals();
  ~HeldSignals();
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

  /// What has come meanwhile, and what comes from now on, has its usual effect.
  void release();

  /// Or: from here on somebody hears them. Fails when the system has no more threads.
  Result<void> listen();
  /// SIGINT or SIGTERM has come.
  bool is_end_asked() const {
    return end_asked_.load(std::memory_order_acquire);  // pairs with ask_for_end()
  }
  /// By the first of them, or now if it has come. An empty one takes it back.
  void call_at_end(std::function<void()> call);

 private:
  void hear();
  void ask_for_end();

  sigset_t before_{};
  std::thread thread_;
  std::atomic<bool> end_asked_{false};
  std::atomic<bool> over_{false};  // relaxed: the signal that is sent behind it wakes the thread
  std::mutex mutex_;
  std::function<void()> call_;  // guarded by mutex_
};

}  // namespace engine::io
