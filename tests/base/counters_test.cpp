#include "engine/base/counters.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace engine {
namespace {

struct Work {
  Counter done;
  Counter failed;
};

TEST(PerThread, SumsAllSlotsAndTheForeignOne) {
  PerThread<Work> work(2);
  work.worker(0).done.add();
  work.worker(1).done.add(10);
  work.foreign().done.add(100);
  work.worker(1).failed.add(7);
  EXPECT_EQ(work.sum([](const Work& w) { return w.done.value(); }), 111u);
  EXPECT_EQ(work.sum([](const Work& w) { return w.failed.value(); }), 7u);
}

TEST(PerThread, NoWorkersStillHasAForeignSlot) {
  PerThread<Counter> work(0);
  work.foreign().add(3);
  EXPECT_EQ(work.sum([](const Counter& c) { return c.value(); }), 3u);
}

TEST(PerThread, LosesNothingBetweenManyThreads) {
  constexpr unsigned kThreads = 4;
  constexpr std::uint64_t kEvents = 10'000;
  PerThread<Counter> events(kThreads);
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < kThreads; ++i) {
    threads.emplace_back([&events, i] {
      for (std::uint64_t n = 0; n < kEvents; ++n) {
        events.worker(i).add();
        events.foreign().add();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(events.sum([](const Counter& c) { return c.value(); }), 2 * kThreads * kEvents);
}

}  // namespace
}  // namespace engine
