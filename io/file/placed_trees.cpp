#include "io/file/placed_trees.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "io/base/directory.h"
#include "io/base/output_directory.h"
#include "io/file/beneath.h"
#include "io/file/manifest.h"

namespace engine::io {
namespace {

bool collect_trees(const OutputRoot& root, const std::string& path,
                   std::vector<PlacedTree>& trees) {
  const Descriptor directory = open_beneath(root.fd.get(), path, O_RDONLY | O_DIRECTORY);
  if (!directory) return false;
  if (is_tree(directory.get(), ".")) {
    Result<Manifest> manifest = read_manifest(directory.get(), path);
    if (!manifest) return false;
    trees.push_back({path, std::move(manifest->source.path)});
    return true;
  }
  std::vector<DirectoryEntry> entries;
  if (list_directory(directory.get(), entries) != 0) return false;
  if (is_output_directory(directory.get())) return false;  // the trees of another one
  bool all_are = true;  // and the others are looked at whatever one of them is
  for (const DirectoryEntry& entry : entries) {
    const bool is_way = entry.kind == EntryKind::kDirectory;
    all_are &= is_way && collect_trees(root, path + '/' + entry.name, trees);
  }
  return all_are;
}

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

std::optional<std::vector<PlacedTree>> trees_at(const OutputRoot& root, const std::string& path) {
  if (!is_plain_path(path)) return std::nullopt;
  std::vector<PlacedTree> trees;
  struct stat status {};
  if (::fstatat(root.fd.get(), path.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 &&
      errno == ENOENT) {
    return trees;
  }
  if (!collect_trees(root, path, trees)) return std::nullopt;
  return trees;
}

std::vector<PlacedTree> all_trees(const OutputRoot& root) {
  std::vector<PlacedTree> trees;
  std::vector<DirectoryEntry> entries;
  list_directory(root.fd.get(), entries);
  for (const DirectoryEntry& entry : entries) {
    // What is no tree ends the walk below one name, not the others.
    if (entry.name != kEngineDirectory) collect_trees(root, entry.name, trees);
  }
  return trees;
}

void remove_empty_directories(const OutputRoot& root, const std::string& path) {
  const Descriptor directory = is_plain_path(path)
                                   ? open_beneath(root.fd.get(), path, O_RDONLY | O_DIRECTORY)
                                   : Descriptor();
  if (!directory) return;
  remove_empty_below(directory.get());
  // Not empty: somebody put something there meanwhile, and whoever needs the place says so.
  const std::optional<Place> place = find_place(root, path);
  if (place) ::unlinkat(place->parent.get(), place->leaf.c_str(), AT_REMOVEDIR);
}

}  // namespace engine::io
