// StateRecorder: the SourceObserver that writes down in the state store what the engine tells, and
// passes a report on when it is recorded.
//
// Thread contract: every method from any thread. The store and the next observer must outlive it,
// and the store be closed before they go.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "engine/source_report.h"
#include "io/state/state_store.h"

namespace engine::io {

class StateRecorder final : public SourceObserver {
 public:
  struct Knowledge {
    /// The number of the options that a source's outputs are made with.
    std::function<std::int64_t(const std::string& path)> options;
    /// Hears of a tree that is recorded as done; may be empty.
    std::function<void(const std::string& tree)> durable = {};
  };
  StateRecorder(StateStore& store, SourceObserver& next, Knowledge knowledge)
      : store_(store), next_(next), knowledge_(std::move(knowledge)) {}

  void source_queued(const std::string& path, const SourceVersion& version, const std::string& tree,
                     Priority priority);
  /// `tree` is where its tree still lies.
  void source_gone(const std::string& path, const std::string& tree);

  void source_started(const std::string& path) override;
  void source_waits(const SourceRetry& retry) override;
  void source_finished(const SourceReport& report) override;

  /// Sources that the engine has done and that could not be made durable: they have failed.
  std::uint64_t not_durable() const { return not_durable_.load(std::memory_order_relaxed); }

 private:
  SourceRecord record_of(const SourceReport& report) const;

  StateStore& store_;
  SourceObserver& next_;
  const Knowledge knowledge_;
  std::atomic<std::uint64_t> not_durable_{0};  // relaxed: a counter, read at the end
};

}  // namespace engine::io
