#include "engine/queue/priority_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <numeric>
#include <vector>

namespace engine {
namespace {

using IntQueue = PriorityQueue<int>;
using testing::ElementsAre;

PushResult push(IntQueue& queue, IntQueue::Producer& producer, Priority priority, int item) {
  return queue.try_push(producer, priority, std::move(item));
}

TEST(PriorityQueue, ItemsOfOnePriorityLeaveInOrder) {
  IntQueue queue(1000);
  IntQueue::Producer producer(queue);
  IntQueue::Consumer consumer(queue);
  for (const Priority priority : {Priority::kCritical, Priority::kNormal, Priority::kBatch}) {
    for (int i = 0; i < 300; ++i) {
      ASSERT_EQ(push(queue, producer, priority, i), PushResult::kAccepted);
    }
    for (int i = 0; i < 300; ++i) {
      int item = -1;
      ASSERT_TRUE(queue.pop(consumer, &item));
      ASSERT_EQ(item, i);
      queue.complete();
    }
  }
}

TEST(PriorityQueue, HigherPriorityGoesFirst) {
  IntQueue queue(10);
  IntQueue::Producer producer(queue);
  IntQueue::Consumer consumer(queue);
  push(queue, producer, Priority::kBatch, 3);
  push(queue, producer, Priority::kNormal, 2);
  push(queue, producer, Priority::kCritical, 1);
  std::vector<int> order;
  for (int item; queue.try_pop(consumer, &item);) order.push_back(item);
  EXPECT_THAT(order, ElementsAre(1, 2, 3));
}

TEST(PriorityQueue, CreditReturnsWithCompletionNotWithThePop) {
  IntQueue queue(2);
  IntQueue::Producer producer(queue);
  IntQueue::Consumer consumer(queue);
  EXPECT_EQ(push(queue, producer, Priority::kNormal, 1), PushResult::kAccepted);
  EXPECT_EQ(push(queue, producer, Priority::kBatch, 2), PushResult::kAccepted);
  EXPECT_EQ(push(queue, producer, Priority::kCritical, 3), PushResult::kFull);
  EXPECT_EQ(queue.size(), 2u);
  EXPECT_EQ(queue.in_flight(), 0u);

  int item = 0;
  ASSERT_TRUE(queue.pop(consumer, &item));
  EXPECT_EQ(queue.size(), 1u);
  EXPECT_EQ(queue.in_flight(), 1u);
  EXPECT_EQ(queue.outstanding(), 2u);
  EXPECT_EQ(push(queue, producer, Priority::kCritical, 3), PushResult::kFull);

  queue.complete();
  EXPECT_EQ(queue.in_flight(), 0u);
  EXPECT_TRUE(queue.wait_for_credit());
  EXPECT_EQ(push(queue, producer, Priority::kCritical, 3), PushResult::kAccepted);
  EXPECT_EQ(queue.pushed(), 3u);
}

TEST(PriorityQueue, RefusedItemIsLeftAsItIs) {
  PriorityQueue<std::unique_ptr<int>> queue(1);
  PriorityQueue<std::unique_ptr<int>>::Producer producer(queue);
  auto first = std::make_unique<int>(1);
  auto second = std::make_unique<int>(2);
  EXPECT_EQ(queue.try_push(producer, Priority::kNormal, std::move(first)), PushResult::kAccepted);
  EXPECT_EQ(queue.try_push(producer, Priority::kNormal, std::move(second)), PushResult::kFull);
  ASSERT_NE(second, nullptr);
  queue.close();
  EXPECT_EQ(queue.try_push(producer, Priority::kNormal, std::move(second)), PushResult::kClosed);
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(*second, 2);
}

TEST(PriorityQueue, BulkPushTakesAsManyAsThereAreCredits) {
  IntQueue queue(5);
  IntQueue::Producer producer(queue);
  IntQueue::Consumer consumer(queue);
  std::vector<int> items(8);
  std::iota(items.begin(), items.end(), 0);
  EXPECT_EQ(queue.try_push_bulk(producer, Priority::kNormal, items), 5u);
  EXPECT_EQ(queue.try_push_bulk(producer, Priority::kNormal, items), 0u);
  std::vector<int> order;
  for (int item; queue.try_pop(consumer, &item);) order.push_back(item);
  EXPECT_THAT(order, ElementsAre(0, 1, 2, 3, 4));
}

TEST(PriorityQueue, BatchRunsWithinTheBoundThoughCriticalNeverRunsDry) {
  IntQueue queue(100);
  IntQueue::Producer producer(queue);
  IntQueue::Consumer consumer(queue);
  for (int i = 0; i < 50; ++i) push(queue, producer, Priority::kCritical, 1);
  for (int round = 0; round < 200; ++round) {
    for (int i = 0; i < round % 17; ++i) {  // begin at every place of the consumer's turn
      int item = 0;
      ASSERT_TRUE(queue.try_pop(consumer, &item));
      queue.complete();
      push(queue, producer, Priority::kCritical, 1);
    }
    ASSERT_EQ(push(queue, producer, Priority::kNormal, 2), PushResult::kAccepted);
    ASSERT_EQ(push(queue, producer, Priority::kBatch, 3), PushResult::kAccepted);
    bool normal = false;
    bool batch = false;
    for (std::size_t pops = 0; pops < IntQueue::kStarvationBound; ++pops) {
      int item = 0;
      ASSERT_TRUE(queue.try_pop(consumer, &item));
      queue.complete();
      normal |= item == 2;
      batch |= item == 3;
      if (item == 1) push(queue, producer, Priority::kCritical, 1);
    }
    ASSERT_TRUE(normal);
    ASSERT_TRUE(batch);
  }
}

TEST(PriorityQueue, CriticalKeepsMostOfThePopsUnderAFlood) {
  IntQueue queue(1000);
  IntQueue::Producer producer(queue);
  IntQueue::Consumer consumer(queue);
  for (int i = 0; i < 320; ++i) {
    push(queue, producer, Priority::kCritical, 0);
    push(queue, producer, Priority::kNormal, 1);
    push(queue, producer, Priority::kBatch, 2);
  }
  int taken[3] = {};
  for (int i = 0; i < 160; ++i) {
    int item = 0;
    ASSERT_TRUE(queue.try_pop(consumer, &item));
    ++taken[item];
  }
  EXPECT_THAT(taken, ElementsAre(130, 20, 10));
}

// Whose turn it is is a question only where something is passed over.
TEST(PriorityQueue, WhatIsUrgentGoesFirstWhereverItComesIntoAFloodOfTheRest) {
  for (const Priority flood : {Priority::kNormal, Priority::kBatch}) {
    IntQueue queue(1000);
    IntQueue::Producer producer(queue);
    IntQueue::Consumer consumer(queue);
    for (int i = 0; i < 600; ++i) push(queue, producer, flood, 1);
    for (int round = 0; round < 64; ++round) {
      int item = 0;
      for (int i = 0; i <= round % 7; ++i) ASSERT_TRUE(queue.try_pop(consumer, &item));
      push(queue, producer, Priority::kCritical, 0);
      ASSERT_TRUE(queue.try_pop(consumer, &item));
      ASSERT_EQ(item, 0) << round;
    }
  }
}

// What one bulk pop of `most` brings: so many CRITICAL, NORMAL and BATCH items.
std::vector<int> pop_many(IntQueue& queue, IntQueue::Consumer& consumer, std::size_t most) {
  std::vector<int> items(most);
  items.resize(queue.pop_bulk(consumer, items));
  queue.complete(items.size());
  std::vector<int> taken(3);
  for (const int item : items) ++taken[static_cast<std::size_t>(item)];
  return taken;
}

TEST(PriorityQueue, BulkPopHasTheSharesOfAsManySinglePops) {
  IntQueue queue(1000);
  IntQueue::Producer producer(queue);
  IntQueue::Consumer consumer(queue);
  for (int i = 0; i < 300; ++i) {
    push(queue, producer, Priority::kCritical, 0);
    push(queue, producer, Priority::kNormal, 1);
    push(queue, producer, Priority::kBatch, 2);
  }
  EXPECT_THAT(pop_many(queue, consumer, 16), ElementsAre(13, 2, 1));
  EXPECT_THAT(pop_many(queue, consumer, 48), ElementsAre(39, 6, 3));
  std::vector<int> of_small(3);
  for (int i = 0; i < 16; ++i) {
    const std::vector<int> taken = pop_many(queue, consumer, 5);
    for (std::size_t kind = 0; kind < 3; ++kind) of_small[kind] += taken[kind];
  }
  EXPECT_THAT(of_small, ElementsAre(65, 10, 5));
}

TEST(PriorityQueue, BulkPopTakesWhatOthersDoNotHaveFromTheMostUrgentThatHasSome) {
  IntQueue queue(1000);
  IntQueue::Producer producer(queue);
  IntQueue::Consumer consumer(queue);
  for (int i = 0; i < 40; ++i) push(queue, producer, Priority::kNormal, 1);
  EXPECT_THAT(pop_many(queue, consumer, 32), ElementsAre(0, 32, 0));
  for (int i = 0; i < 20; ++i) push(queue, producer, Priority::kBatch, 2);
  push(queue, producer, Priority::kCritical, 0);
  EXPECT_THAT(pop_many(queue, consumer, 16), ElementsAre(1, 8, 7));
  EXPECT_THAT(pop_many(queue, consumer, 100), ElementsAre(0, 0, 13));
  EXPECT_THAT(pop_many(queue, consumer, 0), ElementsAre(0, 0, 0));
  queue.close();
  EXPECT_THAT(pop_many(queue, consumer, 16), ElementsAre(0, 0, 0));
}

TEST(PriorityQueue, ProducersOfOnePriorityTakeTurns) {
  IntQueue queue(10'000);
  IntQueue::Producer flood(queue);
  IntQueue::Producer single(queue);
  IntQueue::Consumer consumer(queue);
  for (int i = 0; i < 1000; ++i) push(queue, flood, Priority::kNormal, 1);
  push(queue, single, Priority::kNormal, 2);
  int pops = 0;
  for (int item = 0; item != 2; ++pops) ASSERT_TRUE(queue.try_pop(consumer, &item));
  EXPECT_LE(pops, 64);
}

TEST(PriorityQueue, AnItemComesBeforeWhatElseIsWaitedFor) {
  using Popped = PriorityQueue<int>::Popped;
  PriorityQueue<int> queue(4);
  PriorityQueue<int>::Producer producer(queue);
  PriorityQueue<int>::Consumer consumer(queue);
  std::atomic<bool> other = false;
  std::thread waker([&] {
    other = true;
    queue.wake();
  });
  int out = 0;
  const auto is_other = [&] { return other.load(); };
  EXPECT_EQ(queue.pop_unless(consumer, &out, is_other), Popped::kNothing);
  waker.join();
  ASSERT_EQ(queue.try_push(producer, Priority::kBatch, 7), PushResult::kAccepted);
  EXPECT_EQ(queue.pop_unless(consumer, &out, is_other), Popped::kItem);
  EXPECT_EQ(out, 7);
  queue.close();
  queue.complete();
  EXPECT_EQ(queue.pop_unless(consumer, &out, is_other), Popped::kDrained);
}

TEST(PriorityQueue, ClosedQueueDrainsAndThenEnds) {
  IntQueue queue(10);
  IntQueue::Producer producer(queue);
  IntQueue::Consumer consumer(queue);
  push(queue, producer, Priority::kNormal, 1);
  push(queue, producer, Priority::kBatch, 2);
  queue.close();
  EXPECT_TRUE(queue.closed());
  EXPECT_FALSE(queue.wait_for_credit());
  int item = 0;
  EXPECT_TRUE(queue.pop(consumer, &item));
  EXPECT_TRUE(queue.pop(consumer, &item));
  EXPECT_FALSE(queue.pop(consumer, &item));
  EXPECT_FALSE(queue.try_pop(consumer, &item));
}

TEST(PriorityQueue, DiscardDropsWhatWaitsAndReturnsItsCredits) {
  PriorityQueue<std::shared_ptr<int>> queue(10);
  PriorityQueue<std::shared_ptr<int>>::Producer producer(queue);
  PriorityQueue<std::shared_ptr<int>>::Consumer consumer(queue);
  const auto shared = std::make_shared<int>(1);
  for (int i = 0; i < 4; ++i) {
    auto item = shared;
    queue.try_push(producer, Priority::kNormal, std::move(item));
  }
  std::shared_ptr<int> running;
  ASSERT_TRUE(queue.pop(consumer, &running));
  EXPECT_EQ(queue.discard(), 3u);
  EXPECT_EQ(shared.use_count(), 2);  // ours and the running one: the others are destroyed
  EXPECT_EQ(queue.size(), 0u);
  EXPECT_EQ(queue.in_flight(), 1u);
  EXPECT_FALSE(queue.pop(consumer, &running));
  queue.complete();
  EXPECT_EQ(queue.outstanding(), 0u);
  EXPECT_EQ(queue.discard(), 0u);
}

TEST(PriorityQueue, ItemsLeftBehindDieWithTheQueue) {
  const auto shared = std::make_shared<int>(1);
  {
    PriorityQueue<std::shared_ptr<int>> queue(10);
    PriorityQueue<std::shared_ptr<int>>::Producer producer(queue);
    auto item = shared;
    queue.try_push(producer, Priority::kCritical, std::move(item));
  }
  EXPECT_EQ(shared.use_count(), 1);
}

}  // namespace
}  // namespace engine
