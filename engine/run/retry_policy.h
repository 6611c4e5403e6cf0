// RetryPolicy: whether a failed source is tried again, and after what pause.
//
// Only errors that may go away by themselves are tried again, a limited number of times, with
// pauses that double. A source that changed under the reader is tried again sooner than a disk
// that fails: its writer is at work now and is done in a moment. One that could not be read yet,
// because somebody may just be writing it, has not failed: it is looked at again sooner still.
//
// Thread contract: a value, constant after construction.
// Units: attempts count from 1.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "engine/clock.h"
#include "engine/options.h"
#include "engine/result.h"

namespace engine::run {

class RetryPolicy {
 public:
  explicit RetryPolicy(const Options& options)
      : limit_(options.retry_limit), first_pause_(options.retry_pause) {}

  /// After `attempts` failed ones, of which the last one with `error`.
  std::optional<Duration> pause_after(const Error& error, unsigned attempts) const {
    if (!error.transient || attempts > limit_) return std::nullopt;
    const bool changed = error.code == ErrorCode::kChanged || error.code == ErrorCode::kUnsettled;
    Duration pause = changed ? std::min(first_pause_, kFirstPauseOfChanged) : first_pause_;
    for (unsigned doubled = 1; doubled < attempts && pause < kLongestPause; ++doubled) pause *= 2;
    return std::min(pause, kLongestPause);
  }

  /// After so many looks at a source that was not settled; nothing when it has been enough, and the
  /// next one counts as a failed attempt.
  static std::optional<Duration> pause_until_settled(unsigned looks) {
    if (looks > kMostLooks) return std::nullopt;
    return std::min<Duration>(kFirstLook * (1u << std::min(looks - 1, 5u)), kLongestLook);
  }

 private:
  // Files settle within 30 ms of their last write; the first looks are for a writer that is just
  // closing.
  static constexpr unsigned kMostLooks = 25;
  static constexpr Duration kFirstLook = std::chrono::milliseconds(1);
  static constexpr Duration kLongestLook = std::chrono::milliseconds(30);
  static constexpr Duration kFirstPauseOfChanged = std::chrono::milliseconds(10);
  static constexpr Duration kLongestPause = std::chrono::seconds(10);

  const unsigned limit_;
  const Duration first_pause_;
};

}  // namespace engine::run
