#include "io/file/tree_writer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <optional>
#include <utility>

#include "io/base/os_error.h"
#include "io/base/output_directory.h"
#include "io/file/beneath.h"
#include "io/file/manifest.h"
#include "io/file/staged_directory.h"

namespace engine::io {

Result<std::unique_ptr<TreeWriter>> TreeWriter::open(const std::string& output_directory,
                                                     Durability durability) {
  Result<OutputRoot> root = OutputRoot::open(output_directory, durability);
  if (!root) return tl::make_unexpected(std::move(root.error()));
  return std::unique_ptr<TreeWriter>(new TreeWriter(std::move(*root)));
}

bool TreeWriter::holds_manifest(const std::string& tree_path) const {
  return io::holds_manifest(root_.fd.get(), tree_path);
}

std::int64_t TreeWriter::manifest_time_ns(const std::string& tree_path) const {
  struct stat status {};
  if (::fstatat(root_.fd.get(), (tree_path + '/' + kManifestName).c_str(), &status,
                AT_SYMLINK_NOFOLLOW) != 0) {
    return 0;
  }
  return std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
}

bool TreeWriter::has_tree(const std::string& tree_path) {
  return is_plain_path(tree_path) && is_tree(root_.fd.get(), tree_path);
}

Result<std::size_t> TreeWriter::block_shared_with(const SourceText& source) {
  return sharing_disks_.block_shared_with(source, root_.build_path());
}

Result<std::unique_ptr<StagedTree>> TreeWriter::stage(const Tree& tree) {
  Result<std::unique_ptr<StagedDirectory>> staged = StagedDirectory::build(root_, way_, tree);
  if (!staged) return tl::make_unexpected(std::move(staged.error()));
  return std::unique_ptr<StagedTree>(std::move(*staged));
}

Result<bool> TreeWriter::move_tree(const std::string& from, const std::string& to,
                                   const std::string& source) {
  if (from == to) return false;
  Result<bool> is_at_from = belongs_to(from, source);
  if (!is_at_from || !*is_at_from) return is_at_from;
  const Result<bool> is_at_to = belongs_to(to, source);
  if (!is_at_to) return is_at_to;
  const auto true_if = [](const Result<void>& done) -> Result<bool> {
    return done ? Result<bool>(true) : tl::make_unexpected(done.error());
  };
  if (*is_at_to) return true_if(remove_tree(from, source));
  // One step: whatever fails, or whoever is killed, the tree is at one place or at the other.
  const Result<void> moved = way_.put(to, source, [&](const Place& place) -> Result<void> {
    const std::optional<Place> old_place = find_place(root_, from);
    if (old_place && ::renameat(old_place->parent.get(), old_place->leaf.c_str(),
                                place.parent.get(), place.leaf.c_str()) == 0) {
      return {};
    }
    if (is_occupied(errno)) return in_the_way(root_, to, "something else");
    return os_error(ErrorCode::kUnwritable, root_.shown(to),
                    "cannot move the tree here from " + root_.shown(from), errno);
  });
  if (moved) way_.remove_above(from);
  if (moved && root_.durable != nullptr) {  // of neither place is anything on the disk for certain
    root_.durable->distrust(from);
    root_.durable->distrust(to);
  }
  return true_if(moved);
}

Result<void> TreeWriter::remove_tree(const std::string& tree_path, const std::string& source) {
  const Descriptor tree = open_beneath(root_.fd.get(), tree_path, O_PATH | O_DIRECTORY);
  const int error = errno;
  const Result<bool> is_its_own = belongs_to(tree_path, source);
  if (!is_its_own) return tl::make_unexpected(is_its_own.error());
  if (!*is_its_own) return {};
  if (!tree) {
    return os_error(ErrorCode::kUnreadable, root_.shown(tree_path), "cannot be opened", error);
  }
  return way_.remove(tree_path, tree);
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
