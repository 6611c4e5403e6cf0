// StateRecorder: the SourceObserver that writes down in the state store what the engine tells, and
// passes a report on when it is recorded.
//
// Thread contract: every method from any thread. The store and the next observer must outlive it,
// and the store be closed before they go.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "engine/source_report.h"
#include "engine/stats.h"
#include "io/state/state_store.h"

namespace engine::io {

class StateRecorder final : public SourceObserver {
 public:
  struct Knowledge {
    /// The number of the options that a source's outputs are made with.
    std::function<std::int64_t(const std::string& path)> options;
    /// Hears of a tree that is recorded as done; may be empty.
    std::function<void(const std::string& tree)> durable = {};
    /// Brings a source on its way once more whose tree could not be made durable, for the
    /// `times`-th time in a row. False: it will not be done again. May be empty.
    std::function<bool(const std::string& path, unsigned times)> again = {};
  };
  StateRecorder(StateStore& store, SourceObserver& next, Knowledge knowledge)
      : store_(store), next_(next), knowledge_(std::move(knowledge)) {}

  void source_queued(const std::string& path, const SourceVersion& version, const std::string& tree,
                     Priority priority);
  /// `tree` is where its tree still lies.
  void source_gone(const std::string& path, const std::string& tree);
  /// Behind its end as one that is gone: it has another name, or there is no tree of it.
  void source_forgotten(const std::string& path);

  void source_started(const std::string& path) override;
  void source_waits(const SourceRetry& retry) override;
  void source_finished(const SourceReport& report) override;
  /// As source_finished() of a source that is gone, where only the engine says so: it may be
  /// hidden, so it is pending until somebody has found it, or seen that it is gone.
  void source_missed(const SourceReport& report);

  /// The engine counts what it has done; here are the sources that have failed all the same, or
  /// were done more than once, because they could not be made durable.
  void correct(LoadStats* load) const;

 private:
  void expect_durable(SourceChange* change, std::shared_ptr<SourceReport> report);
  bool do_again(const std::string& path, const Error& error);
  SourceRecord record_of(const SourceReport& report) const;

  StateStore& store_;
  SourceObserver& next_;
  const Knowledge knowledge_;
  // Relaxed: counters, read for statistics.
  std::atomic<std::uint64_t> not_durable_{0};  // done, and failed after all
  std::atomic<std::uint64_t> in_doubt_{0};     // unchanged since such a failure
  std::atomic<std::uint64_t> done_again_{0};   // how often a source was done once more

  struct NotDurable {
    unsigned times = 0;
    std::string error;
  };
  std::mutex mutex_;
  // Sources whose tree is not known to be durable though the engine has done that version.
  std::unordered_map<std::string, NotDurable> doubtful_;  // guarded by mutex_
};

}  // namespace engine::io
