// Names as people ask for them: as they are printed, and as scripts write them.
#include "io/graph/name_pattern.h"

#include <gmock/gmock.h>

#include "io/graph/object_title.h"
#include "tests/io/graph/scripted_catalogue.h"

namespace engine::io {
namespace {

using test::graph_of;
using test::Script;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::uint32_t> named(const ObjectGraph& graph, const char* asked) {
  return nodes_named(graph, NamePattern(asked));
}

TEST(NamePattern, ANameMayHaveItsSchemaAndDatabase) {
  const auto graph = graph_of({Script("a", Dialect::kTsql).object("table", "dbo", "T").in("Sales"),
                               Script("b", Dialect::kTsql).object("table", "dbo", "T").in("Stock"),
                               Script("c", Dialect::kTsql).object("table", {}, "T").in("Stock")});
  EXPECT_TRUE(graph.has_several_databases());
  EXPECT_THAT(named(graph, "t"), ElementsAre(0, 1, 2));
  EXPECT_THAT(named(graph, "dbo.T"), ElementsAre(0, 1, 2));
  EXPECT_THAT(named(graph, "sales.dbo.t"), ElementsAre(0));
  EXPECT_THAT(named(graph, "[Stock].[dbo].[T]"), ElementsAre(1, 2));
  EXPECT_THAT(named(graph, "stock..t"), ElementsAre(1, 2)) << "in the schema of the dialect";
  EXPECT_THAT(named(graph, "\"dbo\".\"T\""), ElementsAre(0, 1, 2));
  EXPECT_THAT(named(graph, "other.Sales.dbo.T"), IsEmpty());
}

TEST(NamePattern, ASchemaThatIsLeftOutIsTheDialectsOwn) {
  const auto graph = graph_of({Script("a", Dialect::kTsql).object("table", {}, "Cust"),
                               Script("b", Dialect::kPostgresql).object("table", {}, "cust"),
                               Script("c", Dialect::kMysql).object("table", {}, "cust"),
                               Script("d", Dialect::kTsql).object("login", {}, "dbo_cust")});
  EXPECT_THAT(named(graph, "dbo.*"), ElementsAre(0)) << "a login lies in no schema";
  EXPECT_THAT(named(graph, "dbo.cust"), ElementsAre(0));
  EXPECT_THAT(named(graph, "public.cust"), ElementsAre(1));
  EXPECT_THAT(named(graph, "cust"), ElementsAre(0, 1, 2));
}

TEST(NamePattern, WildcardsStandForAnyTextAndForOneCharacter) {
  const auto graph = graph_of({Script("a", Dialect::kPostgresql)
                                   .object("table", "s", "order")
                                   .object("table", "s", "orders/old")
                                   .object("table", "s", "\xC3\xA4rger")});
  EXPECT_THAT(named(graph, "ord*"), ElementsAre(0, 1)) << "no path: a / is a letter";
  EXPECT_THAT(named(graph, "*e*d"), ElementsAre(1));
  EXPECT_THAT(named(graph, "?rder"), ElementsAre(0));
  EXPECT_THAT(named(graph, "?rger"), ElementsAre(2)) << "one character of two bytes";
  EXPECT_THAT(named(graph, "S.?rd*"), ElementsAre(0, 1));
  EXPECT_THAT(named(graph, "s_order"), IsEmpty());
  EXPECT_THAT(named(graph, "%"), IsEmpty());
}

// What stands in quotes is a name, whatever is in it; what is in a name may be asked for.
TEST(NamePattern, QuotesMakeANameLiteral) {
  const auto graph = graph_of({Script("a", Dialect::kTsql)
                                   .object("table", "dbo", "we.ird")
                                   .object("table", "we", "ird")
                                   .object("table", "dbo", "a[b]")
                                   .object("table", "dbo", "a\"b")
                                   .object("table", "dbo", "c*")
                                   .object("table", "dbo", "cd")});
  EXPECT_THAT(named(graph, "we.ird"), ElementsAre(0, 1)) << "printed, they are one";
  EXPECT_THAT(named(graph, "[we.ird]"), ElementsAre(0));
  EXPECT_THAT(named(graph, "[we].[ird]"), ElementsAre(1));
  EXPECT_THAT(named(graph, "a[b]"), ElementsAre(2));
  EXPECT_THAT(named(graph, "[a[b]]]"), ElementsAre(2)) << "a bracket that closes stands twice";
  EXPECT_THAT(named(graph, "a\"b"), ElementsAre(3));
  EXPECT_THAT(named(graph, "\"a\"\"b\""), ElementsAre(3));
  EXPECT_THAT(named(graph, "`c*`"), ElementsAre(4));
  EXPECT_THAT(named(graph, "c*"), ElementsAre(4, 5));
  EXPECT_THAT(named(graph, "[dbo].c*"), ElementsAre(4, 5));
  EXPECT_THAT(named(graph, "[dbo].[cd"), IsEmpty()) << "never closed";
}

TEST(NamePattern, WhatIsPrintedIsFound) {
  const auto graph = graph_of({Script("a", Dialect::kPostgresql)
                                   .object("table", "s", "t")
                                   .object("index", "s", "ix", "t")
                                   .object("constraint", "s", {}, "t", "primary_key")});
  for (const std::uint32_t node : {0u, 1u, 2u}) {
    const std::string title = object_title(graph.nodes()[node], false);
    EXPECT_THAT(named(graph, title.c_str()), ElementsAre(node)) << title;
  }
  EXPECT_THAT(named(graph, "*"), ElementsAre(0, 1)) << "what has a name";
}

}  // namespace
}  // namespace engine::io
