// How many items a second go through PriorityQueue, beside the ConcurrentQueue that it is made of
// and beside the queues that others would take (queue_peers.h).
//
// Arguments: producers, consumers, items a push and a pop (1: single). The difference to the bare
// queue is the price of the bound, of the priorities and of sleeping; it has none of them: it
// grows, and its consumers spin. What the bound alone costs the bare queue with one tells.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "bench/queue_peers.h"
#include "engine/queue/priority_queue.h"

namespace engine::bench {
namespace {

// Of an iteration (ENGINE_BENCH_ITEMS, 240,000); divisible by every number of producers.
std::uint64_t items_of_iteration() {
  const char* items = std::getenv("ENGINE_BENCH_ITEMS");
  return items == nullptr ? 240'000 : std::strtoull(items, nullptr, 10) / 4 * 4;
}

constexpr std::size_t kNeverFull = 524'288;  // the bound is there, and never reached

/// PriorityQueue, all items NORMAL, each completed as soon as it is popped.
template <std::size_t capacity>
class Bounded {
 public:
  void produce(std::uint64_t first, std::uint64_t last, std::size_t bulk) {
    PriorityQueue<Item>::Producer producer(queue_);
    std::vector<Item> batch;
    while (first != last) {
      batch.clear();
      while (first != last && batch.size() != bulk) batch.push_back({first++});
      for (std::span<Item> rest(batch); !rest.empty();) {
        const std::size_t pushed = push(producer, rest, bulk);
        rest = rest.subspan(pushed);
        if (pushed == 0) queue_.wait_for_credits(rest.size());
      }
    }
  }
  std::uint64_t consume(std::size_t bulk) {
    PriorityQueue<Item>::Consumer consumer(queue_);
    std::uint64_t sum = 0;
    if (bulk == 1) {
      for (Item item; queue_.pop(consumer, &item); queue_.complete()) sum += item.number;
      return sum;
    }
    std::vector<Item> batch(bulk);
    while (const std::size_t count = queue_.pop_bulk(consumer, batch)) {
      for (std::size_t i = 0; i != count; ++i) sum += batch[i].number;
      queue_.complete(count);
    }
    return sum;
  }
  void close() { queue_.close(); }

 private:
  std::size_t push(PriorityQueue<Item>::Producer& producer, std::span<Item> items,
                   std::size_t bulk) {
    if (bulk != 1) return queue_.try_push_bulk(producer, Priority::kNormal, items);
    return queue_.try_push(producer, Priority::kNormal, std::move(items[0])) ==
           PushResult::kAccepted;
  }

  PriorityQueue<Item> queue_{capacity};
};

template <class Queue>
void transfer(benchmark::State& state) {
  const auto producers = static_cast<std::uint64_t>(state.range(0));
  const auto consumers = static_cast<std::size_t>(state.range(1));
  const auto bulk = static_cast<std::size_t>(state.range(2));
  const std::uint64_t items = items_of_iteration();
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
    const std::uint64_t share = items / producers;
    for (std::uint64_t i = 0; i < producers; ++i) {
      producing.emplace_back([&, i] { queue.produce(i * share, (i + 1) * share, bulk); });
    }
    for (std::thread& thread : producing) thread.join();
    queue.close();
    for (std::thread& thread : consuming) thread.join();
    std::uint64_t total = 0;
    for (const Padded<std::uint64_t>& sum : sums) total += sum.value;
    if (total != items * (items - 1) / 2) state.SkipWithError("items lost or doubled");
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(items) * state.iterations());
}

void loads(benchmark::internal::Benchmark* bench, std::initializer_list<int> bulks) {
  bench->ArgNames({"producers", "consumers", "bulk"})->UseRealTime()->Unit(benchmark::kMillisecond);
  for (const int bulk : bulks) {
    bench->Args({1, 1, bulk})->Args({1, 4, bulk})->Args({4, 4, bulk});
  }
}
[[maybe_unused]] void singles(benchmark::internal::Benchmark* bench) { loads(bench, {1}); }
void both(benchmark::internal::Benchmark* bench) { loads(bench, {1, 32}); }

BENCHMARK(transfer<Bounded<kCapacity>>)->Name("PriorityQueue")->Apply(both);
BENCHMARK(transfer<Bounded<kNeverFull>>)->Name("PriorityQueue, never full")->Apply(both);
BENCHMARK(transfer<Bare>)->Name("bare ConcurrentQueue")->Apply(both);
BENCHMARK(transfer<BareBounded>)->Name("bare ConcurrentQueue, bounded")->Apply(both);
BENCHMARK(transfer<BlockingBounded>)->Name("BlockingConcurrentQueue, bounded")->Apply(both);
BENCHMARK(transfer<Locked>)->Name("mutex and std::priority_queue")->Apply(both);

#ifdef ENGINE_BENCH_TBB
BENCHMARK(transfer<TbbPriority>)->Name("tbb::concurrent_priority_queue")->Apply(singles);
BENCHMARK(transfer<TbbBounded>)->Name("tbb::concurrent_bounded_queue")->Apply(singles);
#else
void no_tbb(benchmark::State& state) { state.SkipWithError("left out: no libtbb-dev"); }
BENCHMARK(no_tbb)->Name("tbb::");
#endif
#ifdef ENGINE_BENCH_BOOST
BENCHMARK(transfer<BoostLockfree>)->Name("boost::lockfree::queue")->Apply(singles);
#else
void no_boost(benchmark::State& state) { state.SkipWithError("left out: no libboost-dev"); }
BENCHMARK(no_boost)->Name("boost::lockfree::queue");
#endif

/// One thread, nobody waiting: the instructions alone.
void instructions(benchmark::State& state) {
  std::vector<Item> items(static_cast<std::size_t>(state.range(0)));
  PriorityQueue<Item> queue(kCapacity);
  PriorityQueue<Item>::Producer producer(queue);
  PriorityQueue<Item>::Consumer consumer(queue);
  for (auto iteration : state) {
    if (items.size() == 1) {
      queue.try_push(producer, Priority::kNormal, std::move(items[0]));
      queue.pop(consumer, items.data());
      queue.complete();
    } else {
      queue.try_push_bulk(producer, Priority::kNormal, items);
      queue.complete(queue.pop_bulk(consumer, items));
    }
    benchmark::DoNotOptimize(items[0]);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void bare_instructions(benchmark::State& state) {
  std::vector<Item> items(static_cast<std::size_t>(state.range(0)));
  moodycamel::ConcurrentQueue<Item> queue;
  const moodycamel::ProducerToken producer(queue);
  moodycamel::ConsumerToken consumer(queue);
  if (!producer.valid()) return;
  for (auto iteration : state) {
    if (items.size() == 1) {
      queue.enqueue(producer, items[0]);
      queue.try_dequeue(consumer, items[0]);
    } else {
      queue.enqueue_bulk(producer, items.begin(), items.size());
      queue.try_dequeue_bulk(consumer, items.begin(), items.size());
    }
    benchmark::DoNotOptimize(items[0]);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(instructions)->Name("PriorityQueue, one thread")->ArgName("bulk")->Arg(1)->Arg(32);
BENCHMARK(bare_instructions)
    ->Name("bare ConcurrentQueue, one thread")
    ->ArgName("bulk")
    ->Arg(1)
    ->Arg(32);

}  // namespace
}  // namespace engine::bench
