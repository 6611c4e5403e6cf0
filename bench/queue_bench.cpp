// How many items a second go through PriorityQueue, beside the ConcurrentQueue that it is made of.
//
// Arguments: producers, consumers, items a push and a pop (1: single). The difference between the
// two is the price of the bound, of the priorities and of sleeping; the bare queue has none of
// them: it grows, and its consumers spin.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "engine/queue/priority_queue.h"

namespace engine {
namespace {

constexpr std::uint64_t kItems = 48'000;    // an iteration; divisible by every number of producers
constexpr std::size_t kCapacity = 200;      // the default of --max-queue-size
constexpr std::size_t kNeverFull = 65'536;  // the bound is there, and never reached

/// PriorityQueue, all items NORMAL, each completed as soon as it is popped.
template <std::size_t capacity>
class Bounded {
 public:
  void produce(std::uint64_t first, std::uint64_t last, std::size_t bulk) {
    PriorityQueue<std::uint64_t>::Producer producer(queue_);
    std::vector<std::uint64_t> batch;
    while (first != last) {
      batch.clear();
      while (first != last && batch.size() != bulk) batch.push_back(first++);
      for (std::span<std::uint64_t> rest(batch); !rest.empty();) {
        const std::size_t pushed = push(producer, rest, bulk);
        rest = rest.subspan(pushed);
        if (pushed == 0) queue_.wait_for_credits(rest.size());
      }
    }
  }
  std::uint64_t consume(std::size_t bulk) {
    PriorityQueue<std::uint64_t>::Consumer consumer(queue_);
    std::uint64_t sum = 0;
    if (bulk == 1) {
      for (std::uint64_t item = 0; queue_.pop(consumer, &item); queue_.complete()) sum += item;
      return sum;
    }
    std::vector<std::uint64_t> batch(bulk);
    while (const std::size_t count = queue_.pop_bulk(consumer, batch)) {
      sum = std::accumulate(batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(count), sum);
      queue_.complete(count);
    }
    return sum;
  }
  void close() { queue_.close(); }

 private:
  std::size_t push(PriorityQueue<std::uint64_t>::Producer& producer, std::span<std::uint64_t> items,
                   std::size_t bulk) {
    if (bulk != 1) return queue_.try_push_bulk(producer, Priority::kNormal, items);
    return queue_.try_push(producer, Priority::kNormal, std::move(items[0])) ==
           PushResult::kAccepted;
  }

  PriorityQueue<std::uint64_t> queue_{capacity};
};

/// ConcurrentQueue alone: no bound, no priorities, consumers that spin.
class Bare {
 public:
  void produce(std::uint64_t first, std::uint64_t last, std::size_t bulk) {
    const moodycamel::ProducerToken token(queue_);
    std::vector<std::uint64_t> batch;
    while (first != last) {
      if (bulk == 1) {
        queue_.enqueue(token, first++);
        continue;
      }
      batch.clear();
      while (first != last && batch.size() != bulk) batch.push_back(first++);
      if (!token.valid()) return;  // no memory: the sum will tell
      queue_.enqueue_bulk(token, batch.begin(), batch.size());
    }
  }
  std::uint64_t consume(std::size_t bulk) {
    moodycamel::ConsumerToken token(queue_);
    std::uint64_t sum = 0;
    std::vector<std::uint64_t> batch(bulk);
    for (;;) {
      // acquire: pairs with the release in close(); what was pushed before is then visible
      const bool last_look = closed_.load(std::memory_order_acquire);
      if (const std::size_t count = queue_.try_dequeue_bulk(token, batch.begin(), bulk)) {
        sum =
            std::accumulate(batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(count), sum);
      } else if (last_look) {
        return sum;
      } else {
        std::this_thread::yield();
      }
    }
  }
  void close() { closed_.store(true, std::memory_order_release); }  // pairs with consume()

 private:
  moodycamel::ConcurrentQueue<std::uint64_t> queue_;
  std::atomic<bool> closed_{false};
};

template <class Queue>
void transfer(benchmark::State& state) {
  const auto producers = static_cast<std::uint64_t>(state.range(0));
  const auto consumers = static_cast<std::size_t>(state.range(1));
  const auto bulk = static_cast<std::size_t>(state.range(2));
  for (auto iteration : state) {
    Queue queue;
    std::vector<Padded<std::uint64_t>> sums(consumers);
    std::vector<std::thread> consuming;
    consuming.reserve(consumers);
    for (Padded<std::uint64_t>& sum : sums) {
      consuming.emplace_back([&queue, &sum, bulk] { sum.value = queue.consume(bulk); });
    }
    std::vector<std::thread> producing;
    producing.reserve(producers);
    const std::uint64_t share = kItems / producers;
    for (std::uint64_t i = 0; i < producers; ++i) {
      producing.emplace_back([&, i] { queue.produce(i * share, (i + 1) * share, bulk); });
    }
    for (std::thread& thread : producing) thread.join();
    queue.close();
    for (std::thread& thread : consuming) thread.join();
    std::uint64_t total = 0;
    for (const Padded<std::uint64_t>& sum : sums) total += sum.value;
    if (total != kItems * (kItems - 1) / 2) state.SkipWithError("items lost or doubled");
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(kItems) * state.iterations());
}

void loads(benchmark::internal::Benchmark* bench) {
  bench->ArgNames({"producers", "consumers", "bulk"})->UseRealTime();
  for (const int bulk : {1, 32}) {
    bench->Args({1, 1, bulk})->Args({1, 4, bulk})->Args({4, 4, bulk});
  }
}

BENCHMARK(transfer<Bounded<kCapacity>>)->Apply(loads);
BENCHMARK(transfer<Bounded<kNeverFull>>)->Apply(loads);
BENCHMARK(transfer<Bare>)->Apply(loads);

/// One thread, nobody waiting: the instructions alone.
void push_pop_complete(benchmark::State& state) {
  PriorityQueue<std::uint64_t> queue(kCapacity);
  PriorityQueue<std::uint64_t>::Producer producer(queue);
  PriorityQueue<std::uint64_t>::Consumer consumer(queue);
  std::uint64_t item = 0;
  for (auto iteration : state) {
    queue.try_push(producer, Priority::kNormal, std::move(item));
    queue.try_pop(consumer, &item);
    queue.complete();
    benchmark::DoNotOptimize(item);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(push_pop_complete);

}  // namespace
}  // namespace engine
