#include "io/graph/object_graph.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <utility>

#include "io/graph/altered_objects.h"
#include "io/graph/name_resolver.h"
#include "io/graph/object_title.h"

namespace engine::io {
namespace {

EdgeKind edge_kind(ReferenceKind kind) {
  switch (kind) {
    case ReferenceKind::kReads:
      return EdgeKind::kReads;
    case ReferenceKind::kWrites:
      return EdgeKind::kWrites;
    case ReferenceKind::kCalls:
      return EdgeKind::kCalls;
    case ReferenceKind::kReferences:
      return EdgeKind::kReferences;
    case ReferenceKind::kUses:
      return EdgeKind::kUses;
    case ReferenceKind::kInherits:
    case ReferenceKind::kAttaches:
      return EdgeKind::kInherits;
    case ReferenceKind::kBecomes:  // a second name, no edge
      break;
  }
  return EdgeKind::kUses;
}

struct Said {
  std::uint32_t from = 0;
  Reference reference;
};

// What `from`, of that type, names so.
NameClass class_of(ReferenceKind kind, std::string_view from) {
  const bool scheduled = from == "job" || from == "program" || from == "chain";
  switch (kind) {
    case ReferenceKind::kCalls:
      return NameClass::kRoutine;
    case ReferenceKind::kUses:
      return scheduled ? NameClass::kScheduled : NameClass::kTypeOrSequence;
    case ReferenceKind::kInherits:
      return from == "type" ? NameClass::kTypeOrSequence : NameClass::kRelation;
    default:
      return NameClass::kRelation;
  }
}

bool hangs_on_its_parent(std::string_view type) {
  return type == "index" || type == "fulltext_index" || type == "trigger" || type == "policy" ||
         type == "rule";
}

class GraphBuilder {
 public:
  GraphBuilder(std::vector<RecordedObject>& nodes, std::vector<GraphEdge>& edges)
      : nodes_(nodes), edges_(edges), own_nodes_(nodes.size()), resolver_(nodes) {}

  void build(std::vector<Said> said, const std::vector<Renaming>& renamings) {
    for (const Renaming& renaming : renamings) {
      resolver_.also_called(renaming.node, renaming.name);
    }
    for (std::uint32_t i = 0; i < own_nodes_; ++i) add_parent(i);
    for (Said& one : said) add_reference(std::move(one));
    nodes_.insert(nodes_.end(), std::make_move_iterator(externals_.begin()),
                  std::make_move_iterator(externals_.end()));
    std::stable_sort(edges_.begin(), edges_.end(),
                     [](const GraphEdge& a, const GraphEdge& b) { return a.from < b.from; });
  }

 private:
  static const std::optional<std::string>& parent_schema(const CatalogueObject& object) {
    return object.parent_schema ? object.parent_schema : object.schema;
  }

  void add_parent(std::uint32_t child) {
    const RecordedObject& node = nodes_[child];
    if (!node.object.parent) return;
    const WantedName wanted{NameClass::kRelation, node.object.database, parent_schema(node.object),
                            *node.object.parent};
    std::optional<std::uint32_t> parent = find_parent(child, wanted);
    if (parent) edges_.push_back({*parent, child, EdgeKind::kContains, node.object.line, {}, {}});
    if (!hangs_on_its_parent(node.object.type)) return;
    if (!parent) parent = external(nodes_[child], wanted);
    edges_.push_back({child, *parent, EdgeKind::kOn, node.object.line, {}, {}});
  }

  // A schema that the text leaves out is the search path's first: the table may lie in a later one,
  // and what hangs on it lies there too.
  std::optional<std::uint32_t> find_parent(std::uint32_t child, const WantedName& wanted) {
    const RecordedObject& node = nodes_[child];
    const std::vector<std::string>& path = node.object.search_path;
    if (path.empty() || path.front() != wanted.schema || node.object.parent_schema) {
      return resolver_.find(node, wanted);
    }
    const auto parent = resolver_.find(
        node, {wanted.name_class, wanted.database, std::nullopt, wanted.name, node.object.line});
    if (parent && node.object.schema == wanted.schema) {
      nodes_[child].object.schema = nodes_[*parent].object.schema;
    }
    return parent;
  }

  void add_reference(Said said) {
    Reference& reference = said.reference;
    const RecordedObject& from = nodes_[said.from];
    const WantedName wanted{class_of(reference.kind, from.object.type), reference.database,
                            reference.schema, reference.name, reference.line};
    std::optional<std::uint32_t> to = resolver_.find(from, wanted);
    const bool may_be_built_in = reference.in_expression || reference.kind == ReferenceKind::kUses;
    if (!to && may_be_built_in && !reference.schema) return;
    // Of a partition that no source makes there is nothing to say.
    if (!to && reference.kind == ReferenceKind::kAttaches) return;
    if (!to) to = external(from, wanted);
    std::uint32_t source = said.from;
    if (reference.kind == ReferenceKind::kAttaches) std::swap(source, *to);
    if (source == *to) return;  // a routine that calls itself, its own name in ALTER
    edges_.push_back({source, *to, edge_kind(reference.kind), reference.line,
                      std::move(reference.columns), std::move(reference.target_columns)});
  }

  std::uint32_t external(const RecordedObject& from, const WantedName& wanted) {
    const std::string key = std::string(dialect_name(from.dialect)) + '\0' +
                            NameResolver::folded(wanted.database.value_or(""), from.dialect) +
                            '\0' + NameResolver::folded(wanted.schema.value_or(""), from.dialect) +
                            '\0' + NameResolver::folded(wanted.name, from.dialect);
    const auto [place, is_new] =
        external_index_.emplace(key, static_cast<std::uint32_t>(own_nodes_ + externals_.size()));
    if (is_new) {
      RecordedObject node;
      node.object.type = "external";
      node.object.database = wanted.database;
      node.object.schema = wanted.schema;
      node.object.name = std::string(wanted.name);
      node.dialect = from.dialect;
      externals_.push_back(std::move(node));
    }
    return place->second;
  }

  std::vector<RecordedObject>& nodes_;
  std::vector<GraphEdge>& edges_;
  const std::size_t own_nodes_;
  NameResolver resolver_;
  std::unordered_map<std::string, std::uint32_t> external_index_;
  std::vector<RecordedObject> externals_;
};

}  // namespace

std::string_view edge_kind_name(EdgeKind kind) {
  constexpr std::array<std::string_view, 8> names = {"reads", "writes",   "calls", "references",
                                                     "uses",  "inherits", "on",    "contains"};
  return names[static_cast<std::size_t>(kind)];
}

Result<ObjectGraph> ObjectGraph::load(Catalogue& catalogue) {
  ObjectGraph graph;
  std::unordered_map<std::int64_t, std::uint32_t> places;
  Result<void> read = catalogue.each_object([&](RecordedObject&& object) {
    places.emplace(object.id, static_cast<std::uint32_t>(graph.nodes_.size()));
    graph.nodes_.push_back(std::move(object));
  });
  std::vector<Said> said;
  std::vector<Renaming> renamings;
  if (read) {
    read = catalogue.each_reference([&](std::int64_t object, Reference&& reference) {
      const auto place = places.find(object);
      if (place == places.end()) return;
      if (reference.kind == ReferenceKind::kBecomes) {
        renamings.push_back({place->second, std::move(reference.name)});
      } else {
        said.push_back({place->second, std::move(reference)});
      }
    });
  }
  if (!read) return tl::make_unexpected(read.error());
  const std::vector<std::uint32_t> meant = merge_altered(&graph.nodes_, renamings);
  for (Renaming& renaming : renamings) renaming.node = meant[renaming.node];
  for (Said& one : said) one.from = meant[one.from];
  DatabasesMet databases;
  for (const RecordedObject& node : graph.nodes_) databases.meet(node);
  graph.has_several_databases_ = databases.are_several();
  GraphBuilder(graph.nodes_, graph.edges_).build(std::move(said), renamings);
  return graph;
}

}  // namespace engine::io
