// The pieces by themselves, as docs/embedding.md shows them.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engine/debounce/debouncer.h"
#include "engine/run/worker_pool.h"

namespace {

using engine::FileEvent;
using Clock = std::chrono::steady_clock;

/// A Debouncer with a thread, and a callback for each batch.
class Batches {
 public:
  using OnBatch = std::function<void(const std::vector<FileEvent>&)>;

  Batches(engine::DebouncerOptions options, OnBatch on_batch)
      : debouncer_(options), on_batch_(std::move(on_batch)), thread_([this] { run(); }) {}
  ~Batches() {  // what waits is a last batch
    {
      const std::lock_guard lock(mutex_);
      debouncer_.flush_now();
      stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }

  void observe(const FileEvent& event) {
    {
      const std::lock_guard lock(mutex_);
      debouncer_.observe(event, Clock::now());
    }
    changed_.notify_one();
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    for (std::vector<FileEvent> batch;;) {
      batch.clear();
      if (debouncer_.take_due(Clock::now(), &batch) != 0) {
        lock.unlock();
        on_batch_(batch);
        lock.lock();
      } else if (stopping_) {
        return;
      } else if (const auto deadline = debouncer_.next_deadline()) {
        changed_.wait_until(lock, *deadline);
      } else {
        changed_.wait(lock);
      }
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  engine::Debouncer debouncer_;  // guarded by mutex_
  bool stopping_ = false;        // guarded by mutex_
  const OnBatch on_batch_;
  std::thread thread_;
};

bool debouncer_alone() {
  std::size_t paths = 0;
  {
    Batches batches({.window = std::chrono::milliseconds(20)},
                    [&](const std::vector<FileEvent>& batch) { paths += batch.size(); });
    for (int i = 0; i < 3; ++i) batches.observe({"orders.sql"});  // saved three times
    batches.observe({"customers.sql"});
  }
  return paths == 2;
}

bool pool_alone() {
  std::atomic<int> done{0};
  engine::NoMemoryPressure memory;
  engine::NoThreadPlacement placement;
  engine::WorkerPool pool(
      {.workers = 2, .max_queue_size = 100},
      [&](engine::Task& task, unsigned) {
        done.fetch_add(1, std::memory_order_relaxed);
        return !task.path.empty();  // false: failed, and counted so
      },
      memory, placement);
  if (!pool.start()) return false;
  pool.submit({"nightly.sql", engine::Priority::kBatch});
  pool.submit({"hotfix.sql", engine::Priority::kCritical});  // goes first
  pool.shutdown(/*wait_for_completion=*/true);
  return done.load(std::memory_order_relaxed) == 2 && pool.stats().tasks_completed == 2;
}

}  // namespace

bool pieces_work() { return debouncer_alone() && pool_alone(); }
