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

constexpr int kPlaceFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

// Of one look where a file system was, a millisecond or so: events wait meanwhile.
constexpr std::size_t kSearchedAtOnce = 1'024;

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

// Of a directory that is renamed its old name is told first. What is below it is needed when it is
// found under the new one: not all of that may be seen there.
bool FolderFollower::may_have_moved(WatchedDirectory& parent, const std::string& name) {
  const auto known = parent.directories.find(name);
  if (known == parent.directories.end()) return false;
  WatchedDirectory& directory = *tree_.find(known->second);
  const bool holds_some_below =
      std::any_of(directory.directories.begin(), directory.directories.end(),
                  [&](const auto& each) { return tree_.holds_sources(*tree_.find(each.second)); });
  if (!holds_some_below) return false;
  vanished_.add(directory.number, clock_.now());
  tree_.each_below(directory, [&](WatchedDirectory& each) { tree_.close(each.number); });
  return true;
}

void FolderFollower::forget_vanished(TimePoint now) {
  for (const DirectoryNumber number : vanished_.take_due(now)) {
    const WatchedDirectory* const directory = tree_.find(number);
    if (directory == nullptr) continue;
    WatchedDirectory& parent = *tree_.find(directory->parent);
    const std::string name = directory->name;
    EntryStatus status;
    const int above = tree_.descriptor_of(parent);
    if (above >= 0 && status_of(above, name, status) == ENOENT) {
      forget(parent, name);
    } else {
      look(parent, name, How::kScanned);  // it has been found, or the directory above has vanished
    }
  }
}

std::string FolderFollower::told_path(const WatchedDirectory& directory,
                                      const std::string& name) const {
  const auto hidden = hidden_.find({directory.number, name});
  return hidden == hidden_.end() ? tree_.path_of(directory, name) : hidden->second;
}

void FolderFollower::depart(const WatchedDirectory& directory, const std::string& name,
                            const WatchedSource& source) {
  --counts_.sources;
  counts_.left_alone -= source.is_left_alone;
  settling_.forget({directory.number, name});
  const std::string path = told_path(directory, name);
  hidden_.erase({directory.number, name});
  if (!source.is_seen && !source.is_awaited) return;  // nobody has heard of it
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

// What went while nobody watched.
void FolderFollower::tell_missing() {
  const auto has_arrived = [this](const SourceVersion& version) {
    return pairs_.has_arrived(version);
  };
  for (const auto& source : roll_.take_gone(scan_.saw_everything(), has_arrived)) {
    if (const auto partner = pairs_.departed(source.path, source.version, clock_.now())) {
      tell_renamed(source.path, *partner);
    }
  }
}

// In a folder that another has taken the place of nobody has seen anything go.
void FolderFollower::expect_again() {
  pairs_.forget_arrived();
  roll_.look_elsewhere(file_time_now_ns());
  WatchedDirectory& root = tree_.root();
  std::vector<DirectoryNumber> directories;
  tree_.each_below(root, [&](WatchedDirectory& each) {
    for (const auto& [name, source] : each.sources) {
      settling_.forget({each.number, name});
      --counts_.sources;
      counts_.left_alone -= source.is_left_alone;
      if (!source.is_seen && !source.is_awaited) continue;  // nobody has heard of it
      roll_.expect(told_path(each, name), source.version);
    }
  });
  for (const auto& [name, number] : root.directories) directories.push_back(number);
  for (const DirectoryNumber number : directories) {
    tree_.remove(*tree_.find(number), [&](WatchedDirectory& each) { unwatch(each); });
  }
  root.sources.clear();
  hidden_.clear();
}

// As with the root: a directory in which no source is, where there were sources and a file system
// has been mounted or unmounted, is likelier the place of that, or an empty one over it, than a
// folder that somebody has emptied, whatever else is in it. What is known of it stays until there
// are sources again. A place that may not be read says nothing of them, nor does one that is still
// being searched.
bool FolderFollower::hides_sources(WatchedDirectory& parent, WatchedDirectory& directory) {
  if (!tree_.holds_sources(directory)) return false;
  auto search = searches_.find(directory.number);
  if (search == searches_.end()) {
    errno = 0;
    const int above = tree_.descriptor_of(parent);
    Descriptor place(above < 0 ? -1 : ::openat(above, directory.name.c_str(), kPlaceFlags));
    if (!place && is_elsewhere(errno)) return false;
    search = searches_
                 .try_emplace(directory.number, options_.names, options_.left_out, std::move(place),
                              tree_.path_of(directory))
                 .first;
    search->second.go_on(kSearchedAtOnce);
  }
  const SourceSearch::Answer answer = search->second.answer();
  if (answer != SourceSearch::Answer::kUnknown) searches_.erase(search);
  if (answer == SourceSearch::Answer::kFound) return false;
  tree_.each_below(directory, [&](WatchedDirectory& each) {
    tree_.close(each.number);
    scan_.drop(each.number);  // it cannot be reached
    if (is_listing(each)) listing_.reset();
  });
  scan_.missed_some();
  const bool is_known = answer == SourceSearch::Answer::kNone;
  if (is_known && unreadable_.insert(directory.number).second)
    client_.problem(holds_no_source(tree_.path_of(directory)));
  return true;
}

// When a search has ended, what it was for is looked at with its answer.
void FolderFollower::search_on() {
  const auto search = searches_.begin();
  if (search->second.go_on(kSearchedAtOnce) == SourceSearch::Answer::kUnknown) return;
  const DirectoryNumber number = search->first;
  if (WatchedDirectory* const directory = tree_.find(number)) {
    look(*tree_.find(directory->parent), std::string(directory->name), How::kScanned);
  }
  searches_.erase(number);  // which needs no answer where it is as it was
  const WatchedDirectory* const still = tree_.find(number);
  if (still != nullptr && tree_.descriptor_of(*still) >= 0) scan_.push(number, true);
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
  vanished_.forget(directory.number);
  searches_.erase(directory.number);
}

}  // namespace engine::io
