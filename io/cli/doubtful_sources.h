// DoubtfulSources: sources that the watcher holds for gone, and that were there when the engine
// looked.
//
// What is there for a moment only, a directory that is renamed back and forth, say, the engine may
// see and the watcher not: then nobody would tell that it has gone again. Such a source is looked
// at once more, now and again, until the engine does not find it or the watcher does.
// Thread contract: any thread.
#pragma once

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

class DoubtfulSources {
 public:
  /// `wake` is called when due() has become another.
  DoubtfulSources(const Clock& clock, std::function<void()> wake)
      : clock_(clock), wake_(std::move(wake)) {}

  /// What the watcher says, before the engine hears of it.
  void told_gone(const std::string& path) {
    const std::lock_guard lock(mutex_);
    gone_.insert(path);
  }
  void told_there(const std::string& path) {
    const std::lock_guard lock(mutex_);
    gone_.erase(path);
    doubtful_.erase(path);
  }

  /// What the engine says. True: the watcher says otherwise.
  bool finished(const SourceReport& report) {
    bool is_first = false;
    {
      const std::lock_guard lock(mutex_);
      if (report.status == SourceStatus::kGone) {
        gone_.erase(report.path);
        doubtful_.erase(report.path);
        return false;
      }
      if (!gone_.contains(report.path)) return false;
      is_first = doubtful_.empty();
      if (is_first) due_ = clock_.now() + kPause;
      doubtful_.insert(report.path);
    }
    if (is_first) wake_();
    return true;
  }

  /// When to call take_due(); nothing where nothing is doubtful.
  std::optional<TimePoint> due() const {
    const std::lock_guard lock(mutex_);
    return doubtful_.empty() ? std::nullopt : std::optional(due_);
  }
  /// Those to be looked at now.
  std::set<std::string> take_due() {
    const std::lock_guard lock(mutex_);
    if (doubtful_.empty() || clock_.now() < due_) return {};
    return std::exchange(doubtful_, {});
  }

 private:
  static constexpr Duration kPause = std::chrono::seconds(1);

  const Clock& clock_;
  const std::function<void()> wake_;
  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::set<std::string> gone_;  // the engine has not been there yet, or found them
  std::set<std::string> doubtful_;
  TimePoint due_{};
};

}  // namespace engine::io
