// LookAgain: when everything is looked at once more, because something could not be looked at for a
// reason that may go away; after pauses that double, until a look has seen everything.
//
// Thread contract: belongs to one thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "engine/clock.h"

namespace engine::io {

class LookAgain {
 public:
  static constexpr Duration kFirstPause = std::chrono::seconds(1);
  static constexpr Duration kLastPause = std::chrono::minutes(5);

  /// What comes while one is to come already is seen by that one.
  void ask(TimePoint now) {
    if (due_) return;
    pause_ = std::clamp(2 * pause_, kFirstPause, kLastPause);
    due_ = now + pause_;
  }

  void begun() { due_.reset(); }
  void saw_everything() { pause_ = Duration::zero(); }

  bool is_due(TimePoint now) const { return due_ && *due_ <= now; }
  /// Nothing: everything could be looked at, so far as is known.
  std::optional<TimePoint> due() const { return due_; }

 private:
  std::optional<TimePoint> due_;
  Duration pause_{};
};

}  // namespace engine::io
