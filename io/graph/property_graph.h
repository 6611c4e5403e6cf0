// PropertyGraph: an ObjectGraph in the words of a graph database: nodes with labels and a key that
// is theirs alone, relationships with types. What Neo4j gets, over the network or as files, is
// this.
//
//   (:Source) -DEFINES-> (:Object:Table) -HAS_INDEX-> (:Object:Index) -ON-> (:Object:Table)
//
// A key does not change from one load to the next as long as the object is there; it begins with
// the real path of OUTPUT, so that one database holds several. A relationship belongs to the tree
// of the node that it starts from, and what no source defines to the tree without a name.
//
// Thread contract: constant once built; borrows the graph and the trees.
// Memory: a key a node, an entry a relationship.
// Source: docs/graph.md.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "io/graph/object_graph.h"

namespace engine::io {

struct PropertyNode {
  std::string key;                         ///< valid UTF-8
  const RecordedTree* source = nullptr;    ///< of a (:Source),
  const RecordedObject* object = nullptr;  ///< or of an (:Object)
};

struct PropertyEdge {
  std::uint32_t from = 0;  ///< indices of nodes
  std::uint32_t to = 0;
  std::string_view type;            ///< "READS"
  const GraphEdge* edge = nullptr;  ///< none of DEFINES
};

class PropertyGraph {
 public:
  /// `output` is the real path of OUTPUT, `trees` are in the order of their paths.
  PropertyGraph(std::string output, const ObjectGraph& graph,
                const std::vector<RecordedTree>& trees);

  const std::string& output() const { return output_; }
  const std::vector<PropertyNode>& nodes() const { return nodes_; }
  /// In the order of `from`; each at most once for one line and the same columns.
  const std::vector<PropertyEdge>& edges() const { return edges_; }
  /// "" of what no source defines.
  static std::string_view tree_of(const PropertyNode& node);

  /// Without the key. Always the same names for a label or type, null where there is nothing.
  nlohmann::ordered_json properties(const PropertyNode& node) const;
  static nlohmann::ordered_json properties(const PropertyEdge& edge);

 private:
  void add_nodes(const ObjectGraph& graph, const std::vector<RecordedTree>& trees);
  void add_edges(const ObjectGraph& graph);

  std::string output_;
  std::vector<PropertyNode> nodes_;
  std::vector<PropertyEdge> edges_;
};

/// "Source", "Table", "MaterializedView".
std::string node_label(const PropertyNode& node);

/// Bytes that are no UTF-8 become U+FFFD: a graph database takes nothing else.
std::string valid_utf8(std::string_view text);

}  // namespace engine::io
