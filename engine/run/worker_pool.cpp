#include "engine/run/worker_pool.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "engine/base/counters.h"
#include "engine/queue/event_count.h"
#include "engine/queue/priority_queue.h"
#include "engine/run/back_pressure_gate.h"
#include "engine/run/shared_work.h"

namespace engine {
namespace {

constexpr unsigned kMostAutoWorkers = 4;

// Whose source was helped with has more to share soon: its outputs. Some hundred microseconds.
constexpr int kLooksAfterHelp = 512;

}  // namespace

unsigned chosen_workers(unsigned wanted, const ThreadPlacement& placement) {
  if (wanted != Options::kAutoWorkers) return wanted;
  return std::clamp(placement.usable_cpus(), 1u, kMostAutoWorkers);
}

class WorkerPool::Impl {
 public:
  Impl(WorkerPoolOptions options, Handler handler, MemoryPressure& memory,
       ThreadPlacement& placement, OnException on_exception, OnEnded on_ended)
      : workers_(chosen_workers(options.workers, placement)),
        handler_(std::move(handler)),
        on_exception_(std::move(on_exception)),
        on_ended_(std::move(on_ended)),
        memory_(memory),
        placement_(placement),
        queue_(options.max_queue_size),
        gate_(memory, completions_),
        tallies_(workers_),
        shared_(workers_, {.wake = [this] { wake_idle(); },
                           .task_waits = [this] { return queue_.size() != 0; },
                           .any_idle = [this] { return any_idle(); }}),
        active_(workers_),
        producer_(queue_) {}

  Result<void> start();
  PushResult try_submit(Task& task);
  bool submit(Task& task);
  void wait_idle();
  void shutdown(bool wait_for_completion);
  void drop_waiting();
  std::size_t outstanding() const {
    // relaxed: whoever waits for the end of a task without workers looks again and again
    return queue_.outstanding() + unqueued_.load(std::memory_order_relaxed);
  }
  std::size_t waiting() const { return queue_.size(); }
  void set_active(unsigned workers);
  Team& team() { return shared_; }
  PoolStats stats() const;

 private:
  struct Tally {
    Counter submitted;  // only where no queue counts them: without workers
    Counter completed;
    Counter failed;
    Counter dropped;
    Counter pauses;
  };

  void work(unsigned worker);
  void help_to_the_end();
  void wake_idle();
  bool any_idle() const;
  bool parked(unsigned worker) const;
  void run(Task& task, unsigned worker, Tally& tally);
  bool handle(Task& task, unsigned worker);
  void wait_for_room();

  // Constant after construction.
  const unsigned workers_;
  const Handler handler_;
  const OnException on_exception_;
  const OnEnded on_ended_;
  MemoryPressure& memory_;
  ThreadPlacement& placement_;

  // Shared; each synchronises itself.
  PriorityQueue<Task> queue_;
  EventCount completions_;  // wait_idle(), and submitters while memory is short
  BackPressureGate gate_;
  PerThread<Tally> tallies_;
  run::SharedWork shared_;
  std::atomic<std::size_t> unqueued_{0};  // tasks that submit() does by itself
  std::atomic<bool> running_{false};
  std::atomic<unsigned> active_;  // workers of this number and above sleep
  EventCount parking_;

  // One producer for all submitters. The lock makes "is this the only task?" and the push one step,
  // and keeps the order of arrival whatever thread it comes from; it is never held while waiting,
  // and with workers nothing else is taken under it. (Without, it is held over the task, which is
  // the point.)
  std::mutex intake_;
  PriorityQueue<Task>::Producer producer_;  // guarded by intake_

  std::vector<std::thread> threads_;  // confined to the thread of start() and shutdown()
};

Result<void> WorkerPool::Impl::start() {
  if (queue_.closed()) return fail(ErrorCode::kStopped, "worker pool: already shut down");
  running_.store(true, std::memory_order_relaxed);
  threads_.reserve(workers_);
  for (unsigned worker = 0; worker < workers_; ++worker) {
    try {
      threads_.emplace_back([this, worker] { work(worker); });
    } catch (const std::system_error& error) {
      shutdown(false);
      return fail(ErrorCode::kInternal, "worker pool: cannot start worker " +
                                            std::to_string(worker) + ": " + error.what());
    }
  }
  return {};
}

void WorkerPool::Impl::work(unsigned worker) {
  placement_.place_worker(worker, workers_);
  PriorityQueue<Task>::Consumer consumer(queue_);
  int looks = EventCount::kLooks;
  for (Task task;;) {
    if (parked(worker)) parking_.await([&] { return !parked(worker); });
    const auto popped = queue_.pop_unless(
        consumer, &task, [this] { return shared_.is_open(); }, looks);
    looks = EventCount::kLooks;
    if (popped == PriorityQueue<Task>::Popped::kDrained) return help_to_the_end();
    if (popped == PriorityQueue<Task>::Popped::kNothing) {
      shared_.help();
      looks = kLooksAfterHelp;
      continue;
    }
    run(task, worker, tallies_.worker(worker));
    queue_.complete();  // after the tally, which wait_idle() promises to be complete
    completions_.notify_all();
    if (on_ended_) on_ended_(queue_.outstanding());
  }
}

// No task is left, but others may be at theirs still.
void WorkerPool::Impl::help_to_the_end() {
  for (;;) {
    completions_.await([this] { return queue_.outstanding() == 0 || shared_.is_open(); });
    if (queue_.outstanding() == 0) return;
    shared_.help();
  }
}

void WorkerPool::Impl::wake_idle() {
  queue_.wake();
  completions_.notify_all();  // help_to_the_end()
}

bool WorkerPool::Impl::any_idle() const {
  return queue_.outstanding() < active_.load(std::memory_order_relaxed);
}

bool WorkerPool::Impl::parked(unsigned worker) const {
  // seq_cst: pairs with the store in set_active(); the end wakes everybody by closed()
  return worker >= active_.load(std::memory_order_seq_cst) && !queue_.closed();
}

void WorkerPool::Impl::set_active(unsigned workers) {
  if (workers_ == 0) return;
  // seq_cst: pairs with the load in parked()
  active_.store(std::clamp(workers, 1u, workers_), std::memory_order_seq_cst);
  parking_.notify_all();
}

void WorkerPool::Impl::run(Task& task, unsigned worker, Tally& tally) {
  (handle(task, worker) ? tally.completed : tally.failed).add();
}

bool WorkerPool::Impl::handle(Task& task, unsigned worker) {
  try {
    return handler_(task, worker);
  } catch (const std::exception& error) {
    if (on_exception_) on_exception_(task, error.what());
  } catch (...) {
    if (on_exception_) on_exception_(task, "unknown exception");
  }
  return false;
}

PushResult WorkerPool::Impl::try_submit(Task& task) {
  const std::lock_guard lock(intake_);
  if (workers_ == 0) {
    if (queue_.closed()) return PushResult::kClosed;
    Tally& tally = tallies_.foreign();
    tally.submitted.add();
    unqueued_.store(1, std::memory_order_relaxed);
    run(task, 0, tally);
    unqueued_.store(0, std::memory_order_relaxed);
    return PushResult::kAccepted;
  }
  if (!queue_.closed() && !gate_.open(queue_.outstanding())) return PushResult::kFull;
  const PushResult pushed = queue_.try_push(producer_, task.priority, std::move(task));
  if (pushed == PushResult::kAccepted) shared_.wake();
  return pushed;
}

bool WorkerPool::Impl::submit(Task& task) {
  for (bool paused = false;;) {
    switch (try_submit(task)) {
      case PushResult::kAccepted:
        return true;
      case PushResult::kClosed:
        return false;
      case PushResult::kFull:
        break;
    }
    if (!paused) tallies_.foreign().pauses.add();
    paused = true;
    wait_for_room();
  }
}

void WorkerPool::Impl::wait_for_room() {
  if (!queue_.wait_for_credit()) return;
  gate_.await_open([this] { return queue_.outstanding(); }, [this] { return queue_.closed(); });
}

void WorkerPool::Impl::wait_idle() {
  if (workers_ == 0) {
    const std::lock_guard lock(intake_);  // some thread may be at its task
    return;
  }
  completions_.await([this] { return queue_.outstanding() == 0; });
}

void WorkerPool::Impl::drop_waiting() {
  tallies_.foreign().dropped.add(queue_.discard());
  completions_.notify_all();
  parking_.notify_all();
}

void WorkerPool::Impl::shutdown(bool wait_for_completion) {
  if (wait_for_completion) {
    queue_.close();
    completions_.notify_all();
    parking_.notify_all();
  } else {
    drop_waiting();
  }
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();

  drop_waiting();                       // it has no worker: the pool was never started
  const std::lock_guard lock(intake_);  // without workers: the task under way is finished
  running_.store(false, std::memory_order_relaxed);
}

PoolStats WorkerPool::Impl::stats() const {
  PoolStats stats;
  stats.num_workers = active_.load(std::memory_order_relaxed);
  stats.queue_size = queue_.size();
  stats.max_queue_size = queue_.capacity();
  stats.tasks_completed = tallies_.sum([](const Tally& t) { return t.completed.value(); });
  stats.tasks_failed = tallies_.sum([](const Tally& t) { return t.failed.value(); });
  const std::uint64_t finished = stats.tasks_completed + stats.tasks_failed;
  const std::uint64_t gone =
      finished + tallies_.sum([](const Tally& t) { return t.dropped.value(); });
  stats.tasks_submitted =
      queue_.pushed() + tallies_.sum([](const Tally& t) { return t.submitted.value(); });
  // The counts are read one after the other: a task may end between two of them.
  stats.tasks_pending = stats.tasks_submitted > gone ? stats.tasks_submitted - gone : 0;
  stats.back_pressure_events = tallies_.sum([](const Tally& t) { return t.pauses.value(); });
  if (finished != 0) {
    stats.success_rate_percent =
        100.0 * static_cast<double>(stats.tasks_completed) / static_cast<double>(finished);
  }
  stats.memory_usage_percent = memory_.usage_percent();
  stats.running = running_.load(std::memory_order_relaxed);
  return stats;
}

WorkerPool::WorkerPool(WorkerPoolOptions options, Handler handler, MemoryPressure& memory,
                       ThreadPlacement& placement, OnException on_exception, OnEnded on_ended)
    : impl_(std::make_unique<Impl>(options, std::move(handler), memory, placement,
                                   std::move(on_exception), std::move(on_ended))) {}

WorkerPool::~WorkerPool() { shutdown(true); }

Result<void> WorkerPool::start() { return impl_->start(); }
PushResult WorkerPool::try_submit(Task&& task) { return impl_->try_submit(task); }
bool WorkerPool::submit(Task task) { return impl_->submit(task); }
void WorkerPool::wait_idle() { impl_->wait_idle(); }
void WorkerPool::shutdown(bool wait_for_completion) { impl_->shutdown(wait_for_completion); }
void WorkerPool::drop_waiting() { impl_->drop_waiting(); }
std::size_t WorkerPool::outstanding() const { return impl_->outstanding(); }
std::size_t WorkerPool::waiting() const { return impl_->waiting(); }
void WorkerPool::set_active(unsigned workers) { impl_->set_active(workers); }
Team& WorkerPool::team() { return impl_->team(); }
PoolStats WorkerPool::stats() const { return impl_->stats(); }

}  // namespace engine
