// CpuSet: the CPUs that this process may use; CpuPlacement ties workers to them.
//
// Thread contract: CpuSet is a value. CpuPlacement: see engine/thread_placement.h.
// Units: a quota is in CPUs (1.5: one and a half CPU's time per period).
// Errors: what cannot be read does not limit.
// Source: sched_getaffinity(2); cgroups(7), cpu.max of v2 and cpu.cfs_quota_us of v1.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/thread_placement.h"

namespace engine::io {

struct CpuSet {
  std::vector<int> cpus;        ///< the affinity mask, lowest first
  std::optional<double> quota;  ///< the lowest of all control groups above the process

  /// `root` stands for "/" in every path that is read.
  static CpuSet of_this_process(const std::string& root = "/");

  /// The lower of both, a begun CPU counted as one; at least 1.
  unsigned usable() const;
};

class CpuPlacement final : public ThreadPlacement {
 public:
  CpuPlacement(CpuSet cpus, bool pin_wanted) : cpus_(std::move(cpus)), pin_wanted_(pin_wanted) {}

  unsigned usable_cpus() const override { return cpus_.usable(); }

  /// Names the thread "engine-w<worker>", and ties it to a CPU of its own where that can help: as
  /// many CPUs as workers, and no quota (a pinned thread that is throttled blocks its CPU's share).
  void place_worker(unsigned worker, unsigned worker_count) override;

  bool pins(unsigned worker_count) const;

 private:
  const CpuSet cpus_;
  const bool pin_wanted_;
};

}  // namespace engine::io
