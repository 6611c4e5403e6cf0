#include "io/graph/object_graph.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "io/graph/altered_objects.h"
#include "io/graph/name_resolver.h"

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
    case ReferenceKind::kBecomes:
      return EdgeKind::kInherits;
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

  void build(std::vector<Said> said) {
    for (const Said& one : said) {
      if (one.reference.kind == ReferenceKind::kBecomes) {
        resolver_.also_called(one.from, one.reference.name);
      }
    }
    find_keys();
    for (std::uint32_t i = 0; i < own_nodes_; ++i) add_parent(i);
    for (Said& one : said) add_reference(std::move(one));
    nodes_.insert(nodes_.end(), std::make_move_iterator(externals_.begin()),
                  std::make_move_iterator(externals_.end()));
    std::stable_sort(edges_.begin(), edges_.end(),
                     [](const GraphEdge& a, const GraphEdge& b) { return a.from < b.from; });
  }

 private:
  // The foreign keys of each table: those with a name by it, the others in the order of the text.
  struct Keys {
    std::unordered_map<std::string, std::uint32_t> named;
    std::vector<std::uint32_t> unnamed;
    std::size_t used = 0;
  };

  static std::string table_key(const RecordedObject& object,
                               const std::optional<std::string>& schema, std::string_view table) {
    return object.tree + '\0' + schema.value_or("") + '\0' +
           NameResolver::folded(table, object.dialect);
  }

  void find_keys() {
    for (std::uint32_t i = 0; i < own_nodes_; ++i) {
      const CatalogueObject& object = nodes_[i].object;
      if (object.constraint_kind != "foreign_key" || !object.parent) continue;
      Keys& keys = keys_[table_key(nodes_[i], parent_schema(object), *object.parent)];
      if (object.name) {
        keys.named.emplace(NameResolver::folded(*object.name, nodes_[i].dialect), i);
      } else {
        keys.unnamed.push_back(i);
      }
    }
  }

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
    if (reference.kind == ReferenceKind::kBecomes) return;
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
    if (reference.kind == ReferenceKind::kReferences) source = key_of(said.from, reference);
    if (source == *to) return;  // a routine that calls itself, its own name in ALTER
    edges_.push_back({source, *to, edge_kind(reference.kind), reference.line,
                      std::move(reference.columns), std::move(reference.target_columns)});
  }

  // The constraint by which a table refers to another one; the table where it is not known.
  std::uint32_t key_of(std::uint32_t from, const Reference& reference) {
    const RecordedObject& table = nodes_[from];
    if (!table.object.name || table.object.type == "constraint") return from;
    const auto found = keys_.find(table_key(table, table.object.schema, *table.object.name));
    if (found == keys_.end()) return from;
    Keys& keys = found->second;
    if (!reference.constraint) {
      return keys.used < keys.unnamed.size() ? keys.unnamed[keys.used++] : from;
    }
    const auto named = keys.named.find(NameResolver::folded(*reference.constraint, table.dialect));
    return named == keys.named.end() ? from : named->second;
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
  std::unordered_map<std::string, Keys> keys_;
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
  Result<void> read = catalogue.each_object("*", [&](RecordedObject&& object) {
    places.emplace(object.id, static_cast<std::uint32_t>(graph.nodes_.size()));
    graph.nodes_.push_back(std::move(object));
  });
  std::vector<Said> said;
  if (read) {
    read = catalogue.each_reference([&](std::int64_t object, Reference&& reference) {
      const auto place = places.find(object);
      if (place != places.end()) said.push_back({place->second, std::move(reference)});
    });
  }
  if (!read) return tl::make_unexpected(read.error());
  std::vector<Renaming> renamings;
  for (const Said& one : said) {
    if (one.reference.kind != ReferenceKind::kBecomes) continue;
    renamings.push_back({one.from, one.reference.name});
  }
  const std::vector<std::uint32_t> meant = merge_altered(&graph.nodes_, renamings);
  for (Said& one : said) one.from = meant[one.from];
  std::set<std::string> databases;
  for (const RecordedObject& node : graph.nodes_) {
    if (!node.object.database) continue;
    databases.insert(NameResolver::folded(*node.object.database, node.dialect));
  }
  graph.has_several_databases_ = databases.size() > 1;
  GraphBuilder(graph.nodes_, graph.edges_).build(std::move(said));
  return graph;
}

}  // namespace engine::io
