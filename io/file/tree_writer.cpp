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
#include "io/file/output_root.h"
#include "io/file/placed_trees.h"
#include "io/file/shared_blocks.h"
#include "io/file/staged_directory.h"
#include "io/file/way_maker.h"

namespace engine::io {

class TreeWriter::Impl {
 public:
  explicit Impl(OutputRoot opened) : root(std::move(opened)) {}

  const OutputRoot root;
  WayMaker way{root};
  SharingDisks sharing_disks;
};

TreeWriter::TreeWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TreeWriter::~TreeWriter() = default;

Result<std::unique_ptr<TreeWriter>> TreeWriter::open(const std::string& output_directory,
                                                     Durability durability) {
  Result<OutputRoot> root = OutputRoot::open(output_directory, durability);
  if (!root) return tl::make_unexpected(std::move(root.error()));
  return std::unique_ptr<TreeWriter>(new TreeWriter(std::make_unique<Impl>(std::move(*root))));
}

Durability TreeWriter::durability() const {
  return impl_->root.durable == nullptr ? Durability::kProcess : Durability::kPower;
}

Result<void> TreeWriter::sync_published() {
  if (impl_->root.durable == nullptr) return {};
  return impl_->root.durable->sync_published();
}

void TreeWriter::trust(const std::string& tree_path) {
  if (impl_->root.durable != nullptr) impl_->root.durable->trust(tree_path);
}

bool TreeWriter::holds_manifest(const std::string& tree_path) const {
  return io::holds_manifest(impl_->root.fd.get(), tree_path);
}

std::int64_t TreeWriter::manifest_time_ns(const std::string& tree_path) const {
  struct stat status {};
  if (::fstatat(impl_->root.fd.get(), (tree_path + '/' + kManifestName).c_str(), &status,
                AT_SYMLINK_NOFOLLOW) != 0) {
    return 0;
  }
  return std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
}

bool TreeWriter::has_tree(const std::string& tree_path) {
  return is_plain_path(tree_path) && is_tree(impl_->root.fd.get(), tree_path);
}

Result<std::size_t> TreeWriter::block_shared_with(const SourceText& source) {
  return impl_->sharing_disks.block_shared_with(source, impl_->root.build_path());
}

Result<std::unique_ptr<StagedTree>> TreeWriter::stage(const Tree& tree) {
  Result<std::unique_ptr<StagedDirectory>> staged =
      StagedDirectory::build(impl_->root, impl_->way, tree);
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
  const Result<void> moved = impl_->way.put(to, source, [&](const Place& place) -> Result<void> {
    const std::optional<Place> old_place = find_place(impl_->root, from);
    if (old_place && ::renameat(old_place->parent.get(), old_place->leaf.c_str(),
                                place.parent.get(), place.leaf.c_str()) == 0) {
      return {};
    }
    if (is_occupied(errno)) return in_the_way(impl_->root, to, "something else");
    return os_error(ErrorCode::kUnwritable, impl_->root.shown(to),
                    "cannot move the tree here from " + impl_->root.shown(from), errno);
  });
  if (moved) impl_->way.remove_above(from);
  if (moved &&
      impl_->root.durable != nullptr) {  // of neither place is anything on the disk for certain
    impl_->root.durable->distrust(from);
    impl_->root.durable->distrust(to);
  }
  return true_if(moved);
}

Result<void> TreeWriter::remove_tree(const std::string& tree_path, const std::string& source) {
  const Descriptor tree = open_beneath(impl_->root.fd.get(), tree_path, O_PATH | O_DIRECTORY);
  const int error = errno;
  const Result<bool> is_its_own = belongs_to(tree_path, source);
  if (!is_its_own) return tl::make_unexpected(is_its_own.error());
  if (!*is_its_own) return {};
  if (!tree) {
    return os_error(ErrorCode::kUnreadable, impl_->root.shown(tree_path), "cannot be opened",
                    error);
  }
  return impl_->way.remove(tree_path, tree);
}

std::vector<PlacedTree> TreeWriter::all_trees() const { return io::all_trees(impl_->root); }
void TreeWriter::set_owners(TreeOwners& owners) { impl_->way.set_owners(owners); }
std::string TreeWriter::temp_directory() const { return impl_->root.build_path(); }
Result<void> TreeWriter::check_build() const { return impl_->root.check_build(); }
Result<void> TreeWriter::check_place() const { return impl_->root.check_place(); }
bool TreeWriter::is_deleted() const { return impl_->root.is_deleted(); }

bool TreeWriter::are_of_same_bytes(const std::string& tree_path, const std::string& other) const {
  const auto hash_of = [&](const std::string& path) {
    const Descriptor tree = is_plain_path(path)
                                ? open_beneath(impl_->root.fd.get(), path, O_PATH | O_DIRECTORY)
                                : Descriptor();
    const Result<Manifest> manifest = tree ? read_manifest(tree.get(), impl_->root.shown(path))
                                           : fail(ErrorCode::kNotFound, path);
    return manifest ? manifest->source.hash : std::string();
  };
  const std::string hash = hash_of(tree_path);
  return !hash.empty() && hash == hash_of(other);
}

Result<bool> TreeWriter::belongs_to(const std::string& tree_path, const std::string& source) const {
  if (!is_plain_path(tree_path)) return false;
  const Descriptor tree = open_beneath(impl_->root.fd.get(), tree_path, O_PATH | O_DIRECTORY);
  if (!tree) {
    if (is_other(errno)) return false;
    return os_error(ErrorCode::kUnreadable, impl_->root.shown(tree_path), "cannot be opened",
                    errno);
  }
  const Result<Manifest> manifest = read_manifest(tree.get(), impl_->root.shown(tree_path));
  if (!manifest && manifest.error().transient) return tl::make_unexpected(manifest.error());
  return manifest && manifest->source.path == source;
}

}  // namespace engine::io
