// Many threads on one queue: nothing lost, nothing twice, no wake-up missed. Under the thread
// sanitizer this is also the proof of the memory orders.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "engine/queue/priority_queue.h"

namespace engine {
namespace {

struct Item {
  std::uint32_t producer = 0;
  std::uint32_t number = 0;
  Priority priority = Priority::kNormal;
  std::string payload;  // memory of its own, so that a sanitizer sees a broken hand-over
};

using Queue = PriorityQueue<Item>;

Priority priority_of(std::uint32_t number) { return static_cast<Priority>(1 + number % 3); }

struct Load {
  std::size_t capacity;
  std::uint32_t producers;
  std::uint32_t consumers;
  std::uint32_t items;  // of each producer
  std::uint32_t bulk;   // a push and a pop; 1: single ones
};

void produce(Queue& queue, const Load& load, std::uint32_t self) {
  Queue::Producer producer(queue);
  std::vector<Item> batch;
  for (std::uint32_t number = 0; number < load.items;) {
    const Priority priority = priority_of(number / load.bulk);
    batch.clear();
    for (std::uint32_t i = 0; i < load.bulk && number < load.items; ++i, ++number) {
      batch.push_back({self, number, priority, std::to_string(number)});
    }
    std::span<Item> rest(batch);
    while (!rest.empty()) {
      std::size_t pushed = 0;
      if (load.bulk == 1) {
        pushed = queue.try_push(producer, priority, std::move(rest[0])) == PushResult::kAccepted;
      } else {
        pushed = queue.try_push_bulk(producer, priority, rest);
      }
      rest = rest.subspan(pushed);
      if (pushed == 0 && !queue.wait_for_credit()) FAIL() << "closed by nobody";
    }
  }
}

std::vector<Item> consume(Queue& queue, const Load& load, std::atomic<std::size_t>& running) {
  Queue::Consumer consumer(queue);
  std::vector<Item> taken;
  std::vector<Item> batch(load.bulk);
  for (;;) {
    const std::size_t count = load.bulk == 1 ? queue.pop(consumer, batch.data())
                                             : queue.pop_bulk(consumer, std::span(batch));
    if (count == 0) return taken;
    const std::size_t others = running.fetch_add(count, std::memory_order_relaxed);
    EXPECT_LE(others + count, load.capacity);
    for (Item& item : std::span(batch).first(count)) {
      EXPECT_EQ(item.payload, std::to_string(item.number));
      taken.push_back(std::move(item));
    }
    running.fetch_sub(count, std::memory_order_relaxed);
    queue.complete(count);
  }
}

class PriorityQueueStress : public testing::TestWithParam<Load> {};

TEST_P(PriorityQueueStress, EveryItemOnceAndEachProducersInOrder) {
  const Load load = GetParam();
  Queue queue(load.capacity);
  std::atomic<std::size_t> running{0};
  std::vector<std::vector<Item>> taken(load.consumers);
  std::vector<std::thread> consumers;
  for (std::uint32_t i = 0; i < load.consumers; ++i) {
    consumers.emplace_back([&, i] { taken[i] = consume(queue, load, running); });
  }
  std::vector<std::thread> producers;
  for (std::uint32_t i = 0; i < load.producers; ++i) {
    producers.emplace_back([&, i] { produce(queue, load, i); });
  }
  for (std::thread& producer : producers) producer.join();
  queue.close();
  for (std::thread& consumer : consumers) consumer.join();

  EXPECT_EQ(queue.outstanding(), 0u);
  EXPECT_EQ(queue.size(), 0u);
  EXPECT_EQ(queue.pushed(), std::uint64_t{load.producers} * load.items);
  std::vector<std::vector<int>> seen(load.producers, std::vector<int>(load.items));
  for (const auto& items : taken) {
    // What one consumer took of one producer and priority is in the order of the pushes.
    std::vector<std::array<std::int64_t, kPriorityCount>> last(load.producers, {-1, -1, -1});
    for (const Item& item : items) {
      ++seen[item.producer][item.number];
      std::int64_t& previous = last[item.producer][priority_index(item.priority)];
      ASSERT_LT(previous, std::int64_t{item.number});
      previous = item.number;
    }
  }
  for (const auto& counts : seen) {
    for (const int count : counts) ASSERT_EQ(count, 1);
  }
}

INSTANTIATE_TEST_SUITE_P(Loads, PriorityQueueStress,
                         testing::Values(Load{1, 1, 1, 3000, 1}, Load{1, 3, 3, 1000, 1},
                                         Load{2, 1, 2, 3000, 1}, Load{2, 4, 4, 1000, 1},
                                         Load{2, 2, 2, 2000, 7}, Load{64, 1, 4, 10000, 1},
                                         Load{64, 4, 1, 4000, 1}, Load{200, 4, 4, 5000, 1},
                                         Load{200, 4, 4, 5000, 16}, Load{200, 1, 4, 20000, 32}));

// Closing races with pushes, and both with consumers that are about to sleep: whatever was accepted
// comes out, and everybody comes home.
TEST(PriorityQueueClose, AcceptedItemsAreDrainedWhoeverIsUnderWay) {
  for (int round = 0; round < 300; ++round) {
    Queue queue(8);
    std::atomic<std::uint32_t> accepted{0};
    std::atomic<std::uint32_t> popped{0};
    std::vector<std::thread> threads;
    for (std::uint32_t self = 0; self < 2; ++self) {
      threads.emplace_back([&, self] {
        Queue::Producer producer(queue);
        for (std::uint32_t number = 0;;) {
          Item item{self, number, priority_of(number), {}};
          const PushResult result = queue.try_push(producer, item.priority, std::move(item));
          if (result == PushResult::kClosed) return;
          if (result == PushResult::kAccepted) {
            accepted.fetch_add(1, std::memory_order_relaxed);
            ++number;
          } else {
            queue.wait_for_credit();
          }
        }
      });
      threads.emplace_back([&] {
        Queue::Consumer consumer(queue);
        for (Item item; queue.pop(consumer, &item); queue.complete()) {
          popped.fetch_add(1, std::memory_order_relaxed);
        }
      });
    }
    while (popped.load(std::memory_order_relaxed) < static_cast<std::uint32_t>(round % 30)) {
      std::this_thread::yield();
    }
    queue.close();
    for (std::thread& thread : threads) thread.join();
    ASSERT_EQ(popped.load(std::memory_order_relaxed), accepted.load(std::memory_order_relaxed));
    ASSERT_EQ(queue.outstanding(), 0u);
  }
}

TEST(PriorityQueueClose, DiscardAccountsForEveryAcceptedItem) {
  for (int round = 0; round < 200; ++round) {
    Queue queue(16);
    std::atomic<std::uint64_t> popped{0};
    std::thread producing([&] {
      Queue::Producer producer(queue);
      for (std::uint32_t number = 0;;) {
        Item item{0, number++, Priority::kNormal, {}};
        const PushResult result = queue.try_push(producer, Priority::kNormal, std::move(item));
        if (result == PushResult::kClosed) return;
        if (result == PushResult::kFull) queue.wait_for_credit();
      }
    });
    std::thread consuming([&] {
      Queue::Consumer consumer(queue);
      for (Item item; queue.pop(consumer, &item); queue.complete()) {
        popped.fetch_add(1, std::memory_order_relaxed);
      }
    });
    while (popped.load(std::memory_order_relaxed) < static_cast<std::uint64_t>(round % 20)) {
      std::this_thread::yield();
    }
    const std::size_t dropped = queue.discard();
    producing.join();
    consuming.join();
    ASSERT_EQ(popped.load(std::memory_order_relaxed) + dropped, queue.pushed());
    ASSERT_EQ(queue.outstanding(), 0u);
  }
}

// One item at a time, each with all consumers asleep or falling asleep.
TEST(PriorityQueueSleep, NoWakeUpIsLost) {
  Queue queue(4);
  std::atomic<std::uint32_t> popped{0};
  std::vector<std::thread> consumers;
  for (int i = 0; i < 3; ++i) {
    consumers.emplace_back([&] {
      Queue::Consumer consumer(queue);
      for (Item item; queue.pop(consumer, &item); queue.complete()) {
        popped.fetch_add(1, std::memory_order_relaxed);
      }
    });
  }
  Queue::Producer producer(queue);
  constexpr std::uint32_t kItems = 5000;
  for (std::uint32_t number = 0; number < kItems; ++number) {
    Item item{0, number, priority_of(number), {}};
    ASSERT_EQ(queue.try_push(producer, item.priority, std::move(item)), PushResult::kAccepted);
    while (queue.outstanding() != 0) std::this_thread::yield();
  }
  EXPECT_EQ(popped.load(std::memory_order_relaxed), kItems);
  queue.close();
  for (std::thread& consumer : consumers) consumer.join();
}

}  // namespace
}  // namespace engine
