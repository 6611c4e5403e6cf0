#include "io/watch/folder_follower.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include "io/base/os_error.h"
#include "io/watch/version_age.h"

namespace engine::io {
namespace {

// A rename is seen as two things, which may lie in two reads.
constexpr Duration kRenamePatience = std::chrono::milliseconds(100);

// Where the folder is polled, they may lie in two looks at it.
Duration rename_patience(const EventSource& source, Duration poll_interval) {
  return source.kind() == EventSourceKind::kPolling ? kRenamePatience + 2 * poll_interval
                                                    : kRenamePatience;
}

// So many of those that wait, then it is time to see whether something urgent has come: a
// millisecond or so.
constexpr int kHeldInARow = 16;

}  // namespace

FolderFollower::FolderFollower(FollowerOptions options, FolderTree tree, EventSource& source,
                               WatchClient& client, EarlierRuns* recorded, const Clock& clock)
    : options_(std::move(options)),
      tree_(std::move(tree)),
      source_(source),
      client_(client),
      clock_(clock),
      begin_ns_(file_time_now_ns()),
      pairs_(rename_patience(source, options_.poll_interval)),
      held_(options_.has_urgent),
      vanished_(pairs_.patience()),
      roll_({options_.names, options_.root, recorded, tree_, client_}, begin_ns_) {
  watch_root();
}

void FolderFollower::on_overflow() {
  ++counts_.overflows;
  wants_scan_ = true;
  lose_others();
}

void FolderFollower::on_notice(const Notice& notice) {
  ++counts_.notices;
  WatchedDirectory* const directory = tree_.find(notice.directory);
  if (directory == nullptr || notice.name.empty() || notice.name == ".") {
    ++counts_.filtered;
    return;
  }
  const std::string name(notice.name);
  const How how = notice.complete   ? How::kComplete
                  : notice.appeared ? How::kAppeared
                  : notice.vanished ? How::kVanished
                                    : How::kTouched;
  if (is_listing(*directory)) listing_->names_are_stale = true;
  if (!notice.is_directory && !options_.names.matches(tree_.path_of(*directory, name))) {
    ++counts_.filtered;
    if (how != How::kTouched) meet_other(*directory, name);
    return;
  }
  ++counts_.looked_at;
  look(*directory, name, how);
}

void FolderFollower::look(WatchedDirectory& directory, const std::string& name, How how) {
  errno = 0;
  const int fd = tree_.descriptor_of(directory);
  if (fd < 0) {               // it is not where it was: the directory above knows more
    directory.others.lose();  // it may be a source, or not
    if (!is_elsewhere(errno)) could_not_look(tree_.path_of(directory, name), errno);
    scan_.push(directory.parent, false);
    return;
  }
  EntryStatus status;
  const int error = status_of(fd, name, status);
  if (error == ENOENT || error == ENOTDIR) {
    if (!may_have_moved(directory, name)) forget(directory, name);
    return;
  }
  if (error != 0) {
    directory.others.lose();  // it may be a source, or not
    could_not_look(tree_.path_of(directory, name), error);
  } else if (status.kind == EntryKind::kDirectory) {
    look_at_directory(directory, name, status, how);
  } else if (status.kind == EntryKind::kFile) {
    look_at_file(directory, name, status.version, how);
  } else {
    directory.others.add(name);  // first: whose name it has taken from a source has not got it
    forget(directory, name);
    if (how == How::kAppeared || how == How::kComplete) tell_passed_over(directory, name, status);
  }
}

// It is called like a source, and will never be one.
void FolderFollower::tell_passed_over(const WatchedDirectory& directory, const std::string& name,
                                      const EntryStatus& status) {
  const std::string path = tree_.path_of(directory, name);
  if (!options_.names.matches(path)) return;
  client_.passed_over(path, status.kind == EntryKind::kLink);
}

std::string FolderFollower::shown(const WatchedDirectory& directory) const {
  return directory.number == FolderTree::kRoot ? options_.root : tree_.path_of(directory);
}

void FolderFollower::could_not_look(const std::string& path, int error) {
  scan_.missed_some();
  if (is_transient(error)) look_again_.ask(clock_.now());
  tell_unreadable(path, "cannot be examined", error, /*is_polled=*/false);
}

void FolderFollower::tell_unreadable(const std::string& path, const char* what, int error,
                                     bool is_polled) {
  Error problem = os_error(ErrorCode::kUnreadable, path, what, error).value();
  if (is_transient(error)) {
    problem.message += "; looked at again soon";
  } else if (is_polled) {
    problem.message += fmt::format("; looked at again every {:g} s",
                                   std::chrono::duration<double>(options_.poll_interval).count());
  } else {
    problem.message += "; looked at again with each rescan (SIGHUP, --rescan-interval)";
  }
  client_.problem(problem);
}

void FolderFollower::tell(const ChangedSource& source) {
  if (!held_.holds_back()) return tell_now(source);
  if (!client_.is_urgent(source.path)) return held_.hold(source);
  tell_now(source);
  if (held_.told_urgent()) tell_first_held();
}

void FolderFollower::tell_now(const ChangedSource& source) {
  if (client_.source_changed(source) == Intake::kFull) held_.set_full();
}

// What is gone may be back by now and not ready: then it is told when it is, or when it goes again.
void FolderFollower::tell_first_held() {
  const ChangedSource source = held_.take_first();
  WatchedSource* const back = source.version ? nullptr : tree_.find_source(source.path);
  if (back == nullptr || back->is_seen) return tell_now(source);
  back->is_awaited = true;
  --counts_.gone;
}

void FolderFollower::tell_some_held() {
  for (int told = 0; told < kHeldInARow && can_tell_held(); ++told) tell_first_held();
}

void FolderFollower::finish(bool sees_root) {
  if (sees_root) {
    look_a_last_time();
    tell_departed(TimePoint::max());
  }
  while (!held_.empty()) tell_first_held();
}

void FolderFollower::pass_time() {
  const TimePoint now = clock_.now();
  while (const auto file = settling_.due(now)) {
    WatchedDirectory* const directory = tree_.find(file->directory);
    if (directory == nullptr) {
      settling_.forget(*file);
    } else {
      look(*directory, file->name, How::kSettled);
      // Whatever it has become: not a file that settles.
      if (settling_.due(now) == file) settling_.forget(*file);
      tell_unready(*file);
    }
  }
  tell_departed(now);
}

void FolderFollower::tell_departed(TimePoint now) {
  if (has_scan_work()) return;  // what seems gone may still be found
  forget_vanished(now);
  for (const std::string& path : pairs_.take_gone(now)) {
    if (WatchedSource* const other = tree_.find_source(path)) {  // that has come in its place
      other->is_awaited = true;
      continue;
    }
    ++counts_.gone;
    tell_gone(path);
  }
}

std::optional<TimePoint> FolderFollower::next_deadline() const {
  TimePoint next = TimePoint::max();
  const auto consider = [&](std::optional<TimePoint> deadline) {
    if (deadline) next = std::min(next, *deadline);
  };
  consider(settling_.next_deadline());
  if (!has_scan_work()) {
    consider(pairs_.next_deadline());
    consider(vanished_.next_deadline());
    consider(look_again_.due());
  }
  return next == TimePoint::max() ? std::nullopt : std::optional(next);
}

WatchCounts FolderFollower::counts() const {
  WatchCounts counts = counts_;
  counts.settling = settling_.size();
  counts.directories = tree_.size();
  counts.polled_directories = polled_.size();
  counts.sees_everything = unreadable_.empty() && roll_.empty() && !look_again_.due();
  return counts;
}

}  // namespace engine::io
