// HeldChanges: what waits while the client is full, and which change is told next.
//
// Where some sources are urgent, these are told even then, before others that came earlier. The
// others are held, in the order in which they came, so that of one path the last is the last; they
// have a turn now and again, however many urgent ones there are.
// It is passive: whoever owns it asks, tells, and says what the client has answered.
// Thread contract: belongs to one thread.
#pragma once

#include <cstddef>
#include <deque>
#include <utility>

#include "io/watch/watch_client.h"

namespace engine::io {

class HeldChanges {
 public:
  explicit HeldChanges(bool has_urgent) : has_urgent_(has_urgent) {}

  /// The client has said so.
  void set_full() { is_full_ = true; }
  void reopen() {
    is_full_ = false;
    urgent_told_ = 0;
  }
  bool is_full() const { return is_full_; }

  /// More is welcome: the client has room, or what comes may be urgent, or can be held.
  bool has_room() const {
    if (is_full_ && !has_urgent_) return false;
    return held_.size() + urgent_told_ < kMostWhileFull;
  }
  /// What is not urgent has to be held.
  bool holds_back() const { return has_urgent_ && (is_full_ || !held_.empty()); }
  void hold(ChangedSource change) { held_.push_back(std::move(change)); }
  /// Something urgent was told. True: one of those that are held has a turn.
  bool told_urgent() { return is_full_ && ++urgent_told_ % kUrgentInARow == 0 && !held_.empty(); }

  bool empty() const { return held_.empty(); }
  ChangedSource take_first() {
    ChangedSource first = std::move(held_.front());
    held_.pop_front();
    if (of_scan_ != 0) --of_scan_;
    return first;
  }

  /// A scan has listed all: what is held now is all that has_told_scan() waits for, because later,
  /// while urgent ones never end, there may always be some.
  void mark_scan() { of_scan_ = held_.size(); }
  bool has_told_scan() const { return has_urgent_ ? of_scan_ == 0 : !is_full_ && held_.empty(); }

 private:
  // 10 MB or so of paths that wait, here or, being urgent, with the client.
  static constexpr std::size_t kMostWhileFull = 65'536;
  // So many urgent ones, then one of those that wait.
  static constexpr std::size_t kUrgentInARow = 64;

  const bool has_urgent_;
  bool is_full_ = false;
  std::deque<ChangedSource> held_;
  std::size_t urgent_told_ = 0;  // while the client is full
  std::size_t of_scan_ = 0;      // the first so many were held when a scan had listed all
};

}  // namespace engine::io
