// graph_page(): edges and nodes of an ObjectGraph as one page of HTML that needs nothing else: a
// graph to zoom, a search, what lies around an object. D3 and dagre are put into the program when
// it is built.
//
// Thread contract: pure.
// Source: d3js.org (5.16), github.com/dagrejs/dagre.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "io/graph/object_graph.h"

namespace engine::io {

/// `edges` are indices into graph.edges().
std::string graph_page(const ObjectGraph& graph, const std::vector<std::size_t>& edges);

}  // namespace engine::io
