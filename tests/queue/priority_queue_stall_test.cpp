// What a producer that stalls in the middle of a push does to the others: the guarantees that stand
// at the top of priority_queue.h. The stall is made by an item that waits while it is moved in.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <utility>
#include <vector>

#include "engine/queue/priority_queue.h"

namespace engine {
namespace {

struct Stall {
  std::atomic<bool> reached{false};
  std::atomic<bool> over{false};
};

struct StalledItem {
  StalledItem() = default;
  explicit StalledItem(int value, Stall* where = nullptr) : number(value), stall(where) {}
  StalledItem(StalledItem&& other) noexcept
      : number(other.number), stall(std::exchange(other.stall, nullptr)) {
    if (stall == nullptr) return;
    stall->reached.store(true, std::memory_order_release);  // pairs with the fixture
    while (!stall->over.load(std::memory_order_acquire)) std::this_thread::yield();
    stall = nullptr;
  }
  StalledItem& operator=(StalledItem&& other) noexcept {
    number = other.number;
    stall = std::exchange(other.stall, nullptr);
    return *this;
  }

  int number = 0;
  Stall* stall = nullptr;
};

using StalledQueue = PriorityQueue<StalledItem>;

class PriorityQueueStall : public testing::Test {
 protected:
  PriorityQueueStall() : stalled_([this] { push_stalling(); }) {
    // acquire: pairs with the release in StalledItem
    while (!stall_.reached.load(std::memory_order_acquire)) std::this_thread::yield();
  }
  ~PriorityQueueStall() override {
    go_on();
    stalled_.join();
  }

  void go_on() { stall_.over.store(true, std::memory_order_release); }  // pairs with StalledItem
  void push_stalling() {
    StalledQueue::Producer producer(queue_);
    EXPECT_EQ(queue_.try_push(producer, Priority::kNormal, StalledItem(1, &stall_)),
              PushResult::kAccepted);
  }

  /// So that threads that have said they are about to sleep very likely do.
  static void let_others_run() {
    for (int i = 0; i < 1000; ++i) std::this_thread::yield();
  }

  StalledQueue queue_{2};
  Stall stall_;
  std::thread stalled_;
};

TEST_F(PriorityQueueStall, TakesItsCreditAndHoldsNobodyUp) {
  EXPECT_EQ(queue_.size(), 0u);
  EXPECT_EQ(queue_.outstanding(), 1u);
  StalledQueue::Producer producer(queue_);
  StalledQueue::Consumer consumer(queue_);
  for (int number = 2; number < 50; ++number) {
    ASSERT_EQ(queue_.try_push(producer, Priority::kNormal, StalledItem(number)),
              PushResult::kAccepted);
    ASSERT_EQ(queue_.try_push(producer, Priority::kNormal, StalledItem(99)), PushResult::kFull);
    StalledItem item;
    ASSERT_TRUE(queue_.pop(consumer, &item));
    EXPECT_EQ(item.number, number);
    queue_.complete();
    EXPECT_FALSE(queue_.try_pop(consumer, &item));
  }
}

TEST_F(PriorityQueueStall, DrainWaitsForItAndThenEndsForAllConsumers) {
  queue_.close();
  std::atomic<int> about_to_pop{0};
  std::atomic<int> popped{0};
  std::vector<std::thread> consumers;
  for (int i = 0; i < 3; ++i) {
    consumers.emplace_back([&] {
      StalledQueue::Consumer consumer(queue_);
      about_to_pop.fetch_add(1, std::memory_order_relaxed);
      // Once each: whoever gets the item does not come back to tell the others of the end.
      StalledItem item;
      if (queue_.pop(consumer, &item)) popped.fetch_add(1, std::memory_order_relaxed);
    });
  }
  while (about_to_pop.load(std::memory_order_relaxed) != 3) std::this_thread::yield();
  let_others_run();
  go_on();
  for (std::thread& consumer : consumers) consumer.join();
  EXPECT_EQ(popped.load(std::memory_order_relaxed), 1);
}

TEST_F(PriorityQueueStall, DiscardWaitsForItAndDropsItsItem) {
  std::thread opening([this] {
    while (!queue_.closed()) std::this_thread::yield();
    let_others_run();
    go_on();
  });
  EXPECT_EQ(queue_.discard(), 1u);
  EXPECT_EQ(queue_.outstanding(), 0u);
  opening.join();
}

}  // namespace
}  // namespace engine
