// SourceRecords: the state store as a load or a watch has it: what is on record of the sources,
// what of that still holds, and from start() on what becomes of them.
//
//   open(), each(); connect(), start(); the engine runs with observer(); close()
//
// A record holds when its source is done, in the version, with the tree and the options that are on
// record, and the manifest is still there: that costs no more than looking at these.
// Thread contract: one thread; observer() and recorder() hear from any.
// Errors: one line that says what next.
// Source: docs/state.md.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/file_event.h"
#include "engine/source_report.h"
#include "engine/stats.h"
#include "io/cli/command_line.h"
#include "io/cli/log.h"
#include "io/cli/run_marks.h"
#include "io/cli/store_lock.h"
#include "io/file/tree_writer.h"
#include "io/state/output_options.h"
#include "io/state/state_recorder.h"
#include "io/state/state_store.h"

namespace engine::io {

/// --state, or OUTPUT/.engine/engine.db.
std::string state_path(const CommandLine& line);

/// The source is to be done, whatever was done before.
FileEvent asked_for(const std::string& path);

class SourceRecords {
 public:
  /// `engine retry` asks for a source; called on the store's thread.
  using Requested = std::function<void(const SourceRecord&)>;

  /// `line` and `writer` must outlive this; `requested` may be empty.
  static Result<std::unique_ptr<SourceRecords>> open(const CommandLine& line, TreeWriter& writer,
                                                     const Logger& log, Requested requested);

  /// Once: what is on record, in the order of paths, but for what is gone and of which there is no
  /// tree: that is forgotten by start(). False: it was damaged, and nothing of what was
  /// told counts; the trees that are there say what there was.
  Result<bool> each(const std::function<void(const SourceRecord&)>& call);
  /// What the trees tell where there is no record: sources, their trees, and when they were done.
  std::vector<SourceRecord> trees() const;
  /// After each() has begun: the record is of an outcome that still stands, if the source has that
  /// version and its tree belongs there.
  bool is_done(const SourceRecord& record) const;
  bool has_tree(const std::string& tree) const { return writer_.holds_manifest(tree); }
  /// When it was found in INPUT, in nanoseconds since the epoch; nothing where it is known to be
  /// gone since.
  static std::optional<std::int64_t> seen_ns(const SourceRecord& record);

  /// From the time since which sources are missing, what comes says nothing of the folder that the
  /// others were in: it may be another.
  RunMarks& marks() { return marks_; }

  /// `next` hears of a source when that is recorded, and outlives this.
  void connect(SourceObserver& next);
  Result<void> start();
  SourceObserver& observer() { return *recorder_; }
  void queued(const std::string& path, const SourceVersion& version, const std::string& tree);
  void gone(const std::string& path, const std::string& tree) {
    recorder_->source_gone(path, tree);
  }
  /// As StateRecorder::source_missed().
  void missed(const SourceReport& report) { recorder_->source_missed(report); }

  /// Deletes the record of a source that is gone, because it has another name now, or no tree is
  /// left of it.
  void forget(const std::string& path) { recorder_->source_forgotten(path); }

  /// From here on `again` is called, on the store's thread, for each source whose tree could not be
  /// made durable, as often as failed sources are tried. With an empty one, and before any is
  /// given, such a source fails at once. Whoever shuts the engine down gives an empty one first.
  void do_again_by(Requested again);
  /// As StateStore::end_requests(). Whoever shuts the engine down calls it first: a request that is
  /// taken up afterwards would be done by nobody.
  void end_requests() { store_->end_requests(); }
  /// As StateRecorder::correct().
  void correct(LoadStats* load) const;

  /// Returns when all is recorded, or fails.
  Result<void> close();
  /// After close(): the store was damaged while it was written, and begun anew: it knows less.
  bool was_damaged() const { return store_->was_damaged(); }

 private:
  SourceRecords(const CommandLine& line, TreeWriter& writer);
  std::int64_t options_of(const std::string& path) const;
  std::string place() const;
  bool do_again(const std::string& path, unsigned times);

  const CommandLine& line_;
  RunMarks marks_;
  TreeWriter& writer_;
  StoreLock lock_;  // outlives the store
  const OutputOptions output_options_;
  std::vector<std::string> without_tree_;                      // gone; until start()
  std::map<OutputOptions::Choice, std::int64_t> options_ids_;  // constant after each()
  std::mutex again_mutex_;
  Requested again_;  // guarded by again_mutex_
  std::unique_ptr<StateRecorder> recorder_;
  std::unique_ptr<StateStore> store_;  // which calls the recorder until it is closed
};

}  // namespace engine::io
