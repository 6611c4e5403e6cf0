#include "engine/run/worker_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/support/scripted_ports.h"

namespace engine {
namespace {

using test::Latch;
using testing::ElementsAre;
using testing::IsEmpty;

class SwitchedMemory final : public MemoryPressure {
 public:
  double usage_percent() const override { return over_threshold() ? 95 : 10; }
  bool over_threshold() const override { return over_.load(std::memory_order_relaxed); }
  void set_over(bool over) { over_.store(over, std::memory_order_relaxed); }

 private:
  std::atomic<bool> over_{false};
};

/// Records who was placed, on which thread.
class RecordedPlacement final : public ThreadPlacement {
 public:
  explicit RecordedPlacement(unsigned cpus = 1) : cpus_(cpus) {}
  unsigned usable_cpus() const override { return cpus_; }
  void place_worker(unsigned worker, unsigned worker_count) override {
    const std::lock_guard lock(mutex_);
    placed_[std::this_thread::get_id()] = {worker, worker_count};
  }
  std::map<std::thread::id, std::pair<unsigned, unsigned>> placed() const {
    const std::lock_guard lock(mutex_);
    return placed_;
  }

 private:
  const unsigned cpus_;
  mutable std::mutex mutex_;
  std::map<std::thread::id, std::pair<unsigned, unsigned>> placed_;
};

/// Paths in the order in which handlers saw them.
class Log {
 public:
  void add(const std::string& path) {
    const std::lock_guard lock(mutex_);
    paths_.push_back(path);
  }
  std::vector<std::string> paths() const {
    const std::lock_guard lock(mutex_);
    return paths_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> paths_;
};

class WorkerPoolTest : public testing::Test {
 protected:
  WorkerPool::Handler logging() {
    return [this](Task& task, unsigned) {
      log_.add(task.path);
      return true;
    };
  }

  Log log_;
  SwitchedMemory memory_;
  RecordedPlacement placement_;
};

TEST_F(WorkerPoolTest, EverySubmittedTaskRunsOnce) {
  WorkerPool pool({.workers = 3, .max_queue_size = 4}, logging(), memory_, placement_);
  ASSERT_TRUE(pool.start());
  std::set<std::string> submitted;
  for (int i = 0; i < 500; ++i) {
    ASSERT_TRUE(pool.submit({std::to_string(i), static_cast<Priority>(1 + i % 3)}));
    submitted.insert(std::to_string(i));
  }
  pool.shutdown(true);
  const std::vector<std::string> ran = log_.paths();
  EXPECT_EQ(ran.size(), 500u);
  EXPECT_EQ(std::set<std::string>(ran.begin(), ran.end()), submitted);
}

TEST_F(WorkerPoolTest, OneWorkerKeepsTheOrderOfArrivalPerPriority) {
  WorkerPool pool({.workers = 1, .max_queue_size = 300}, logging(), memory_, placement_);
  std::map<char, std::vector<std::string>> submitted;
  for (int i = 0; i < 300; ++i) {  // before start(), so that all three priorities pile up
    const char kind = "cnb"[i % 3];
    submitted[kind].push_back(kind + std::to_string(i));
    ASSERT_TRUE(pool.submit({submitted[kind].back(), static_cast<Priority>(1 + i % 3)}));
  }
  ASSERT_TRUE(pool.start());
  pool.shutdown(true);
  std::map<char, std::vector<std::string>> ran;
  for (const std::string& path : log_.paths()) ran[path[0]].push_back(path);
  EXPECT_EQ(ran, submitted);
  EXPECT_EQ(log_.paths().front(), "c0");
}

TEST_F(WorkerPoolTest, ThrowingHandlerFailsItsTaskAndTheWorkerGoesOn) {
  Log thrown;
  WorkerPool pool(
      {.workers = 1},
      [](Task& task, unsigned) -> bool {
        if (task.path == "throws") throw std::runtime_error("bad file");
        if (task.path == "throws oddly") throw 42;
        return task.path != "fails";
      },
      memory_, placement_,
      [&](const Task& task, const char* what) { thrown.add(task.path + ": " + what); });
  ASSERT_TRUE(pool.start());
  for (const char* path : {"throws", "throws oddly", "fails", "good"}) pool.submit({path});
  pool.wait_idle();
  const PoolStats stats = pool.stats();
  EXPECT_EQ(stats.tasks_submitted, 4u);
  EXPECT_EQ(stats.tasks_completed, 1u);
  EXPECT_EQ(stats.tasks_failed, 3u);
  EXPECT_EQ(stats.tasks_pending, 0u);
  EXPECT_DOUBLE_EQ(stats.success_rate_percent, 25);
  EXPECT_THAT(thrown.paths(), ElementsAre("throws: bad file", "throws oddly: unknown exception"));
}

TEST_F(WorkerPoolTest, ThrowingHandlerWithoutAListenerOnlyCounts) {
  WorkerPool pool(
      {.workers = 0}, [](Task&, unsigned) -> bool { throw std::runtime_error("bad file"); },
      memory_, placement_);
  EXPECT_TRUE(pool.submit({"a"}));
  EXPECT_EQ(pool.stats().tasks_failed, 1u);
}

TEST_F(WorkerPoolTest, GracefulShutdownDrainsWhatWaits) {
  Latch latch;
  WorkerPool pool(
      {.workers = 2, .max_queue_size = 50},
      [&](Task& task, unsigned) {
        latch.pass();
        log_.add(task.path);
        return true;
      },
      memory_, placement_);
  ASSERT_TRUE(pool.start());
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(pool.submit({std::to_string(i)}));
  std::thread stopping([&] { pool.shutdown(true); });
  latch.open();
  stopping.join();
  EXPECT_EQ(log_.paths().size(), 50u);
  EXPECT_FALSE(pool.submit({"late"}));
  EXPECT_EQ(pool.try_submit({"late"}), PushResult::kClosed);
  EXPECT_FALSE(pool.stats().running);
}

TEST_F(WorkerPoolTest, ShutdownWithoutCompletionDropsWhatWaitsAndFinishesWhatRuns) {
  Latch begun;
  Latch latch;
  WorkerPool pool(
      {.workers = 1},
      [&](Task& task, unsigned) {
        begun.open();
        latch.pass();
        log_.add(task.path);
        return true;
      },
      memory_, placement_);
  ASSERT_TRUE(pool.start());
  for (const char* path : {"runs", "waits", "waits too"}) ASSERT_TRUE(pool.submit({path}));
  begun.pass();
  std::thread stopping([&] { pool.shutdown(false); });
  while (pool.stats().queue_size != 0) std::this_thread::yield();
  latch.open();
  stopping.join();
  EXPECT_THAT(log_.paths(), ElementsAre("runs"));
  const PoolStats stats = pool.stats();
  EXPECT_EQ(stats.tasks_submitted, 3u);
  EXPECT_EQ(stats.tasks_completed, 1u);
  EXPECT_EQ(stats.tasks_pending, 0u);
}

TEST_F(WorkerPoolTest, FullQueueRefusesUntilATaskIsCompleted) {
  Latch latch;
  WorkerPool pool(
      {.workers = 1, .max_queue_size = 2},
      [&](Task&, unsigned) {
        latch.pass();
        return true;
      },
      memory_, placement_);
  ASSERT_TRUE(pool.start());
  ASSERT_EQ(pool.try_submit({"a"}), PushResult::kAccepted);
  ASSERT_EQ(pool.try_submit({"b"}), PushResult::kAccepted);
  Task third{"c"};
  EXPECT_EQ(pool.try_submit(std::move(third)), PushResult::kFull);
  EXPECT_EQ(third.path, "c");  // NOLINT(bugprone-use-after-move): refused, so left as it is
  EXPECT_EQ(pool.stats().tasks_pending, 2u);
  EXPECT_EQ(pool.stats().back_pressure_events, 0u);

  std::thread submitting([&] { EXPECT_TRUE(pool.submit(std::move(third))); });
  while (pool.stats().back_pressure_events == 0) std::this_thread::yield();
  latch.open();
  submitting.join();
  pool.wait_idle();
  EXPECT_EQ(pool.stats().tasks_completed, 3u);
  EXPECT_EQ(pool.stats().back_pressure_events, 1u);
}

TEST_F(WorkerPoolTest, SubmitThatWaitsIsToldOfTheStop) {
  Latch latch;
  WorkerPool pool(
      {.workers = 1, .max_queue_size = 1},
      [&](Task&, unsigned) {
        latch.pass();
        return true;
      },
      memory_, placement_);
  ASSERT_TRUE(pool.start());
  ASSERT_TRUE(pool.submit({"a"}));
  std::thread submitting([&] { EXPECT_FALSE(pool.submit({"b"})); });
  while (pool.stats().back_pressure_events == 0) std::this_thread::yield();
  std::thread stopping([&] { pool.shutdown(true); });
  submitting.join();  // comes home while the worker still stands at the latch
  latch.open();
  stopping.join();
  EXPECT_EQ(pool.stats().tasks_completed, 1u);
}

TEST_F(WorkerPoolTest, SubmitThatWaitsForMemoryIsToldOfTheStop) {
  memory_.set_over(true);
  Latch latch;
  WorkerPool pool(
      {.workers = 1},
      [&](Task&, unsigned) {
        latch.pass();
        return true;
      },
      memory_, placement_);
  ASSERT_TRUE(pool.start());
  ASSERT_TRUE(pool.submit({"a"}));
  std::thread submitting([&] { EXPECT_FALSE(pool.submit({"b"})); });
  while (pool.stats().back_pressure_events == 0) std::this_thread::yield();
  std::thread stopping([&] { pool.shutdown(true); });
  submitting.join();
  latch.open();
  stopping.join();
}

TEST_F(WorkerPoolTest, FullMemoryLetsOneTaskThroughAtATime) {
  memory_.set_over(true);
  std::atomic<int> running{0};
  std::atomic<int> most{0};
  WorkerPool pool(
      {.workers = 3},
      [&](Task&, unsigned) {
        const int now = running.fetch_add(1, std::memory_order_relaxed) + 1;
        most.store(std::max(most.load(std::memory_order_relaxed), now), std::memory_order_relaxed);
        std::this_thread::yield();
        running.fetch_sub(1, std::memory_order_relaxed);
        return true;
      },
      memory_, placement_);
  ASSERT_TRUE(pool.start());
  std::vector<std::thread> submitters;
  for (int i = 0; i < 3; ++i) {
    submitters.emplace_back([&] {
      for (int n = 0; n < 50; ++n) EXPECT_TRUE(pool.submit({std::to_string(n)}));
    });
  }
  for (std::thread& submitter : submitters) submitter.join();
  pool.wait_idle();
  EXPECT_EQ(pool.stats().tasks_completed, 150u);
  EXPECT_EQ(most.load(std::memory_order_relaxed), 1);
  EXPECT_DOUBLE_EQ(pool.stats().memory_usage_percent, 95);
}

TEST_F(WorkerPoolTest, IntakeResumesWhenMemoryFalls) {
  memory_.set_over(true);
  Latch latch;
  WorkerPool pool(
      {.workers = 1},
      [&](Task&, unsigned) {
        latch.pass();
        return true;
      },
      memory_, placement_);
  ASSERT_TRUE(pool.start());
  ASSERT_TRUE(pool.submit({"a"}));
  EXPECT_EQ(pool.try_submit({"b"}), PushResult::kFull);
  std::thread submitting([&] { EXPECT_TRUE(pool.submit({"b"})); });
  while (pool.stats().back_pressure_events == 0) std::this_thread::yield();
  memory_.set_over(false);
  submitting.join();  // though nothing has been completed
  EXPECT_EQ(pool.stats().tasks_completed, 0u);
  latch.open();
  pool.shutdown(true);
  EXPECT_EQ(pool.stats().tasks_completed, 2u);
  EXPECT_EQ(pool.stats().back_pressure_events, 1u);
}

TEST_F(WorkerPoolTest, WithoutWorkersTheSubmittingThreadDoesTheWork) {
  memory_.set_over(true);  // does not matter: there is never more than one
  std::thread::id ran_on;
  WorkerPool pool(
      {.workers = 0},
      [&](Task& task, unsigned worker) {
        ran_on = std::this_thread::get_id();
        log_.add(task.path + std::to_string(worker));
        return task.path != "bad";
      },
      memory_, placement_);
  ASSERT_TRUE(pool.start());
  EXPECT_TRUE(pool.stats().running);
  EXPECT_TRUE(pool.submit({"a"}));
  EXPECT_EQ(ran_on, std::this_thread::get_id());
  EXPECT_EQ(pool.try_submit({"bad"}), PushResult::kAccepted);
  EXPECT_THAT(log_.paths(), ElementsAre("a0", "bad0"));
  pool.wait_idle();
  PoolStats stats = pool.stats();
  EXPECT_EQ(stats.num_workers, 0u);
  EXPECT_EQ(stats.tasks_submitted, 2u);
  EXPECT_EQ(stats.tasks_completed, 1u);
  EXPECT_EQ(stats.tasks_failed, 1u);
  EXPECT_EQ(stats.tasks_pending, 0u);
  pool.shutdown(false);
  EXPECT_FALSE(pool.submit({"late"}));
  EXPECT_THAT(placement_.placed(), IsEmpty());
}

TEST_F(WorkerPoolTest, WithoutWorkersTasksOfManyThreadsNeverOverlap) {
  int unguarded = 0;
  WorkerPool pool(
      {.workers = 0},
      [&](Task&, unsigned) {
        ++unguarded;
        return true;
      },
      memory_, placement_);
  std::vector<std::thread> submitters;
  for (int i = 0; i < 3; ++i) {
    submitters.emplace_back([&] {
      for (int n = 0; n < 300; ++n) pool.submit({"a"});
    });
  }
  for (std::thread& submitter : submitters) submitter.join();
  EXPECT_EQ(unguarded, 900);
}

TEST_F(WorkerPoolTest, ManySubmittersKeepEachTheirOrder) {
  WorkerPool pool({.workers = 1, .max_queue_size = 8}, logging(), memory_, placement_);
  ASSERT_TRUE(pool.start());
  std::vector<std::thread> submitters;
  for (char name = 'a'; name < 'e'; ++name) {
    submitters.emplace_back([&pool, name] {
      for (int n = 0; n < 300; ++n) {
        ASSERT_TRUE(pool.submit({name + std::to_string(1000 + n)}));
      }
    });
  }
  for (std::thread& submitter : submitters) submitter.join();
  pool.shutdown(true);
  std::map<char, std::vector<std::string>> ran;
  for (const std::string& path : log_.paths()) ran[path[0]].push_back(path);
  ASSERT_EQ(ran.size(), 4u);
  for (const auto& [name, paths] : ran) {
    EXPECT_EQ(paths.size(), 300u);
    EXPECT_TRUE(std::is_sorted(paths.begin(), paths.end()));
  }
}

TEST_F(WorkerPoolTest, EachWorkerIsPlacedOnItsOwnThreadBeforeItWorks) {
  std::mutex mutex;
  std::set<unsigned> wrong;
  WorkerPool pool(
      {.workers = 3},
      [&](Task&, unsigned worker) {
        const auto placed = placement_.placed();
        const auto self = placed.find(std::this_thread::get_id());
        const std::lock_guard lock(mutex);
        if (self == placed.end() || self->second != std::pair(worker, 3u)) wrong.insert(worker);
        return true;
      },
      memory_, placement_);
  ASSERT_TRUE(pool.start());
  for (int i = 0; i < 60; ++i) pool.submit({std::to_string(i)});
  pool.shutdown(true);
  EXPECT_THAT(wrong, IsEmpty());
  EXPECT_EQ(placement_.placed().size(), 3u);
}

TEST_F(WorkerPoolTest, AutoIsFourWorkersOrAsManyAsThereAreCpus) {
  RecordedPlacement two(2);
  RecordedPlacement many(64);
  EXPECT_EQ(WorkerPool({}, logging(), memory_, two).stats().num_workers, 2u);
  EXPECT_EQ(WorkerPool({}, logging(), memory_, many).stats().num_workers, 4u);
}

TEST_F(WorkerPoolTest, ParkedWorkersTakeNothingUntilTheyAreWantedAgain) {
  std::mutex mutex;
  std::set<unsigned> worked;
  WorkerPool pool(
      {.workers = 4},
      [&](Task&, unsigned worker) {
        const std::lock_guard lock(mutex);
        worked.insert(worker);
        return true;
      },
      memory_, placement_);
  pool.set_active(1);
  ASSERT_TRUE(pool.start());
  for (int i = 0; i < 100; ++i) pool.submit({std::to_string(i)});
  pool.wait_idle();
  EXPECT_EQ(worked, std::set<unsigned>{0});
  EXPECT_EQ(pool.stats().num_workers, 1u);
  pool.set_active(99);
  EXPECT_EQ(pool.stats().num_workers, 4u);
  pool.set_active(2);
  for (int i = 0; i < 100; ++i) pool.submit({std::to_string(i)});
  pool.shutdown(true);  // whoever is parked comes home
  EXPECT_EQ(pool.stats().tasks_completed, 200u);
}

TEST_F(WorkerPoolTest, StatsOfAnIdlePool) {
  WorkerPool pool({.workers = 2, .max_queue_size = 7}, logging(), memory_, placement_);
  EXPECT_FALSE(pool.stats().running);
  ASSERT_TRUE(pool.start());
  pool.wait_idle();
  const PoolStats stats = pool.stats();
  EXPECT_TRUE(stats.running);
  EXPECT_EQ(stats.num_workers, 2u);
  EXPECT_EQ(stats.queue_size, 0u);
  EXPECT_EQ(stats.max_queue_size, 7u);
  EXPECT_EQ(stats.tasks_submitted, 0u);
  EXPECT_DOUBLE_EQ(stats.success_rate_percent, 100);
  EXPECT_DOUBLE_EQ(stats.memory_usage_percent, 10);
}

TEST_F(WorkerPoolTest, PoolThatWasNeverStartedDropsWhatWaits) {
  WorkerPool pool({.workers = 1}, logging(), memory_, placement_);
  ASSERT_TRUE(pool.submit({"a"}));
  EXPECT_EQ(pool.stats().queue_size, 1u);
  pool.shutdown(true);
  EXPECT_EQ(pool.stats().tasks_pending, 0u);
  EXPECT_THAT(log_.paths(), IsEmpty());
  const Result<void> started = pool.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, ErrorCode::kStopped);
}

TEST_F(WorkerPoolTest, DestructorDrains) {
  {
    WorkerPool pool({.workers = 2}, logging(), memory_, placement_);
    ASSERT_TRUE(pool.start());
    for (int i = 0; i < 20; ++i) pool.submit({std::to_string(i)});
  }
  EXPECT_EQ(log_.paths().size(), 20u);
}

}  // namespace
}  // namespace engine
