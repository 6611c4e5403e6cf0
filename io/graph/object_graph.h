// ObjectGraph: all objects of the catalogue and what depends on what, names resolved.
//
// A name is looked for where the script that says it would find it: in the schema it gives, else
// along the search path that the script has set; where it has set none, in that of whoever refers
// and in the dialect's own; first in the same source, then in the others.
// What no source defines is a node of its own, of type "external". Of a plain f(x) in an expression
// that nobody defines it is not known whether it is built in: it is left out.
//
// Thread contract: constant once loaded.
// Memory: one node an object, one edge a reference.
// Errors: those of the catalogue.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"
#include "io/state/catalogue.h"

namespace engine::io {

enum class EdgeKind : std::uint8_t {
  kReads,
  kWrites,
  kCalls,
  kReferences,
  kUses,
  kInherits,
  kOn,        ///< an index, trigger, policy or rule to its table
  kContains,  ///< parent to child
};

std::string_view edge_kind_name(EdgeKind kind);

struct GraphEdge {
  std::uint32_t from = 0;  ///< indices of nodes
  std::uint32_t to = 0;
  EdgeKind kind = EdgeKind::kReads;
  std::uint64_t line = 0;  ///< in the source of `from`; of kContains, of `to`
  std::vector<std::string> columns;
  std::vector<std::string> target_columns;
};

class ObjectGraph {
 public:
  static Result<ObjectGraph> load(Catalogue& catalogue);

  /// Objects in the order of the catalogue, then the external ones.
  const std::vector<RecordedObject>& nodes() const { return nodes_; }
  /// In the order of `from`'s nodes.
  const std::vector<GraphEdge>& edges() const { return edges_; }

  bool is_external(std::uint32_t node) const { return nodes_[node].tree.empty(); }
  /// Objects of several are defined, so that a name needs its own.
  bool has_several_databases() const { return has_several_databases_; }

 private:
  bool has_several_databases_ = false;
  std::vector<RecordedObject> nodes_;
  std::vector<GraphEdge> edges_;
};

}  // namespace engine::io
