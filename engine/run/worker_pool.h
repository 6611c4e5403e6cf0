// WorkerPool: a fixed number of threads that work tasks off by priority, and an intake that slows
// down rather than grow.
//
//   engine::WorkerPool pool({.workers = 4}, handler, memory, placement);
//   pool.start();
//   pool.submit({"a.sql", engine::Priority::kNormal});   // waits while there is no room
//   pool.shutdown(/*wait_for_completion=*/true);
//
// One submitting thread's tasks of one priority are begun in the order in which it submitted them;
// with one worker they also end so. With no workers submit() does the work itself, one task at a
// time, whoever submits.
//
// Thread contract: start() and shutdown() from one thread; everything else from any thread between
// construction and destruction. The handler runs on worker threads, and two calls with one worker
// number never overlap. It must not submit to its own pool, wait for it or stop it. The ports must
// outlive the pool.
// Units: in the member names of PoolStats.
// Errors: a handler that returns false or throws fails its task and nothing else.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "engine/memory_pressure.h"
#include "engine/options.h"
#include "engine/priority.h"
#include "engine/queue/push_result.h"
#include "engine/result.h"
#include "engine/stats.h"
#include "engine/team.h"
#include "engine/thread_placement.h"

namespace engine {

/// A settled source, on its way to a worker.
struct Task {
  std::string path;
  Priority priority = Priority::kNormal;
};

struct WorkerPoolOptions {
  unsigned workers = Options::kAutoWorkers;  ///< auto: min(4, usable CPUs)
  std::size_t max_queue_size = 200;          ///< tasks that wait or run; at least 1
};

/// `wanted`, or for kAutoWorkers as many as there are usable CPUs, from 1 to 4.
unsigned chosen_workers(unsigned wanted, const ThreadPlacement& placement);

class WorkerPool {
 public:
  /// True: completed. False or an exception: failed. `worker` counts from 0 and is below
  /// max(1, workers).
  using Handler = std::function<bool(Task& task, unsigned worker)>;

  /// Hears, on the worker's thread, what a handler threw. Must not throw itself.
  using OnException = std::function<void(const Task& task, const char* what)>;

  /// Hears, on the worker's thread, that a task has ended and given its place back; so many wait or
  /// run still. Must not throw, and may call try_submit(). Never without workers.
  using OnEnded = std::function<void(std::size_t outstanding)>;

  WorkerPool(WorkerPoolOptions options, Handler handler, MemoryPressure& memory,
             ThreadPlacement& placement, OnException on_exception = {}, OnEnded on_ended = {});
  ~WorkerPool();  ///< shutdown(true), if that has not been done
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Starts the workers; tasks may have been submitted before. Once. kInternal when the system has
  /// no more threads: the pool is then stopped.
  Result<void> start();

  /// kFull when max_queue_size is reached, or while memory is over its threshold and the task would
  /// not be the only one. Moves `task` only when it is accepted.
  PushResult try_submit(Task&& task);

  /// Waits while the answer is kFull, which counts as one back-pressure event. False when stopped.
  bool submit(Task task);

  /// Returns at a moment at which no task waits or runs. stats() then counts all that came before.
  void wait_idle();

  /// No more intake; whoever waits in submit() gets false. True: what waits is worked off first.
  /// False, or a pool that was never started: it is dropped. What runs is finished in either case.
  void shutdown(bool wait_for_completion);
  /// What shutdown(false) begins with, without waiting for what runs. From the same thread.
  void drop_waiting();

  std::size_t outstanding() const;  ///< tasks that wait or run
  std::size_t waiting() const;      ///< tasks that wait

  /// So many workers take tasks from now on (at least 1, at most all); the others finish what they
  /// have and sleep. All drain the queue in the end.
  void set_active(unsigned workers);

  /// Of a task that runs: its worker, and those that have no task. For the handler.
  Team& team();

  PoolStats stats() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace engine
