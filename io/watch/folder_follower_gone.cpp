// The part of FolderFollower that tells of what is no longer there.

#include <fcntl.h>

#include <cerrno>
#include <utility>
#include <vector>

#include "io/base/descriptor.h"
#include "io/base/directory.h"
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

// What an earlier run knew and a scan of everything has not found went while nobody watched. Where
// nobody can say so yet, the next scan may.
void FolderFollower::miss_recorded() {
  if (saw_everything_ && recorded_ != nullptr && !std::exchange(took_recorded_, true)) {
    not_found_ = recorded_->take_not_found();
  }
  std::erase_if(not_found_, [&](const RecordedVersions::Source& source) {
    EntryStatus status;
    const int error = status_of(tree_.descriptor_of(tree_.root()), source.path, status);
    if (error != 0 && error != ENOENT && error != ENOTDIR) return false;
    if (error == 0 && status.kind == EntryKind::kFile) return true;  // it may be no source any more
    if (may_lie_in_a_mount(source)) return false;
    if (const auto partner = pairs_.departed(source.path, source.version, clock_.now())) {
      tell_renamed(source.path, *partner);
    }
    return true;
  });
  if (not_found_.empty()) missing_mounts_.clear();
}

// As with the root: a directory in which nothing is at all, where a file system was mounted and
// there were sources, is likelier its place than a folder that somebody has emptied. What is known
// of it stays until something is there.
bool FolderFollower::lost_its_mount(WatchedDirectory& parent, WatchedDirectory& directory) {
  bool has_sources = false;
  tree_.each_below(directory, [&](WatchedDirectory& each) {
    has_sources = has_sources || !each.sources.empty();
  });
  if (!has_sources) return false;
  const int above = tree_.descriptor_of(parent);
  constexpr int kFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  const Descriptor place(above < 0 ? -1 : ::openat(above, directory.name.c_str(), kFlags));
  std::vector<DirectoryEntry> entries;
  if (!place || list_directory(place.get(), entries) != 0 || !entries.empty()) return false;
  tree_.close(directory.number);
  saw_everything_ = false;
  if (unreadable_.insert(directory.number).second) tell_of_lost_mount(directory);
  return true;
}

// The same where that happened while nobody watched: the directory that it lay in, or the next one
// above that is there, is of another file system now, and empty.
bool FolderFollower::may_lie_in_a_mount(const RecordedVersions::Source& source) {
  std::string_view path = split_path(source.path).directory;
  WatchedDirectory* place = tree_.find_directory(path);
  while (place == nullptr) {
    path = split_path(path).directory;
    place = tree_.find_directory(path);
  }
  const auto recorded = recorded_devices_.find(place->id.device);
  const std::uint64_t device =
      recorded == recorded_devices_.end() ? place->id.device : recorded->second;
  if (place->number == FolderTree::kRoot || source.version.device == 0 ||
      source.version.device == device || !place->sources.empty()) {
    return false;
  }
  std::vector<DirectoryEntry> entries;
  const int fd = tree_.descriptor_of(*place);
  if (fd < 0 || list_directory(fd, entries) != 0 || !entries.empty()) return false;
  if (missing_mounts_.insert(place->number).second) tell_of_lost_mount(*place);
  return true;
}

void FolderFollower::tell_of_lost_mount(const WatchedDirectory& directory) {
  client_.problem(fail(ErrorCode::kNotFound,
                       tree_.path_of(directory) +
                           ": is empty, and was not: is its file system mounted? The trees stay")
                      .value());
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
