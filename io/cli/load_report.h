// LoadReport: what became of the sources of a load, collected as the engine tells it.
//
// Thread contract: every method from any thread.
// Units: bytes on disk in Progress.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "engine/source_report.h"
#include "io/cli/log.h"
#include "io/cli/source_list.h"
#include "io/watch/tree_scan.h"

namespace engine::io {

/// The first lines in order, however many there are: so a list is the same after every run, and
/// small after a bad one.
class FirstLines {
 public:
  explicit FirstLines(std::size_t kept = 20) : kept_(kept) {}
  void add(std::string line);
  void add_unseen(std::uint64_t lines) { count_ += lines; }
  const std::multiset<std::string>& lines() const { return lines_; }
  std::uint64_t count() const { return count_; }

 private:
  std::size_t kept_;
  std::multiset<std::string> lines_;
  std::uint64_t count_ = 0;
};

/// Why each failed.
using FailedSources = SourceList<std::monostate, std::string>;
/// What each was taken for.
using UncertainSources = SourceList<Dialect, Dialect>;

struct Findings {
  std::map<std::string, std::uint64_t> objects;  ///< by type
  std::uint64_t unclassified_units = 0;
  FirstLines uncertain;  ///< sources whose dialect is uncertain
  std::map<std::string, std::uint64_t> uncertain_dialects;
  FirstLines kept;      ///< sources whose trees --no-overwrite has kept
  FirstLines unready;   ///< of a watch: sources that wait for their writer, or to settle
  FirstLines warnings;  ///< "file:line:column: message", as far as they are known
  /// "file: reason" of the sources that are failed now, and of what is none: a directory that
  /// cannot be read, the state store.
  FirstLines failures{FailedSources::kNoted};
};

struct Progress {
  std::uint64_t sources = 0;
  std::uint64_t bytes = 0;
  std::uint64_t objects = 0;
};

class LoadReport final : public SourceObserver {
 public:
  /// When the warnings of a source are told: a load ends with a list of them.
  enum class Warnings : std::uint8_t { kInTheSummary, kAtOnce };

  /// `sources` is in the order of paths and outlives this; `on_last` is called when each of them
  /// has finished.
  LoadReport(const std::vector<FoundSource>& sources, Logger log, Warnings warnings,
             std::function<void()> on_last);

  void source_finished(const SourceReport& report) override;
  void source_waits(const SourceRetry& retry) override;
  /// Something else than a source went wrong: a directory cannot be read, a tree not be moved.
  void add_failure(const std::string& message);
  /// The same of that source, until it is done, or gone.
  void add_failure_of(const std::string& path, const std::string& message);
  /// And not renamed. One that never had a tree, an editor's file that is renamed at once, say, is
  /// nothing to tell of.
  void tell_gone(const std::string& path, bool had_tree, bool has_tree);
  /// Something that somebody should know and that is no failure.
  void warn(const std::string& message);
  void note(const std::string& message);  ///< the same, in the log alone

  /// Its last attempt did.
  bool has_failed(const std::string& path) const {
    const std::lock_guard lock(mutex_);
    return failed_.has(path);
  }
  Progress progress() const;
  Findings findings() const;

 private:
  std::uint64_t size_of(const std::string& path) const;
  void tell(const SourceReport& report) const;
  /// What this report says of its source that is news.
  struct News {
    bool is_mended = false;  ///< it had failed, and has not now
    bool is_kept = false;    ///< its tree was not overwritten, for the first time
  };
  News add_findings(const SourceReport& report);

  const std::vector<FoundSource>& sources_;
  const Logger log_;
  const Warnings warnings_;
  const std::function<void()> on_last_;

  mutable std::mutex mutex_;
  // Guarded by mutex_.
  Progress progress_;
  Findings findings_;  // what is true of a source until its next attempt is below until it is asked
  FailedSources failed_;
  UncertainSources uncertain_;
  std::set<std::string> kept_;
};

}  // namespace engine::io
