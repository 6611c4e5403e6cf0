// DoubtfulSources: sources of which the engine says otherwise than the watcher: one holds them for
// gone, the other has found them.
//
// What is there, or away, for a moment only, a directory that is renamed back and forth, say, the
// one may see and the other not: then nobody would tell how it is now. Such a source is looked at
// once more, now and again, until the two agree or have been asked often enough: by the engine
// where that has found what the watcher holds for gone, by the watcher where the engine has missed
// what that holds for there.
//
// Thread contract: any thread.
#pragma once

#include <chrono>
#include <functional>
#include <map>
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
  /// Those to be looked at now.
  struct Due {
    std::set<std::string> found;   ///< by the engine; it is to look again
    std::set<std::string> missed;  ///< by the engine; the watcher is to look again
    bool empty() const { return found.empty() && missed.empty(); }
  };

  /// `wake` is called when due() has become another.
  DoubtfulSources(const Clock& clock, std::function<void()> wake)
      : clock_(clock), wake_(std::move(wake)) {}

  /// What the watcher says, before the engine hears of it.
  void told_gone(const std::string& path) {
    const std::lock_guard lock(mutex_);
    gone_.insert_or_assign(path, 0);
    missed_.erase(path);
    doubtful_.missed.erase(path);
  }
  void told_there(const std::string& path) {
    const std::lock_guard lock(mutex_);
    forget(path);
  }

  /// Both have said that it is gone, and now it is there: for a moment, perhaps, in which nobody
  /// but the caller has seen it. The watcher is to look.
  void found_again(const std::string& path) {
    bool is_first = false;
    {
      const std::lock_guard lock(mutex_);
      is_first = add(path, &doubtful_.missed);
    }
    if (is_first) wake_();
  }

  /// What the engine says. True: the watcher says otherwise.
  bool finished(const SourceReport& report) {
    bool is_first = false;
    {
      const std::lock_guard lock(mutex_);
      const bool is_gone = report.status == SourceStatus::kGone;
      if (is_gone == gone_.contains(report.path)) {
        if (is_gone) forget(report.path);
        if (report.status != SourceStatus::kFailed) missed_.erase(report.path);
        return false;
      }
      // The watcher may know why it is none of its sources: a directory is an OUTPUT now, say.
      if (++(is_gone ? missed_ : gone_)[report.path] > kMostLooks) {
        if (!is_gone) forget(report.path);
        return true;
      }
      is_first = add(report.path, is_gone ? &doubtful_.missed : &doubtful_.found);
    }
    if (is_first) wake_();
    return true;
  }

  /// The watcher has said so, and the engine has not.
  bool is_gone(const std::string& path) const {
    const std::lock_guard lock(mutex_);
    return gone_.contains(path);
  }

  /// When to call take_due(); nothing where nothing is doubtful.
  std::optional<TimePoint> due() const {
    const std::lock_guard lock(mutex_);
    return doubtful_.empty() ? std::nullopt : std::optional(due_);
  }
  Due take_due() {
    const std::lock_guard lock(mutex_);
    if (doubtful_.empty() || clock_.now() < due_) return {};
    return std::exchange(doubtful_, {});
  }

 private:
  // With mutex_ held; true: due() has become another.
  bool add(const std::string& path, std::set<std::string>* to) {
    const bool is_first = doubtful_.empty();
    if (is_first) due_ = clock_.now() + kPause;
    to->insert(path);
    return is_first;
  }
  void forget(const std::string& path) {  // with mutex_ held
    gone_.erase(path);
    doubtful_.found.erase(path);
    doubtful_.missed.erase(path);
  }

  static constexpr unsigned kMostLooks = 8;
  static constexpr Duration kPause = std::chrono::seconds(1);

  const Clock& clock_;
  const std::function<void()> wake_;
  mutable std::mutex mutex_;
  // Guarded by mutex_.
  // The engine has not been there yet, or found them so often.
  std::map<std::string, unsigned> gone_;
  // The engine has missed them so often, since it found them last or they were told gone.
  std::map<std::string, unsigned> missed_;
  Due doubtful_;
  TimePoint due_{};
};

}  // namespace engine::io
