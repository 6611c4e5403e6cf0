// Tickets: the paths whose time has come, until the workers' queue has room for them, and whose
// turn is next.
//
// The most urgent that wait; but one turn in eight goes by turns to NORMAL and BATCH, so that
// neither stands still while what is more urgent never ends, as in the pool's own queue. Turns
// count while something is passed over: what comes and is urgent does not wait for others' turns.
// Thread contract: confined to one thread, or guarded by the caller.
// Errors: std::bad_alloc from add().
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "engine/priority.h"
#include "engine/run/worker_pool.h"

namespace engine::run {

class Tickets {
 public:
  void add(std::string path, Priority priority) {
    waiting_[priority_index(priority)].push_back(std::move(path));
  }
  bool empty() const {
    return std::all_of(waiting_.begin(), waiting_.end(),
                       [](const std::deque<std::string>& paths) { return paths.empty(); });
  }
  bool has_critical() const { return !waiting_[0].empty(); }

  /// The one whose turn it is; it has had it unless it is put back. Its place is kept until one of
  /// the next two is called, so that there is one for it whatever memory there is.
  std::optional<Task> take() {
    const std::size_t first = turn_ == kOfNormal ? 1 : turn_ == kOfBatch ? 2 : 0;
    for (std::size_t i = 0; i < kPriorityCount; ++i) {
      const std::size_t index = i == 0 ? first : i <= first ? i - 1 : i;
      if (waiting_[index].empty()) continue;
      turn_before_ = turn_;
      turn_ = index > first ? turn_after_own(index) : (turn_ + 1) % kTurns;
      return Task{std::move(waiting_[index].front()), static_cast<Priority>(index + 1)};
    }
    return std::nullopt;
  }
  /// What was taken last, by its priority, is in other hands.
  void hand_over(Priority priority) { waiting_[priority_index(priority)].pop_front(); }
  /// What was taken last.
  void put_back(Task task) noexcept {
    turn_ = turn_before_;
    waiting_[priority_index(task.priority)].front() = std::move(task.path);
  }

 private:
  static constexpr unsigned kTurns = 16, kOfNormal = 7, kOfBatch = 15;

  // Nothing more urgent waited.
  unsigned turn_after_own(std::size_t index) const {
    if (index == 1 && turn_ < kOfNormal) return kOfNormal + 1;
    return index == 1 ? turn_ + 1 : 0;
  }

  std::array<std::deque<std::string>, kPriorityCount> waiting_;
  unsigned turn_ = 0;
  unsigned turn_before_ = 0;  // the last one that was had
};

}  // namespace engine::run
