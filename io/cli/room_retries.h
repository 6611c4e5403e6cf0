// RoomRetries: sources that have failed for want of room on the output's disk, which a watch tries
// again by itself.
//
// The engine tries such a source as often as any other and then it has failed, is named and on
// record, so that nothing waits for one that never fits. A disk may be full for longer than that:
// once there is room nobody else would tell, because the source has not changed. So it is asked for
// again, after pauses that double until one of them could be written.
// Thread contract: any thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "engine/clock.h"
#include "engine/source_report.h"

namespace engine::io {

class RoomRetries final : public SourceObserver {
 public:
  /// `next` hears what this hears. The first pause is so many times that between two attempts.
  /// `wake` is called when due() has become another.
  RoomRetries(SourceObserver& next, const Clock& clock, Duration retry_pause,
              std::function<void()> wake)
      : next_(next),
        clock_(clock),
        wake_(std::move(wake)),
        first_pause_(std::max<Duration>(kPauses * retry_pause, kShortestPause)),
        pause_(first_pause_) {}

  void source_started(const std::string& path) override { next_.source_started(path); }
  void source_waits(const SourceRetry& retry) override { next_.source_waits(retry); }
  void source_finished(const SourceReport& report) override {
    next_.source_finished(report);
    if (note(report)) wake_();
  }

  /// When to call take_due(); nothing where no source has failed so.
  std::optional<TimePoint> due() {
    const std::lock_guard lock(mutex_);
    return failed_.empty() ? std::nullopt : std::optional(due_);
  }
  /// Those to be asked for now.
  std::set<std::string> take_due() {
    const std::lock_guard lock(mutex_);
    if (failed_.empty() || clock_.now() < due_) return {};
    pause_ = std::min<Duration>(2 * pause_, kLongestPause);
    return std::exchange(failed_, {});
  }

 private:
  static constexpr int kPauses = 200;  // 10 s, where nothing else is asked for
  static constexpr Duration kShortestPause = std::chrono::milliseconds(100);
  static constexpr Duration kLongestPause = std::chrono::minutes(5);

  // True: there is something to wait for, where there was nothing.
  bool note(const SourceReport& report) {
    const std::lock_guard lock(mutex_);
    if (report.status != SourceStatus::kFailed || !report.for_want_of_room) {
      failed_.erase(report.path);
      if (report.status == SourceStatus::kDone) pause_ = first_pause_;
      return false;
    }
    const bool is_first = failed_.empty();
    if (is_first) due_ = clock_.now() + pause_;
    failed_.insert(report.path);
    return is_first;
  }

  SourceObserver& next_;
  const Clock& clock_;
  const std::function<void()> wake_;
  const Duration first_pause_;
  std::mutex mutex_;
  // Guarded by mutex_.
  Duration pause_;
  TimePoint due_{};
  std::set<std::string> failed_;
};

}  // namespace engine::io
