#include "io/graph/output_graph.h"

#include <filesystem>
#include <system_error>
#include <utility>

namespace engine::io {

OutputGraph::OutputGraph(std::string output, ObjectGraph objects, std::vector<RecordedTree> trees)
    : objects_(std::move(objects)),
      trees_(std::move(trees)),
      properties_(std::move(output), objects_, trees_) {}

Result<std::unique_ptr<OutputGraph>> OutputGraph::load(Catalogue& catalogue,
                                                       const std::string& output) {
  std::vector<RecordedTree> trees;
  Result<void> read =
      catalogue.each_tree([&](RecordedTree&& tree) { trees.push_back(std::move(tree)); });
  if (!read) return tl::make_unexpected(read.error());
  Result<ObjectGraph> objects = ObjectGraph::load(catalogue);
  if (!objects) return tl::make_unexpected(objects.error());
  std::error_code error;
  const std::filesystem::path real = std::filesystem::canonical(output, error);
  return std::unique_ptr<OutputGraph>(
      new OutputGraph(error ? output : real.string(), std::move(*objects), std::move(trees)));
}

}  // namespace engine::io
