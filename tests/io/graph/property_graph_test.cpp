#include "io/graph/property_graph.h"

#include <gmock/gmock.h>

#include "io/graph/output_graph.h"
#include "tests/io/graph/scripted_catalogue.h"

namespace engine::io {
namespace {

using test::catalogue_of;
using test::Script;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

std::unique_ptr<OutputGraph> output_graph(const std::vector<Script>& scripts) {
  Catalogue catalogue = catalogue_of(scripts);
  auto graph = OutputGraph::load(catalogue, "/nowhere/out");
  EXPECT_TRUE(graph);
  return std::move(*graph);
}

std::vector<std::string> keys(const PropertyGraph& graph) {
  std::vector<std::string> keys;
  for (const PropertyNode& node : graph.nodes()) keys.push_back(node_label(node) + " " + node.key);
  return keys;
}

TEST(PropertyGraph, EachNodeHasALabelAndAKeyOfItsOwn) {
  const auto graph = output_graph({Script("a", Dialect::kPostgresql)
                                       .object("materialized_view", "s", "v")
                                       .says(ReferenceKind::kReads, "x", "t")
                                       .object("constraint", "s", {}, "t", "check")
                                       .object("constraint", "s", {}, "t", "check")
                                       .object("extended_property", "s", "P", "t")
                                       .of_part("column c"),
                                   Script("b", Dialect::kPostgresql)});
  EXPECT_THAT(keys(graph->properties()),
              ElementsAre("Source /nowhere/out/a", "Source /nowhere/out/b",
                          "MaterializedView /nowhere/out/a: materialized_view s.v",
                          "Constraint /nowhere/out/a: constraint s.t: (check)",
                          "Constraint /nowhere/out/a: constraint s.t: (check) #2",
                          "ExtendedProperty /nowhere/out/a: extended_property s.t: P of column c",
                          "External /nowhere/out: postgresql external x.t"));
}

TEST(PropertyGraph, WhatHangsOnATableHasARelationshipBothWays) {
  const auto graph = output_graph({Script("a", Dialect::kPostgresql)
                                       .object("table", {}, "t")
                                       .object("index", {}, "i", "t")
                                       .object("constraint", {}, "c", "t", "check")
                                       .object("policy", {}, "p", "t")});
  std::vector<std::string> types;
  const PropertyGraph& properties = graph->properties();
  for (const PropertyEdge& edge : properties.edges()) {
    types.push_back(node_label(properties.nodes()[edge.from]) + " " + std::string(edge.type) + " " +
                    node_label(properties.nodes()[edge.to]));
  }
  EXPECT_THAT(types,
              UnorderedElementsAre("Source DEFINES Table", "Source DEFINES Index",
                                   "Source DEFINES Constraint", "Source DEFINES Policy",
                                   "Table HAS_INDEX Index", "Table HAS_CONSTRAINT Constraint",
                                   "Table CONTAINS Policy", "Index ON Table", "Policy ON Table"));
}

TEST(PropertyGraph, OneLineSaysARelationshipOnce) {
  const auto graph = output_graph({Script("a", Dialect::kPostgresql)
                                       .object("table", {}, "t")
                                       .object("view", {}, "v")
                                       .says(ReferenceKind::kReads, {}, "t")
                                       .says(ReferenceKind::kReads, {}, "t")});
  EXPECT_EQ(graph->properties().edges().size(), 3u) << "two of DEFINES, one of READS";
}

TEST(PropertyGraph, ANameOfBytesIsMadeUtf8) {
  EXPECT_EQ(valid_utf8("a\xff/\xc3\xa9"), "a\xef\xbf\xbd/\xc3\xa9");
}

}  // namespace
}  // namespace engine::io
