// QuietMoments: work that waits until no source has finished for a moment: the catalogue, Neo4j.
// Sources never wait for it.
//
// Thread contract: source_finished() and source_waits() from any thread; a thread of its own does
// the work, from start() until stop() or the destructor.
// Errors: told to the log once for each row of failures; the work is tried again after a while.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "engine/source_report.h"
#include "io/cli/log.h"

namespace engine::io {

class QuietMoments final : public SourceObserver {
 public:
  /// What it did, or nothing to tell.
  using Work = std::function<Result<std::string>(std::stop_token stop)>;

  /// `next` hears of everything first, and outlives this.
  QuietMoments(Work work, SourceObserver& next, Logger log);
  ~QuietMoments() override { stop(); }

  /// The first work needs no source: there may be some left over.
  void start();
  /// What runs is broken off. What is left over is for the next start.
  void stop();

  void source_finished(const SourceReport& report) override;
  void source_started(const std::string& path) override { next_.source_started(path); }
  void source_waits(const SourceRetry& retry) override { next_.source_waits(retry); }

 private:
  void run(const std::stop_token& stop);
  bool wait_for_quiet(const std::stop_token& stop);
  bool do_work(const std::stop_token& stop);

  const Work work_;
  SourceObserver& next_;
  const Logger log_;
  std::string failure_;  // told last; the thread's own

  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool is_wanted_ = true;  // guarded by mutex_
  std::jthread thread_;    // goes first
};

}  // namespace engine::io
