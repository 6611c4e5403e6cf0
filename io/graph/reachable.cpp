#include "io/graph/reachable.h"

#include <utility>

namespace engine::io {
namespace {

// Edges by the node they start from, as offsets into one list.
class Neighbours {
 public:
  Neighbours(const ObjectGraph& graph, bool reverse) : begins_(graph.nodes().size() + 1) {
    const auto& edges = graph.edges();
    const auto start = [&](const GraphEdge& edge) { return reverse ? edge.to : edge.from; };
    for (const GraphEdge& edge : edges) ++begins_[start(edge) + 1];
    for (std::size_t i = 1; i < begins_.size(); ++i) begins_[i] += begins_[i - 1];
    edges_.resize(edges.size());
    std::vector<std::size_t> next(begins_.begin(), begins_.end() - 1);
    for (std::size_t i = 0; i < edges.size(); ++i) edges_[next[start(edges[i])]++] = i;
  }

  template <class Call>
  void each(std::uint32_t node, Call call) const {
    for (std::size_t i = begins_[node]; i < begins_[node + 1]; ++i) call(edges_[i]);
  }

 private:
  std::vector<std::size_t> begins_;
  std::vector<std::size_t> edges_;
};

}  // namespace

std::vector<std::size_t> reachable_edges(const ObjectGraph& graph,
                                         const std::vector<std::uint32_t>& start, bool reverse,
                                         std::size_t depth) {
  const Neighbours neighbours(graph, reverse);
  std::vector<bool> met(graph.nodes().size());
  for (const std::uint32_t node : start) met[node] = true;
  std::vector<std::uint32_t> now = start;
  std::vector<std::size_t> found;
  for (std::size_t step = 0; !now.empty() && (depth == 0 || step < depth); ++step) {
    std::vector<std::uint32_t> next;
    for (const std::uint32_t node : now) {
      neighbours.each(node, [&](std::size_t index) {
        const GraphEdge& edge = graph.edges()[index];
        const std::uint32_t other = reverse ? edge.from : edge.to;
        found.push_back(index);
        if (met[other]) return;
        met[other] = true;
        next.push_back(other);
      });
    }
    now = std::move(next);
  }
  return found;
}

}  // namespace engine::io
