// The half of FolderFollower that looks through directories.

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include "io/base/os_error.h"
#include "io/base/output_directory.h"
#include "io/watch/choose_source.h"
#include "io/watch/folder_follower.h"

namespace engine::io {
namespace {

// Of one scan_some(): events are read in between, so that the kernel's queue does not run over.
constexpr int kEntriesAtOnce = 256;

bool can_be_listed(int fd) {
  return static_cast<bool>(Descriptor(::openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
}

}  // namespace

void FolderFollower::begin_scan(bool distrustful) {
  wants_scan_ = false;
  if (distrustful) lose_others();
  look_again_.reset();
  distrustful_ = distrustful;
  scans_everything_ = true;
  has_listed_all_ = false;
  saw_everything_ = true;
  links_ = special_files_ = 0;
  listing_.reset();
  to_list_.clear();
  searches_.clear();
  push(FolderTree::kRoot, true);
  client_.scan_began();
}

void FolderFollower::begin_poll() {
  for (const DirectoryNumber number : polled_) push(number, false);
}

void FolderFollower::scan_some() {
  for (int left = kEntriesAtOnce; left > 0 && wants_events() && has_to_list(); --left) {
    if (!listing_ && to_list_.empty()) {
      search_on();
      break;
    }
    if (!listing_ && !open_listing()) continue;
    WatchedDirectory* const directory = tree_.find(listing_->directory);
    if (directory == nullptr) {  // it is gone, and so is what was in it
      listing_.reset();
    } else if (listing_->next < listing_->entries.size()) {
      look_at_entry(*directory, listing_->entries[listing_->next++]);
    } else {
      close_listing(*directory);
    }
  }
  if (!scans_everything_) return;
  if (has_to_list()) {
    has_listed_all_ = false;
    return;
  }
  if (!std::exchange(has_listed_all_, true)) held_of_scan_ = held_.size();
  if (!has_told_of_scan()) return;
  scans_everything_ = has_listed_all_ = false;
  distrustful_ = false;
  if (saw_everything_) look_again_pause_ = Duration::zero();
  counts_.links_not_followed = links_;
  counts_.special_files = special_files_;
  ++counts_.rescans;
  miss_expected();
  client_.scan_ended(std::exchange(is_first_scan_, false));
}

bool FolderFollower::open_listing() {
  const auto [number, recursive] = *to_list_.begin();
  to_list_.erase(to_list_.begin());
  WatchedDirectory* const directory = tree_.find(number);
  if (directory == nullptr) return false;
  errno = 0;
  const int fd = tree_.descriptor_of(*directory);
  if (fd < 0) {
    if (!is_elsewhere(errno)) could_not_look(shown(*directory), errno);
    if (number != FolderTree::kRoot) push(directory->parent, false);
    return false;
  }
  // Whatever was lost may have been of its watch too.
  if (distrustful_) watch(*directory, fd, tree_.find(directory->parent)->id.device);
  Listing listing;
  listing.directory = number;
  listing.recursive = recursive;
  listing.number = next_listing_++;
  const int error = list_directory(fd, listing.entries);
  if (error != 0) {
    saw_everything_ = false;
    if (is_transient(error)) look_again_soon();
    if (unreadable_.insert(number).second) {
      tell_unreadable(shown(*directory), "cannot read the directory", error, directory->is_polled);
    }
    return false;
  }
  if (unreadable_.erase(number) != 0) client_.notice(shown(*directory) + ": can be read now");
  std::erase_if(listing.entries, [&](const DirectoryEntry& entry) {
    if (!options_.left_out || entry.kind != EntryKind::kDirectory) return false;
    EntryStatus status;
    return status_of(fd, entry.name, status) == 0 && status.id == *options_.left_out;
  });
  listing.names = TreeNames(listing.entries);
  for (const DirectoryEntry& entry : listing.entries) {
    links_ += entry.kind == EntryKind::kLink;
    special_files_ += entry.kind == EntryKind::kOther;
  }
  note_others(*directory, listing.entries);
  listing_ = std::move(listing);
  return true;
}

// What looks like a source is one, or a look at it says what else it is.
void FolderFollower::note_others(WatchedDirectory& directory,
                                 const std::vector<DirectoryEntry>& entries) {
  if (directory.is_polled) return;
  directory.others.begin();
  for (const DirectoryEntry& entry : entries) {
    if (!looks_like_source(directory, entry)) directory.others.add(entry.name);
  }
}

bool FolderFollower::looks_like_source(const WatchedDirectory& directory,
                                       const DirectoryEntry& entry) const {
  return entry.kind == EntryKind::kFile &&
         options_.names.matches(tree_.path_of(directory, entry.name));
}

void FolderFollower::look_at_entry(WatchedDirectory& directory, const DirectoryEntry& entry) {
  const bool is_known =
      directory.sources.count(entry.name) != 0 || directory.directories.count(entry.name) != 0;
  if (is_known || entry.kind == EntryKind::kDirectory || looks_like_source(directory, entry)) {
    look(directory, entry.name, How::kScanned);
  }
  // What was found may have been that the directory itself is gone, and its listing with it.
  const WatchedDirectory* const still = listing_ ? tree_.find(listing_->directory) : nullptr;
  if (still == nullptr || !listing_->recursive) return;
  const auto below = still->directories.find(entry.name);
  if (below != still->directories.end()) push(below->second, true);
}

// What is known and was not among the entries is looked at again: it may be gone, or new.
void FolderFollower::close_listing(WatchedDirectory& directory) {
  const Listing listing = *std::exchange(listing_, std::nullopt);
  std::vector<std::string> missing;
  for (auto& [name, source] : directory.sources) {
    const bool keeps = listing.names.tree_name(name).size() == name.size();
    if (source.scan != listing.number) {
      missing.push_back(name);
    } else if (keeps != source.keeps_full_name) {  // what has come since may have named it already
      place(directory, name, source,
            listing.names_are_stale ? keeps_full_name(directory, name) : keeps);
    }
  }
  std::vector<std::string> found;
  for (const DirectoryEntry& entry : listing.entries) found.push_back(entry.name);
  std::sort(found.begin(), found.end());
  for (const auto& [name, number] : directory.directories) {
    if (!std::binary_search(found.begin(), found.end(), name)) missing.push_back(name);
  }
  const DirectoryNumber number = directory.number;
  for (const std::string& name : missing) {
    WatchedDirectory* const still = tree_.find(number);  // it may be found gone meanwhile
    if (still == nullptr) return;
    look(*still, name, How::kScanned);
  }
}

// Directories.

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
  push(directory.number, true);
}

void FolderFollower::watch_again(WatchedDirectory& directory) {
  const int fd = tree_.descriptor_of(directory);
  if (fd >= 0) watch(directory, fd, tree_.find(directory.parent)->id.device);
  push(directory.number, true);
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
    for (auto& [source_name, source] : each.sources) {
      sources.emplace_back(EntryKey{each.number, source_name}, tree_.path_of(each, source_name));
    }
  });
  tree_.move(moved, to, name);
  place_again(parent, old_name);
  // What hid it, where it was, has not been looked at.
  if (unreadable_.contains(moved.number)) push(parent.number, false);
  for (const auto& [key, old_path] : sources) {
    WatchedDirectory& directory = *tree_.find(key.directory);
    WatchedSource& source = directory.sources.at(key.name);
    client_.tree_placed(tree_.path_of(directory, key.name), tree_path(directory, key.name, source));
    if (!source.is_seen && !source.is_awaited) continue;
    tell_renamed(old_path, tree_.path_of(directory, key.name));
    if (!source.is_seen) continue;  // it still settles
    hand_on(directory, key.name, source, source.version, How::kComplete);
  }
  watch_again(moved);  // looks made by the old path may have missed something
  return true;
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
