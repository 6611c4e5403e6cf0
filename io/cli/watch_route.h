// WatchRoute: what the watcher tells goes to the engine; what the engine tells, back to the
// watcher.
//
// Thread contract: connect() before the first event; WatchClient's methods on the watcher's thread,
// IntakeObserver's on the engine's, requested() on any.
#pragma once

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/engine.h"
#include "io/cli/doubtful_sources.h"
#include "io/cli/load_report.h"
#include "io/cli/log.h"
#include "io/cli/scan_report.h"
#include "io/cli/space_log.h"
#include "io/cli/tree_keeper.h"
#include "io/cli/watch_records.h"
#include "io/file/source_folder.h"
#include "io/file/tree_writer.h"
#include "io/watch/watcher.h"

namespace engine::io {

class WatchRoute final : public WatchClient, public IntakeObserver {
 public:
  struct Parts {
    const Options& options;
    SourceFolder& folder;
    TreeWriter* writer;     ///< none with --dry-run
    WatchRecords* records;  ///< the same
    TreeKeeper& trees;
    DoubtfulSources& doubts;
    LoadReport& report;
    ScanReport& scans;
  };

  WatchRoute(Parts parts, Logger log) : parts_(parts), log_(std::move(log)), space_(log_) {}

  /// They live as long as events come.
  void connect(Engine& engine, Watcher& watcher) {
    engine_ = &engine;
    watcher_ = &watcher;
  }

  Intake source_changed(const ChangedSource& source) override;
  void source_unready(const UnreadySource& source) override;
  bool misses_tree(const std::string& path) const override;
  bool is_urgent(const std::string& path) const override;
  bool is_awaited(const std::string& path) const override { return parts_.doubts.is_gone(path); }
  void source_renamed(const std::string& from, const std::string& to) override;
  void tree_placed(const std::string& source, const std::string& tree_path) override;
  void scan_began() override { parts_.scans.scan_began(); }
  void scan_ended(bool is_first) override;
  void root_replaced() override;
  void passed_over(const std::string& path, bool is_link) override;
  void problem(const Error& error) override { log_->error("{}", printable(error.message)); }
  void notice(const std::string& text) override { log_->info("{}", printable(text)); }

  void intake_opened() override { watcher_->intake_opened(); }
  void output_full(const std::string& reason) override { space_.output_full(reason); }
  void output_has_room() override { space_.output_has_room(); }

  /// Says when OUTPUT is not in its place any more. Fails when it has been deleted: nothing can
  /// be written any more, and whoever runs the watch ends it.
  Result<void> check_output();

  /// Has the engine do the source once more, though it has not changed.
  void requested(const std::string& path);
  void retried(const std::string& path);  ///< the same, for `engine retry`
  /// Has the engine look at the source, and do it if it has changed.
  void doubted(const std::string& path);
  /// The engine has not found the source: has the watcher look, and where that does not know of it
  /// either, the engine once more.
  void missed(const std::string& path);

 private:
  const Parts parts_;
  const Logger log_;
  SpaceLog space_;
  Engine* engine_ = nullptr;
  Watcher* watcher_ = nullptr;
  // Of the watcher's thread.
  bool told_of_output_ = false;
  std::string passed_over_;  // what the last scan has said of it
  // Links and special files that the log has named, and whether they are links: what is made again
  // and again is named once, until something else lies there.
  std::unordered_map<std::string, bool> named_;
  bool must_reopen_ = false;  // INPUT has been replaced, and could not be opened
};

}  // namespace engine::io
