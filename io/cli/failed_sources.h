// FailedSources: the sources whose last attempt failed.
//
// Thread contract: every method from any thread.
#pragma once

#include <mutex>
#include <set>
#include <string>

#include "engine/source_report.h"

namespace engine::io {

class FailedSources final : public SourceObserver {
 public:
  explicit FailedSources(SourceObserver& next) : next_(next) {}

  void source_finished(const SourceReport& report) override {
    {
      const std::lock_guard lock(mutex_);
      if (report.status == SourceStatus::kFailed) {
        failed_.insert(report.path);
      } else {
        failed_.erase(report.path);
      }
    }
    next_.source_finished(report);
  }
  void source_waits(const SourceRetry& retry) override { next_.source_waits(retry); }

  std::size_t count() const {
    const std::lock_guard lock(mutex_);
    return failed_.size();
  }

 private:
  SourceObserver& next_;
  mutable std::mutex mutex_;
  std::set<std::string> failed_;  // guarded by mutex_
};

}  // namespace engine::io
