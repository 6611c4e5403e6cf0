#include "io/graph/object_graph.h"

#include <gmock/gmock.h>

#include "io/graph/name_pattern.h"
#include "io/graph/reachable.h"
#include "tests/io/graph/scripted_catalogue.h"

namespace engine::io {
namespace {

using test::graph_of;
using test::Script;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

std::string title(const ObjectGraph& graph, std::uint32_t node) {
  const RecordedObject& object = graph.nodes()[node];
  return (object.tree.empty() ? "?" : object.tree) + ":" + object.object.name.value_or("-");
}

std::string edge_text(const ObjectGraph& graph, const GraphEdge& edge) {
  return title(graph, edge.from) + " " + std::string(edge_kind_name(edge.kind)) + " " +
         title(graph, edge.to);
}

std::vector<std::string> edges(const ObjectGraph& graph) {
  std::vector<std::string> texts;
  for (const GraphEdge& edge : graph.edges()) texts.push_back(edge_text(graph, edge));
  return texts;
}

TEST(ObjectGraph, ANameIsFoundInItsOwnSourceFirst) {
  const auto graph = graph_of({Script("a", Dialect::kPostgresql)
                                   .object("table", "public", "t")
                                   .object("view", "public", "v")
                                   .says(ReferenceKind::kReads, {}, "t"),
                               Script("b", Dialect::kPostgresql).object("table", "public", "t"),
                               Script("c", Dialect::kPostgresql)
                                   .object("view", "public", "w")
                                   .says(ReferenceKind::kReads, "public", "t")});
  EXPECT_THAT(edges(graph), UnorderedElementsAre("a:v reads a:t", "c:w reads a:t"));
}

TEST(ObjectGraph, WhatIsRenamedIsMeantByEitherName) {
  const auto graph = graph_of({Script("a", Dialect::kPostgresql).object("table", {}, "emp"),
                               Script("b", Dialect::kPostgresql)
                                   .object("table", {}, "emp")
                                   .altered()
                                   .says(ReferenceKind::kBecomes, {}, "employee"),
                               Script("c", Dialect::kPostgresql)
                                   .object("table", {}, "employee")
                                   .altered()
                                   .says(ReferenceKind::kBecomes, {}, "staff"),
                               Script("d", Dialect::kPostgresql)
                                   .object("table", {}, "staff")
                                   .altered()
                                   .object("view", {}, "v")
                                   .says(ReferenceKind::kReads, {}, "staff")
                                   .object("view", {}, "w")
                                   .says(ReferenceKind::kReads, {}, "employee")});
  EXPECT_THAT(edges(graph), UnorderedElementsAre("d:v reads a:emp", "d:w reads a:emp"));
}

// Each name is looked for once, not all of them with each that becomes known.
TEST(ObjectGraph, AThousandRenamingsInAChain) {
  std::vector<Script> scripts = {Script("a0000", Dialect::kPostgresql).object("table", {}, "n0")};
  for (int i = 0; i < 1000; ++i) {
    scripts.push_back(Script("a" + std::to_string(10000 + i), Dialect::kPostgresql)
                          .object("table", {}, "n" + std::to_string(i))
                          .altered()
                          .says(ReferenceKind::kBecomes, {}, "n" + std::to_string(i + 1)));
  }
  scripts.push_back(Script("b", Dialect::kPostgresql)
                        .object("view", {}, "v")
                        .says(ReferenceKind::kReads, {}, "n1000"));
  EXPECT_THAT(edges(graph_of(scripts)), ElementsAre("b:v reads a0000:n0"));
}

TEST(ObjectGraph, WhatNobodyDefinesIsOneForEachDialect) {
  const auto graph = graph_of({Script("a", Dialect::kTsql)
                                   .object("view", {}, "v")
                                   .says(ReferenceKind::kReads, {}, "missing"),
                               Script("b", Dialect::kPostgresql)
                                   .object("view", {}, "w")
                                   .says(ReferenceKind::kReads, {}, "missing")});
  ASSERT_EQ(graph.edges().size(), 2u);
  EXPECT_NE(graph.edges()[0].to, graph.edges()[1].to);
}

TEST(ObjectGraph, OfEqualsTheOneInItsOwnFolderIsMeant) {
  const auto graph = graph_of({Script("a/s", Dialect::kOracle).object("table", {}, "T"),
                               Script("b/s", Dialect::kOracle).object("table", {}, "T"),
                               Script("b/v", Dialect::kOracle)
                                   .object("view", {}, "V")
                                   .says(ReferenceKind::kReads, {}, "T")});
  EXPECT_THAT(edges(graph), ElementsAre("b/v:V reads b/s:T"));
}

TEST(ObjectGraph, ATypeInheritsFromATypeAndLiesInAPackage) {
  const auto graph = graph_of({Script("a", Dialect::kOracle)
                                   .object("type", {}, "T")
                                   .object("package", {}, "P")
                                   .object("type", {}, "U")
                                   .says(ReferenceKind::kInherits, {}, "T")
                                   .object("procedure", {}, "Q")
                                   .says(ReferenceKind::kUses, "P", "TYPE_OF_P")});
  EXPECT_THAT(edges(graph), UnorderedElementsAre("a:U inherits a:T", "a:Q uses a:P"));
}

TEST(ObjectGraph, ASchemaThatIsGivenDecides) {
  const auto graph = graph_of({Script("a", Dialect::kTsql)
                                   .object("table", "dbo", "T")
                                   .object("table", "s", "T")
                                   .object("view", "s", "V")
                                   .says(ReferenceKind::kReads, "DBO", "t")
                                   .says(ReferenceKind::kWrites, {}, "t")});
  ASSERT_EQ(graph.edges().size(), 2u);
  EXPECT_EQ(graph.nodes()[graph.edges()[0].to].object.schema, "dbo");
  EXPECT_EQ(graph.nodes()[graph.edges()[1].to].object.schema, "s") << "that of who refers";
}

std::vector<std::string> targets(const ObjectGraph& graph) {
  std::vector<std::string> texts;
  for (const GraphEdge& edge : graph.edges()) {
    const RecordedObject& to = graph.nodes()[edge.to];
    texts.push_back(std::string(edge_kind_name(edge.kind)) + " " + to.object.schema.value_or("-") +
                    "." + to.object.name.value_or("-"));
  }
  return texts;
}

TEST(ObjectGraph, ASearchPathIsLookedThroughInItsOrder) {
  const auto graph = graph_of({Script("a", Dialect::kPostgresql)
                                   .object("table", "a", "x")
                                   .object("table", "b", "x")
                                   .object("table", "b", "y")
                                   .object("table", "public", "y")
                                   .object("table", "own", "x")
                                   .object("table", "public", "z")
                                   .object("table", "own", "only")
                                   .object("view", "own", "v")
                                   .along({"a", "b", "public"})
                                   .says(ReferenceKind::kReads, {}, "x")
                                   .says(ReferenceKind::kReads, {}, "y")
                                   .says(ReferenceKind::kReads, {}, "z")
                                   .says(ReferenceKind::kReads, {}, "only")});
  EXPECT_THAT(targets(graph),
              ElementsAre("reads a.x", "reads b.y", "reads public.z", "reads -.only"))
      << "the view's own schema is not on the path";
}

TEST(ObjectGraph, ARoutineIsRunUnderThePathOfItsCaller) {
  const auto graph = graph_of({Script("a", Dialect::kPostgresql)
                                   .object("table", "own", "t")
                                   .object("function", "own", "f")
                                   .along({"a", "b"})
                                   .says(ReferenceKind::kReads, {}, "t")});
  EXPECT_THAT(targets(graph), ElementsAre("reads own.t"));
}

TEST(ObjectGraph, WhatHangsOnATableOrAltersItFindsItAlongThePath) {
  const auto graph = graph_of({Script("a", Dialect::kPostgresql)
                                   .object("table", "b", "t")
                                   .object("index", "a", "i", "t")
                                   .along({"a", "b"})
                                   .object("table", "a", "t")
                                   .altered()
                                   .along({"a", "b"})
                                   .says(ReferenceKind::kInherits, "c", "p")
                                   .object("index", "c", "j", "t")
                                   .along({"a", "b"})});
  EXPECT_THAT(targets(graph),
              UnorderedElementsAre("contains b.i", "on b.t", "inherits c.p", "on c.t"))
      << "an index lies where its table does; what says its schema is looked for there alone";
}

TEST(ObjectGraph, WhatNoSourceDefinesIsExternal) {
  const auto graph = graph_of({Script("a", Dialect::kPostgresql)
                                   .object("view", "public", "v")
                                   .says(ReferenceKind::kReads, "x", "t")
                                   .says(ReferenceKind::kCalls, {}, "lower", {}, true)
                                   .says(ReferenceKind::kCalls, {}, "run")});
  EXPECT_THAT(edges(graph), UnorderedElementsAre("a:v reads ?:t", "a:v calls ?:run"));
  EXPECT_TRUE(graph.is_external(graph.edges()[0].to));
}

TEST(ObjectGraph, ANameIsLookedForInTheDatabaseThatTheScriptUses) {
  const auto graph = graph_of({Script("a", Dialect::kTsql).object("table", "dbo", "T").in("A"),
                               Script("b", Dialect::kTsql)
                                   .object("view", "dbo", "V")
                                   .in("B")
                                   .says(ReferenceKind::kReads, "dbo", "T"),
                               Script("c", Dialect::kTsql)
                                   .object("view", "dbo", "W")
                                   .says(ReferenceKind::kReads, "dbo", "T"),
                               Script("d", Dialect::kTsql)
                                   .object("view", "dbo", "X")
                                   .in("a")
                                   .says(ReferenceKind::kReads, "dbo", "T")});
  EXPECT_THAT(edges(graph),
              UnorderedElementsAre("b:V reads ?:T", "c:W reads a:T", "d:X reads a:T"));
}

TEST(ObjectGraph, WhatAlterInOneDatabaseMeansIsNotInAnother) {
  const auto graph = graph_of({Script("a", Dialect::kTsql).object("view", "dbo", "V").in("A"),
                               Script("b", Dialect::kTsql)
                                   .object("view", "dbo", "V")
                                   .in("B")
                                   .altered()
                                   .says(ReferenceKind::kReads, "dbo", "T")});
  EXPECT_THAT(edges(graph), ElementsAre("b:V reads ?:T"));
}

TEST(ObjectGraph, ASourceOfNoKnownDialectSeesTheOthersAndIsSeen) {
  const auto graph = graph_of({Script("x/tables", Dialect::kGeneric)
                                   .object("table", {}, "Orders")
                                   .object("table", {}, "both"),
                               Script("x/f", Dialect::kPostgresql)
                                   .object("table", "public", "both")
                                   .object("function", "public", "f")
                                   .says(ReferenceKind::kReads, {}, "orders")
                                   .says(ReferenceKind::kReads, {}, "both"),
                               Script("x/v", Dialect::kGeneric)
                                   .object("view", {}, "v")
                                   .says(ReferenceKind::kCalls, {}, "F")
                                   .object("function", "PUBLIC", "F")
                                   .altered()
                                   .says(ReferenceKind::kReads, {}, "v"),
                               Script("y/f", Dialect::kMysql).object("function", {}, "f")});
  EXPECT_THAT(edges(graph),
              UnorderedElementsAre("x/f:f reads x/tables:Orders", "x/f:f reads x/f:both",
                                   "x/v:v calls x/f:f", "x/f:f reads x/v:v"));
}

TEST(ObjectGraph, WhatLiesOnAnotherServerIsExternal) {
  const auto graph = graph_of({Script("a", Dialect::kTsql)
                                   .object("table", "dbo", "T")
                                   .object("view", "dbo", "V")
                                   .says(ReferenceKind::kReads, "dbo", "T")
                                   .of_database("@srv.db")});
  EXPECT_THAT(edges(graph), ElementsAre("a:V reads ?:T"));
}

TEST(ObjectGraph, APartitionInheritsFromWhatAttachesIt) {
  const auto graph = graph_of({Script("a", Dialect::kPostgresql)
                                   .object("table", "public", "p1")
                                   .object("table", "public", "p")
                                   .says(ReferenceKind::kAttaches, "public", "p1")
                                   .says(ReferenceKind::kAttaches, "public", "nobody")});
  EXPECT_THAT(edges(graph), ElementsAre("a:p1 inherits a:p"));
}

TEST(ObjectGraph, WhatWasRenamedIsFoundUnderBothNames) {
  const auto graph = graph_of({Script("a", Dialect::kPostgresql)
                                   .object("table", "public", "t")
                                   .says(ReferenceKind::kBecomes, {}, "t9")
                                   .object("view", "public", "v")
                                   .says(ReferenceKind::kReads, {}, "t9")
                                   .says(ReferenceKind::kReads, {}, "t")});
  EXPECT_THAT(edges(graph), ElementsAre("a:v reads a:t", "a:v reads a:t"));
}

TEST(ObjectGraph, AForeignKeyReachesFromItsConstraint) {
  const auto graph = graph_of({Script("a", Dialect::kPostgresql)
                                   .object("table", "public", "u")
                                   .object("table", "public", "t")
                                   .object("constraint", "public", {}, "t", "foreign_key")
                                   .says(ReferenceKind::kReferences, {}, "u")
                                   .object("constraint", "public", "fk", "t", "foreign_key")
                                   .says(ReferenceKind::kReferences, {}, "u", "fk")});
  EXPECT_THAT(edges(graph), UnorderedElementsAre("a:t contains a:-", "a:t contains a:fk",
                                                 "a:- references a:u", "a:fk references a:u"));
}

TEST(ObjectGraph, AnIndexIsOnItsTableAlsoWhereThatIsElsewhere) {
  const auto graph = graph_of({Script("a", Dialect::kPostgresql)
                                   .object("table", "public", "t")
                                   .object("index", "public", "i", "t")
                                   .object("index", "public", "j", "nowhere"),
                               Script("b", Dialect::kPostgresql).object("trigger", {}, "g", "t")});
  EXPECT_THAT(edges(graph),
              UnorderedElementsAre("a:t contains a:i", "a:i on a:t", "a:j on ?:nowhere",
                                   "a:t contains b:g", "b:g on a:t"));
}

TEST(ObjectGraph, AnAlterIsOfTheObjectThatAnotherSourceCreates) {
  const auto graph = graph_of({Script("a", Dialect::kTsql)
                                   .object("view", {}, "V")
                                   .altered()
                                   .says(ReferenceKind::kReads, {}, "T"),
                               Script("b", Dialect::kTsql)
                                   .object("procedure", "dbo", "V")
                                   .object("view", "dbo", "v")
                                   .object("table", "dbo", "t")});
  EXPECT_THAT(edges(graph), ElementsAre("b:v reads b:t"));
  EXPECT_EQ(graph.nodes().size(), 3u);
}

TEST(ObjectGraph, AnAlterMeansWhatItsWordMayMeanInTheDialect) {
  const auto graph = graph_of(
      {Script("a", Dialect::kPostgresql)
           .object("function", "public", "p")
           .altered()
           .says(ReferenceKind::kUses, {}, "ty")
           .object("table", {}, "v")
           .altered()
           .says(ReferenceKind::kReads, {}, "t")
           .object("procedure", {}, "f")
           .altered()
           .says(ReferenceKind::kReads, {}, "t"),
       Script("b", Dialect::kPostgresql)
           .object("procedure", {}, "p")
           .object("materialized_view", "public", "v")
           .object("function", {}, "f")
           .object("type", {}, "ty")
           .object("table", {}, "t"),
       Script("c", Dialect::kTsql)
           .object("table", "dbo", "Q")
           .altered()
           .says(ReferenceKind::kReads, {}, "T"),
       Script("d", Dialect::kTsql).object("procedure", {}, "q").object("table", "dbo", "T")});
  EXPECT_THAT(edges(graph), UnorderedElementsAre("b:p uses b:ty", "b:v reads b:t", "a:f reads b:t",
                                                 "d:q reads d:T"))
      << "ROUTINE, ALTER TABLE of any relation, sp_rename; ALTER PROCEDURE is of no function";
}

TEST(ObjectGraph, WhatIsAlteredLiesInTheDialectsOwnSchemaOrInAnother) {
  const auto graph =
      graph_of({Script("a", Dialect::kMysql)
                    .object("view", "dbo", "v")
                    .altered()
                    .says(ReferenceKind::kReads, {}, "t"),
                Script("b", Dialect::kMysql).object("view", "public", "v").object("view", {}, "v"),
                Script("c", Dialect::kGeneric).object("view", "dbo", "w"),
                Script("d", Dialect::kTsql)
                    .object("view", {}, "W")
                    .altered()
                    .says(ReferenceKind::kReads, {}, "t")});
  EXPECT_THAT(edges(graph), UnorderedElementsAre("a:v reads ?:t", "c:w reads ?:t"));
}

TEST(ObjectGraph, WhatIsAlteredOnOneParentHangsOnNoOther) {
  const auto graph = graph_of({Script("a", Dialect::kTsql)
                                   .object("trigger", "dbo", "g", "u")
                                   .altered()
                                   .says(ReferenceKind::kReads, {}, "x")
                                   .object("trigger", "dbo", "h")
                                   .altered()
                                   .says(ReferenceKind::kReads, {}, "x"),
                               Script("b", Dialect::kTsql)
                                   .object("trigger", "dbo", "g", "t")
                                   .object("trigger", "dbo", "h", "t")});
  EXPECT_THAT(edges(graph), UnorderedElementsAre("a:g on ?:u", "a:g reads ?:x", "b:g on ?:t",
                                                 "b:h on ?:t", "b:h reads ?:x"));
}

TEST(ObjectGraph, AnAlteredPropertyIsThatOfItsColumn) {
  const auto graph = graph_of({Script("a", Dialect::kTsql)
                                   .object("table", "dbo", "T")
                                   .object("extended_property", "dbo", "P", "T")
                                   .of_part("column A")
                                   .object("extended_property", "dbo", "P", "T")
                                   .of_part("column B"),
                               Script("b", Dialect::kTsql)
                                   .object("extended_property", "dbo", "P", "T")
                                   .of_part("column b")
                                   .altered()});
  ASSERT_EQ(graph.nodes().size(), 3u);
  EXPECT_EQ(graph.nodes()[2].object.minor, "column B");
}

TEST(ObjectGraph, WhatIsOnlyAlteredStandsWhereItIsAlteredFirst) {
  const auto graph = graph_of({Script("a", Dialect::kTsql)
                                   .object("procedure", "dbo", "p")
                                   .altered()
                                   .says(ReferenceKind::kReads, {}, "t"),
                               Script("b", Dialect::kTsql)
                                   .object("procedure", "DBO", "P")
                                   .altered()
                                   .says(ReferenceKind::kReads, {}, "u"),
                               Script("c", Dialect::kTsql)
                                   .object("procedure", "dbo", "q")
                                   .says(ReferenceKind::kCalls, {}, "p")});
  EXPECT_THAT(edges(graph),
              UnorderedElementsAre("a:p reads ?:t", "a:p reads ?:u", "c:q calls a:p"));
}

TEST(ObjectGraph, AJobUsesProgramsAndSchedulesNotTypes) {
  const auto graph = graph_of({Script("a", Dialect::kOracle)
                                   .object("type", {}, "S")
                                   .object("schedule", {}, "S")
                                   .object("program", {}, "P")
                                   .object("job", {}, "J")
                                   .says(ReferenceKind::kUses, {}, "P")
                                   .says(ReferenceKind::kUses, {}, "S")
                                   .object("table", {}, "T")
                                   .says(ReferenceKind::kUses, {}, "S")});
  EXPECT_THAT(edges(graph), UnorderedElementsAre("a:J uses a:P", "a:J uses a:S", "a:T uses a:S"));
  EXPECT_EQ(graph.nodes()[graph.edges()[1].to].object.type, "schedule");
  EXPECT_EQ(graph.nodes()[graph.edges()[2].to].object.type, "type");
}

TEST(ObjectGraph, WhatSqliteCallsMainIsItsOwnSchema) {
  const auto graph = graph_of({Script("a", Dialect::kSqlite)
                                   .object("table", {}, "t")
                                   .object("view", {}, "v")
                                   .says(ReferenceKind::kReads, "main", "t"),
                               Script("b", Dialect::kSnowflake)
                                   .object("stream", {}, "S")
                                   .object("task", {}, "T")
                                   .says(ReferenceKind::kReads, {}, "S")});
  EXPECT_THAT(edges(graph), UnorderedElementsAre("a:v reads a:t", "b:T reads b:S"))
      << "and a stream is read as a table is";
}

TEST(ObjectGraph, ARoutineOfAPackageIsThePackage) {
  const auto graph = graph_of({Script("a", Dialect::kOracle)
                                   .object("package", {}, "P")
                                   .object("procedure", {}, "Q")
                                   .says(ReferenceKind::kCalls, "P", "RUN", {}, true)});
  EXPECT_THAT(edges(graph), ElementsAre("a:Q calls a:P"));
}

TEST(Reachable, GoesAllTheWayOrSoFar) {
  const auto graph = graph_of({Script("a", Dialect::kPostgresql)
                                   .object("table", "public", "t")
                                   .object("view", "public", "v")
                                   .says(ReferenceKind::kReads, {}, "t")
                                   .object("view", "public", "w")
                                   .says(ReferenceKind::kReads, {}, "v")
                                   .says(ReferenceKind::kReads, {}, "w2")
                                   .object("view", "public", "w2")
                                   .says(ReferenceKind::kReads, {}, "w")});
  const auto texts = [&](const char* name, bool reverse, std::size_t depth) {
    std::vector<std::string> out;
    for (const std::size_t index :
         reachable_edges(graph, nodes_named(graph, NamePattern(name)), reverse, depth)) {
      out.push_back(edge_text(graph, graph.edges()[index]));
    }
    return out;
  };
  EXPECT_THAT(texts("public.T", true, 0),
              ElementsAre("a:v reads a:t", "a:w reads a:v", "a:w2 reads a:w", "a:w reads a:w2"));
  EXPECT_THAT(texts("t", true, 1), ElementsAre("a:v reads a:t"));
  EXPECT_THAT(texts("w", false, 1), ElementsAre("a:w reads a:v", "a:w reads a:w2"));
  EXPECT_THAT(texts("t", false, 0), IsEmpty());
}

}  // namespace
}  // namespace engine::io
