// The half of FolderFollower that looks through directories.

#include <algorithm>
#include <cerrno>
#include <utility>

#include "io/base/os_error.h"
#include "io/watch/folder_follower.h"

namespace engine::io {
namespace {

// Of one scan_some(): events are read in between, so that the kernel's queue does not run over.
constexpr int kEntriesAtOnce = 256;

}  // namespace

void FolderFollower::begin_scan(bool distrustful) {
  wants_scan_ = false;
  if (distrustful) lose_others();
  look_again_.begun();
  listing_.reset();
  searches_.clear();
  scan_.begin(distrustful);
  scan_.push(FolderTree::kRoot, true);
  client_.scan_began();
}

void FolderFollower::begin_poll() {
  for (const DirectoryNumber number : polled_) scan_.push(number, false);
}

void FolderFollower::scan_some() {
  for (int left = kEntriesAtOnce; left > 0 && wants_events() && has_to_list(); --left) {
    if (!listing_ && !scan_.has_directories()) {
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
  if (!scan_.is_of_everything()) return;
  if (has_to_list()) return scan_.goes_on();
  if (scan_.has_listed_all()) held_.mark_scan();
  if (held_.has_told_scan()) end_scan();
}

void FolderFollower::end_scan() {
  const bool was_first = scan_.end();
  if (scan_.saw_everything()) look_again_.saw_everything();
  counts_.links_not_followed = scan_.links();
  counts_.special_files = scan_.special_files();
  ++counts_.rescans;
  tell_missing();
  client_.scan_ended(was_first);
}

bool FolderFollower::open_listing() {
  const auto [number, recursive] = scan_.take_directory();
  WatchedDirectory* const directory = tree_.find(number);
  if (directory == nullptr) return false;
  errno = 0;
  const int fd = tree_.descriptor_of(*directory);
  if (fd < 0) {
    const bool is_known = is_elsewhere(errno);
    if (!is_known) could_not_look(shown(*directory), errno);
    if (number == FolderTree::kRoot) return false;
    if (!is_known) {
      scan_.push(directory->parent, false);
    } else {  // the one above may not be at its place either, though it is still open
      tree_.close(directory->parent);
      look(*tree_.find(directory->parent), std::string(directory->name), How::kScanned);
    }
    return false;
  }
  // Whatever was lost may have been of its watch too.
  if (scan_.is_distrustful()) watch(*directory, fd, tree_.find(directory->parent)->id.device);
  Listing listing;
  listing.directory = number;
  listing.recursive = recursive;
  listing.number = next_listing_++;
  const int error = list_directory(fd, listing.entries);
  if (error != 0) {
    scan_.missed_some();
    if (is_transient(error)) look_again_.ask(clock_.now());
    if (unreadable_.insert(number).second) {
      tell_unreadable(shown(*directory), "cannot read the directory", error, directory->is_polled);
    }
    return false;
  }
  if (unreadable_.erase(number) != 0) client_.notice(shown(*directory) + ": can be read now");
  // Else it is found out when the entry is looked at.
  listing.names = TreeNames::without_output(listing.entries, [&](const std::string& name) {
    EntryStatus status;
    return options_.left_out && status_of(fd, name, status) == 0 && status.id == *options_.left_out;
  });
  scan_.count(listing.entries);
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
  if (below != still->directories.end()) scan_.push(below->second, true);
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

}  // namespace engine::io
