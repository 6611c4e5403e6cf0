#include "io/file/tree_writer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "io/base/directory.h"
#include "io/base/os_error.h"
#include "io/base/tree_name.h"
#include "io/file/beneath.h"
#include "io/file/manifest.h"
#include "io/file/remove_all.h"
#include "io/file/staged_directory.h"

namespace engine::io {
namespace {

void remove_empty_below(int directory) {
  std::vector<DirectoryEntry> entries;
  list_directory(directory, entries);
  for (const DirectoryEntry& entry : entries) {
    const Descriptor below(
        ::openat(directory, entry.name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!below) continue;
    remove_empty_below(below.get());
    ::unlinkat(directory, entry.name.c_str(), AT_REMOVEDIR);
  }
}

}  // namespace

Result<std::unique_ptr<TreeWriter>> TreeWriter::open(const std::string& output_directory,
                                                     Durability durability) {
  Result<OutputRoot> root = OutputRoot::open(output_directory, durability);
  if (!root) return tl::make_unexpected(std::move(root.error()));
  return std::unique_ptr<TreeWriter>(new TreeWriter(std::move(*root)));
}

bool TreeWriter::holds_manifest(const std::string& tree_path) const {
  return io::holds_manifest(root_.fd.get(), tree_path);
}

bool TreeWriter::has_tree(const std::string& tree_path) {
  return is_plain_path(tree_path) && is_tree(root_.fd.get(), tree_path);
}

Result<std::size_t> TreeWriter::block_shared_with(const SourceText& source) {
  return sharing_disks_.block_shared_with(source, root_.build_path());
}

Result<std::unique_ptr<StagedTree>> TreeWriter::stage(const Tree& tree) {
  Result<std::unique_ptr<StagedDirectory>> staged = StagedDirectory::build(root_, tree);
  if (!staged) return tl::make_unexpected(std::move(staged.error()));
  return std::unique_ptr<StagedTree>(std::move(*staged));
}

Result<void> TreeWriter::move_tree(const std::string& from, const std::string& to,
                                   const std::string& source) {
  if (from == to) return {};
  const Result<bool> is_at_from = belongs_to(from, source);
  if (!is_at_from) return tl::make_unexpected(is_at_from.error());
  if (!*is_at_from) return {};
  const Result<bool> is_at_to = belongs_to(to, source);
  if (!is_at_to) return tl::make_unexpected(is_at_to.error());
  if (*is_at_to) return remove_tree(from, source);
  Result<Place> old_place = open_place(root_, from);
  if (!old_place) return tl::make_unexpected(std::move(old_place.error()));
  Result<Place> place = open_place(root_, to);
  if (!place) return tl::make_unexpected(std::move(place.error()));
  // One step: whatever fails, or whoever is killed, the tree is at one place or at the other.
  if (::renameat(old_place->parent.get(), old_place->leaf.c_str(), place->parent.get(),
                 place->leaf.c_str()) != 0) {
    return os_error(ErrorCode::kUnwritable, root_.shown(to),
                    "cannot move the tree here from " + root_.shown(from), errno);
  }
  if (root_.durable != nullptr) {  // of neither place is anything on the disk for certain
    root_.durable->distrust(from);
    root_.durable->distrust(to);
  }
  return {};
}

Result<void> TreeWriter::remove_tree(const std::string& tree_path, const std::string& source) {
  const Result<bool> is_its_own = belongs_to(tree_path, source);
  if (!is_its_own) return tl::make_unexpected(is_its_own.error());
  if (!*is_its_own) return {};
  Result<Place> place = open_place(root_, tree_path);
  if (!place) return tl::make_unexpected(std::move(place.error()));
  const std::string name = OutputRoot::build_name();
  const auto take = [&] {
    const int parent = place->parent.get();
    return ::renameat(parent, place->leaf.c_str(), root_.build.get(), name.c_str()) == 0;
  };
  if (!take() && (errno != ENOENT || !root_.mend_build() || !take())) {
    return os_error(ErrorCode::kUnwritable, root_.shown(tree_path), "cannot remove the tree",
                    errno);
  }
  if (root_.durable != nullptr) {
    root_.durable->distrust(tree_path);
    root_.durable->discard(name);
  } else {
    remove_all(root_.build.get(), name);
  }
  return {};
}

bool TreeWriter::are_of_same_bytes(const std::string& tree_path, const std::string& other) const {
  const auto hash_of = [&](const std::string& path) {
    const Descriptor tree = is_plain_path(path)
                                ? open_beneath(root_.fd.get(), path, O_PATH | O_DIRECTORY)
                                : Descriptor();
    const Result<Manifest> manifest =
        tree ? read_manifest(tree.get(), root_.shown(path)) : fail(ErrorCode::kNotFound, path);
    return manifest ? manifest->source.hash : std::string();
  };
  const std::string hash = hash_of(tree_path);
  return !hash.empty() && hash == hash_of(other);
}

std::optional<std::vector<TreeWriter::PlacedTree>> TreeWriter::trees_at(
    const std::string& path) const {
  if (!is_plain_path(path)) return std::nullopt;
  std::vector<PlacedTree> trees;
  struct stat status {};
  if (::fstatat(root_.fd.get(), path.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 &&
      errno == ENOENT) {
    return trees;
  }
  if (!collect_trees(path, trees)) return std::nullopt;
  return trees;
}

std::vector<TreeWriter::PlacedTree> TreeWriter::all_trees() const {
  std::vector<PlacedTree> trees;
  std::vector<DirectoryEntry> entries;
  list_directory(root_.fd.get(), entries);
  for (const DirectoryEntry& entry : entries) {
    // What is no tree ends the walk below one name, not the others.
    if (entry.name != kEngineDirectory) collect_trees(entry.name, trees);
  }
  return trees;
}

Result<std::string> TreeWriter::set_aside(const std::string& path) {
  Result<Place> place = open_place(root_, path);
  if (!place) return tl::make_unexpected(std::move(place.error()));
  constexpr const char* kMadeWay = "made_way";
  constexpr int kOpen = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  const std::string name = OutputRoot::build_name();
  const Descriptor own(::openat(root_.fd.get(), std::string(kEngineDirectory).c_str(), kOpen));
  const bool is_made = own && (::mkdirat(own.get(), kMadeWay, 0777) == 0 || errno == EEXIST);
  const Descriptor to(is_made ? ::openat(own.get(), kMadeWay, kOpen) : -1);
  if (!to || ::renameat(place->parent.get(), place->leaf.c_str(), to.get(), name.c_str()) != 0) {
    return os_error(ErrorCode::kUnwritable, root_.shown(path), "cannot be moved out of the way",
                    errno);
  }
  return root_.shown(std::string(kEngineDirectory) + '/' + kMadeWay + '/' + name);
}

void TreeWriter::remove_empty_directories(const std::string& path) {
  const Descriptor directory = is_plain_path(path)
                                   ? open_beneath(root_.fd.get(), path, O_RDONLY | O_DIRECTORY)
                                   : Descriptor();
  if (!directory) return;
  remove_empty_below(directory.get());
  // Not empty: somebody put something there meanwhile, and whoever needs the place says so.
  const Result<Place> place = open_place(root_, path);
  if (place) ::unlinkat(place->parent.get(), place->leaf.c_str(), AT_REMOVEDIR);
}

bool TreeWriter::collect_trees(const std::string& path, std::vector<PlacedTree>& trees) const {
  const Descriptor directory = open_beneath(root_.fd.get(), path, O_RDONLY | O_DIRECTORY);
  if (!directory) return false;
  if (is_tree(directory.get(), ".")) {
    Result<Manifest> manifest = read_manifest(directory.get(), path);
    if (!manifest) return false;
    trees.push_back({path, std::move(manifest->source.path)});
    return true;
  }
  std::vector<DirectoryEntry> entries;
  if (list_directory(directory.get(), entries) != 0) return false;
  bool all_are = true;  // and the others are looked at whatever one of them is
  for (const DirectoryEntry& entry : entries) {
    const bool is_way = entry.kind == EntryKind::kDirectory;
    all_are &= is_way && collect_trees(path + '/' + entry.name, trees);
  }
  return all_are;
}

Result<bool> TreeWriter::belongs_to(const std::string& tree_path, const std::string& source) const {
  if (!is_plain_path(tree_path)) return false;
  const Descriptor tree = open_beneath(root_.fd.get(), tree_path, O_PATH | O_DIRECTORY);
  if (!tree) {
    if (is_other(errno)) return false;
    return os_error(ErrorCode::kUnreadable, root_.shown(tree_path), "cannot be opened", errno);
  }
  const Result<Manifest> manifest = read_manifest(tree.get(), root_.shown(tree_path));
  if (!manifest && manifest.error().transient) return tl::make_unexpected(manifest.error());
  return manifest && manifest->source.path == source;
}

}  // namespace engine::io
