// WatchObserver: hears what becomes of sources while a folder is followed.
//
// Thread contract: every method from any thread.
#pragma once

#include <mutex>
#include <set>
#include <string>

#include "engine/source_report.h"
#include "io/cli/load_report.h"
#include "io/cli/tree_keeper.h"

namespace engine::io {

class WatchObserver final : public SourceObserver {
 public:
  WatchObserver(LoadReport& report, TreeKeeper& trees) : report_(report), trees_(trees) {}

  void source_finished(const SourceReport& report) override {
    {
      const std::lock_guard lock(mutex_);
      if (report.status == SourceStatus::kFailed) {
        failed_.insert(report.path);
      } else {
        failed_.erase(report.path);
      }
    }
    trees_.finished(report);
    report_.source_finished(report);
  }

  /// Sources whose last attempt failed.
  std::size_t failed() const {
    const std::lock_guard lock(mutex_);
    return failed_.size();
  }

 private:
  LoadReport& report_;
  TreeKeeper& trees_;
  mutable std::mutex mutex_;
  std::set<std::string> failed_;  // guarded by mutex_
};

}  // namespace engine::io
