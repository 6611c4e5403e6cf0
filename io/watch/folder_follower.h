// FolderFollower: keeps a FolderTree in step with the disk by looking at it, and tells a
// WatchClient of every difference.
//
// It looks where an event points, where a scan leads, and at files that settle. An event is never
// believed: stat() decides. It is passive: whoever owns it reads the events, and calls when time
// has passed.
// Thread contract: belongs to one thread.
// Errors: what cannot be examined is told to the client, and looked at again by the next scan.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/clock.h"
#include "io/base/directory.h"
#include "io/watch/entry_status.h"
#include "io/watch/folder_scan.h"
#include "io/watch/folder_tree.h"
#include "io/watch/held_changes.h"
#include "io/watch/look_again.h"
#include "io/watch/rename_pairs.h"
#include "io/watch/roll_call.h"
#include "io/watch/settling.h"
#include "io/watch/source_search.h"
#include "io/watch/tree_names.h"
#include "io/watch/vanished_directories.h"
#include "io/watch/watch_client.h"

namespace engine::io {

struct FollowerOptions {
  SourceNames names;
  std::optional<DirectoryId> left_out;  ///< OUTPUT
  Duration settle_time = std::chrono::seconds(2);
  Duration poll_interval = std::chrono::seconds(2);
  bool no_existing = false;    ///< what was there before is taken for done
  bool is_remote = false;      ///< nobody here knows who has a file open
  bool has_urgent = false;     ///< some sources are told even while the client is full
  std::string root = "INPUT";  ///< for messages
  /// Where no two versions look the same (io/base/fine_stamps.h).
  std::optional<std::uint64_t> fine_device = std::nullopt;
};

class FolderFollower final : public EventSource::Reader {
 public:
  FolderFollower(FollowerOptions options, FolderTree tree, EventSource& source, WatchClient& client,
                 EarlierRuns* recorded, const Clock& clock);

  void on_notice(const Notice& notice) override;
  void on_overflow() override;

  /// Looks at everything, a little at each scan_some(). `distrustful`: events may have been lost.
  void begin_scan(bool distrustful);
  void begin_poll();  ///< the same for the directories without events
  bool has_scan_work() const { return scan_.is_of_everything() || has_to_list(); }
  /// It goes on while the client is full where urgent sources may be found, as with events.
  bool can_scan() const {
    return has_to_list() ? wants_events() : scan_.is_of_everything() && held_.has_told_scan();
  }
  void scan_some();
  /// Events were lost, or something could not be looked at for want of a descriptor or memory.
  bool wants_scan() const { return wants_scan_ || look_again_.is_due(clock_.now()); }
  bool has_polled() const { return !polled_.empty(); }

  /// Whoever was told that this source is there has not found it: if it is there, that is told once
  /// more. False: it is no source that is known.
  bool look_again(const std::string& path);

  /// Before a wait: a file system that is mounted inside can be unmounted meanwhile.
  void close_other_mounts() { tree_.close_other_mounts(); }

  /// Works off what has waited long enough.
  void pass_time();
  std::optional<TimePoint> next_deadline() const;

  /// Tells of those that are gone and have not been found under another name by `now`.
  void tell_departed(TimePoint now);

  /// The client said so since the last reopen().
  bool is_full() const { return held_.is_full(); }
  /// Events are welcome: the client has room, or there may be urgent ones among them. What is not
  /// urgent is held then, up to a bound.
  bool wants_events() const { return held_.has_room(); }
  void reopen() { held_.reopen(); }
  /// What was held meanwhile can be told now, some of it at a time.
  bool can_tell_held() const { return !held_.is_full() && !held_.empty(); }
  void tell_some_held();
  /// Before the end: tells of what is held, too. Where the root is seen, of what is gone as well,
  /// and of what a last look finds ready that was waited for, or changed without an event.
  void finish(bool sees_root);
  /// The sources that wait for their writer, or to settle, in the order of paths.
  std::vector<UnreadySource> unready();

  /// The root is another directory, in which what was known is to be found again.
  void replace_root(Descriptor root, DirectoryId id);
  /// A whole scan has found not one of the sources that should be there: none of them is gone,
  /// until one is found.
  bool misses_all() const { return roll_.state() == FolderState::kOther; }
  DirectoryId root_id() { return tree_.root().id; }
  WatchCounts counts() const;
  void count_pause() { ++counts_.pauses; }

 private:
  enum class How { kAppeared, kComplete, kVanished, kTouched, kScanned, kSettled };

  // A directory that is being looked through.
  struct Listing {
    DirectoryNumber directory = 0;
    bool recursive = false;
    std::uint64_t number = 0;
    std::vector<DirectoryEntry> entries;
    std::size_t next = 0;
    TreeNames names;
    bool names_are_stale = false;  // something has come or gone since
  };

  void look(WatchedDirectory& directory, const std::string& name, How how);
  void look_at_file(WatchedDirectory& directory, const std::string& name,
                    const SourceVersion& version, How how);
  void look_at_directory(WatchedDirectory& directory, const std::string& name,
                         const EntryStatus& status, How how);
  void add_source(WatchedDirectory& directory, const std::string& name, WatchedSource& source,
                  const SourceVersion& version);
  void add_directory(WatchedDirectory& parent, const std::string& name, const EntryStatus& status);
  void watch(WatchedDirectory& directory, int fd, dev_t parent_device);
  void watch_again(WatchedDirectory& directory);
  void watch_root();
  bool leave_output_out(WatchedDirectory& directory, const std::string& name);
  static bool is_same(const WatchedDirectory& directory, const EntryStatus& status);
  bool move_directory(WatchedDirectory& moved, WatchedDirectory& to, const std::string& name);
  bool was_renamed_beside(WatchedDirectory& parent, const WatchedDirectory& directory);

  /// No event says that it is complete: somebody has looked.
  static bool was_looked_for(How how) { return how == How::kScanned || how == How::kSettled; }
  bool is_unchanged(const WatchedDirectory& directory, const WatchedSource& source,
                    const SourceVersion& version, How how) const;
  bool misses_tree(const WatchedDirectory& directory, const std::string& name,
                   const WatchedSource& source, How how) const;
  bool is_still(WatchedDirectory& directory, const std::string& name, const SourceVersion& version);
  /// How long the file has to be left alone before it is looked at again; zero: it is complete.
  Duration time_to_settle(WatchedDirectory& directory, const std::string& name,
                          WatchedSource& source, const SourceVersion& version, How how);
  void tell_passed_over(const WatchedDirectory& directory, const std::string& name,
                        const EntryStatus& status);
  void tell_unready(const EntryKey& file);
  void look_a_last_time();
  std::vector<std::string> changed_unseen(WatchedDirectory& directory);
  void hand_on(WatchedDirectory& directory, const std::string& name, WatchedSource& source,
               const SourceVersion& version, How how);
  void tell(const ChangedSource& source);
  void tell_first_held();
  void tell_gone(const std::string& path) { tell({path, std::nullopt, false}); }
  void tell_now(const ChangedSource& source);
  void tell_missing();
  std::string shown(const WatchedDirectory& directory) const;
  void could_not_look(const std::string& path, int error);
  void tell_unreadable(const std::string& path, const char* what, int error, bool is_polled);

  void forget(WatchedDirectory& directory, const std::string& name);
  bool may_have_moved(WatchedDirectory& parent, const std::string& name);
  void forget_vanished(TimePoint now);
  std::string told_path(const WatchedDirectory& directory, const std::string& name) const;
  void tell_moved(const EntryKey& file, WatchedSource& source, const std::string& from);
  void depart(const WatchedDirectory& directory, const std::string& name,
              const WatchedSource& source);
  void remove_directory(WatchedDirectory& directory);
  void unwatch(const WatchedDirectory& directory);
  void expect_again();
  static bool may_be_for_a_mount(const WatchedDirectory& directory, const EntryStatus& status);
  bool hides_sources(WatchedDirectory& parent, WatchedDirectory& directory);
  void tell_renamed(const std::string& from, const std::string& to);

  bool keeps_full_name(WatchedDirectory& directory, const std::string& name);
  bool has_for_itself(const WatchedDirectory& directory, const std::string& name,
                      std::string_view shorter) const;
  void meet_other(WatchedDirectory& directory, std::string_view name);
  void lose_others();
  void place(const WatchedDirectory& directory, const std::string& name, WatchedSource& source,
             bool keeps_full_name);
  void place_again(WatchedDirectory& directory, std::string_view beside);
  void place_variants(WatchedDirectory& directory, std::string_view claimed,
                      std::string_view beside);
  std::string tree_path(const WatchedDirectory& directory, const std::string& name,
                        const WatchedSource& source) const;

  bool has_to_list() const { return listing_ || scan_.has_directories() || !searches_.empty(); }
  void search_on();
  void end_scan();
  bool open_listing();
  void note_others(WatchedDirectory& directory, const std::vector<DirectoryEntry>& entries);
  bool is_listing(const WatchedDirectory& directory) const {
    return listing_ && listing_->directory == directory.number;
  }
  bool looks_like_source(const WatchedDirectory& directory, const DirectoryEntry& entry) const;
  void look_at_entry(WatchedDirectory& directory, const DirectoryEntry& entry);
  void close_listing(WatchedDirectory& directory);

  const FollowerOptions options_;
  FolderTree tree_;
  EventSource& source_;
  WatchClient& client_;
  const Clock& clock_;
  const std::int64_t begin_ns_;  // on the clock of file times

  RenamePairs pairs_;
  Settling settling_;
  HeldChanges held_;
  std::set<DirectoryNumber> polled_;
  std::set<DirectoryNumber> unreadable_;  // and somebody was told
  // Of what was below a directory that has moved, what is hidden: under which path it was told.
  std::map<EntryKey, std::string> hidden_;
  VanishedDirectories vanished_;
  RollCall roll_;

  FolderScan scan_;
  std::optional<Listing> listing_;
  // In what lies over the sources of a directory, or where its file system was: while one goes on.
  std::map<DirectoryNumber, SourceSearch> searches_;
  std::uint64_t next_listing_ = 1;
  bool wants_scan_ = false;
  LookAgain look_again_;
  bool told_of_polling_ = false;
  WatchCounts counts_;
};

}  // namespace engine::io
