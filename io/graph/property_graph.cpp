#include "io/graph/property_graph.h"

#include <algorithm>
#include <array>
#include <functional>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace engine::io {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kDefines = "DEFINES";

// Of kContains the child tells: see contains_type().
constexpr std::array<std::string_view, 7> kEdgeTypes = {"READS", "WRITES",   "CALLS", "REFERENCES",
                                                        "USES",  "INHERITS", "ON"};

std::string_view contains_type(std::string_view child_type) {
  if (child_type == "index" || child_type == "fulltext_index") return "HAS_INDEX";
  if (child_type == "constraint") return "HAS_CONSTRAINT";
  if (child_type == "trigger") return "HAS_TRIGGER";
  return "CONTAINS";
}

std::string object_key(const std::string& place, const RecordedObject& node) {
  const CatalogueObject& object = node.object;
  std::string key = place + ": ";
  // The same external name may be said in scripts of several dialects.
  if (node.tree.empty()) key += std::string(dialect_name(node.dialect)) + ' ';
  key += object.type + ' ';
  if (object.database) key += *object.database + '.';
  if (object.schema) key += *object.schema + '.';
  if (object.parent) key += *object.parent + ": ";
  key += object.name ? *object.name : "(" + object.constraint_kind + ")";
  if (object.signature) key += *object.signature;
  if (object.minor) key += " of " + *object.minor;
  return key;
}

Json optional_json(const std::optional<std::string>& text) { return text ? Json(*text) : Json(); }

// Everything by which relationships are told apart.
auto identity(const PropertyEdge& edge) {
  static const std::vector<std::string> none;
  return std::tuple(edge.from, edge.to, edge.type, edge.edge ? edge.edge->line : 0,
                    std::cref(edge.edge ? edge.edge->columns : none),
                    std::cref(edge.edge ? edge.edge->target_columns : none));
}

bool comes_before(const PropertyEdge& a, const PropertyEdge& b) {
  const auto [from, to, type, line, columns, target_columns] = identity(a);
  const auto [from_b, to_b, type_b, line_b, columns_b, target_columns_b] = identity(b);
  return std::tie(from, to, type, line, columns.get(), target_columns.get()) <
         std::tie(from_b, to_b, type_b, line_b, columns_b.get(), target_columns_b.get());
}

}  // namespace

std::string valid_utf8(std::string_view text) {
  return Json::parse(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace))
      .get<std::string>();
}

std::string node_label(const PropertyNode& node) {
  if (node.source != nullptr) return "Source";
  std::string label;
  bool begins_word = true;
  for (const char c : node.object->object.type) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (is_letter) label += begins_word && c >= 'a' ? static_cast<char>(c - 32) : c;
    begins_word = !is_letter;
  }
  return label;
}

PropertyGraph::PropertyGraph(std::string output, const ObjectGraph& graph,
                             const std::vector<RecordedTree>& trees)
    : output_(valid_utf8(output)) {
  add_nodes(graph, trees);
  add_edges(graph);
}

std::string_view PropertyGraph::tree_of(const PropertyNode& node) {
  return node.source != nullptr ? node.source->path : node.object->tree;
}

void PropertyGraph::add_nodes(const ObjectGraph& graph, const std::vector<RecordedTree>& trees) {
  std::unordered_map<std::string, std::uint32_t> uses;
  const auto own_key = [&uses](std::string key) {
    const std::uint32_t use = ++uses[key];
    return use > 1 ? key + " #" + std::to_string(use) : key;
  };
  std::unordered_map<std::string_view, std::uint32_t> sources;
  for (const RecordedTree& tree : trees) {
    sources.emplace(tree.path, static_cast<std::uint32_t>(nodes_.size()));
    nodes_.push_back({own_key(output_ + '/' + valid_utf8(tree.path)), &tree, nullptr});
  }
  for (const RecordedObject& object : graph.nodes()) {
    const auto source = sources.find(object.tree);
    const bool is_defined = source != sources.end();
    std::string key = object_key(is_defined ? nodes_[source->second].key : output_, object);
    const auto place = static_cast<std::uint32_t>(nodes_.size());
    if (is_defined) edges_.push_back({source->second, place, kDefines, nullptr});
    nodes_.push_back({own_key(std::move(key)), nullptr, &object});
  }
}

void PropertyGraph::add_edges(const ObjectGraph& graph) {
  const auto first_object = static_cast<std::uint32_t>(nodes_.size() - graph.nodes().size());
  for (const GraphEdge& edge : graph.edges()) {
    const std::string_view type = edge.kind == EdgeKind::kContains
                                      ? contains_type(graph.nodes()[edge.to].object.type)
                                      : kEdgeTypes[static_cast<std::size_t>(edge.kind)];
    edges_.push_back({edge.from + first_object, edge.to + first_object, type, &edge});
  }
  std::sort(edges_.begin(), edges_.end(), comes_before);
  const auto same = [](const PropertyEdge& a, const PropertyEdge& b) {
    return !comes_before(a, b) && !comes_before(b, a);
  };
  edges_.erase(std::unique(edges_.begin(), edges_.end(), same), edges_.end());
}

Json PropertyGraph::properties(const PropertyNode& node) const {
  Json json;
  json["output"] = output_;
  json["tree"] = valid_utf8(tree_of(node));
  if (node.source != nullptr) {
    json["path"] = node.source->source;
    json["dialect"] = dialect_name(node.source->dialect);
    return json;
  }
  const CatalogueObject& object = node.object->object;
  const bool is_external = node.object->tree.empty();
  json["type"] = object.type;
  json["database"] = optional_json(object.database);
  json["schema"] = optional_json(object.schema);
  json["name"] = optional_json(object.name);
  json["parent"] = optional_json(object.parent);
  json["signature"] = optional_json(object.signature);
  json["minor"] = optional_json(object.minor);
  json["constraint_kind"] = object.constraint_kind.empty() ? Json() : Json(object.constraint_kind);
  json["dialect"] = dialect_name(node.object->dialect);
  json["source"] = is_external ? Json() : Json(node.object->source);
  json["file"] = is_external ? Json() : Json(valid_utf8(node.object->tree) + '/' + object.output);
  json["line"] = is_external ? Json() : Json(object.line);
  json["defined"] = object.defined && !is_external;
  return json;
}

Json PropertyGraph::properties(const PropertyEdge& edge) {
  Json json = Json::object();
  if (edge.edge == nullptr) return json;
  json["line"] = edge.edge->line;
  const bool has_columns =
      edge.edge->kind == EdgeKind::kReferences || edge.edge->kind == EdgeKind::kReads;
  if (!has_columns) return json;
  json["columns"] = edge.edge->columns;
  json["target_columns"] = edge.edge->target_columns;
  return json;
}

}  // namespace engine::io
