// The part of FolderFollower that tells of what is no longer there.

#include <cerrno>
#include <utility>

#include "io/watch/folder_follower.h"

namespace engine::io {

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

// What an earlier run knew and the first scan has not found went while nobody watched.
void FolderFollower::miss_recorded() {
  EntryStatus status;
  for (const RecordedVersions::Source& source : recorded_->take_not_found()) {
    const int root = tree_.descriptor_of(tree_.root());
    const int error = status_of(root, source.path, status);
    if (error != 0 && error != ENOENT && error != ENOTDIR) continue;  // nobody knows
    if (error == 0 && status.kind == EntryKind::kFile) continue;  // no source any more, but there
    if (const auto partner = pairs_.departed(source.path, source.version, clock_.now())) {
      tell_renamed(source.path, *partner);
    }
  }
}

void FolderFollower::remove_directory(WatchedDirectory& directory) {
  tree_.remove(directory, [&](WatchedDirectory& each) {
    source_.unwatch(each.number);
    polled_.erase(each.number);
    unreadable_.erase(each.number);
    for (const auto& [name, source] : each.sources) depart(each, name, source);
  });
}

}  // namespace engine::io
