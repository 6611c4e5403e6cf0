// The part of FolderFollower that looks at directories: whether they are what is known, and
// watched.

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <utility>

#include "io/base/output_directory.h"
#include "io/watch/choose_source.h"
#include "io/watch/folder_follower.h"

namespace engine::io {
namespace {

bool can_be_listed(int fd) {
  return static_cast<bool>(Descriptor(::openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
}

}  // namespace

void FolderFollower::look_at_directory(WatchedDirectory& directory, const std::string& name,
                                       const EntryStatus& status, How how) {
  if (leave_output_out(directory, name)) return;
  const auto known = directory.directories.find(name);
  WatchedDirectory* const below =
      known == directory.directories.end() ? nullptr : tree_.find(known->second);
  if (below != nullptr && is_same(*below, status)) {
    // Deleted and made again, perhaps, where nothing tells the two apart; or it can be read now.
    const bool is_new = how != How::kScanned && how != How::kTouched;
    if (is_new || unreadable_.contains(below->number)) watch_again(*below);
    return;
  }
  if (below != nullptr && may_be_for_a_mount(*below, status) && hides_sources(directory, *below)) {
    return;
  }
  const DirectoryNumber number = directory.number;
  if (below != nullptr && was_renamed_beside(directory, *below)) {
    // What was found there may have made an OUTPUT of this directory: then it is not watched.
    if (WatchedDirectory* const still = tree_.find(number)) {
      look_at_directory(*still, name, status, how);
    }
    return;
  }
  const bool is_output = status.id == options_.left_out;
  // First: whose name it has taken from a source has not got it.
  if (!is_output) directory.others.add(name);
  if (below != nullptr || directory.sources.count(name) != 0) forget(directory, name);
  if (!is_output) place_again(directory, name);
  if (is_output || options_.names.excludes(tree_.path_of(directory, name))) return;
  WatchedDirectory* const elsewhere = tree_.find(status.id);
  if (elsewhere != nullptr && !is_same(*elsewhere, status) &&
      !tree_.is_below(directory, *elsewhere)) {
    forget(*tree_.find(elsewhere->parent), std::string(elsewhere->name));  // it had that number
  } else if (elsewhere != nullptr && move_directory(*elsewhere, directory, name)) {
    return;
  }
  add_directory(directory, name, status);
}

bool FolderFollower::is_same(const WatchedDirectory& directory, const EntryStatus& status) {
  return directory.id == status.id &&
         (directory.born_ns == status.born_ns || directory.born_ns == 0 || status.born_ns == 0);
}

// What lies at the place of the directory now is what was under its file system, or another file
// system over it.
bool FolderFollower::may_be_for_a_mount(const WatchedDirectory& directory,
                                        const EntryStatus& status) {
  return directory.is_mount || status.is_mount || directory.id.device != status.id.device;
}

// True where the entry has made an OUTPUT of its directory, or of the one above: another engine
// writes here, and none of this is input.
bool FolderFollower::leave_output_out(WatchedDirectory& directory, const std::string& name) {
  WatchedDirectory* output = &directory;
  if (name != kEngineDirectory) {
    if (directory.name != kEngineDirectory) return false;
    output = tree_.find(directory.parent);
  }
  if (output->number == FolderTree::kRoot) return false;
  const int fd = tree_.descriptor_of(*output);
  if (fd < 0 || !is_output_directory(fd)) return false;
  client_.notice(tree_.path_of(*output) + ": an output directory of engine, left out");
  WatchedDirectory& parent = *tree_.find(output->parent);
  const std::string own_name = output->name;
  remove_directory(*output);
  meet_other(parent, own_name);
  return true;
}

void FolderFollower::add_directory(WatchedDirectory& parent, const std::string& name,
                                   const EntryStatus& status) {
  errno = 0;
  const int above = tree_.descriptor_of(parent);
  constexpr int kFlags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  const Descriptor fd(above < 0 ? -1 : ::openat(above, name.c_str(), kFlags));
  const std::optional<DirectoryId> id = fd ? directory_id(fd.get()) : std::nullopt;
  if (!id && !is_elsewhere(errno)) could_not_look(tree_.path_of(parent, name), errno);
  if (id != status.id) return;  // it has gone again; events tell more
  if (is_output_directory(fd.get())) {
    client_.notice(tree_.path_of(parent, name) + ": an output directory of engine, left out");
    return;
  }
  WatchedDirectory& directory = tree_.add(parent, name, status.id, status.born_ns);
  directory.is_mount = status.is_mount;
  // First the watch, then the look: what comes between is told, or seen.
  watch(directory, fd.get(), parent.id.device);
  scan_.push(directory.number, true);
}

void FolderFollower::watch_again(WatchedDirectory& directory) {
  const int fd = tree_.descriptor_of(directory);
  if (fd >= 0) watch(directory, fd, tree_.find(directory.parent)->id.device);
  scan_.push(directory.number, true);
}

void FolderFollower::watch(WatchedDirectory& directory, int fd, dev_t parent_device) {
  const bool is_second_place = tree_.find(directory.id) != &directory;
  const bool is_remote = directory.id.device != parent_device && is_remote_filesystem(fd);
  Result<void> watched = {};
  if (!is_second_place && !is_remote) watched = source_.watch(fd, directory.number);
  directory.is_polled = is_second_place || is_remote || !watched;
  directory.others.lose();  // of what came before nobody has told
  if (!directory.is_polled) {
    polled_.erase(directory.number);
    return;
  }
  polled_.insert(directory.number);
  // Of one that cannot be read its listing tells.
  if (!watched && source_.kind() != EventSourceKind::kPolling && can_be_listed(fd) &&
      !std::exchange(told_of_polling_, true)) {
    Error error = watched.error();
    error.message = fmt::format(
        "{}: has no events ({}): it is looked at every {:g} s instead, and so is any other "
        "directory without (directories_polled counts them)",
        shown(directory), error.message,
        std::chrono::duration<double>(options_.poll_interval).count());
    client_.problem(error);
  }
}

// True when the known directory is really here now, and no longer where it was.
bool FolderFollower::move_directory(WatchedDirectory& moved, WatchedDirectory& to,
                                    const std::string& name) {
  if (moved.number == FolderTree::kRoot || tree_.is_below(to, moved)) return false;
  WatchedDirectory& parent = *tree_.find(moved.parent);
  const std::string old_name = moved.name;
  EntryStatus status;
  const int above = tree_.descriptor_of(parent);
  if (above >= 0 && status_of(above, old_name, status) == 0 && status.id == moved.id) return false;
  std::vector<std::pair<EntryKey, std::string>> sources;
  tree_.each_below(moved, [&](WatchedDirectory& each) {
    tree_.close(each.number);
    for (auto& [source_name, source] : each.sources) {
      sources.emplace_back(EntryKey{each.number, source_name}, told_path(each, source_name));
    }
  });
  tree_.move(moved, to, name);
  vanished_.forget(moved.number);
  place_again(parent, old_name);
  // What hid it, where it was, has not been looked at.
  if (unreadable_.contains(moved.number)) scan_.push(parent.number, false);
  for (const auto& [key, old_path] : sources) {
    WatchedDirectory& directory = *tree_.find(key.directory);
    // Its trees stay as they are: whoever was told of the new path would not find it.
    if (tree_.descriptor_of(directory) < 0) {
      hidden_.try_emplace(key, old_path);
      continue;
    }
    WatchedSource& source = directory.sources.at(key.name);
    tell_moved(key, source, old_path);
    if (source.is_seen) hand_on(directory, key.name, source, source.version, How::kComplete);
  }
  watch_again(moved);  // looks made by the old path may have missed something
  return true;
}

// Another has come to its place before anybody looked. What is hidden below it would be told gone
// with its old name: it is found under the new one first.
bool FolderFollower::was_renamed_beside(WatchedDirectory& parent,
                                        const WatchedDirectory& directory) {
  if (!tree_.holds_sources(*tree_.find(directory.number))) return false;
  const DirectoryNumber number = directory.number;
  const int fd = tree_.descriptor_of(parent);
  std::vector<DirectoryEntry> entries;
  if (fd < 0 || list_directory(fd, entries) != 0) return false;
  for (const DirectoryEntry& entry : entries) {
    EntryStatus status;
    const bool is_it = entry.kind == EntryKind::kDirectory &&
                       !parent.directories.contains(entry.name) &&
                       status_of(fd, entry.name, status) == 0 && is_same(directory, status);
    if (!is_it) continue;
    look(parent, entry.name, How::kAppeared);
    const WatchedDirectory* const moved = tree_.find(number);
    return moved == nullptr || moved->name == entry.name;
  }
  return false;
}

// The source is seen where its directory is now; `from`: under which path it was told.
void FolderFollower::tell_moved(const EntryKey& file, WatchedSource& source,
                                const std::string& from) {
  const WatchedDirectory& directory = *tree_.find(file.directory);
  const std::string path = tree_.path_of(directory, file.name);
  hidden_.erase(file);
  client_.tree_placed(path, tree_path(directory, file.name, source));
  const bool is_known = source.is_seen || source.is_awaited;
  // Another may have come to the old path meanwhile.
  if (is_known && path != from && tree_.find_source(from) == nullptr) tell_renamed(from, path);
}

void FolderFollower::replace_root(Descriptor root, DirectoryId id) {
  expect_again();
  tree_.replace_root(std::move(root), id);
  watch_root();
}

void FolderFollower::watch_root() {
  WatchedDirectory& root = tree_.root();
  watch(root, tree_.descriptor_of(root), root.id.device);
}

}  // namespace engine::io
