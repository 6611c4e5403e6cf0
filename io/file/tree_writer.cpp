#include "io/file/tree_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "io/base/os_error.h"
#include "io/file/beneath.h"
#include "io/file/manifest.h"
#include "io/file/remove_all.h"
#include "io/file/staged_directory.h"

namespace engine::io {

Result<std::unique_ptr<TreeWriter>> TreeWriter::open(const std::string& output_directory) {
  Result<OutputRoot> root = OutputRoot::open(output_directory);
  if (!root) return tl::make_unexpected(std::move(root.error()));
  return std::unique_ptr<TreeWriter>(new TreeWriter(std::move(*root)));
}

bool TreeWriter::has_tree(const std::string& tree_path) {
  return is_plain_path(tree_path) && is_tree(root_.fd.get(), tree_path);
}

Result<std::unique_ptr<StagedTree>> TreeWriter::stage(const Tree& tree) {
  Result<std::unique_ptr<StagedDirectory>> staged = StagedDirectory::build(root_, tree);
  if (!staged) return tl::make_unexpected(std::move(staged.error()));
  return std::unique_ptr<StagedTree>(std::move(*staged));
}

Result<void> TreeWriter::move_tree(const std::string& from, const std::string& to,
                                   const std::string& source) {
  if (from == to || !belongs_to(from, source)) return {};
  // Taken out first, and put back under its new name: `to` may lie inside `from`, or the other way.
  const std::string name = OutputRoot::build_name();
  Result<Place> old_place = open_place(root_, from);
  if (!old_place) return tl::make_unexpected(std::move(old_place.error()));
  if (::renameat(old_place->parent.get(), old_place->leaf.c_str(), root_.build.get(),
                 name.c_str()) != 0) {
    return os_error(ErrorCode::kUnwritable, root_.shown(from), "cannot move the tree", errno);
  }
  Result<Place> place = open_place(root_, to);
  if (place) {
    if (::renameat(root_.build.get(), name.c_str(), place->parent.get(), place->leaf.c_str()) ==
        0) {
      return {};
    }
    if (errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR) {
      remove_all(root_.build.get(), name);
      return {};
    }
    place = os_error(ErrorCode::kUnwritable, root_.shown(to), "cannot move the tree", errno);
  }
  ::renameat(root_.build.get(), name.c_str(), old_place->parent.get(), old_place->leaf.c_str());
  return tl::make_unexpected(std::move(place.error()));
}

Result<void> TreeWriter::remove_tree(const std::string& tree_path, const std::string& source) {
  if (!belongs_to(tree_path, source)) return {};
  Result<Place> place = open_place(root_, tree_path);
  if (!place) return tl::make_unexpected(std::move(place.error()));
  const std::string name = OutputRoot::build_name();
  if (::renameat(place->parent.get(), place->leaf.c_str(), root_.build.get(), name.c_str()) != 0) {
    return os_error(ErrorCode::kUnwritable, root_.shown(tree_path), "cannot remove the tree",
                    errno);
  }
  remove_all(root_.build.get(), name);
  return {};
}

bool TreeWriter::belongs_to(const std::string& tree_path, const std::string& source) const {
  if (!is_plain_path(tree_path)) return false;
  const Descriptor tree = open_beneath(root_.fd.get(), tree_path, O_PATH | O_DIRECTORY);
  if (!tree) return false;
  const Result<Manifest> manifest = read_manifest(tree.get(), tree_path);
  return manifest && manifest->source.path == source;
}

}  // namespace engine::io
