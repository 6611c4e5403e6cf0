// RecordedSources: the state store of a load: what it knows is held against the folder and the
// trees, and what becomes of the sources is recorded.
//
//   open(), hold_against(), start(); the engine runs with observer(); close()
//
// Done and unchanged is a source whose version, tree and options are those on record and whose
// manifest is still there: it costs no more than looking at these.
// Thread contract: one thread; observer() hears from any.
// Errors: one line that says what next.
// Source: docs/state.md.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/source_report.h"
#include "io/cli/command_line.h"
#include "io/cli/log.h"
#include "io/file/tree_writer.h"
#include "io/state/output_options.h"
#include "io/state/state_recorder.h"
#include "io/state/state_store.h"
#include "io/watch/tree_scan.h"

namespace engine::io {

/// --state, or OUTPUT/.engine/engine.db.
std::string state_path(const CommandLine& line);

class RecordedSources {
 public:
  static Result<std::unique_ptr<RecordedSources>> open(const CommandLine& line, TreeWriter& writer,
                                                       Logger log);

  /// Once. The sources that are to be done, in the order of paths. Where a directory could not be
  /// read, nothing is known to be gone.
  Result<std::vector<FoundSource>> hold_against(const TreeScan& scan);
  std::uint64_t unchanged() const { return unchanged_; }

  /// From here on everything is recorded. `to_do` is what hold_against() gave; it and `next`, which
  /// hears of a source when it is recorded, must outlive this.
  Result<void> start(const std::vector<FoundSource>& to_do, SourceObserver& next);
  SourceObserver& observer() { return *recorder_; }

  /// Returns when all is recorded, or fails.
  Result<void> close();
  /// Sources that the engine has done and that could not be made durable.
  std::uint64_t not_durable() const { return recorder_ ? recorder_->not_durable() : 0; }

 private:
  RecordedSources(const CommandLine& line, TreeWriter& writer);

  enum class Standing : std::uint8_t { kNew, kQueued, kUnchanged };
  Standing judge(const FoundSource& source, const SourceRecord& record);
  bool is_unchanged(const FoundSource& source, const SourceRecord& record) const;
  void find_trees_without_source(const std::vector<FoundSource>& sources);
  std::int64_t options_of(const std::string& path) const;

  const CommandLine& line_;
  TreeWriter& writer_;
  const OutputOptions output_options_;
  std::unique_ptr<StateRecorder> recorder_;
  std::unique_ptr<StateStore> store_;  // which calls the recorder until it is closed

  // Constant after hold_against().
  std::map<Dialect, std::int64_t> options_ids_;
  std::uint64_t unchanged_ = 0;
  std::vector<Standing> standings_;  // of the sources, then of those to be done
  std::vector<SourceRecord> gone_;
};

}  // namespace engine::io
