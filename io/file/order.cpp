#include "io/file/order.h"

#include <algorithm>
#include <utility>

#include "engine/dialect.h"
#include "io/file/manifest.h"
#include "io/file/mapped_file.h"
#include "io/file/read_tree.h"

namespace engine::io {
namespace {

LoadItem::Kind kind_of(const Manifest::Output& output) {
  if (output.kind == "definition") return LoadItem::Kind::kDefinition;
  return output.kind == "segment" ? LoadItem::Kind::kSegment : LoadItem::Kind::kOther;
}

LoadItem item_of(const Manifest::Output& output) {
  LoadItem item;
  item.kind = kind_of(output);
  item.objects = output.objects;
  item.behind = output.behind;
  item.leaves = output.ends_client;
  if (!output.pieces.empty()) item.begin = output.pieces.front().offset;
  for (const Manifest::Piece& piece : output.pieces) {
    item.begin = std::min(item.begin, piece.offset);
    item.end = std::max(item.end, piece.offset + piece.length);
  }
  return item;
}

Result<OrderedPaths> order_open(int tree, const std::string& tree_directory, LoadOrder by) {
  const Result<Manifest> manifest = read_manifest(tree, tree_directory);
  if (!manifest) return tl::make_unexpected(manifest.error());

  std::vector<LoadItem> items;
  std::vector<MappedFile> files;  // what the items' texts refer to
  files.reserve(manifest->outputs.size());
  for (const Manifest::Output& output : manifest->outputs) {
    LoadItem item = item_of(output);
    // What rows need is said by their table.
    if (item.kind != LoadItem::Kind::kSegment) {
      Result<MappedFile> file = MappedFile::open(tree, output.path);
      if (!file) {
        // The tree is there, so what is missing in it is no wrong usage.
        return fail(ErrorCode::kDifference,
                    tree_directory + '/' + file.error().message +
                        "; engine retry OUTPUT_DIR SOURCE has it loaded again");
      }
      files.push_back(std::move(*file));
      item.text = files.back().view();
    }
    items.push_back(item);
  }
  const Dialect dialect = dialect_from_name(manifest->source.dialect).value_or(Dialect::kGeneric);
  OrderedPaths ordered;
  const auto path_of = [&](std::size_t i) { return manifest->outputs[i].path; };
  const Loading loading = plan_loading(items, dialect, by);
  for (const std::size_t i : loading.order) ordered.paths.push_back(path_of(i));
  for (const std::vector<std::size_t>& ring : loading.rings) {
    std::vector<std::string>& paths = ordered.rings.emplace_back();
    for (const std::size_t i : ring) paths.push_back(path_of(i));
  }
  return ordered;
}

}  // namespace

Result<OrderedPaths> order(const std::string& tree_directory, LoadOrder by) {
  return read_tree(tree_directory, [&](int tree) { return order_open(tree, tree_directory, by); });
}

}  // namespace engine::io
