// WatchClient: the port through which a watcher tells what it has found.
//
// Thread contract: called on the watcher's thread.
// Errors: none; the methods must not throw.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/intake.h"
#include "engine/result.h"
#include "engine/source_version.h"

namespace engine::io {

/// A source that is new, changed or gone; opening it tells which.
struct ChangedSource {
  std::string path;
  std::optional<SourceVersion> version;  ///< none: it is not there
  /// It has been left alone for a while, and nobody writes it: no event said so, a look did.
  bool is_settled = false;
  /// It has not changed; its tree is not where it belongs.
  bool misses_tree = false;
};

/// A source that is not told yet: somebody writes it, or it has not settled.
struct UnreadySource {
  std::string path;
  SourceVersion version;  ///< that was found last
  /// It may be finished: nobody can know whether somebody still writes it.
  bool may_be_done = false;
};

class WatchClient {
 public:
  virtual ~WatchClient() = default;

  /// After kFull the watcher brings no more than what it has read already, until
  /// Watcher::intake_opened().
  virtual Intake source_changed(const ChangedSource& source) = 0;

  /// The source should have settled, and somebody is still writing it. Told once, and again only
  /// after source_changed() of it.
  virtual void source_unready(const UnreadySource& source) { (void)source; }

  /// Where WatcherOptions::has_urgent: told even after kFull, before others that came earlier.
  virtual bool is_urgent(const std::string& path) const {
    (void)path;
    return false;
  }

  /// The source was processed, and its tree is not there any more. Asked by scans, but the first,
  /// of each source that has not changed.
  virtual bool misses_tree(const std::string& path) const {
    (void)path;
    return false;
  }

  /// The client was told that the source is gone, and has not looked yet. Should a file of that
  /// name be there again when it looks, it takes that for the source: so it has to be told when
  /// that file goes, even if it was never told that it came.
  virtual bool is_awaited(const std::string& path) const {
    (void)path;
    return false;
  }

  /// The file of `from` is called `to` now. Before source_changed() of `from`.
  virtual void source_renamed(const std::string& from, const std::string& to) = 0;

  /// Where the tree of a source belongs: told when the source is found, before source_changed(),
  /// and again when what lies beside it changes that (io/watch/tree_names.h).
  virtual void tree_placed(const std::string& source, const std::string& tree_path) = 0;

  /// Everything in the folder is looked at from here on.
  virtual void scan_began() {}
  /// Everything in the folder has been looked at; `is_first`: for the first time.
  virtual void scan_ended(bool is_first) = 0;

  /// INPUT is another directory now: sources are to be opened there.
  virtual void root_replaced() = 0;

  /// What has come there is called like a source and is none: a link, or else a special file.
  virtual void passed_over(const std::string& /*path*/, bool /*is_link*/) {}

  /// One line for the log.
  virtual void problem(const Error& error) = 0;
  virtual void notice(const std::string& text) = 0;
};

/// The port through which a watcher asks what earlier runs have processed.
/// Thread contract and errors: as of WatchClient.
class EarlierRuns {
 public:
  virtual ~EarlierRuns() = default;

  struct Source {
    std::string path;
    SourceVersion version;
    bool is_done = false;  ///< that version needs not be processed again
    /// When it was seen in INPUT last, in nanoseconds since the epoch; nothing where it is known to
    /// be gone, or where there is nothing to lose with it.
    std::optional<std::int64_t> seen_ns = std::nullopt;
  };
  /// The first scan has found it.
  virtual std::optional<Source> take(const std::string& path) = 0;
  /// When the first scan has found everything: those that were not taken.
  virtual std::vector<Source> take_not_found() = 0;
  /// One of those that were not taken, seen at a time for which `should_be_there` returns true.
  virtual bool misses_one(const std::function<bool(std::int64_t)>& should_be_there) const = 0;

  /// As ExpectedSources::missing_since_ns(): what the run before has noted, and what each scan
  /// makes of it.
  virtual std::optional<std::int64_t> missing_since_ns() const = 0;
  virtual void note_missing_since(std::optional<std::int64_t> since_ns) = 0;
};

/// What a watcher has seen and done. Every notice is filtered, or something is looked at, and of
/// that one of the following comes (`changed` also comes of scans).
struct WatchCounts {
  std::uint64_t notices = 0;      ///< names that the event source told
  std::uint64_t filtered = 0;     ///< of them, of no source and no directory
  std::uint64_t looked_at = 0;    ///< of them, the rest
  std::uint64_t changed = 0;      ///< source_changed() of what is there
  std::uint64_t gone = 0;         ///< source_changed() of what is not
  std::uint64_t renamed = 0;      ///< of the gone, found elsewhere
  std::uint64_t unchanged = 0;    ///< looked at, and it was the version handed on before
  std::uint64_t overflows = 0;    ///< the kernel's queue was full: a rescan finds what is missing
  std::uint64_t rescans = 0;      ///< of the whole folder, the first one included
  std::uint64_t pauses = 0;       ///< the engine was full, and was brought no more
  std::uint64_t settling = 0;     ///< files that wait for their writer, now
  std::uint64_t sources = 0;      ///< now
  std::uint64_t left_alone = 0;   ///< of them, there before the start, which nobody wants
  std::uint64_t directories = 0;  ///< now
  std::uint64_t polled_directories = 0;  ///< of them, without events
  std::uint64_t links_not_followed = 0;  ///< in the last scan
  std::uint64_t special_files = 0;       ///< likewise: pipes, sockets and devices, passed over
  bool sees_everything = true;           ///< now: no directory is unreadable, nor INPUT missing
};

}  // namespace engine::io
