// ThreadPlacement: the port that says how many CPUs there are for us and ties workers to them.
//
// Thread contract: usable_cpus() from any thread; place_worker() on the worker's own thread, once,
// before its first task.
// Errors: none; the methods must not throw.
#pragma once

namespace engine {

class ThreadPlacement {
 public:
  virtual ~ThreadPlacement() = default;
  /// CPUs that this process may use: affinity mask and cgroup quota; at least 1.
  virtual unsigned usable_cpus() const = 0;
  /// Names the calling thread and, where pinning is wanted and sensible, ties it to a CPU.
  virtual void place_worker(unsigned worker, unsigned worker_count) = 0;
};

/// Leaves every thread where the scheduler puts it.
class NoThreadPlacement final : public ThreadPlacement {
 public:
  unsigned usable_cpus() const override { return 1; }
  void place_worker(unsigned, unsigned) override {}
};

}  // namespace engine
