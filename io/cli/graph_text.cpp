#include "io/cli/graph_text.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string_view>

#include "io/cli/figures.h"
#include "io/graph/object_title.h"

namespace engine::io {
namespace {

using Json = nlohmann::ordered_json;

Json optional_json(const std::optional<std::string>& text) { return text ? Json(*text) : Json(); }

Json node_json(const RecordedObject& node) {
  Json json;
  json["type"] = node.object.type;
  json["database"] = optional_json(node.object.database);
  json["schema"] = optional_json(node.object.schema);
  json["name"] = optional_json(node.object.name);
  json["parent"] = optional_json(node.object.parent);
  if (node.object.signature) json["signature"] = *node.object.signature;
  if (node.object.minor) json["minor"] = *node.object.minor;
  json["source"] = node.source.empty() ? Json() : Json(node.source);
  return json;
}

// A name may hold any byte.
std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

// Inside double quotes of DOT.
std::string in_quotes(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

// Of Mermaid, which knows entities, whose mark is #, and reads labels as HTML.
std::string with_entities(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    if (std::string_view("\"#&<>").find(c) == std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("#{};", static_cast<int>(c));
    }
  }
  return out;
}

std::string label(const ObjectGraph& graph, std::uint32_t index) {
  const RecordedObject& node = graph.nodes()[index];
  return node.object.type + ' ' + object_title(node, graph.has_several_databases());
}

// " [x as own, y, *]" of what a view reads, " [own -> x]" of a key.
std::string columns_text(const GraphEdge& edge) {
  if (edge.columns.empty() && edge.target_columns.empty()) return {};
  if (edge.kind == EdgeKind::kReferences) {
    return fmt::format(" [{} -> {}]", fmt::join(edge.columns, ", "),
                       fmt::join(edge.target_columns, ", "));
  }
  std::string text;
  for (std::size_t i = 0; i < edge.target_columns.size(); ++i) {
    const std::string& column = edge.target_columns[i];
    text += (i > 0 ? ", " : "") + column;
    if (i < edge.columns.size() && edge.columns[i] != column) text += " as " + edge.columns[i];
  }
  return " [" + text + ']';
}

std::set<std::uint32_t> nodes_of(const ObjectGraph& graph, const std::vector<std::size_t>& edges) {
  std::set<std::uint32_t> nodes;
  for (const std::size_t index : edges) {
    nodes.insert(graph.edges()[index].from);
    nodes.insert(graph.edges()[index].to);
  }
  return nodes;
}

}  // namespace

std::string edges_text(const ObjectGraph& graph, const std::vector<std::size_t>& edges) {
  std::string text;
  for (const std::size_t index : edges) {
    const GraphEdge& edge = graph.edges()[index];
    const RecordedObject& from = graph.nodes()[edge.from];
    text += printable(fmt::format("{} {} {}{}  ({}:{})", label(graph, edge.from),
                                  edge_kind_name(edge.kind), label(graph, edge.to),
                                  columns_text(edge), from.source, edge.line));
    text += '\n';
  }
  return text;
}

std::string edges_json(const ObjectGraph& graph, const std::vector<std::size_t>& edges) {
  std::string text;
  for (const std::size_t index : edges) {
    const GraphEdge& edge = graph.edges()[index];
    Json json;
    json["from"] = node_json(graph.nodes()[edge.from]);
    json["kind"] = edge_kind_name(edge.kind);
    json["to"] = node_json(graph.nodes()[edge.to]);
    json["line"] = edge.line;
    if (!edge.columns.empty()) json["columns"] = edge.columns;
    if (!edge.target_columns.empty()) json["target_columns"] = edge.target_columns;
    text += line_of(json);
  }
  return text;
}

std::string edges_dot(const ObjectGraph& graph, const std::vector<std::size_t>& edges) {
  std::string text = "digraph dependencies {\n  rankdir=LR;\n  node [shape=box];\n";
  for (const std::uint32_t node : nodes_of(graph, edges)) {
    text += fmt::format("  n{} [label=\"{}\"{}];\n", node, in_quotes(label(graph, node)),
                        graph.is_external(node) ? ", style=dashed" : "");
  }
  for (const std::size_t index : edges) {
    const GraphEdge& edge = graph.edges()[index];
    text += fmt::format("  n{} -> n{} [label=\"{}\"];\n", edge.from, edge.to,
                        edge_kind_name(edge.kind));
  }
  return text + "}\n";
}

std::string edges_mermaid(const ObjectGraph& graph, const std::vector<std::size_t>& edges) {
  std::string text = "flowchart LR\n";
  for (const std::uint32_t node : nodes_of(graph, edges)) {
    text += fmt::format("  n{}[\"{}\"]\n", node, with_entities(label(graph, node)));
  }
  for (const std::size_t index : edges) {
    const GraphEdge& edge = graph.edges()[index];
    text += fmt::format("  n{} -->|{}| n{}\n", edge.from, edge_kind_name(edge.kind), edge.to);
  }
  return text;
}

std::string object_json(const RecordedObject& node) {
  Json json = node_json(node);
  json["file"] = (node.tree.empty() ? "" : node.tree + '/') + node.object.output;
  json["line"] = node.object.line;
  if (!node.object.defined) json["altered"] = true;
  return line_of(json);
}

}  // namespace engine::io
