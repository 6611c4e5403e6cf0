// The part of FolderFollower that tells of what is no longer there.

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "io/base/descriptor.h"
#include "io/base/directory.h"
#include "io/watch/folder_follower.h"
#include "io/watch/version_age.h"

namespace engine::io {
namespace {

constexpr int kOpenDirectory = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

// Of one look where a file system was, a millisecond or so: events wait meanwhile.
constexpr std::size_t kEntriesAtOnce = 1'024;

}  // namespace

void FolderFollower::forget(WatchedDirectory& directory, const std::string& name) {
  const auto source = directory.sources.find(name);
  const auto below = directory.directories.find(name);
  if (source != directory.sources.end()) {
    const WatchedSource departed = source->second;
    directory.sources.erase(source);
    depart(directory, name, departed);
  } else if (below != directory.directories.end()) {
    remove_directory(*tree_.find(below->second));
  }
  place_again(directory, name);
}

void FolderFollower::depart(const WatchedDirectory& directory, const std::string& name,
                            const WatchedSource& source) {
  --counts_.sources;
  counts_.left_alone -= source.is_left_alone;
  settling_.forget({directory.number, name});
  if (!source.is_seen && !source.is_awaited) return;  // nobody has heard of it
  const std::string path = tree_.path_of(directory, name);
  const auto partner = pairs_.departed(path, source.version, clock_.now());
  if (!partner) return;
  tell_renamed(path, *partner);
  if (WatchedSource* const renamed = tree_.find_source(*partner)) renamed->is_awaited = true;
}

void FolderFollower::tell_renamed(const std::string& from, const std::string& to) {
  ++counts_.renamed;
  ++counts_.gone;
  client_.source_renamed(from, to);
  tell_gone(from);
}

std::optional<EarlierRuns::Source> FolderFollower::take_expected(const std::string& path) {
  std::optional<EarlierRuns::Source> source;
  if (recorded_ != nullptr && !took_recorded_) source = recorded_->take(path);
  if (source && expected_.should_be_there(source->seen_ns)) expected_.found_one();
  // What this run has seen is newer.
  if (auto seen = expected_.take(path)) source = {path, seen->version};
  return source;
}

void FolderFollower::expect_recorded() {
  if (recorded_ == nullptr || std::exchange(took_recorded_, true)) return;
  for (EarlierRuns::Source& source : recorded_->take_not_found()) {
    if (expected_.has(source.path)) continue;  // what this run has seen is newer
    const bool should_be_there = expected_.should_be_there(source.seen_ns);
    expected_.expect({std::move(source.path), source.version, should_be_there});
  }
}

// What should be there and a scan of everything has not found went while nobody watched. Where
// nobody can say so yet, the next scan may.
void FolderFollower::miss_expected() {
  if (scan_.saw_everything()) expect_recorded();
  std::set<std::string> unknown;  // whether they are there
  expected_.erase_if([&](const ExpectedSources::Source& source) {
    return !options_.names.covers(source.path) || finds_again(source, &unknown);
  });
  const FolderState state = expected_.conclude(/*knows_all=*/took_recorded_);
  if (recorded_ != nullptr) recorded_->note_missing_since(expected_.missing_since_ns());
  if (state == FolderState::kOther) return tell_of_missing(expected_.all_missing());
  if (std::exchange(told_of_missing_, false)) {
    client_.notice(options_.root + ": holds sources again that it held before");
  }
  expected_.erase_if([&](const ExpectedSources::Source& source) {
    if (unknown.contains(source.path) || may_lie_in_a_mount(source)) return false;
    if (const auto partner = pairs_.departed(source.path, source.version, clock_.now())) {
      tell_renamed(source.path, *partner);
    }
    return true;
  });
  if (expected_.empty()) missing_mounts_.clear();
}

// True: it is there, though it is no source any more, perhaps.
bool FolderFollower::finds_again(const ExpectedSources::Source& source,
                                 std::set<std::string>* unknown) {
  EntryStatus status;
  const int error = status_of(tree_.descriptor_of(tree_.root()), source.path, status);
  const bool has_other_name = pairs_.has_arrived(source.version);
  const bool is_there = !has_other_name && error == 0 && status.kind == EntryKind::kFile;
  if (has_other_name || is_there) expected_.found_one();
  if (error != 0 && error != ENOENT && error != ENOTDIR) unknown->insert(source.path);
  return is_there;
}

void FolderFollower::tell_of_missing(std::size_t sources) {
  if (std::exchange(told_of_missing_, true)) return;
  client_.problem(fail(ErrorCode::kNotFound, holds_none_of(options_.root, sources)).value());
}

// In a folder that another has taken the place of nobody has seen anything go.
void FolderFollower::expect_again() {
  pairs_.forget_arrived();
  const bool should_be_there = expected_.should_be_there_again();
  expected_.look_elsewhere(file_time_now_ns());
  WatchedDirectory& root = tree_.root();
  std::vector<DirectoryNumber> directories;
  tree_.each_below(root, [&](WatchedDirectory& each) {
    for (const auto& [name, source] : each.sources) {
      settling_.forget({each.number, name});
      --counts_.sources;
      counts_.left_alone -= source.is_left_alone;
      if (!source.is_seen && !source.is_awaited) continue;  // nobody has heard of it
      expected_.expect({tree_.path_of(each, name), source.version, should_be_there});
    }
  });
  for (const auto& [name, number] : root.directories) directories.push_back(number);
  for (const DirectoryNumber number : directories) {
    tree_.remove(*tree_.find(number), [&](WatchedDirectory& each) { unwatch(each); });
  }
  root.sources.clear();
}

bool FolderFollower::holds_sources(WatchedDirectory& directory) {
  bool holds = false;
  tree_.each_below(directory,
                   [&](WatchedDirectory& each) { holds = holds || !each.sources.empty(); });
  return holds;
}

// As with the root: a directory in which no source is, where there were sources and a file system
// has been mounted or unmounted, is likelier the place of that, or an empty one over it, than a
// folder that somebody has emptied, whatever else is in it. What is known of it stays until there
// are sources again. A place that may not be read says nothing of them, nor does one that is still
// being searched.
bool FolderFollower::hides_sources(WatchedDirectory& parent, WatchedDirectory& directory) {
  if (!holds_sources(directory)) return false;
  auto search = searches_.find(directory.number);
  if (search == searches_.end()) {
    errno = 0;
    const int above = tree_.descriptor_of(parent);
    Descriptor place(above < 0 ? -1 : ::openat(above, directory.name.c_str(), kOpenDirectory));
    if (!place && is_elsewhere(errno)) return false;
    search = searches_
                 .try_emplace(directory.number, options_.names, options_.left_out, std::move(place),
                              tree_.path_of(directory))
                 .first;
    search->second.go_on(kEntriesAtOnce);
  }
  const SourceSearch::Answer answer = search->second.answer();
  if (answer != SourceSearch::Answer::kUnknown) searches_.erase(search);
  if (answer == SourceSearch::Answer::kFound) return false;
  tree_.close(directory.number);
  scan_.missed_some();
  const bool is_known = answer == SourceSearch::Answer::kNone;
  if (is_known && unreadable_.insert(directory.number).second) tell_of_lost_mount(directory);
  return true;
}

// When a search has ended, what it was for is looked at with its answer.
void FolderFollower::search_on() {
  const auto search = searches_.begin();
  if (search->second.go_on(kEntriesAtOnce) == SourceSearch::Answer::kUnknown) return;
  const DirectoryNumber number = search->first;
  if (WatchedDirectory* const directory = tree_.find(number)) {
    look(*tree_.find(directory->parent), std::string(directory->name), How::kScanned);
  }
  searches_.erase(number);  // which needs no answer where it is as it was
}

// The same where that happened while nobody watched: the directory that it lay in, or the next one
// above that is there, is of another file system now, and no source is in it.
bool FolderFollower::may_lie_in_a_mount(const ExpectedSources::Source& source) {
  std::string_view path = split_path(source.path).directory;
  WatchedDirectory* place = tree_.find_directory(path);
  while (place == nullptr) {
    path = split_path(path).directory;
    place = tree_.find_directory(path);
  }
  const auto recorded = recorded_devices_.find(place->id.device);
  const std::uint64_t device =
      recorded == recorded_devices_.end() ? place->id.device : recorded->second;
  // Of what only its manifest tells nobody knows the device.
  const bool is_on_another =
      source.version.device == 0 ? place->is_mount : source.version.device != device;
  if (place->number == FolderTree::kRoot || !is_on_another || holds_sources(*place)) return false;
  if (missing_mounts_.insert(place->number).second) tell_of_lost_mount(*place);
  return true;
}

void FolderFollower::tell_of_lost_mount(const WatchedDirectory& directory) {
  client_.problem(fail(ErrorCode::kNotFound,
                       tree_.path_of(directory) +
                           ": holds no source, and did: is its file system mounted? The trees "
                           "stay")
                      .value());
}

void FolderFollower::remove_directory(WatchedDirectory& directory) {
  tree_.remove(directory, [&](WatchedDirectory& each) {
    unwatch(each);
    for (const auto& [name, source] : each.sources) depart(each, name, source);
  });
}

void FolderFollower::unwatch(const WatchedDirectory& directory) {
  source_.unwatch(directory.number);
  polled_.erase(directory.number);
  unreadable_.erase(directory.number);
  searches_.erase(directory.number);
}

}  // namespace engine::io
