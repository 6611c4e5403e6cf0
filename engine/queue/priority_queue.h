// PriorityQueue: a bounded queue of three priorities for any number of producers and consumers.
//
//   engine::PriorityQueue<Task> queue(200);
//   engine::PriorityQueue<Task>::Producer producer(queue);   // one for each thread that pushes
//   queue.try_push(producer, Priority::kNormal, std::move(task));
//
//   engine::PriorityQueue<Task>::Consumer consumer(queue);   // one for each thread that pops
//   while (queue.pop(consumer, &task)) { run(task); queue.complete(); }
//
// One moodycamel::ConcurrentQueue holds the items of each priority. Four counts that only grow (but
// for a push that fails for want of memory) say everything else, each written by one side and in a
// cache line of its own:
//
//   admitted_  >=  published_  >=  claimed_  >=  completed_
//
//   1. push: admitted_ + 1 while fewer than `capacity` are between admitted and completed (a
//      credit); the item is enqueued; published_ + 1; a sleeping consumer is woken.
//   2. pop: claimed_ + 1 while it is below published_: from here on an item is there for us; the
//      three queues are looked through until it is found.
//   3. complete: completed_ + 1 returns the credit; a sleeping producer is woken.
//
// So the bound holds for waiting and running items together, and is exact. As the counts only grow,
// one that was read before is good for as long as it says yes: each side keeps the last it saw of
// the other's, and looks again when that no longer does. So the two seldom wait for a cache line.
//
// Priorities: of 16 pops of a consumer 13 look at CRITICAL first, 2 at NORMAL, 1 at BATCH. While
// BATCH items wait, each consumer takes at least one in any kStarvationBound pops, though CRITICAL
// never runs dry; NORMAL ones sooner. What is taken because nothing more urgent waited has had its
// turn by that: a CRITICAL item that comes into a flood of BATCH goes first. Items of one producer
// and priority leave in the order in which they came; among producers of one priority the consumers
// go round.
//
// Lock-free guarantees: what a stalled thread does to the others. There is no lock (the allocator,
// which a push needs for a new block, may have one). Nobody waits for a producer that stalls in the
// middle of a push: its item is not promised to anyone yet, only its credit is taken (and a drain,
// which must see the item, waits). A consumer that stalls after its claim holds back one item and
// one credit. ConcurrentQueue is not linearizable: a dequeue may find nothing, although an item is
// there that nobody else wants, while another consumer stands inside a failing dequeue of the same
// producer's items. Step 2 then goes round, yielding, until that consumer has run on. Hence pushes
// and completions are lock-free; pop, try_pop and discard may depend on the progress of another
// consumer. An item is never lost or given out twice.
//
// Thread contract: every method from any thread; a Producer or Consumer only from one at a time,
// and each must die before the queue.
// Errors: std::bad_alloc when a block cannot be allocated; the push then did not happen.
#pragma once

#include <concurrentqueue/concurrentqueue.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <new>
#include <numeric>
#include <span>
#include <thread>
#include <type_traits>
#include <utility>

#include "engine/base/cache_line.h"
#include "engine/base/tsan.h"
#include "engine/priority.h"
#include "engine/queue/event_count.h"
#include "engine/queue/push_result.h"

namespace engine {

template <class T>
class PriorityQueue {
  static_assert(
      std::is_nothrow_move_constructible_v<T> && std::is_nothrow_move_assignable_v<T>,
      "an item that cannot be moved out would be lost between the queue and its consumer");
  static_assert(std::is_default_constructible_v<T>, "pop() moves into an item that is there");

  struct Traits : moodycamel::ConcurrentQueueDefaultTraits {
    // After so many items of one producer all consumers go on to the next (the default is 256).
    static const std::uint32_t EXPLICIT_CONSUMER_CONSUMPTION_QUOTA_BEFORE_ROTATE = 16;
  };
  using Queue = moodycamel::ConcurrentQueue<T, Traits>;
  using Queues = std::array<Queue, kPriorityCount>;

 public:
  /// Pops of one consumer within which it takes an item of every priority that has some waiting.
  static constexpr std::size_t kStarvationBound = 16;

  class Producer {
   public:
    explicit Producer(PriorityQueue& queue)
        : tokens_{Token(queue.queues_[0]), Token(queue.queues_[1]), Token(queue.queues_[2])} {
      for (const Token& each : tokens_) {
        if (!each.valid()) throw std::bad_alloc();
      }
    }
    Producer(const Producer&) = delete;
    Producer& operator=(const Producer&) = delete;

   private:
    friend class PriorityQueue;
    using Token = moodycamel::ProducerToken;
    const Token& token(std::size_t index) const noexcept {
      if (!tokens_[index].valid()) __builtin_unreachable();  // the constructor threw
      return tokens_[index];
    }
    std::array<Token, kPriorityCount> tokens_;
    std::uint64_t completed_seen_ = 0;  // a value that completed_ has had
  };

  class Consumer {
   public:
    explicit Consumer(PriorityQueue& queue)
        : tokens_{Token(queue.queues_[0]), Token(queue.queues_[1]), Token(queue.queues_[2])} {}
    Consumer(const Consumer&) = delete;
    Consumer& operator=(const Consumer&) = delete;

   private:
    friend class PriorityQueue;
    using Token = moodycamel::ConsumerToken;
    std::array<Token, kPriorityCount> tokens_;
    std::size_t turn_ = 0;
    std::uint64_t published_seen_ = 0;  // a value that published_ has had
  };

  /// REQUIRES: capacity >= 1; it counts items that wait and items that run.
  explicit PriorityQueue(std::size_t capacity) : capacity_(std::max<std::size_t>(capacity, 1)) {}
  PriorityQueue(const PriorityQueue&) = delete;
  PriorityQueue& operator=(const PriorityQueue&) = delete;

  /// Moves the item in, or leaves it as it is and says why. Never waits.
  PushResult try_push(Producer& producer, Priority priority, T&& item);

  /// Moves in as many of the first items as there are credits and returns how many; 0 also when
  /// closed.
  std::size_t try_push_bulk(Producer& producer, Priority priority, std::span<T> items);

  /// Sleeps until there is a credit, which others may take first; false when closed. A producer
  /// that was woken should push or call this again: a credit wakes one producer only.
  bool wait_for_credit();

  /// The same for whoever has more to push: sleeps until there are `wanted` credits, or half of
  /// them all, so that it is not woken for each.
  bool wait_for_credits(std::size_t wanted);

  /// Sleeps until there is an item. False when closed and drained, or after discard().
  bool pop(Consumer& consumer, T* out);

  enum class Popped : std::uint8_t { kItem, kNothing, kDrained };

  /// pop(), but it sleeps no longer than until `other()` is true: kNothing then, if there is no
  /// item. Whoever makes it true calls wake() behind that; seq_cst, as for EventCount::await(),
  /// which `looks` is for.
  template <class Other>
  Popped pop_unless(Consumer& consumer, T* out, Other other, int looks = EventCount::kLooks);
  void wake() noexcept { items_.notify_all(); }

  /// pop() without sleeping: false also when nothing waits.
  bool try_pop(Consumer& consumer, T* out);

  /// Sleeps until there is an item and takes up to out.size() at once, urgent ones first; 0 when
  /// pop() would be false. The shares of the priorities are those of as many single pops. Whoever
  /// takes many makes the last of them wait for the first: for items that are quick to work off.
  std::size_t pop_bulk(Consumer& consumer, std::span<T> out);

  /// Returns the credits of popped items. To be called once for each, by any thread.
  void complete(std::size_t count = 1) noexcept;

  /// No more pushes. What waits, and what a push under way still brings, can be popped.
  void close() noexcept;

  /// close(), and nothing more is popped either: drops what waits and returns how many that were.
  std::size_t discard();

  std::size_t capacity() const noexcept { return capacity_; }
  bool closed() const noexcept;
  std::uint64_t pushed() const noexcept;     ///< all items ever accepted
  std::size_t size() const noexcept;         ///< items that wait. Fit for EventCount::await()
  std::size_t in_flight() const noexcept;    ///< items popped and not completed
  std::size_t outstanding() const noexcept;  ///< both: credits taken. Fit for EventCount::await()

 private:
  enum class Claim : std::uint8_t { kItem, kNothing, kDrained };

  using Shares = std::array<std::size_t, kPriorityCount>;

  static constexpr std::uint64_t kClosedFlag = std::uint64_t{1} << 63;  // in admitted_
  static constexpr std::array<std::uint8_t, kStarvationBound> kFirstLook = {0, 0, 0, 0, 0, 1, 0, 0,
                                                                            0, 0, 1, 0, 0, 0, 0, 2};

  // Items that are quick to work off come quickly too: more looks before a consumer sleeps.
  static constexpr int kBulkLooks = 8 * EventCount::kLooks;

  std::size_t admit(Producer& producer, std::size_t wanted, bool* closed) noexcept;
  void withdraw(std::size_t count) noexcept;
  void publish(std::size_t count) noexcept;
  Claim claim(Consumer& consumer, std::size_t wanted, std::size_t* count) noexcept;
  Claim claim_unless_discarding(Consumer& consumer, std::size_t wanted,
                                std::size_t* count) noexcept;
  void take(Consumer& consumer, T* out);
  void take_bulk(Consumer& consumer, std::span<T> out);
  Shares shares(Consumer& consumer, std::size_t wanted) const;
  std::size_t dequeue(Consumer& consumer, std::size_t first, T* out);
  static std::size_t turn_after(std::size_t turn, std::size_t taken) noexcept;

  // Constant after construction, but for two bits at the end.
  const std::size_t capacity_;
  std::atomic<bool> discarding_{false};
  std::atomic<bool> closing_{false};  // set after the flag in admitted_, which is what counts

  // Written by producers.
  Padded<std::atomic<std::uint64_t>> admitted_;
  Padded<std::atomic<std::uint64_t>> published_;
  // Written by consumers.
  Padded<std::atomic<std::uint64_t>> claimed_;
  Padded<std::atomic<std::uint64_t>> completed_;

  EventCount items_;         // consumers sleep here, for all three priorities
  EventCount credits_;       // producers sleep here for one credit
  EventCount many_credits_;  // and here for as many as many_wanted_ says
  std::atomic<std::size_t> many_wanted_{1};

  Queues queues_;
};

}  // namespace engine

#include "engine/queue/priority_queue-inl.h"
