#include "io/cli/tree_places.h"

#include <fmt/format.h>

#include "io/cli/figures.h"

namespace engine::io {

std::string other_place(const FoundSource& source) {
  std::string shorter = SourceFolder::default_tree_path(source.path);
  return source.tree_path == shorter ? source.path : shorter;
}

bool may_have_tree(const std::string& source, const std::string& tree_path,
                   const TreeWriter& writer) {
  return writer.belongs_to(tree_path, source).value_or(true) ||
         writer.belongs_to(other_place({source, tree_path, {}}), source).value_or(true);
}

TreeMove put_tree(const FoundSource& source, TreeWriter& writer, LoadReport& report) {
  const Result<bool> moved = writer.move_tree(other_place(source), source.tree_path, source.path);
  if (moved) return *moved ? TreeMove::kDone : TreeMove::kNone;
  if (moved.error().code == ErrorCode::kInTheWay) return TreeMove::kInTheWay;
  report.add_failure(moved.error().message);
  return TreeMove::kNone;
}

std::string made_way_text(const std::string& path, std::size_t trees, const std::string& successor,
                          const std::string& aside) {
  return fmt::format(
      "{}: {} of sources that are not there, or left out, made way for the tree of {}; moved to {}",
      path, counted(trees, "tree"), successor, aside);
}

void place_trees(const std::vector<FoundSource>& to_do, SourceFolder& folder, TreeWriter* writer,
                 LoadReport& report) {
  std::vector<const FoundSource*> waiting;
  for (const FoundSource& source : to_do) {
    if (source.tree_path != SourceFolder::default_tree_path(source.path)) {
      folder.set_tree_path(source.path, source.tree_path);
    }
    if (writer != nullptr) waiting.push_back(&source);
  }
  // What is in the way of one tree may be another that moves later: as often as that helps. What
  // stays in the way is an error of the source, when its tree is published.
  for (std::size_t before = waiting.size() + 1; waiting.size() < before;) {
    before = waiting.size();
    std::erase_if(waiting, [&](const FoundSource* source) {
      return put_tree(*source, *writer, report) != TreeMove::kInTheWay;
    });
  }
}

}  // namespace engine::io
