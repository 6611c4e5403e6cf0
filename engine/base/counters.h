// Counter and PerThread: statistics that every thread writes in its own cache lines and that are
// summed when somebody asks.
//
// Thread contract: add() and value() from any thread; it is fast as long as each worker stays in
// its own slot. A sum is not a snapshot: counters that belong together may be an event apart,
// unless whoever reads has synchronised with the writers.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/base/cache_line.h"

namespace engine {

class Counter {
 public:
  void add(std::uint64_t count = 1) noexcept { value_.fetch_add(count, std::memory_order_relaxed); }
  std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// One T for each worker, and one more that all foreign threads share.
template <class T>
class PerThread {
 public:
  explicit PerThread(std::size_t workers) : slots_(workers + 1) {}

  /// REQUIRES: worker < the number given to the constructor.
  T& worker(std::size_t worker) noexcept { return slots_[worker].value; }
  T& foreign() noexcept { return slots_.back().value; }

  /// The sum over all slots of `read(const T&)`.
  template <class Read>
  std::uint64_t sum(Read read) const {
    std::uint64_t total = 0;
    for (const Padded<T>& slot : slots_) total += read(slot.value);
    return total;
  }

  /// visit(const T&) for every slot.
  template <class Visit>
  void each(Visit visit) const {
    for (const Padded<T>& slot : slots_) visit(slot.value);
  }

 private:
  std::vector<Padded<T>> slots_;  // its size never changes: T need not be movable
};

}  // namespace engine
