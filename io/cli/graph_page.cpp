#include "io/cli/graph_page.h"

#include <map>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "io/cli/graph_page_parts.h"
#include "io/cli/graph_text.h"
#include "io/graph/object_title.h"

namespace engine::io {
namespace {

using Json = nlohmann::ordered_json;

Json page_node(const RecordedObject& node, bool says_database) {
  const bool is_external = node.tree.empty();
  Json json;
  json["title"] = object_title(node, says_database);
  json["type"] = node.object.type;
  json["source"] = is_external ? Json() : Json(node.source);
  json["file"] = is_external ? Json() : Json(node.tree + '/' + node.object.output);
  json["line"] = node.object.line;
  return json;
}

// Only what the edges touch, numbered anew.
Json graph_json(const ObjectGraph& graph, const std::vector<std::size_t>& edges) {
  std::map<std::uint32_t, std::size_t> places;
  Json nodes = Json::array();
  const auto place = [&](std::uint32_t node) {
    const auto [found, is_new] = places.emplace(node, places.size());
    if (is_new) nodes.push_back(page_node(graph.nodes()[node], graph.has_several_databases()));
    return found->second;
  };
  Json lines = Json::array();
  for (const std::size_t index : edges) {
    const GraphEdge& edge = graph.edges()[index];
    Json line;
    line["from"] = place(edge.from);
    line["to"] = place(edge.to);
    line["kind"] = edge_kind_name(edge.kind);
    line["line"] = edge.line;
    lines.push_back(std::move(line));
  }
  return {{"nodes", std::move(nodes)}, {"edges", std::move(lines)}};
}

// Inside a script element no name may look like its end.
std::string script_text(const Json& json) {
  std::string text;
  for (const char c : json.dump(-1, ' ', false, Json::error_handler_t::replace)) {
    if (c == '<') {
      text += "\\u003c";
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace

std::string graph_page(const ObjectGraph& graph, const std::vector<std::size_t>& edges) {
  const std::string json = script_text(graph_json(graph, edges));
  const std::map<std::string_view, std::string_view> parts = {
      {"d3", page_d3()}, {"dagre", page_dagre()}, {"graph", json}};
  std::string page;
  std::string_view rest = page_frame();
  while (!rest.empty()) {
    const std::size_t begin = rest.find('@');
    const std::size_t end = begin == rest.npos ? rest.npos : rest.find('@', begin + 1);
    page += rest.substr(0, begin);
    if (end == rest.npos) break;
    page += parts.at(rest.substr(begin + 1, end - begin - 1));
    rest.remove_prefix(end + 1);
  }
  return page;
}

}  // namespace engine::io
