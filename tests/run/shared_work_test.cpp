#include "engine/run/shared_work.h"

#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "engine/run/worker_pool.h"
#include "tests/support/pool_team.h"
#include "tests/support/scripted_ports.h"

namespace engine {
namespace {

using test::by_a_team;
using test::Latch;

TEST(SharedWork, EveryStepRunsOnceHoweverManyWorkersThereAre) {
  for (const unsigned workers : {0u, 1u, 2u, 8u}) {
    std::vector<int> runs(1000);  // each step its own
    by_a_team(workers, [&](Team& team) {
      EXPECT_EQ(team.is_alone(), workers < 2);
      deal(&team, runs.size(), [&](std::size_t i) { return ++runs[i] == 1; });
    });
    EXPECT_EQ(runs, std::vector<int>(1000, 1)) << workers;
  }
}

// The one task is nobody else's, so whoever there is besides is idle.
TEST(SharedWork, WhoHasNoTaskIsIdle) {
  for (const unsigned workers : {0u, 1u, 2u, 8u}) {
    by_a_team(workers, [&](Team& team) { EXPECT_EQ(team.has_idle(), workers > 1) << workers; });
  }
}

TEST(SharedWork, NobodyIsIdleWhileEachHasATask) {
  NoMemoryPressure memory;
  NoThreadPlacement placement;
  WorkerPool* pool_at = nullptr;
  std::barrier both(2);
  std::atomic<int> idle = 0;
  WorkerPool pool(
      {.workers = 2},
      [&](Task&, unsigned) {
        both.arrive_and_wait();
        idle += pool_at->team().has_idle() ? 1 : 0;
        both.arrive_and_wait();
        return true;
      },
      memory, placement);
  pool_at = &pool;
  ASSERT_TRUE(pool.start());
  for (const char* path : {"a", "b"}) ASSERT_TRUE(pool.submit({path, Priority::kNormal}));
  pool.shutdown(true);
  EXPECT_EQ(idle, 0);
}

// Also while the pool is being shut down, as it is at the end of a load.
TEST(SharedWork, AnIdleWorkerHelps) {
  std::atomic<int> met = 0;
  by_a_team(2, [&](Team& team) {
    for (int round = 0; round < 20; ++round) {
      std::barrier both(2);
      deal(&team, 2, [&](std::size_t) {
        both.arrive_and_wait();  // which nobody passes alone
        ++met;
        return true;
      });
    }
  });
  EXPECT_EQ(met, 40);
}

TEST(SharedWork, WhoIsExpectedToHelpIsWokenAndLooksOnce) {
  int woken = 0;
  const auto never = [] { return false; };
  run::SharedWork shared(2, {.wake = [&] { ++woken; }, .task_waits = never, .any_idle = never});
  EXPECT_FALSE(shared.is_open());
  shared.expect();
  EXPECT_EQ(woken, 1);
  EXPECT_TRUE(shared.is_open());
  shared.help();  // with nothing, yet
  EXPECT_FALSE(shared.is_open());
  run::SharedWork alone(1, {.wake = [&] { ++woken; }, .task_waits = never, .any_idle = never});
  alone.expect();
  EXPECT_EQ(woken, 1);
  EXPECT_FALSE(alone.is_open());
}

// Though nothing comes of it, or all have other work by then.
TEST(SharedWork, WhoIsExpectedToHelpGoesOn) {
  for (const unsigned workers : {0u, 1u, 2u, 8u}) {
    int runs = 0;
    by_a_team(workers, [&](Team& team) {
      for (int round = 0; round < 20; ++round) {
        team.expect();
        if (round % 2 == 0) continue;
        std::atomic<int> steps = 0;
        deal(&team, 10, [&](std::size_t) { return ++steps > 0; });
        runs += steps;
      }
      team.expect();
    });
    EXPECT_EQ(runs, 100) << workers;
  }
}

TEST(SharedWork, AfterAStepThatFailsNoMoreAreBegun) {
  for (const unsigned workers : {1u, 4u}) {
    std::vector<int> runs(1000);
    by_a_team(workers, [&](Team& team) {
      deal(&team, runs.size(), [&](std::size_t i) { return ++runs[i] == 1 && i != 500; });
    });
    for (std::size_t i = 0; i <= 500; ++i) ASSERT_EQ(runs[i], 1) << i;
    EXPECT_TRUE(workers > 1 || runs[501] == 0);
  }
}

TEST(SharedWork, WhatAHelperThrowsIsThrownByShare) {
  std::string thrown;
  by_a_team(2, [&](Team& team) {
    const auto self = std::this_thread::get_id();
    std::barrier both(2);
    try {
      deal(&team, 2, [&](std::size_t) {
        both.arrive_and_wait();
        if (std::this_thread::get_id() != self) throw std::runtime_error("of the helper");
        return true;
      });
    } catch (const std::runtime_error& error) {
      thrown = error.what();
    }
  });
  EXPECT_EQ(thrown, "of the helper");
}

TEST(SharedWork, WhatTheCallerThrowsWaitsForItsHelpers) {
  std::atomic<bool> helper_left = false;
  bool left_before = false;
  by_a_team(2, [&](Team& team) {
    const auto self = std::this_thread::get_id();
    std::barrier both(2);
    try {
      team.share([&](const Team::Turn&) {
        both.arrive_and_wait();
        if (std::this_thread::get_id() == self) throw std::runtime_error("of the caller");
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        helper_left = true;
        return true;
      });
    } catch (const std::runtime_error&) {
      left_before = helper_left;
    }
  });
  EXPECT_TRUE(left_before);
}

// One worker has a task, the other helps with it: in its turn it does `help` until a second task
// comes, which only it can do.
void expect_helper_leaves(const std::function<void(const Team::Turn& turn)>& help) {
  Latch helped, small_done;
  NoMemoryPressure memory;
  NoThreadPlacement placement;
  WorkerPool* pool_at = nullptr;
  WorkerPool pool(
      {.workers = 2},
      [&](Task& task, unsigned) {
        if (task.path == "small") {
          small_done.open();
          return true;
        }
        const auto self = std::this_thread::get_id();
        pool_at->team().share([&](const Team::Turn& turn) {
          EXPECT_EQ(turn.is_own(), std::this_thread::get_id() == self);
          if (turn.is_own()) {
            small_done.pass();
            return true;
          }
          helped.open();
          help(turn);
          EXPECT_TRUE(turn.is_over());
          return false;
        });
        return true;
      },
      memory, placement);
  pool_at = &pool;
  ASSERT_TRUE(pool.start());
  ASSERT_TRUE(pool.submit({"big", Priority::kNormal}));
  helped.pass();
  ASSERT_TRUE(pool.submit({"small", Priority::kBatch}));
  pool.shutdown(true);
  EXPECT_EQ(pool.stats().tasks_completed, 2u);
}

TEST(SharedWork, AHelperGoesBackToTheTasks) {
  expect_helper_leaves([](const Team::Turn& turn) {
    while (!turn.is_over()) std::this_thread::yield();
  });
}

TEST(SharedWork, AHelperThatAwaitsSomethingGoesBackToTheTasks) {
  expect_helper_leaves([](const Team::Turn& turn) { turn.await([] { return false; }); });
}

}  // namespace
}  // namespace engine
