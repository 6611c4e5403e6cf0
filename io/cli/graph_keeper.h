// GraphKeeper: keeps the catalogue, and a Neo4j database where one is named, up to date while a
// folder is followed. It works in quiet moments: when no source has ended for a second, or 30
// seconds after the first that ended. What fails is tried again after pauses that double.
//
// Thread contract: start(), finish() and outcome() on the thread that follows the folder;
// the observer's methods on the engine's threads, which it never holds up: the work is done on a
// thread of its own.
// Errors: told to the log; the last attempt's, by finish(), to whoever ends the watch. kStopped:
// it had no time left, and what is missing is brought up by the next start.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "engine/result.h"
#include "engine/source_report.h"
#include "io/cli/command_line.h"
#include "io/cli/log.h"
#include "io/cli/neo4j_feed.h"
#include "io/cli/summary.h"

namespace engine::io {

class GraphKeeper final : public SourceObserver {
 public:
  /// `next` hears first; `line` outlives this. `neo4j` may be null.
  GraphKeeper(const CommandLine& line, std::unique_ptr<Neo4jFeed> neo4j, Logger log,
              SourceObserver& next)
      : line_(line), neo4j_(std::move(neo4j)), log_(std::move(log)), next_(next) {}
  ~GraphKeeper() override;

  /// What OUTPUT holds already counts as changed: it is brought up in the first quiet moment.
  Result<void> start();
  /// Brings up what is missing, until `deadline`, if there is one, and ends the thread. A Neo4j
  /// that does not answer is waited for a few seconds. REQUIRES: it was started.
  Result<void> finish(std::optional<std::chrono::steady_clock::time_point> deadline);

  void source_started(const std::string& path) override { next_.source_started(path); }
  void source_waits(const SourceRetry& retry) override { next_.source_waits(retry); }
  void source_finished(const SourceReport& report) override;

  /// What Neo4j has been sent so far; none without Neo4j.
  std::optional<Neo4jOutcome> outcome() const;

 private:
  using Clock = std::chrono::steady_clock;

  void run();
  void follow();
  void begin_to_end();
  bool wait_for_quiet();
  bool pause(Clock::duration time);
  Result<void> bring_up(const std::stop_token& stop, std::optional<Clock::duration> patience);
  void count(const SyncCounts& sent, double seconds);

  const CommandLine& line_;
  const std::unique_ptr<Neo4jFeed> neo4j_;
  const Logger log_;
  SourceObserver& next_;
  std::stop_source stop_following_;
  std::stop_source stop_;  // also what is brought up last
  std::thread thread_;

  mutable std::mutex mutex_;
  std::condition_variable changed_or_ending_;
  bool is_ending_ = false;                         // guarded by mutex_
  std::optional<Result<void>> last_;               // guarded by mutex_; what the thread came to
  std::optional<Clock::time_point> first_change_;  // guarded by mutex_; not brought up yet
  Clock::time_point last_change_;                  // guarded by mutex_
  Neo4jOutcome sent_;                              // guarded by mutex_
};

}  // namespace engine::io
