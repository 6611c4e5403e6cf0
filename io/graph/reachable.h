// reachable: the part of a graph that one object depends on, or that depends on it.
//
// Thread contract: pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "io/graph/object_graph.h"

namespace engine::io {

/// Indices of the edges met on the way from `start`, `depth` steps far (0: all the way), each once
/// and nearest first. `reverse` goes from `to` to `from`.
std::vector<std::size_t> reachable_edges(const ObjectGraph& graph,
                                         const std::vector<std::uint32_t>& start, bool reverse,
                                         std::size_t depth);

}  // namespace engine::io
