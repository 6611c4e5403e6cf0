// WatchRecords: the state store of a watch: what earlier runs have done needs not be done again.
//
//   open(), connect(), start(); the engine and the watcher run; close()
//
// OUTPUT/.engine/watching is there while a watch runs. A watch that finds it comes after one that
// was killed, which may have published a tree and not come to recording it, or have seen a source
// renamed and not come to the tree of the new name, or whose state store was damaged meanwhile. If
// its source has gone since, only the tree's manifest knows: then all are read, as they are where
// nothing is on record.
//
// Thread contract: open() to start() and close() from one thread; the port's methods and queued()
// on the watcher's; the observer hears from any. `requested` is called on the store's thread.
// Errors: one line that says what next.
// Source: docs/state.md.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "io/cli/source_records.h"
#include "io/file/source_folder.h"
#include "io/watch/watch_client.h"

namespace engine::io {

class WatchRecords final : public EarlierRuns {
 public:
  /// `folder` knows where trees belong.
  static Result<std::unique_ptr<WatchRecords>> open(const CommandLine& line, TreeWriter& writer,
                                                    const SourceFolder& folder, const Logger& log,
                                                    SourceRecords::Requested requested);

  std::optional<Source> take(const std::string& path) override;
  std::vector<Source> take_not_found() override;
  bool misses_one(const std::function<bool(std::int64_t)>& should_be_there) const override;
  std::optional<std::int64_t> missing_since_ns() const override {
    return records_->marks().missing_since_ns();
  }
  void note_missing_since(std::optional<std::int64_t> since_ns) override;

  /// The source is about to be observed.
  void queued(const std::string& path, const SourceVersion& version) {
    records_->marks().write_missing();  // before there is a tree of what came there
    records_->queued(path, version, folder_.tree_path(path));
  }
  /// The first scan, which has not ended, may still find it, or miss it.
  bool expects(const std::string& path) const { return known_.contains(path); }
  SourceRecords& records() { return *records_; }

  /// Before close(): there are trees of which the store will know nothing.
  void keep_mark() { keeps_mark_ = true; }
  /// The same: a part of INPUT could not be looked at, and what was there only manifests may know.
  void keep_mark_of_unseen() { keeps_mark_ = keeps_mark_ || asked_trees_; }
  /// Returns when all is recorded, or fails.
  Result<void> close();

 private:
  WatchRecords(const CommandLine& line, std::unique_ptr<SourceRecords> records,
               const SourceFolder& folder);
  Result<void> read();
  void add_trees(const std::unordered_set<std::string>& kept);

  struct Known {
    SourceVersion version;
    std::string tree;
    bool is_done = false;
    std::optional<std::int64_t> seen_ns;
  };

  const bool removes_trees_;
  const bool lies_in_output_;  // the state store
  const std::unique_ptr<SourceRecords> records_;
  const SourceFolder& folder_;
  std::unordered_map<std::string, Known> known_;  // until the first scan has asked
  bool asked_trees_ = false;                      // what there was, because the records do not tell
  bool keeps_mark_ = false;
};

}  // namespace engine::io
