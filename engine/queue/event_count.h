// EventCount: sleeping until a condition holds that other threads make true without a lock.
//
// A waiter                                        A notifier
//   1. counts itself in waiters_                    A. makes the condition true
//   2. reads epoch_: that is its key                B. reads waiters_; none: done (the usual case)
//   3. looks at the condition; true: cancels        C. moves epoch_ on
//   4. sleeps while epoch_ is still its key         D. wakes as many sleepers as it was asked to
//
// No wake-up is lost. Steps 1, 3, A and B are sequentially consistent: were 3 to miss A and B to
// miss 1, then each would stand before the other in one total order. So when 3 misses A, then B
// sees the waiter and C comes. If C comes after 2, step 4 does not sleep or D ends it; if before 2,
// the key was read from C, so A happened before 3 and 3 did not miss it.
// Therefore the condition must be changed by a seq_cst read-modify-write or store, and read by
// seq_cst loads. A waiter may wake without cause, and looks again.
//
// Thread contract: any thread; must outlive all waiters and notifiers.
// Units: deadlines on std::chrono::steady_clock, which is the clock of the futex.
// Errors: none.
// Source: futex(2); the event counts of D. Vyukov and of folly.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

#include "engine/base/cache_line.h"
#include "engine/clock.h"

namespace engine {

class alignas(kCacheLineSize) EventCount {
 public:
  EventCount() = default;
  EventCount(const EventCount&) = delete;
  EventCount& operator=(const EventCount&) = delete;

  // Looks before it sleeps: some microseconds, about what sleeping and waking cost the two sides.
  // Between them whoever is to bring it about gets the CPU.
  static constexpr int kLooks = 16;

  /// Sleeps until `ready()` returns true. It is called again after each wake-up, by this thread.
  template <class Ready>
  void await(Ready ready, int looks = kLooks) {
    await_until(TimePoint::max(), ready, looks);
  }

  /// The same with an end: false when `deadline` came first.
  template <class Ready>
  bool await_until(TimePoint deadline, Ready ready, int looks = kLooks) {
    for (int look = 0; look < looks; ++look) {
      if (ready()) return true;
      std::this_thread::yield();
    }
    for (bool in_time = true;;) {
      if (ready()) return true;
      if (!in_time) return false;
      const std::uint32_t key = prepare();
      if (ready()) {
        leave();
        return true;
      }
      in_time = sleep(key, deadline);
      leave();
    }
  }

  /// Whether a notification now would find somebody.
  bool has_waiters() const noexcept {
    // seq_cst: step B, pairs with the increment in prepare()
    return waiters_.load(std::memory_order_seq_cst) != 0;
  }

  void notify_one() noexcept { notify(1); }
  void notify_all() noexcept { notify(kEverybody); }
  void notify(std::uint32_t sleepers) noexcept {
    if (has_waiters()) wake(sleepers);
  }

 private:
  static constexpr std::uint32_t kEverybody = ~std::uint32_t{0};

  std::uint32_t prepare() noexcept {
    waiters_.fetch_add(1, std::memory_order_seq_cst);  // step 1: pairs with the load in notify()
    return epoch_.load(std::memory_order_acquire);     // pairs with the release in wake()
  }
  void leave() noexcept { waiters_.fetch_sub(1, std::memory_order_relaxed); }

  bool sleep(std::uint32_t key, TimePoint deadline) noexcept;  // false: the deadline has passed
  void wake(std::uint32_t sleepers) noexcept;

  std::atomic<std::uint32_t> epoch_{0};  // the futex word
  std::atomic<std::uint32_t> waiters_{0};
};

static_assert(sizeof(EventCount) == kCacheLineSize);

}  // namespace engine
