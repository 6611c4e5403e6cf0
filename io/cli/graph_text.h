// graph_text: edges and nodes of an ObjectGraph as text: for people, as JSON lines, for Graphviz
// and for Mermaid.
//
// Thread contract: pure functions.
// Source: docs/design.md, "Command line" (the JSON); graphviz.org/doc/info/lang.html;
// mermaid.js.org/syntax/flowchart.html.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "io/graph/object_graph.h"

namespace engine::io {

/// `edges` are indices into graph.edges().
std::string edges_text(const ObjectGraph& graph, const std::vector<std::size_t>& edges);
std::string edges_json(const ObjectGraph& graph, const std::vector<std::size_t>& edges);
std::string edges_dot(const ObjectGraph& graph, const std::vector<std::size_t>& edges);
std::string edges_mermaid(const ObjectGraph& graph, const std::vector<std::size_t>& edges);

/// {"type":..,"database":..,"schema":..,"name":..,"parent":..,"source":..,"file":..,"line":..}, and
/// "altered":true where the source does not create it.
std::string object_json(const RecordedObject& node);

}  // namespace engine::io
