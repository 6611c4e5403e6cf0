// StateStore: the persistent queue: every source with its version and what became of it.
//
// Changes are taken from any thread and written by one, in groups: of what came within 10 ms, or of
// 1,000; that a source waits or is begun with, a second later at most where requests are looked
// for. A group is one transaction. With a `sync` the outputs of a group's sources are made durable
// before they are recorded as done; where that fails they are pending again, to be written anew, or
// recorded as failed, and the next group waits: longer with each failure in a row.
//
// Trouble costs records, never sources: what cannot be recorded is told in one line and tried again
// with the next group, and where requests are looked for in between; what is not recorded at the
// end is done once more by the next load.
//
// Thread contract: record() from any thread; everything else from one. The hooks are called on the
// store's thread, once start() has been called.
// Source: docs/state.md, docs/reliability.md.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/result.h"
#include "io/base/durability.h"
#include "io/state/source_record.h"
#include "io/state/state_database.h"

namespace engine::io {

class StateStore {
 public:
  struct Hooks {
    /// One line about the store itself.
    std::function<void(const std::string&)> tell;
    /// Makes durable what has been written below OUTPUT; may be empty.
    std::function<Result<void>()> sync;
    /// `engine retry` asks for this source; may be empty.
    std::function<void(const SourceRecord&)> requested;
  };

  /// Makes the file where there is none.
  static Result<std::unique_ptr<StateStore>> open(std::string path, Durability durability,
                                                  Hooks hooks);
  ~StateStore();  ///< close()
  StateStore(const StateStore&) = delete;
  StateStore& operator=(const StateStore&) = delete;

  /// True when the file was damaged or empty and has been begun anew, so that what it knew has
  /// to be found out again: before start() of what happened until then, after close() of what did
  /// since.
  bool was_damaged() const { return was_damaged_; }
  /// Before each_outcome(): what has been requested by then is pending, so it is done anyway. What
  /// is requested later stands until the hook hears of it.
  void forget_requests() { static_cast<void>(database_->forget_requests()); }
  /// Before start(): as SourcesTable::each_outcome(). A damaged file is moved aside and the call
  /// ends early; see was_damaged().
  Result<void> each_outcome(const std::function<void(const SourceRecord&)>& call);
  /// Before start(): the number by which records name this text.
  Result<std::int64_t> options_id(const std::string& text);

  [[nodiscard]] Result<void> start();

  /// Waits while very many changes are waiting.
  void record(SourceChange change);

  /// Looks for requests a last time: returns when the hook has been called for each that was made
  /// by then. A later one stays on record, for the next start.
  void end_requests();

  /// Returns when everything is recorded or told. The number of changes that are not recorded.
  std::uint64_t close();

  Durability durability() const { return durability_; }

 private:
  StateStore(std::unique_ptr<StateDatabase> database, Durability durability, Hooks hooks)
      : database_(std::move(database)), durability_(durability), hooks_(std::move(hooks)) {}

  void run();
  bool take_group();
  void record_group();
  void drop_overtaken();
  std::optional<Error> sync_group();
  void drop_unproven();
  void pause_after_failed_sync();
  bool write_group();
  bool begin_anew_after_damage(int code);
  void tell_begun_anew();
  void tell_trouble(int code);
  void look_for_requests();

  const std::unique_ptr<StateDatabase> database_;
  const Durability durability_;
  const Hooks hooks_;
  bool was_damaged_ = false;

  std::mutex mutex_;
  std::condition_variable wake_;       // of the store's thread
  std::condition_variable room_;       // of those who record
  std::vector<SourceChange> waiting_;  // guarded by mutex_
  bool is_wanted_ = false;             // guarded by mutex_; something that waits is to be written
  bool closing_ = false;               // guarded by mutex_
  enum class Requests : std::uint8_t { kLookedFor, kLastLook, kOver };
  Requests requests_ = Requests::kLookedFor;  // guarded by mutex_
  std::condition_variable last_look_;         // of end_requests()

  // Of the store's thread.
  std::vector<SourceChange> group_;
  std::vector<SourceChange> unrecorded_;
  std::uint64_t lost_ = 0;
  unsigned failed_syncs_ = 0;                 // in a row
  std::unordered_set<std::string> unproven_;  // done, and nobody knows what the disk has
  bool in_trouble_ = false;
  unsigned quiet_looks_ = 0;  // since the last group

  std::thread thread_;
};

}  // namespace engine::io
