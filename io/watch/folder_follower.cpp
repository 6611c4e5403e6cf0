#include "io/watch/folder_follower.h"

#include <time.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include "io/base/file_version.h"
#include "io/base/open_writers.h"
#include "io/base/os_error.h"
#include "io/base/tree_name.h"
#include "io/watch/choose_source.h"

namespace engine::io {
namespace {

// A rename is seen as two things, which may lie in two reads.
constexpr Duration kRenamePatience = std::chrono::milliseconds(100);

// Where the folder is polled, they may lie in two looks at it.
Duration rename_patience(const EventSource& source, Duration poll_interval) {
  return source.kind() == EventSourceKind::kPolling ? kRenamePatience + 2 * poll_interval
                                                    : kRenamePatience;
}

// File systems stamp with a clock that ticks 100 to 1,000 times a second: a second change within a
// tick leaves the version as it was. A version is trusted when it is older than this.
constexpr std::int64_t kTickNs = 20'000'000;
constexpr Duration kTick = std::chrono::milliseconds(25);

// Before everything is looked at again of which something could not be.
constexpr Duration kFirstLookAgain = std::chrono::seconds(1);
constexpr Duration kLastLookAgain = std::chrono::minutes(5);

// While the client is full: 10 MB or so of paths that wait, and no more urgent ones than it can
// take on top.
constexpr std::size_t kMostHeld = 65'536;
constexpr std::size_t kMostUrgent = 64;

std::int64_t file_time_now_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

std::int64_t age_ns(const SourceVersion& version) {
  return file_time_now_ns() - std::max(version.mtime_ns, version.ctime_ns);
}

std::int64_t tick_ns(const SourceVersion& version) {
  return is_coarse(version) ? kTickNs + kCoarseTick.count() : kTickNs;
}

bool is_young(const SourceVersion& version) { return std::abs(age_ns(version)) < tick_ns(version); }

}  // namespace

FolderFollower::FolderFollower(FollowerOptions options, FolderTree tree, EventSource& source,
                               WatchClient& client, RecordedVersions* recorded, const Clock& clock)
    : options_(std::move(options)),
      tree_(std::move(tree)),
      source_(source),
      client_(client),
      recorded_(recorded),
      clock_(clock),
      begin_ns_(file_time_now_ns()),
      pairs_(rename_patience(source, options_.poll_interval)) {
  watch_root();
}

void FolderFollower::on_overflow() {
  ++counts_.overflows;
  wants_scan_ = true;
}

void FolderFollower::on_notice(const Notice& notice) {
  ++counts_.notices;
  WatchedDirectory* const directory = tree_.find(notice.directory);
  const bool is_own = directory != nullptr && notice.directory == FolderTree::kRoot &&
                      notice.name == kEngineDirectory;
  if (directory == nullptr || is_own || notice.name.empty() || notice.name == ".") {
    ++counts_.filtered;
    return;
  }
  const std::string name(notice.name);
  if (listing_ && listing_->directory == directory->number) listing_->names_are_stale = true;
  if (!notice.is_directory && !options_.names.matches(tree_.path_of(*directory, name))) {
    ++counts_.filtered;
    place_again(*directory, name);  // a source beside it may be called otherwise now
    return;
  }
  ++counts_.looked_at;
  look(*directory, name,
       notice.complete   ? How::kComplete
       : notice.appeared ? How::kAppeared
                         : How::kVanished);
}

void FolderFollower::look(WatchedDirectory& directory, const std::string& name, How how) {
  errno = 0;
  const int fd = tree_.descriptor_of(directory);
  if (fd < 0) {  // it is not where it was: the directory above knows more
    if (!is_elsewhere(errno)) could_not_look(tree_.path_of(directory, name), errno);
    push(directory.parent, false);
    return;
  }
  EntryStatus status;
  const int error = status_of(fd, name, status);
  if (error == ENOENT || error == ENOTDIR) return forget(directory, name);
  if (error != 0) {
    could_not_look(tree_.path_of(directory, name), error);
  } else if (status.kind == EntryKind::kDirectory) {
    look_at_directory(directory, name, status, how);
  } else if (status.kind == EntryKind::kFile) {
    look_at_file(directory, name, status.version, how);
  } else {
    forget(directory, name);
  }
}

std::string FolderFollower::shown(const WatchedDirectory& directory) const {
  return directory.number == FolderTree::kRoot ? options_.root : tree_.path_of(directory);
}

void FolderFollower::could_not_look(const std::string& path, int error) {
  saw_everything_ = false;
  client_.problem(os_error(ErrorCode::kUnreadable, path, "cannot be examined", error).value());
  if (is_transient(error)) look_again_soon();
}

// What may be otherwise a moment later is looked at once more with everything else, after pauses
// that double.
void FolderFollower::look_again_soon() {
  if (look_again_) return;
  look_again_pause_ = std::clamp(2 * look_again_pause_, kFirstLookAgain, kLastLookAgain);
  look_again_ = clock_.now() + look_again_pause_;
}

// Files.

void FolderFollower::look_at_file(WatchedDirectory& directory, const std::string& name,
                                  const SourceVersion& version, How how) {
  if (directory.directories.count(name) != 0) forget(directory, name);
  if (!options_.names.matches(tree_.path_of(directory, name))) return;
  const auto [entry, is_new] = directory.sources.try_emplace(name);
  WatchedSource& source = entry->second;
  if (listing_ && listing_->directory == directory.number) source.scan = listing_->number;
  if (is_new) add_source(directory, name, source, version);
  const EntryKey key{directory.number, name};
  if (is_unchanged(directory, source, version, how)) {
    settling_.forget(key);
    if (misses_tree(directory, name, source, how)) {
      ++counts_.changed;
      return tell({tree_.path_of(directory, name), version, true, true});
    }
    ++counts_.unchanged;
    return;
  }
  Duration pause = time_to_settle(directory, name, version, how);
  // Nobody writes it now; whoever did before that was known would be told of once more.
  if (pause == Duration::zero() && was_looked_for(how) && !is_still(directory, name, version)) {
    pause = kTick;
  }
  if (pause == Duration::zero()) return hand_on(directory, name, source, version, how);
  const TimePoint now = clock_.now();
  settling_.wait_until(key, version, now, now + pause);
}

// Somebody may have deleted it. What an earlier run has done was looked at when that was recalled.
bool FolderFollower::misses_tree(const WatchedDirectory& directory, const std::string& name,
                                 const WatchedSource& source, How how) const {
  return how == How::kScanned && scans_everything_ && !is_first_scan_ && !source.is_left_alone &&
         client_.misses_tree(tree_.path_of(directory, name));
}

bool FolderFollower::is_still(WatchedDirectory& directory, const std::string& name,
                              const SourceVersion& version) {
  EntryStatus status;
  const int fd = tree_.descriptor_of(directory);
  return fd >= 0 && status_of(fd, name, status) == 0 && status.version == version;
}

bool FolderFollower::is_unchanged(const WatchedDirectory& directory, const WatchedSource& source,
                                  const SourceVersion& version, How how) const {
  if (!source.is_seen || source.version != version) return false;
  if (!source.is_fresh) return true;
  // It may have changed within the tick of its version; if it has, its closing was told or is lost.
  if (how == How::kComplete) return false;
  return how != How::kScanned || !(distrustful_ || directory.is_polled);
}

Duration FolderFollower::time_to_settle(WatchedDirectory& directory, const std::string& name,
                                        const SourceVersion& version, How how) {
  const Duration settle = options_.settle_time;
  if (how == How::kComplete) return Duration::zero();
  if (how == How::kAppeared || how == How::kVanished) return std::max(settle, kTick);
  const OpenWriters writers = options_.is_remote
                                  ? OpenWriters::kUnknown
                                  : open_writers(tree_.descriptor_of(directory), name);
  if (writers == OpenWriters::kNone) return is_young(version) ? kTick : Duration::zero();
  if (writers == OpenWriters::kUnknown) {  // then only its quiet tells
    const auto quiet = settling_.quiet_for({directory.number, name}, version, clock_.now());
    const bool is_old = age_ns(version) > 2 * std::chrono::nanoseconds(settle).count();
    if (quiet ? *quiet >= 2 * settle : is_old) return Duration::zero();
  }
  return std::max(settle, kTick);
}

void FolderFollower::add_source(WatchedDirectory& directory, const std::string& name,
                                WatchedSource& source, const SourceVersion& version) {
  const std::string path = tree_.path_of(directory, name);
  ++counts_.sources;
  source.version = version;
  source.is_awaited = pairs_.has_departed(path);
  if (const auto partner = pairs_.arrived(path, version, clock_.now())) {
    tell_renamed(*partner, path);
    source.is_awaited = true;
  }
  const bool in_listing = listing_ && listing_->directory == directory.number;
  source.keeps_full_name = in_listing && !listing_->names_are_stale
                               ? listing_->names.tree_name(name).size() == name.size()
                               : keeps_full_name(directory, name);
  client_.tree_placed(path, tree_path(directory, name, source));
  if (!in_listing || listing_->names_are_stale) place_again(directory, name);
  std::optional<SourceVersion> known;
  if (recorded_ != nullptr) known = recorded_->version_of(path);
  const bool was_there = version.ctime_ns < begin_ns_ - tick_ns(version);
  if (is_first_scan_ && options_.no_existing && was_there) {
    known = version;
    source.is_left_alone = true;
  }
  if (known) {
    source.version = *known;
    source.is_seen = true;
  }
}

void FolderFollower::hand_on(WatchedDirectory& directory, const std::string& name,
                             WatchedSource& source, const SourceVersion& version, How how) {
  settling_.forget({directory.number, name});
  source.version = version;
  source.is_seen = true;
  source.is_left_alone = false;
  source.is_fresh = version.device != options_.fine_device && is_young(version);
  ++counts_.changed;
  tell({tree_.path_of(directory, name), version, was_looked_for(how)});
}

void FolderFollower::tell(const ChangedSource& source) {
  if (full_ && options_.has_urgent) {
    if (!client_.is_urgent(source.path)) return held_.push_back(source);
    ++urgent_told_;
  }
  tell_now(source);
}

void FolderFollower::tell_now(const ChangedSource& source) {
  if (client_.source_changed(source) == Intake::kFull) full_ = true;
}

bool FolderFollower::wants_events() const {
  return !full_ || (options_.has_urgent && held_.size() < kMostHeld && urgent_told_ < kMostUrgent);
}

// What is held is told in the order in which it came, so that of one path the last is the last.
void FolderFollower::reopen() {
  full_ = false;
  urgent_told_ = 0;
  while (!full_ && !held_.empty()) {
    tell_now(held_.front());
    held_.pop_front();
  }
}

void FolderFollower::finish() {
  tell_departed(TimePoint::max());
  for (const ChangedSource& source : std::exchange(held_, {})) tell_now(source);
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
    }
  }
  tell_departed(now);
}

void FolderFollower::tell_departed(TimePoint now) {
  if (has_scan_work()) return;  // what seems gone may still be found
  for (const std::string& path : pairs_.take_gone(now)) {
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
    consider(look_again_);
  }
  return next == TimePoint::max() ? std::nullopt : std::optional(next);
}

WatchCounts FolderFollower::counts() const {
  WatchCounts counts = counts_;
  counts.settling = settling_.size();
  counts.directories = tree_.size();
  counts.polled_directories = polled_.size();
  counts.sees_everything = unreadable_.empty() && !look_again_;
  return counts;
}

}  // namespace engine::io
