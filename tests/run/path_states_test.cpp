#include "engine/run/path_states.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace engine::run {
namespace {

Request asked(Priority priority, int since = 0, bool forced = false) {
  return {priority, TimePoint(std::chrono::seconds(since)), forced};
}

TEST(PathStates, APathHasOneTurnAtATime) {
  PathStates states;
  EXPECT_TRUE(states.ask("a", asked(Priority::kNormal)));
  EXPECT_EQ(states.active(), 1u);
  ASSERT_TRUE(states.begin("a", Priority::kNormal));
  EXPECT_FALSE(states.begin("a", Priority::kNormal));
  EXPECT_FALSE(states.finish("a"));
  EXPECT_EQ(states.active(), 0u);
  EXPECT_FALSE(states.begin("a", Priority::kNormal));
}

TEST(PathStates, RequestsForAPathThatWaitsAreMerged) {
  PathStates states;
  EXPECT_TRUE(states.ask("a", asked(Priority::kNormal, 5)));
  EXPECT_FALSE(states.ask("a", asked(Priority::kBatch, 3, true)));
  const auto turn = states.begin("a", Priority::kNormal);
  ASSERT_TRUE(turn);
  EXPECT_EQ(turn->request.priority, Priority::kNormal);
  EXPECT_EQ(turn->request.since, TimePoint(std::chrono::seconds(3)));
  EXPECT_TRUE(turn->request.forced);
  EXPECT_EQ(states.merged(), 1u);
}

TEST(PathStates, AHigherPriorityCountsThoughThePathWaits) {
  PathStates states;
  EXPECT_TRUE(states.ask("a", asked(Priority::kBatch)));
  EXPECT_TRUE(states.ask("a", asked(Priority::kCritical)));
  EXPECT_TRUE(states.begin("a", Priority::kCritical));
  EXPECT_FALSE(states.finish("a"));
  EXPECT_FALSE(states.begin("a", Priority::kBatch));  // the first ticket is void
}

TEST(PathStates, TheOldTicketIsVoidWhileThePathWaitsAtAHigherPriority) {
  PathStates states;
  states.ask("a", asked(Priority::kBatch));
  states.ask("a", asked(Priority::kNormal));
  EXPECT_FALSE(states.begin("a", Priority::kBatch));
  EXPECT_TRUE(states.begin("a", Priority::kNormal));
}

TEST(PathStates, WhatIsAskedForWhileItRunsIsDoneAgainOnce) {
  PathStates states;
  states.ask("a", asked(Priority::kNormal));
  ASSERT_TRUE(states.begin("a", Priority::kNormal));
  EXPECT_FALSE(states.ask("a", asked(Priority::kBatch, 7)));
  EXPECT_FALSE(states.ask("a", asked(Priority::kCritical, 8)));
  EXPECT_TRUE(states.finish("a"));
  EXPECT_EQ(states.wake("a"), Priority::kCritical);
  EXPECT_EQ(states.wake("a"), std::nullopt);
  const auto turn = states.begin("a", Priority::kCritical);
  ASSERT_TRUE(turn);
  EXPECT_EQ(turn->attempts, 0u);
  EXPECT_EQ(turn->request.since, TimePoint(std::chrono::seconds(7)));
  EXPECT_FALSE(states.finish("a"));
  EXPECT_EQ(states.accepted(), 2u);
  EXPECT_EQ(states.merged(), 1u);
}

TEST(PathStates, APauseKeepsTheTurnAndARequestBeginsItAnew) {
  PathStates states;
  states.ask("a", asked(Priority::kNormal));
  auto turn = states.begin("a", Priority::kNormal);
  turn->attempts = 3;
  states.pause("a", *turn);
  EXPECT_FALSE(states.begin("a", Priority::kNormal));
  EXPECT_EQ(states.wake("a", /*as_probe=*/true), Priority::kNormal);
  turn = states.begin("a", Priority::kNormal);
  EXPECT_EQ(turn->attempts, 3u);
  EXPECT_TRUE(turn->is_probe);
  states.pause("a", *turn);
  EXPECT_FALSE(states.ask("a", asked(Priority::kCritical)));
  EXPECT_EQ(states.wake("a"), Priority::kCritical);
  turn = states.begin("a", Priority::kCritical);
  EXPECT_EQ(turn->attempts, 0u);
  EXPECT_FALSE(turn->is_probe);
}

TEST(PathStates, ATicketThatNobodyTookIsTakenBack) {
  PathStates states;
  EXPECT_TRUE(states.ask("a", asked(Priority::kNormal)));
  states.withdraw("a");
  EXPECT_EQ(states.active(), 0u);
  EXPECT_TRUE(states.ask("a", asked(Priority::kNormal)));
}

/// Tickets of three priorities in any order; workers that take turns; a version for each path that
/// every request raises before it asks. What a worker saw last must be the last version.
TEST(PathStates, UnderManyThreadsNoPathRunsTwiceAndNoRequestIsLost) {
  constexpr int kPaths = 7;
  constexpr int kRequests = 20'000;
  PathStates states;
  std::array<std::atomic<int>, kPaths> version{}, seen{}, running{};
  std::atomic<int> overlaps{0};
  std::mutex mutex;
  std::deque<std::pair<int, Priority>> tickets;  // guarded by mutex
  std::atomic<bool> asking{true};
  const auto push = [&](int path, Priority priority) {
    const std::lock_guard lock(mutex);
    tickets.emplace_back(path, priority);
  };
  const auto work = [&] {
    for (;;) {
      int path = -1;
      Priority priority = Priority::kNormal;
      {
        const std::lock_guard lock(mutex);
        if (tickets.empty()) {
          // acquire: pairs with the release below; no ticket comes after it but from us
          if (!asking.load(std::memory_order_acquire) && states.active() == 0) return;
        } else {
          std::tie(path, priority) = tickets.back();
          tickets.pop_back();
        }
      }
      if (path < 0) {
        std::this_thread::yield();
        continue;
      }
      const std::string name = std::to_string(path);
      const auto place = static_cast<std::size_t>(path);
      if (!states.begin(name, priority)) continue;
      if (running[place].fetch_add(1, std::memory_order_relaxed) != 0) ++overlaps;
      seen[place].store(version[place].load(std::memory_order_relaxed), std::memory_order_relaxed);
      running[place].fetch_sub(1, std::memory_order_relaxed);
      if (states.finish(name)) push(path, *states.wake(name));
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back(work);
  std::vector<std::thread> askers;
  for (int i = 0; i < 2; ++i) {
    askers.emplace_back([&, i] {
      for (int n = 0; n < kRequests; ++n) {
        const int path = (n * 5 + i) % kPaths;
        version[static_cast<std::size_t>(path)].fetch_add(1, std::memory_order_relaxed);
        const auto priority = static_cast<Priority>(1 + n % 3);
        if (states.ask(std::to_string(path), asked(priority))) push(path, priority);
      }
    });
  }
  for (std::thread& asker : askers) asker.join();
  asking.store(false, std::memory_order_release);  // pairs with the load in `work`
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(overlaps.load(), 0);
  for (std::size_t place = 0; place < kPaths; ++place) {
    EXPECT_EQ(seen[place].load(), version[place].load());
  }
  EXPECT_EQ(states.accepted() + states.merged(), 2u * kRequests);
}

}  // namespace
}  // namespace engine::run
