// OutputRetries: sources that a watch asks the engine for again by itself, because nobody else
// would tell: they have not changed.
//
// Some have failed for what OUTPUT was like: its disk was full, it could not be written to, or
// something that is not the engine's lay in their tree's place. The engine tries such a source as
// often as any other and then it has failed, is named and on record, so that nothing waits for one
// that never fits. It is asked for again, after pauses that double until one of them could be
// written. So is one whose tree could not be deleted. Others are asked for at once.
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

class OutputRetries final : public SourceObserver {
 public:
  /// `next` hears what this hears. The first pause is so many times that between two attempts.
  /// `wake` is called when due() has become another.
  OutputRetries(SourceObserver& next, const Clock& clock, Duration retry_pause,
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
    if (noted_) noted_(report.path);
  }

  /// Before the first source: called when the report of a source has been heard here.
  void call_when_noted(std::function<void(const std::string&)> noted) { noted_ = std::move(noted); }

  /// To be asked for as if it had failed.
  void hold(const std::string& path) {
    if (add(path)) wake_();
  }
  /// To be asked for at once.
  void ask(const std::string& path) {
    {
      const std::lock_guard lock(mutex_);
      asked_for_.insert(path);
    }
    wake_();
  }
  /// What has failed may be otherwise now.
  void hasten() {
    const std::lock_guard lock(mutex_);
    due_ = clock_.now();
    pause_ = first_pause_;
  }

  /// When to call take_due(); nothing where no source is waited for.
  std::optional<TimePoint> due() {
    const std::lock_guard lock(mutex_);
    if (!asked_for_.empty()) return clock_.now();
    return failed_.empty() ? std::nullopt : std::optional(due_);
  }
  /// Those to be asked for now.
  std::set<std::string> take_due() {
    const std::lock_guard lock(mutex_);
    std::set<std::string> due = std::exchange(asked_for_, {});
    if (failed_.empty() || clock_.now() < due_) return due;
    pause_ = std::min<Duration>(2 * pause_, kLongestPause);
    tried_ = std::exchange(failed_, {});
    due.insert(tried_.begin(), tried_.end());
    return due;
  }

 private:
  static constexpr int kPauses = 200;  // 10 s, where nothing else is asked for
  static constexpr Duration kShortestPause = std::chrono::milliseconds(100);
  static constexpr Duration kLongestPause = std::chrono::minutes(5);

  // True: there is something to wait for, where there was nothing.
  bool note(const SourceReport& report) {
    if (report.status == SourceStatus::kFailed && report.by_output) return add(report.path);
    const std::lock_guard lock(mutex_);
    const bool was_tried = tried_.erase(report.path) != 0;
    if (report.status == SourceStatus::kGone) return false;  // its tree may be held
    failed_.erase(report.path);
    if (was_tried && report.status == SourceStatus::kDone) pause_ = first_pause_;
    return false;
  }
  bool add(const std::string& path) {
    const std::lock_guard lock(mutex_);
    const bool is_first = failed_.empty();
    if (is_first) due_ = clock_.now() + pause_;
    failed_.insert(path);
    return is_first;
  }

  SourceObserver& next_;
  const Clock& clock_;
  const std::function<void()> wake_;
  std::function<void(const std::string&)> noted_;
  const Duration first_pause_;
  std::mutex mutex_;
  // Guarded by mutex_.
  Duration pause_;
  TimePoint due_{};
  std::set<std::string> failed_;
  std::set<std::string> tried_;  // of those, the last that were asked for
  std::set<std::string> asked_for_;
};

}  // namespace engine::io
