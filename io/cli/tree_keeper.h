// TreeKeeper: what becomes of trees while a folder is followed: when what lies beside a source
// gives its tree another name, when a source is renamed, and when it is gone.
//
// It hears of a source before anybody else, while no other thread has that source: afterwards its
// tree may be written again. It also says which trees make way for others (io/file/way_maker.h).
// Thread contract: place() and renamed() on the watcher's thread; the observer's methods on the
// engine's; the owner's on both.
// Errors: told to the LoadReport.
#pragma once

#include <array>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/source_report.h"
#include "io/cli/doubtful_sources.h"
#include "io/cli/load_report.h"
#include "io/cli/on_delete.h"
#include "io/cli/output_retries.h"
#include "io/cli/source_records.h"
#include "io/cli/trees_aside.h"
#include "io/file/source_folder.h"
#include "io/file/tree_writer.h"
#include "io/watch/tree_names.h"

namespace engine::io {

class TreeKeeper final : public SourceObserver, public TreeOwners {
 public:
  struct Parts {
    SourceFolder& folder;
    SourceNames names;
    TreeWriter* writer;  ///< without, nothing is moved or deleted
    OnDelete on_delete;
    LoadReport& report;
    DoubtfulSources& doubts;
    OutputRetries& retries;
    SourceRecords* records;  ///< none with --dry-run
    SourceObserver& next;    ///< hears what this hears
  };

  explicit TreeKeeper(Parts parts)
      : folder_(parts.folder),
        names_(std::move(parts.names)),
        writer_(parts.writer),
        on_delete_(parts.on_delete),
        report_(parts.report),
        doubts_(parts.doubts),
        retries_(parts.retries),
        records_(parts.records),
        next_(parts.next) {}

  void place(const std::string& source, const std::string& tree_path);
  void renamed(const std::string& from, const std::string& to);

  /// At the end: some trees stand under names that their sources no longer have, or could not be
  /// deleted.
  bool leaves_trees();

  void source_started(const std::string& path) override { next_.source_started(path); }
  void source_waits(const SourceRetry& retry) override { next_.source_waits(retry); }
  void source_finished(const SourceReport& report) override {
    const bool is_doubtful = doubts_.finished(report);
    const bool is_forgotten = finished(report, is_doubtful);
    tell(report, is_doubtful);
    if (is_forgotten && records_ != nullptr) records_->forget(report.path);
  }

  /// To be called when the report of that source has come to the LoadReport and the OutputRetries.
  void tell_undropped(const std::string& source);

  bool has(const std::string& source) const override;
  bool keeps(const std::string& source, const std::string& successor) override;
  void made_way(const std::string& path, const std::vector<PlacedTree>& trees,
                const std::string& successor, const std::string& aside) override;

 private:
  /// True: it is gone, and nobody needs to know of it: it has another name now, or there is no tree
  /// of it.
  bool finished(const SourceReport& report, bool is_doubtful);
  void tell(const SourceReport& report, bool is_doubtful);
  void put(const std::string& source);
  /// Where its tree may lie.
  std::array<std::string, 2> places_of(const std::string& source) const;
  bool gone(const std::string& source);  ///< likewise
  bool has_tree_of(const std::string& source) const;
  void forget(const std::string& name);  // with mutex_ held
  void keep_former(const std::string& source);
  void drop_former(const std::string& source, const std::string& reported);
  /// `reported` is the source whose report is at hand.
  void drop(const std::string& source, const std::string& reported);

  SourceFolder& folder_;
  const SourceNames names_;
  TreeWriter* const writer_;
  const OnDelete on_delete_;
  LoadReport& report_;
  DoubtfulSources& doubts_;
  OutputRetries& retries_;
  SourceRecords* const records_;
  SourceObserver& next_;
  TreesAside aside_;  // with OnDelete::kRemove

  std::mutex mutex_;
  // Their trees may lie at the other place: they did, or somebody may just be writing them there.
  std::set<std::string> misplaced_;  // guarded by mutex_
  std::set<std::string> renamed_;    // guarded by mutex_; until the engine gets there
  // A source that is gone and whose tree could not be deleted, by the source whose report led to
  // that (itself, or the one that it is called now). When that report has been told, it becomes a
  // failure, and one of held_.
  struct Undropped {
    std::string source;
    std::string reason;
  };
  std::multimap<std::string, Undropped> undropped_;  // guarded by mutex_
  // The engine is asked for these: where it finds one gone, its tree is deleted.
  std::set<std::string> held_;  // guarded by mutex_
  // What a source was called before, while its tree of that name stands; and the other way round.
  struct Former {
    std::string name;
    bool is_replaced = false;  // by a tree of the new name
  };
  std::multimap<std::string, Former> former_;     // guarded by mutex_
  std::map<std::string, std::string> successor_;  // guarded by mutex_
};

}  // namespace engine::io
