#include "io/state/catalogue_tree.h"

#include <simdjson.h>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

#include "io/base/manifest_version.h"

namespace engine::io {
namespace {

using Element = simdjson::dom::element;

std::string text_of(const Element& parent, std::string_view key) {
  std::string_view text;
  return parent[key].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

std::optional<std::string> name_of(const Element& parent, std::string_view key) {
  std::string_view text;
  if (parent[key].get(text) != simdjson::SUCCESS) return std::nullopt;
  return std::string(text);
}

std::uint64_t number_of(const Element& parent, std::string_view key) {
  std::uint64_t number = 0;
  return parent[key].get(number) == simdjson::SUCCESS ? number : 0;
}

std::vector<std::string> names_of(const Element& parent, std::string_view key) {
  std::vector<std::string> names;
  simdjson::dom::array array;
  if (parent[key].get(array) != simdjson::SUCCESS) return names;
  for (const Element name : array) {
    std::string_view text;
    if (name.get(text) == simdjson::SUCCESS) names.emplace_back(text);
  }
  return names;
}

// Unnamed constraints of a table are told apart by nothing, so each is an object.
std::string identity(const CatalogueObject& object) {
  if (!object.name) return {};
  std::string key = object.type;
  for (const auto* part : {&object.database, &object.schema, &object.name, &object.parent,
                           &object.signature, &object.minor}) {
    key += '\0';
    if (*part) key += **part;
  }
  return key;
}

class TreeReader {
 public:
  explicit TreeReader(CatalogueTree* tree) : tree_(*tree) {}

  void read_output(const Element& output) {
    first_line_ = 0;
    simdjson::dom::array pieces;
    if (output["pieces"].get(pieces) == simdjson::SUCCESS && pieces.size() != 0) {
      first_line_ = number_of(pieces.at(0).value(), "line");
    }
    path_ = text_of(output, "path");
    in_output_.clear();
    simdjson::dom::array objects;
    if (output["objects"].get(objects) == simdjson::SUCCESS) {
      for (const Element object : objects) in_output_.push_back(add_object(object));
    }
    owners_.push_back(owner());
    simdjson::dom::array references;
    if (output["references"].get(references) != simdjson::SUCCESS) return;
    for (const Element reference : references) add_reference(reference);
  }

  /// Behind all outputs: those that are no object's own.
  void add_segments(const Element& root, const simdjson::dom::array& outputs) {
    std::vector<std::pair<std::uint64_t, CatalogueSegment>>
        found;  // with where its last piece ends
    std::size_t position = 0;
    for (const Element output : outputs) {
      const std::size_t owner = owners_[position];
      std::string_view path;
      const bool own = owner != kNone && output["path"].get(path) == simdjson::SUCCESS &&
                       tree_.objects[owner].output == path;
      if (!own) found.push_back(segment_of(output, position, owner));
      ++position;
    }
    if (found.empty()) return;
    const auto lines = lines_of(root, outputs);
    for (auto& [end, segment] : found) {
      const auto next = std::lower_bound(lines.begin(), lines.end(), Line{end, 0});
      if (next != lines.end()) segment.next_line = next->second;
      tree_.segments.push_back(std::move(segment));
    }
  }

 private:
  using Line = std::pair<std::uint64_t, std::uint64_t>;  // offset, line
  static constexpr std::size_t kNone = ~std::size_t{0};

  // The first object of the output at hand that is known.
  std::size_t owner() const {
    const auto known = std::find_if(in_output_.begin(), in_output_.end(),
                                    [](std::size_t place) { return place != kNone; });
    return known == in_output_.end() ? kNone : *known;
  }

  static std::pair<std::uint64_t, CatalogueSegment> segment_of(const Element& output,
                                                               std::size_t position,
                                                               std::size_t owner) {
    CatalogueSegment segment;
    segment.position = position;
    segment.path = text_of(output, "path");
    segment.kind = text_of(output, "kind");
    segment.size = number_of(output, "size");
    segment.units = number_of(output, "units");
    if (owner != kNone) segment.object = owner;
    std::uint64_t end = 0;
    simdjson::dom::array pieces;
    if (output["pieces"].get(pieces) == simdjson::SUCCESS) {
      for (const Element piece : pieces) {
        if (end == 0) segment.line = number_of(piece, "line");
        end = number_of(piece, "offset") + number_of(piece, "length");
      }
    }
    return {end, std::move(segment)};
  }

  // Of all pieces, those that are dropped too, in the order of the source.
  static std::vector<Line> lines_of(const Element& root, const simdjson::dom::array& outputs) {
    std::vector<Line> lines;
    const auto add = [&](const Element& parent) {
      simdjson::dom::array pieces;
      if (parent["pieces"].get(pieces) != simdjson::SUCCESS) return;
      for (const Element piece : pieces) {
        lines.emplace_back(number_of(piece, "offset"), number_of(piece, "line"));
      }
    };
    for (const Element output : outputs) add(output);
    simdjson::dom::array dropped;
    if (root["dropped"].get(dropped) == simdjson::SUCCESS) {
      for (const Element stretch : dropped) add(stretch);
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  }

  // Its place in the tree's list; kNone for what is only commented on, granted or filled.
  std::size_t add_object(const Element& element) {
    CatalogueObject object;
    object.type = text_of(element, "type");
    object.database = name_of(element, "database");
    object.schema = name_of(element, "schema");
    object.name = name_of(element, "name");
    object.parent = name_of(element, "parent");
    object.parent_schema = name_of(element, "parent_schema");
    object.signature = name_of(element, "signature");
    object.minor = name_of(element, "minor");
    object.constraint_kind = text_of(element, "constraint_kind");
    object.search_path = names_of(element, "search_path");
    object.output = path_;
    object.line = first_line_;
    const std::string key = identity(object);
    const auto known = key.empty() ? seen_.end() : seen_.find(key);
    const std::string action = text_of(element, "action");
    if (known != seen_.end()) {
      CatalogueObject& first = tree_.objects[known->second];
      if (!first.defined && action == "create") first = std::move(object);
      return known->second;
    }
    if (action != "create" && action != "alter") return kNone;
    object.defined = action == "create";
    if (!key.empty()) seen_.emplace(key, tree_.objects.size());
    tree_.objects.push_back(std::move(object));
    return tree_.objects.size() - 1;
  }

  void add_reference(const Element& element) {
    const std::uint64_t index = number_of(element, "object");
    const auto kind = reference_kind_from_name(text_of(element, "kind"));
    if (index >= in_output_.size() || in_output_[index] == kNone || !kind) return;
    CatalogueReference found;
    found.object = in_output_[index];
    found.reference.kind = *kind;
    found.reference.database = name_of(element, "database");
    found.reference.schema = name_of(element, "schema");
    found.reference.name = text_of(element, "name");
    found.reference.line = number_of(element, "line");
    bool in_expression = false;
    found.reference.in_expression =
        element["in_expression"].get(in_expression) == simdjson::SUCCESS && in_expression;
    found.reference.constraint = name_of(element, "constraint");
    found.reference.columns = names_of(element, "columns");
    found.reference.target_columns = names_of(element, "target_columns");
    tree_.references.push_back(std::move(found));
  }

  CatalogueTree& tree_;
  std::unordered_map<std::string, std::size_t> seen_;
  std::vector<std::size_t> in_output_;
  std::vector<std::size_t> owners_;  // of each output: owner()
  std::string path_;
  std::uint64_t first_line_ = 0;
};

}  // namespace

Result<CatalogueTree> parse_catalogue_tree(std::string path, std::string_view manifest) {
  thread_local simdjson::dom::parser parser;  // keeps its memory from one manifest to the next
  Element root;
  simdjson::dom::array outputs;
  if (parser.parse(manifest.data(), manifest.size()).get(root) != simdjson::SUCCESS ||
      root["outputs"].get(outputs) != simdjson::SUCCESS) {
    return fail(
        ErrorCode::kInvalid,
        path + "/manifest.json: damaged; engine retry OUTPUT_DIR SOURCE has it loaded again");
  }
  if (Result<void> known =
          check_manifest_version(number_of(root, "version"), path + "/manifest.json");
      !known) {
    return tl::make_unexpected(std::move(known.error()));
  }
  CatalogueTree tree;
  tree.path = std::move(path);
  Element source;
  if (root["source"].get(source) == simdjson::SUCCESS) {
    tree.source = text_of(source, "path");
    tree.dialect = dialect_from_name(text_of(source, "dialect")).value_or(Dialect::kGeneric);
  }
  TreeReader reader(&tree);
  for (const Element output : outputs) reader.read_output(output);
  reader.add_segments(root, outputs);
  return tree;
}

}  // namespace engine::io
