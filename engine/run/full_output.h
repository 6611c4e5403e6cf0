// FullOutput: which sources wait until the output's disk has room again, and which of them goes
// first to find out.
//
// From the first error for want of space on, every source waits here. One at a time is let go, with
// growing pauses: when it can be written, there is room, and all the others follow. Nothing but
// writing tells the truth: quotas, reserved blocks and what a tree needs are not in any free-space
// figure.
//
// Thread contract: confined to one thread, or guarded by the caller.
// Errors: std::bad_alloc from hold().
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "engine/clock.h"

namespace engine::run {

class FullOutput {
 public:
  explicit FullOutput(Duration first_pause) : first_pause_(first_pause), pause_(first_pause) {}

  bool full() const { return full_; }
  std::size_t size() const { return held_.size(); }

  /// A source waits here from now on.
  void hold(std::string path) { held_.push_back(std::move(path)); }

  /// A source could not be written. True: the first one since one could.
  bool found_full(TimePoint now) {
    if (full_) return false;
    full_ = true;
    if (!doubtful_) pause_ = first_pause_;
    next_probe_ = now + pause_;
    return !std::exchange(doubtful_, true);
  }

  /// Not a source has been written since it was found full.
  bool doubtful() const { return doubtful_; }

  /// The source that is to try it now, if one is.
  std::optional<std::string> take_probe(TimePoint now) {
    if (!full_ || probing_ || held_.empty() || now < next_probe_) return std::nullopt;
    probing_ = true;
    std::string path = std::move(held_.front());
    held_.pop_front();
    return path;
  }

  /// The probe could not be written either, or said nothing of the output.
  void probe_failed(TimePoint now) {
    probing_ = false;
    pause_ = std::min(pause_ * 2, kLongestPause);
    next_probe_ = now + pause_;
  }

  /// A source was written: what was held may go on.
  std::deque<std::string> found_room() {
    doubtful_ = false;
    return release();
  }

  /// Nobody is left to find out, or nobody will: what was held may go on and see.
  std::deque<std::string> release() {
    probing_ = full_ = false;
    return std::exchange(held_, {});
  }

  /// Full, and nobody who would ever find out otherwise: the next source has to.
  bool stuck() const { return full_ && !probing_ && held_.empty(); }

  std::optional<TimePoint> next_deadline() const {
    return full_ && !probing_ && !held_.empty() ? std::optional(next_probe_) : std::nullopt;
  }

 private:
  static constexpr Duration kLongestPause = std::chrono::seconds(5);

  const Duration first_pause_;
  bool full_ = false;
  bool doubtful_ = false;
  bool probing_ = false;
  Duration pause_;
  TimePoint next_probe_{};
  std::deque<std::string> held_;
};

}  // namespace engine::run
