// BackPressureGate: lets a task in while memory allows, and always one at a time.
//
// However full memory is, a task comes in when no other is waiting or running: back-pressure slows,
// it never stands still (docs/design.md, promise 10). The other limit, the number of tasks, is kept
// by the credits of PriorityQueue.
//
// Thread contract: any thread; the port and the event count must outlive the gate.
// Errors: none.
#pragma once

#include <chrono>
#include <cstddef>

#include "engine/clock.h"
#include "engine/memory_pressure.h"
#include "engine/queue/event_count.h"

namespace engine {

class BackPressureGate {
 public:
  /// `completions` is notified whenever a task has been completed.
  BackPressureGate(const MemoryPressure& memory, EventCount& completions)
      : memory_(memory), completions_(completions) {}

  /// REQUIRES: whoever lets a task in on this answer keeps others from asking until it is in;
  /// otherwise several could be "the only one".
  bool open(std::size_t outstanding) const { return outstanding == 0 || !memory_.over_threshold(); }

  /// Sleeps until the gate may be open or `stopped()`; then the caller asks again. Memory sends no
  /// word when it falls, so it is polled; the end of a task wakes at once.
  template <class Outstanding, class Stopped>
  void await_open(Outstanding outstanding, Stopped stopped) {
    const auto ready = [&] { return stopped() || open(outstanding()); };
    while (!completions_.await_until(std::chrono::steady_clock::now() + kPollInterval, ready)) {
    }
  }

 private:
  static constexpr Duration kPollInterval = std::chrono::milliseconds(50);

  const MemoryPressure& memory_;
  EventCount& completions_;
};

}  // namespace engine
