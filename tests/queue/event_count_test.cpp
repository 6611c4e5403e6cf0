#include "engine/queue/event_count.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace engine {
namespace {

TEST(EventCount, AwaitReturnsAtOnceWhenReady) {
  EventCount event;
  int looks = 0;
  event.await([&] { return ++looks == 1; });
  EXPECT_EQ(looks, 1);
}

TEST(EventCount, ConditionIsLookedAtOnceMoreBeforeSleeping) {
  EventCount event;
  int looks = 0;
  event.await([&] { return ++looks == 2; });  // would sleep for ever otherwise
  EXPECT_EQ(looks, 2);
}

TEST(EventCount, DeadlineThatHasPassedEndsTheWait) {
  EventCount event;
  EXPECT_FALSE(event.await_until(TimePoint{}, [] { return false; }));
  EXPECT_FALSE(event.await_until(TimePoint::min(), [] { return false; }));
  const TimePoint soon = std::chrono::steady_clock::now() + std::chrono::milliseconds(2);
  EXPECT_FALSE(event.await_until(soon, [] { return false; }));
  EXPECT_GE(std::chrono::steady_clock::now(), soon);
}

TEST(EventCount, ConditionThatHoldsAtTheDeadlineCounts) {
  EventCount event;
  int looks = 0;
  EXPECT_TRUE(event.await_until(TimePoint{}, [&] { return ++looks == 3; }));
}

TEST(EventCount, ItIsLookedAtSoOftenBeforeSleeping) {
  for (const int looks : {0, 512}) {
    EventCount count;
    int looked = 0;
    const auto ready = [&] {
      ++looked;
      return false;
    };
    EXPECT_FALSE(count.await_until(TimePoint::min(), ready, looks));
    EXPECT_GE(looked, looks);
    EXPECT_LE(looked, looks + 3);
  }
}

TEST(EventCount, NotifyAllWakesEverybody) {
  EventCount event;
  std::atomic<bool> open{false};
  std::vector<std::thread> waiters;
  for (int i = 0; i < 4; ++i) {
    waiters.emplace_back(
        [&] { event.await([&] { return open.load(std::memory_order_seq_cst); }); });
  }
  open.store(true, std::memory_order_seq_cst);  // pairs with the loads of the waiters
  event.notify_all();
  for (std::thread& waiter : waiters) waiter.join();
}

// Two threads hand a token to and fro; one lost wake-up and the test hangs.
TEST(EventCount, LosesNoWakeUp) {
  constexpr std::uint64_t kRounds = 30'000;
  EventCount event[2];
  std::atomic<std::uint64_t> turn{0};
  const auto player = [&](std::uint64_t self) {
    for (std::uint64_t round = self; round < kRounds; round += 2) {
      event[self].await([&] { return turn.load(std::memory_order_seq_cst) == round; });
      turn.store(round + 1, std::memory_order_seq_cst);  // pairs with the load of the other
      event[1 - self].notify_one();
    }
  };
  std::thread other(player, 1);
  player(0);
  other.join();
  EXPECT_EQ(turn.load(std::memory_order_relaxed), kRounds);
}

}  // namespace
}  // namespace engine
