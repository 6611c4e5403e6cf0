// StopSignals: SIGINT and SIGTERM as something that a thread waits for.
//
// Thread contract: one thread holds, waits and releases; it holds before it starts others, which
// inherit that the signals are blocked. notify() from any thread.
// Source: signalfd(2), eventfd(2).
#pragma once

#include <signal.h>

#include <chrono>
#include <cstdint>

#include "io/base/descriptor.h"

namespace engine::io {

class StopSignals {
 public:
  enum class Wake : std::uint8_t { kTimeout, kNotified, kSignal };

  StopSignals();
  ~StopSignals() { release(); }
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// From here on a signal only ends a wait().
  void hold();
  Wake wait(std::chrono::milliseconds timeout);
  /// Ends the wait() that runs, or the next one.
  void notify();
  /// From here on a signal ends the process at once again.
  void release();

 private:
  sigset_t before_{};
  bool held_ = false;
  Descriptor signals_;
  Descriptor notified_;
};

}  // namespace engine::io
