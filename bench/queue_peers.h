// The queues that PriorityQueue is measured beside, all with the same two ends.
//
// produce(first, last, bulk) pushes those numbers, `bulk` at a time where the queue knows how;
// consume(bulk) pops until close() was called and nothing is left, and returns the sum of what it
// got.
//
// Thread contract: produce() and consume() from any number of threads; close() once, when every
// produce() has returned.
// Errors: std::bad_alloc; no queue is told to lose anything, so a wrong sum is a fault.
#pragma once

#include <concurrentqueue/blockingconcurrentqueue.h>
#include <concurrentqueue/lightweightsemaphore.h>
#include <sys/types.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

#include "engine/queue/priority_queue.h"

#ifdef ENGINE_BENCH_TBB
#include <oneapi/tbb/concurrent_priority_queue.h>
#include <oneapi/tbb/concurrent_queue.h>
#endif
#ifdef ENGINE_BENCH_BOOST
#include <boost/lockfree/queue.hpp>
#endif

namespace engine::bench {

/// What goes through every queue: trivially copyable, because boost's asks for that.
struct Item {
  std::uint64_t number = 0;
  Priority priority = Priority::kNormal;
};

/// For a heap whose greatest leaves first. Among equals the first that came, as in our queue: a
/// heap that does not look at it lets the last that came go first, and the first may wait for ever.
struct LessUrgent {
  bool operator()(const Item& left, const Item& right) const noexcept {
    if (left.priority != right.priority) {
      return priority_index(left.priority) > priority_index(right.priority);
    }
    return left.number > right.number;
  }
};

/// The next so many numbers, in place of what the batch held.
inline void refill(std::vector<Item>& batch, std::uint64_t* next, std::size_t count) {
  batch.clear();
  while (batch.size() != count) batch.push_back({(*next)++});
}

constexpr std::size_t kCapacity = 200;  // the default of --max-queue-size

/// The end of queues that nobody can sleep at: consumers yield until close() and empty.
class Spinning {
 public:
  void close() { closed_.store(true, std::memory_order_release); }  // pairs with drain()

 protected:
  /// take() adds to a sum and returns whether it found something.
  template <class Take>
  void drain(Take take) {
    for (;;) {
      // acquire: pairs with the release in close(); what was pushed before is then visible
      const bool last_look = closed_.load(std::memory_order_acquire);
      if (take()) continue;
      if (last_look) return;
      std::this_thread::yield();
    }
  }

 private:
  std::atomic<bool> closed_{false};
};

struct NoBound {
  std::size_t take(std::size_t wanted) { return wanted; }
  void give(std::size_t) {}
};

/// The same bound as ours. Whoever finds no credit yields.
class Credits {
 public:
  /// Up to as many as are wanted, one at least.
  std::size_t take(std::size_t wanted) {
    std::size_t there = there_.value.load(std::memory_order_relaxed);
    for (;;) {
      const std::size_t count = std::min(wanted, there);
      if (count == 0) {
        std::this_thread::yield();
        there = there_.value.load(std::memory_order_relaxed);
        // acquire: pairs with the release in give()
      } else if (there_.value.compare_exchange_weak(there, there - count, std::memory_order_acquire,
                                                    std::memory_order_relaxed)) {
        return count;
      }
    }
  }
  void give(std::size_t count) {
    there_.value.fetch_add(count, std::memory_order_release);  // pairs with the acquire in take()
  }

 private:
  Padded<std::atomic<std::size_t>> there_{kCapacity};
};

/// ConcurrentQueue without priorities, at which nobody sleeps: bare, or bounded and no more.
template <class Bound>
class Yielding : public Spinning {
 public:
  void produce(std::uint64_t first, std::uint64_t last, std::size_t bulk) {
    const moodycamel::ProducerToken token(queue_);
    if (!token.valid()) return;  // no memory: the sum will tell
    std::vector<Item> batch;
    while (first != last) {
      const std::size_t count = bound_.take(std::min<std::size_t>(bulk, last - first));
      if (bulk == 1) {
        queue_.enqueue(token, Item{first++});
        continue;
      }
      refill(batch, &first, count);
      queue_.enqueue_bulk(token, batch.begin(), count);
    }
  }
  std::uint64_t consume(std::size_t bulk) {
    moodycamel::ConsumerToken token(queue_);
    std::uint64_t sum = 0;
    std::vector<Item> batch(bulk);
    drain([&] {
      const std::size_t count = bulk == 1 ? std::size_t{queue_.try_dequeue(token, batch[0])}
                                          : queue_.try_dequeue_bulk(token, batch.begin(), bulk);
      if (count == 0) return false;
      for (std::size_t i = 0; i != count; ++i) sum += batch[i].number;
      bound_.give(count);
      return true;
    });
    return sum;
  }

 private:
  moodycamel::ConcurrentQueue<Item> queue_;
  Bound bound_;
};

using Bare = Yielding<NoBound>;
using BareBounded = Yielding<Credits>;

/// moodycamel's queue to sleep at, and the same bound by its semaphore: both sides sleep; no
/// priorities. Ends by an item that is handed on.
class BlockingBounded {
 public:
  void produce(std::uint64_t first, std::uint64_t last, std::size_t bulk) {
    const moodycamel::ProducerToken token(queue_);
    if (!token.valid()) return;  // no memory: the sum will tell
    std::vector<Item> batch;
    while (first != last) {
      const auto wanted = static_cast<ssize_t>(std::min<std::uint64_t>(bulk, last - first));
      const auto count = static_cast<std::size_t>(credits_.waitMany(wanted));
      refill(batch, &first, count);
      queue_.enqueue_bulk(token, batch.begin(), count);
    }
  }
  std::uint64_t consume(std::size_t bulk) {
    moodycamel::ConsumerToken token(queue_);
    std::uint64_t sum = 0;
    std::vector<Item> batch(bulk);
    bool ends = false;
    // Items of others may leave behind the end item, though they came before: until none is left.
    while (const std::size_t count = ends ? queue_.try_dequeue_bulk(token, batch.begin(), bulk)
                                          : queue_.wait_dequeue_bulk(token, batch.begin(), bulk)) {
      credits_.signal(static_cast<ssize_t>(count));
      for (std::size_t i = 0; i != count; ++i) {
        const bool is_end = batch[i].number == kEnd;
        ends = ends || is_end;
        if (!is_end) sum += batch[i].number;
      }
    }
    close();
    return sum;
  }
  void close() { queue_.enqueue({kEnd}); }

 private:
  static constexpr std::uint64_t kEnd = ~std::uint64_t{0};
  moodycamel::BlockingConcurrentQueue<Item> queue_;
  moodycamel::LightweightSemaphore credits_{static_cast<ssize_t>(kCapacity)};
};

/// A heap behind a mutex, with the same bound as ours and two condition variables to sleep at.
class Locked {
 public:
  void produce(std::uint64_t first, std::uint64_t last, std::size_t bulk) {
    while (first != last) {
      std::unique_lock lock(mutex_);
      not_full_.wait(lock, [&] { return heap_.size() < kCapacity; });
      std::size_t pushed = 0;
      for (; first != last && pushed != bulk && heap_.size() < kCapacity; ++pushed) {
        heap_.push({first++});
      }
      lock.unlock();
      pushed == 1 ? not_empty_.notify_one() : not_empty_.notify_all();
    }
  }
  std::uint64_t consume(std::size_t bulk) {
    std::uint64_t sum = 0;
    for (;;) {
      std::unique_lock lock(mutex_);
      not_empty_.wait(lock, [&] { return ended_ || !heap_.empty(); });
      if (heap_.empty()) return sum;
      std::size_t popped = 0;
      for (; popped != bulk && !heap_.empty(); ++popped) {
        sum += heap_.top().number;
        heap_.pop();
      }
      lock.unlock();
      popped == 1 ? not_full_.notify_one() : not_full_.notify_all();
    }
  }
  void close() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    not_empty_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable not_full_;
  std::condition_variable not_empty_;
  std::priority_queue<Item, std::vector<Item>, LessUrgent> heap_;  // guarded by mutex_
  bool ended_ = false;                                             // guarded by mutex_
};

#ifdef ENGINE_BENCH_TBB
/// No bound, no sleeping, one item at a time.
class TbbPriority : public Spinning {
 public:
  void produce(std::uint64_t first, std::uint64_t last, std::size_t) {
    while (first != last) queue_.push({first++});
  }
  std::uint64_t consume(std::size_t) {
    std::uint64_t sum = 0;
    Item item;
    drain([&] {
      if (!queue_.try_pop(item)) return false;
      sum += item.number;
      return true;
    });
    return sum;
  }

 private:
  tbb::concurrent_priority_queue<Item, LessUrgent> queue_;
};

/// The same bound as ours, both sides sleep; no priorities. Ends by an item that is handed on.
class TbbBounded {
 public:
  TbbBounded() { queue_.set_capacity(kCapacity); }
  void produce(std::uint64_t first, std::uint64_t last, std::size_t) {
    while (first != last) queue_.push({first++});
  }
  std::uint64_t consume(std::size_t) {
    std::uint64_t sum = 0;
    for (Item item;;) {
      queue_.pop(item);
      if (item.number == kEnd) break;
      sum += item.number;
    }
    close();
    return sum;
  }
  void close() { queue_.push({kEnd}); }

 private:
  static constexpr std::uint64_t kEnd = ~std::uint64_t{0};
  tbb::concurrent_bounded_queue<Item> queue_;
};
#endif

#ifdef ENGINE_BENCH_BOOST
/// No priorities, no sleeping; with a fixed number of nodes, so a bound, and both sides spin.
class BoostLockfree : public Spinning {
 public:
  void produce(std::uint64_t first, std::uint64_t last, std::size_t) {
    while (first != last) {
      if (queue_.push({first})) {
        ++first;
      } else {
        std::this_thread::yield();
      }
    }
  }
  std::uint64_t consume(std::size_t) {
    std::uint64_t sum = 0;
    Item item;
    drain([&] {
      if (!queue_.pop(item)) return false;
      sum += item.number;
      return true;
    });
    return sum;
  }

 private:
  boost::lockfree::queue<Item, boost::lockfree::capacity<kCapacity>> queue_;
};
#endif

}  // namespace engine::bench
