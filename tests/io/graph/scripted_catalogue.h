// Script, catalogue_of(): a catalogue of this process alone, filled object by object.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "io/graph/object_graph.h"

namespace engine::io::test {

/// The tree of one source.
class Script {
 public:
  explicit Script(std::string path, Dialect dialect) {
    tree_.path = path;
    tree_.source = path + ".sql";
    tree_.dialect = dialect;
  }

  Script& object(std::string type, std::optional<std::string> schema,
                 std::optional<std::string> name, std::optional<std::string> parent = {},
                 std::string constraint_kind = {}) {
    CatalogueObject object;
    object.type = std::move(type);
    object.schema = std::move(schema);
    object.name = std::move(name);
    object.parent = std::move(parent);
    object.constraint_kind = std::move(constraint_kind);
    tree_.objects.push_back(std::move(object));
    return *this;
  }

  /// The last object's database.
  Script& in(std::string database) {
    tree_.objects.back().database = std::move(database);
    return *this;
  }

  /// The part of its parent that the last object is of.
  Script& of_part(std::string minor) {
    tree_.objects.back().minor = std::move(minor);
    return *this;
  }

  /// That the last reference gives.
  Script& of_database(std::string database) {
    tree_.references.back().reference.database = std::move(database);
    return *this;
  }

  /// Where the last object looks for names without a schema.
  Script& along(std::vector<std::string> search_path) {
    tree_.objects.back().search_path = std::move(search_path);
    return *this;
  }

  /// The last object is only altered.
  Script& altered() {
    tree_.objects.back().defined = false;
    return *this;
  }

  /// Of the last object.
  Script& says(ReferenceKind kind, std::optional<std::string> schema, std::string name,
               std::optional<std::string> constraint = {}, bool in_expression = false) {
    Reference reference;
    reference.kind = kind;
    reference.schema = std::move(schema);
    reference.name = std::move(name);
    reference.constraint = std::move(constraint);
    reference.in_expression = in_expression;
    tree_.references.push_back({tree_.objects.size() - 1, std::move(reference)});
    return *this;
  }

  const CatalogueTree& tree() const { return tree_; }

 private:
  CatalogueTree tree_;
};

inline Catalogue catalogue_of(const std::vector<Script>& scripts) {
  Result<Catalogue> catalogue = Catalogue::open("/proc/engine.db");
  EXPECT_TRUE(catalogue);
  std::vector<Catalogue::Changed> changed;
  for (const Script& script : scripts) changed.push_back({script.tree(), {}});
  EXPECT_TRUE(catalogue->apply(changed, {}));
  return std::move(*catalogue);
}

inline ObjectGraph graph_of(const std::vector<Script>& scripts) {
  Catalogue catalogue = catalogue_of(scripts);
  Result<ObjectGraph> graph = ObjectGraph::load(catalogue);
  EXPECT_TRUE(graph);
  return *graph;
}

}  // namespace engine::io::test
