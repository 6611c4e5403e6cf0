// DelayQueue: paths that are to go on at a time of their own.
//
// Passive like the Debouncer: whoever owns it says what time it is and sleeps how it likes.
// Thread contract: confined to one thread, or guarded by the caller.
// Cost: O(log n) each way. Of equal times the first one in comes out first.
// Errors: std::bad_alloc from push().
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <queue>
#include <string>
#include <utility>
#include <vector>

#include "engine/clock.h"

namespace engine::run {

class DelayQueue {
 public:
  void push(std::string path, TimePoint when) {
    waiting_.push({when, next_order_++, std::move(path)});
  }

  /// The first path whose time has come.
  std::optional<std::string> take_due(TimePoint now) {
    if (waiting_.empty() || waiting_.top().when > now) return std::nullopt;
    std::string path = waiting_.top().path;
    waiting_.pop();
    return path;
  }

  std::optional<TimePoint> next_deadline() const {
    return waiting_.empty() ? std::nullopt : std::optional(waiting_.top().when);
  }

  std::size_t size() const { return waiting_.size(); }

 private:
  struct Item {
    TimePoint when;
    std::uint64_t order = 0;
    std::string path;

    bool operator<(const Item& other) const {  // the greatest is on top: the earliest
      return when != other.when ? when > other.when : order > other.order;
    }
  };

  std::priority_queue<Item> waiting_;
  std::uint64_t next_order_ = 0;
};

}  // namespace engine::run
