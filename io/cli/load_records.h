// LoadRecords: the state store of a load: what is on record is held against the folder.
//
//   open(), hold_against(), start(); the engine runs with records().observer(); close()
//
// Thread contract: one thread; the observer hears from any.
// Errors: one line that says what next.
// Source: docs/state.md.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/source_report.h"
#include "io/cli/source_records.h"
#include "io/file/source_folder.h"
#include "io/watch/expected_sources.h"
#include "io/watch/missing_mounts.h"
#include "io/watch/tree_scan.h"

namespace engine::io {

class LoadRecords {
 public:
  static Result<std::unique_ptr<LoadRecords>> open(const CommandLine& line, TreeWriter& writer,
                                                   const Logger& log);

  /// Once. The sources that are to be done, in the order of paths. Where a directory could not be
  /// read, or none of those that should be there is, nothing is known to be gone; of what no scan
  /// with these names would find nobody knows, nor of what a mount may hide.
  Result<std::vector<FoundSource>> hold_against(const TreeScan& scan, const SourceNames& names,
                                                const SourceFolder& folder);
  std::uint64_t unchanged() const { return unchanged_; }
  /// Since the run before.
  std::uint64_t gone() const { return gone_.size(); }
  /// After hold_against(). So many should be there, and not one of them is; else 0.
  std::uint64_t all_missing() const { return expected_.all_missing(); }
  std::string missing_text(const std::string& input) const { return expected_.missing_text(input); }
  /// The same: directories in which a file system is missing, or over which one lies, perhaps. Of
  /// what was in or below them nobody knows whether it is gone.
  const std::set<std::string>& missing_mounts() const { return missing_places_; }

  /// From here on everything is recorded. `to_do` is what hold_against() gave; `next` hears of a
  /// source when it is recorded, and outlives this.
  Result<void> start(const std::vector<FoundSource>& to_do, SourceObserver& next);
  SourceRecords& records() { return *records_; }
  Result<void> close();

 private:
  LoadRecords(const std::string& input, std::unique_ptr<SourceRecords> records);

  enum class Standing : std::uint8_t { kNew, kQueued, kUnchanged };
  Standing judge(const FoundSource& source, const SourceRecord& record) const;
  void find_trees_without_source(const std::vector<FoundSource>& sources);
  void found(const FoundSource& source, const SourceRecord& record);
  void doubt_that_all_are_gone(bool saw_everything);
  void keep_what_a_mount_may_hide(const std::vector<FoundSource>& sources);
  std::vector<MissingMounts::Place> way_to(const std::string& source, std::uint64_t device) const;

  const Descriptor input_;
  const std::unique_ptr<SourceRecords> records_;

  // Constant after hold_against().
  std::uint64_t unchanged_ = 0;
  ExpectedSources expected_;
  MissingMounts missing_mounts_;
  std::set<std::string> missing_places_;
  std::vector<Standing> standings_;  // of the sources, then of those to be done
  std::vector<SourceRecord> gone_;
};

}  // namespace engine::io
