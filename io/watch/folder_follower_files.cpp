// The part of FolderFollower that looks at files: whether they have changed, and are ready.

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "io/base/open_writers.h"
#include "io/watch/folder_follower.h"
#include "io/watch/version_age.h"

namespace engine::io {
namespace {

// Of the last look, at what nobody has told to have changed: a hundred thousand sources or more.
constexpr Duration kLongestLastLook = std::chrono::milliseconds(500);

}  // namespace

void FolderFollower::look_at_file(WatchedDirectory& directory, const std::string& name,
                                  const SourceVersion& version, How how) {
  if (directory.directories.count(name) != 0) forget(directory, name);
  if (!options_.names.matches(tree_.path_of(directory, name))) return;
  const auto [entry, is_new] = directory.sources.try_emplace(name);
  WatchedSource& source = entry->second;
  if (is_listing(directory)) source.scan = listing_->number;
  if (is_new) add_source(directory, name, source, version);
  const EntryKey key{directory.number, name};
  if (hidden_.contains(key)) {  // it is not any more
    const std::string from = hidden_.at(key);
    tell_moved(key, source, from);
    source.is_awaited = source.is_awaited || source.is_seen;
    source.is_seen = source.is_seen && from == tree_.path_of(directory, name);
  }
  if (is_unchanged(directory, source, version, how)) {
    settling_.forget(key);
    if (misses_tree(directory, name, source, how)) {
      ++counts_.changed;
      return tell({tree_.path_of(directory, name), version, true, true});
    }
    ++counts_.unchanged;
    return;
  }
  Duration pause = time_to_settle(directory, name, source, version, how);
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
  return how == How::kScanned && scan_.is_of_everything() && !scan_.is_first() &&
         !source.is_left_alone && client_.misses_tree(tree_.path_of(directory, name));
}

// It waits on. That it is not ready somebody may want to know; and then that it is gone, too.
void FolderFollower::tell_unready(const EntryKey& file) {
  const std::optional<SourceVersion> version = settling_.version_of(file);
  WatchedDirectory* const directory = tree_.find(file.directory);
  if (!version || directory == nullptr) return;
  const auto found = directory->sources.find(file.name);
  if (found == directory->sources.end()) return;
  WatchedSource& source = found->second;
  // The version that is done, and fresh, is that of its record.
  if (source.is_seen && source.version == *version) return;
  if (std::exchange(source.is_unready, true)) return;
  source.is_awaited = source.is_awaited || !source.is_seen;
  client_.source_unready({tree_.path_of(*directory, file.name), *version});
}

// A writer who is in the middle of a source that was there before has made no event yet, and of
// what settles nobody may be writing any more. What is found ready is told; the rest is unready().
void FolderFollower::look_a_last_time() {
  const TimePoint end = clock_.now() + kLongestLastLook;
  std::vector<EntryKey> files;
  settling_.each([&](const EntryKey& file, const SourceVersion&) { files.push_back(file); });
  if (!options_.is_remote) {
    tree_.each_below(tree_.root(), [&](WatchedDirectory& directory) {
      if (directory.sources.empty() || clock_.now() > end) return;
      for (std::string& name : changed_unseen(directory)) {
        files.push_back({directory.number, std::move(name)});
      }
    });
  }
  for (const EntryKey& file : files) {
    if (WatchedDirectory* const directory = tree_.find(file.directory)) {
      look(*directory, file.name, How::kSettled);
    }
  }
}

std::vector<std::string> FolderFollower::changed_unseen(WatchedDirectory& directory) {
  std::vector<std::string> names;
  const int fd = tree_.descriptor_of(directory);
  if (fd < 0) return names;
  for (const auto& [name, source] : directory.sources) {
    EntryStatus status;
    if (source.is_seen && status_of(fd, name, status) == 0 && status.kind == EntryKind::kFile &&
        status.version != source.version) {
      names.push_back(name);
    }
  }
  return names;
}

std::vector<UnreadySource> FolderFollower::unready() {
  std::vector<UnreadySource> sources;
  settling_.each([&](const EntryKey& file, const SourceVersion& version) {
    if (const WatchedDirectory* const directory = tree_.find(file.directory)) {
      const auto source = directory->sources.find(file.name);
      const bool may_be_done = source != directory->sources.end() && source->second.may_be_done;
      sources.push_back({tree_.path_of(*directory, file.name), version, may_be_done});
    }
  });
  std::sort(sources.begin(), sources.end(),
            [](const UnreadySource& a, const UnreadySource& b) { return a.path < b.path; });
  return sources;
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
  return how != How::kScanned || !(scan_.is_distrustful() || directory.is_polled);
}

Duration FolderFollower::time_to_settle(WatchedDirectory& directory, const std::string& name,
                                        WatchedSource& source, const SourceVersion& version,
                                        How how) {
  const Duration settle = options_.settle_time;
  if (how == How::kComplete) return Duration::zero();
  if (!was_looked_for(how)) return std::max(settle, kTick);
  const OpenWriters writers = options_.is_remote
                                  ? OpenWriters::kUnknown
                                  : open_writers(tree_.descriptor_of(directory), name);
  source.may_be_done = writers == OpenWriters::kUnknown;
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
  source.is_awaited = pairs_.has_departed(path) || client_.is_awaited(path);
  if (const auto partner = pairs_.arrived(path, version, clock_.now())) {
    tell_renamed(*partner, path);
    source.is_awaited = true;
  }
  const bool in_listing = is_listing(directory);
  source.keeps_full_name = in_listing && !listing_->names_are_stale
                               ? listing_->names.tree_name(name).size() == name.size()
                               : keeps_full_name(directory, name);
  client_.tree_placed(path, tree_path(directory, name, source));
  if (!in_listing || listing_->names_are_stale) place_again(directory, name);
  std::optional<SourceVersion> known;
  if (const auto expected = roll_.take(path, version); expected && expected->is_done) {
    known = expected->version;
  } else if (expected) {
    source.is_awaited = true;
  }
  const bool was_there = version.ctime_ns < begin_ns_ - tick_ns(version);
  if (scan_.is_first() && options_.no_existing && was_there) {
    known = version;
    source.is_left_alone = true;
    ++counts_.left_alone;
  }
  if (known) {
    source.version = *known;
    source.is_seen = true;
  }
}

bool FolderFollower::look_again(const std::string& path) {
  const SplitPath split = split_path(path);
  WatchedDirectory* const directory = tree_.find_directory(split.directory);
  const std::string name(split.name);  // that of the map goes with the source
  const auto is_told = [&](const auto& hidden) { return hidden.second == path; };
  if (std::any_of(hidden_.begin(), hidden_.end(), is_told)) return true;
  if (directory == nullptr || !directory->sources.contains(name)) return roll_.has(path);
  const auto source = directory->sources.find(name);
  source->second.is_seen = false;
  source->second.is_awaited = true;
  look(*directory, name, How::kScanned);
  return true;
}

void FolderFollower::hand_on(WatchedDirectory& directory, const std::string& name,
                             WatchedSource& source, const SourceVersion& version, How how) {
  settling_.forget({directory.number, name});
  source.version = version;
  source.is_seen = true;
  counts_.left_alone -= source.is_left_alone;
  source.is_left_alone = source.is_unready = false;
  source.is_fresh = version.device != options_.fine_device && is_young(version);
  ++counts_.changed;
  tell({tree_.path_of(directory, name), version, was_looked_for(how)});
}

}  // namespace engine::io
