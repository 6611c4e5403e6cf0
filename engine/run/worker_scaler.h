// WorkerScaler: how many workers should be at work, by what the last step brought.
//
// Additive up, multiplicative down. One step at a time, a second apart: up by one while work waits,
// the machine has CPU to give, and the last step up was worth it (bytes a second rose by 5 %); down
// to 0.7 at once when memory is over its threshold or the machine stalls for memory or the disk.
// A step up that was not worth it is taken back, and not tried again for a while.
//
// Passive: whoever owns it samples and says when.
// Thread contract: confined to one thread.
// Source: AIMD, as in TCP; the figures for stalls are those of Linux pressure stall information.
#pragma once

#include <chrono>
#include <cstdint>

#include "engine/clock.h"
#include "engine/host_pressure.h"

namespace engine::run {

class WorkerScaler {
 public:
  static constexpr Duration kStep = std::chrono::seconds(1);

  struct Sample {
    std::uint64_t bytes = 0;  ///< worked off since the beginning
    bool work_waits = false;
    bool memory_short = false;
    Stalls stalls{};
  };

  WorkerScaler(unsigned first, unsigned most);

  /// Called at most once every kStep: how many workers from now on.
  unsigned step(TimePoint now, const Sample& sample);
  unsigned workers() const { return workers_; }

 private:
  static constexpr double kWorthIt = 1.05;
  static constexpr double kKept = 0.7;
  static constexpr double kMostCpuStall = 10;  // percent of the time
  static constexpr double kMostMemoryStall = 10;
  static constexpr double kMostIoStall = 50;
  static constexpr int kRestAfterFailure = 10;  // steps

  const unsigned most_;
  unsigned workers_;
  bool tried_ = false;      // the last step went up
  double rate_before_ = 0;  // bytes a second before it
  int rest_ = 0;            // steps until the next one up
  std::uint64_t last_bytes_ = 0;
  TimePoint last_{};
};

}  // namespace engine::run
