#include "io/watch/folder_tree.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <vector>

namespace engine::io {
namespace {

constexpr int kPathFlags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr std::size_t kMostOpened = 16;

// Zero where the kernel does not say (before Linux 5.8).
std::uint64_t mount_of(int fd) {
  struct statx status {};
  if (::statx(fd, "", AT_EMPTY_PATH, STATX_MNT_ID, &status) != 0) return 0;
  return (status.stx_mask & STATX_MNT_ID) != 0 ? status.stx_mnt_id : 0;
}

}  // namespace

std::optional<DirectoryId> directory_id(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0 || !S_ISDIR(status.st_mode)) return std::nullopt;
  return DirectoryId{status.st_dev, status.st_ino};
}

FolderTree::FolderTree(Descriptor root, DirectoryId id) : root_(std::move(root)) {
  auto directory = std::make_unique<WatchedDirectory>();
  directory->id = id;
  by_id_.emplace(id, kRoot);
  directories_.emplace(kRoot, std::move(directory));
}

void FolderTree::replace_root(Descriptor root, DirectoryId id) {
  root_ = std::move(root);
  by_id_.erase(this->root().id);
  this->root().id = id;
  by_id_.insert_or_assign(id, kRoot);
  opened_.clear();
}

WatchedDirectory* FolderTree::find(DirectoryNumber number) {
  const auto found = directories_.find(number);
  return found == directories_.end() ? nullptr : found->second.get();
}

WatchedDirectory* FolderTree::find(const DirectoryId& id) {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : find(found->second);
}

WatchedDirectory& FolderTree::add(WatchedDirectory& parent, const std::string& name, DirectoryId id,
                                  std::int64_t born_ns) {
  auto made = std::make_unique<WatchedDirectory>();
  WatchedDirectory& directory = *made;
  directory.number = next_++;
  directory.parent = parent.number;
  directory.name = name;
  directory.id = id;
  directory.born_ns = born_ns;
  parent.directories.insert_or_assign(name, directory.number);
  by_id_.emplace(id, directory.number);  // the first one, where a directory has two places
  directories_.emplace(directory.number, std::move(made));
  return directory;
}

void FolderTree::each_below(WatchedDirectory& directory,
                            const std::function<void(WatchedDirectory&)>& call) {
  std::vector<DirectoryNumber> waiting = {directory.number};
  while (!waiting.empty()) {
    WatchedDirectory* const next = find(waiting.back());
    waiting.pop_back();
    if (next == nullptr) continue;
    for (const auto& [name, number] : next->directories) waiting.push_back(number);
    call(*next);
  }
}

bool FolderTree::holds_sources(WatchedDirectory& directory) {
  bool holds = false;
  each_below(directory, [&](WatchedDirectory& each) { holds = holds || !each.sources.empty(); });
  return holds;
}

void FolderTree::remove(WatchedDirectory& directory,
                        const std::function<void(WatchedDirectory&)>& on_removed) {
  std::vector<WatchedDirectory*> below;
  each_below(directory, [&](WatchedDirectory& each) { below.push_back(&each); });
  WatchedDirectory& parent = *find(directory.parent);
  const std::string name = directory.name;
  for (auto each = below.rbegin(); each != below.rend(); ++each) {
    const DirectoryNumber number = (*each)->number;
    on_removed(**each);
    close(number);
    const auto known = by_id_.find((*each)->id);
    if (known != by_id_.end() && known->second == number) by_id_.erase(known);
    directories_.erase(number);
  }
  parent.directories.erase(name);
}

void FolderTree::move(WatchedDirectory& directory, WatchedDirectory& parent,
                      const std::string& name) {
  find(directory.parent)->directories.erase(directory.name);
  directory.parent = parent.number;
  directory.name = name;
  parent.directories.insert_or_assign(name, directory.number);
}

std::string FolderTree::path_of(const WatchedDirectory& directory) const {
  std::vector<const std::string*> names;
  const WatchedDirectory* at = &directory;
  while (at->number != kRoot) {
    names.push_back(&at->name);
    at = directories_.at(at->parent).get();
  }
  std::string path;
  for (auto name = names.rbegin(); name != names.rend(); ++name) {
    if (!path.empty()) path += '/';
    path += **name;
  }
  return path;
}

std::string FolderTree::path_of(const WatchedDirectory& directory, std::string_view name) const {
  std::string path = path_of(directory);
  if (!path.empty()) path += '/';
  return path.append(name);
}

WatchedDirectory* FolderTree::find_directory(std::string_view path) {
  WatchedDirectory* directory = &root();
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const auto below = directory->directories.find(std::string(path.substr(0, slash)));
    if (below == directory->directories.end()) return nullptr;
    directory = find(below->second);
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return directory;
}

WatchedSource* FolderTree::find_source(std::string_view path) {
  const auto [above, name] = split_path(path);
  WatchedDirectory* const directory = find_directory(above);
  if (directory == nullptr) return nullptr;
  const auto source = directory->sources.find(std::string(name));
  return source == directory->sources.end() ? nullptr : &source->second;
}

bool FolderTree::is_below(const WatchedDirectory& directory, const WatchedDirectory& above) const {
  const WatchedDirectory* at = &directory;
  while (at->number != above.number) {
    if (at->number == kRoot) return false;
    at = directories_.at(at->parent).get();
  }
  return true;
}

int FolderTree::descriptor_of(const WatchedDirectory& directory) {
  if (directory.number == kRoot) return root_.get();
  const auto known = std::find_if(opened_.begin(), opened_.end(), [&](const Opened& opened) {
    return opened.number == directory.number;
  });
  if (known != opened_.end()) {
    opened_.splice(opened_.begin(), opened_, known);
    return opened_.front().descriptor.get();
  }
  Descriptor descriptor = open(directory);
  if (!descriptor || directory_id(descriptor.get()) != directory.id) return -1;
  if (opened_.size() == kMostOpened) opened_.pop_back();
  const bool in_other_mount = is_in_other_mount(descriptor.get(), directory.id);
  opened_.push_front({directory.number, std::move(descriptor), in_other_mount});
  return opened_.front().descriptor.get();
}

bool FolderTree::is_in_other_mount(int fd, const DirectoryId& id) {
  return id.device != root().id.device || mount_of(fd) != mount_of(root_.get());
}

// Name by name: no link is followed, and no path is too long.
Descriptor FolderTree::open(const WatchedDirectory& directory) const {
  Descriptor reached(::openat(root_.get(), ".", kPathFlags));
  const std::string path = path_of(directory);
  std::string_view rest = path;
  while (reached && !rest.empty()) {
    const std::string name(rest.substr(0, rest.find('/')));
    rest.remove_prefix(std::min(name.size() + 1, rest.size()));
    reached = Descriptor(::openat(reached.get(), name.c_str(), kPathFlags));
  }
  return reached;
}

void FolderTree::close(DirectoryNumber number) {
  opened_.remove_if([&](const Opened& opened) { return opened.number == number; });
}

void FolderTree::close_other_mounts() {
  opened_.remove_if([](const Opened& opened) { return opened.in_other_mount; });
}

}  // namespace engine::io
