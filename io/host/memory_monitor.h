// MemoryMonitor: how full the memory is that this process may use.
//
// The fullest counts: the host (MemTotal, MemAvailable) and every control group above the process
// (v1 limit_in_bytes; v2 max and high), each in percent of its own limit. What the kernel can take
// back at once (inactive file pages, reclaimable slab) is not usage.
// Thread contract: every method from any thread; whoever asks first after kSampleInterval reads the
// files (some tens of microseconds), everybody else gets the last figures.
// Errors: what cannot be read does not limit; without any file usage is 0.
// Source: cgroups(7); kernel Documentation/admin-guide/cgroup-v1/memory, cgroup-v2.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/clock.h"
#include "engine/memory_pressure.h"
#include "io/host/cgroup.h"

namespace engine::io {

class MemoryMonitor final : public MemoryPressure {
 public:
  static constexpr Duration kSampleInterval = std::chrono::milliseconds(100);
  /// Pressure that began at the threshold ends so many points below it.
  static constexpr double kHysteresisPoints = 10;

  /// `root` stands for "/" in every path that is read.
  MemoryMonitor(unsigned threshold_percent, const Clock& clock, std::string root = "/");

  double usage_percent() const override;
  bool over_threshold() const override;

 private:
  void refresh() const;
  double measure() const;

  const double threshold_;
  const Clock& clock_;
  const std::string root_;
  const std::vector<CgroupDirectory> groups_;

  // Independent figures, so relaxed everywhere: a reader may see one of them a sample late.
  mutable std::atomic<Duration::rep> next_sample_;
  mutable std::atomic<double> usage_{0};
  mutable std::atomic<bool> over_{false};
};

}  // namespace engine::io
