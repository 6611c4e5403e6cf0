#include "io/file/order.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "engine/dialect.h"
#include "io/base/os_error.h"
#include "io/file/manifest.h"
#include "io/file/mapped_file.h"

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

}  // namespace

Result<OrderedPaths> order(const std::string& tree_directory, LoadOrder by) {
  const Descriptor tree(::open(tree_directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!tree) {
    const ErrorCode code = errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kUnreadable;
    return os_error(code, tree_directory, "cannot open the tree", errno);
  }
  const Result<Manifest> manifest = read_manifest(tree.get(), tree_directory);
  if (!manifest) return tl::make_unexpected(manifest.error());

  std::vector<LoadItem> items;
  std::vector<MappedFile> files;  // what the items' texts refer to
  files.reserve(manifest->outputs.size());
  for (const Manifest::Output& output : manifest->outputs) {
    LoadItem item = item_of(output);
    // What rows need is said by their table.
    if (item.kind != LoadItem::Kind::kSegment) {
      Result<MappedFile> file = MappedFile::open(tree.get(), output.path);
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

}  // namespace engine::io
