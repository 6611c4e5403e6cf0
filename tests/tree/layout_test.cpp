#include "engine/tree/layout.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace engine::tree {
namespace {

using ::testing::ElementsAre;

organize::Draft table(const std::string& name) {
  organize::Draft draft;
  draft.kind = organize::OutputKind::kDefinition;
  draft.own.type = "table";
  draft.own.name = name;
  return draft;
}

TEST(Layout, ASuffixThatIsTakenAlreadyIsPassedOver) {
  EXPECT_THAT(places_of({table("a~2"), table("a"), table("A")}, Dialect::kPostgresql).paths,
              ElementsAre("tables/a~2/a~2.sql", "tables/a/a.sql", "tables/A~3/A~3.sql"));
}

TEST(Layout, SchemaAndNameThatReadAlikeAreKeptApart) {
  organize::Draft first = table("b.c"), second = table("c");
  first.own.schema = "a";
  second.own.schema = "a.b";
  EXPECT_THAT(places_of({first, second}, Dialect::kTsql).paths,
              ElementsAre("tables/a.b.c/a.b.c.sql", "tables/a.b.c~2/a.b.c~2.sql"));
}

TEST(Layout, ManyOfOneNameArePlacedInLinearTime) {
  organize::Drafts drafts;
  for (int i = 0; i < 20000; ++i) {
    organize::Draft draft;
    draft.kind = organize::OutputKind::kDefinition;
    draft.own.type = "constraint";
    draft.owner.emplace();
    draft.owner->type = "table";
    draft.owner->name = "t";
    drafts.push_back(draft);
  }
  const auto paths = places_of(drafts, Dialect::kMysql).paths;
  EXPECT_EQ(paths.back(), "tables/t/constraints/t~20000.sql");
}

TEST(Layout, TheSameNameComposedAndDecomposedIsTwoPaths) {
  const organize::Drafts drafts = {table("caf\xc3\xa9"), table("cafe\xcc\x81"),
                                   table("CAF\xc3\x89")};
  EXPECT_THAT(places_of(drafts, Dialect::kPostgresql, Layout::kCompact).paths,
              ElementsAre("tables/caf\xc3\xa9.sql", "tables/cafe\xcc\x81~2.sql",
                          "tables/CAF\xc3\x89~3.sql"));
}

TEST(Layout, WhatTheSourceDoesNotDefineIsElsewhere) {
  organize::Draft defined = table("a"), altered = table("b"), index;
  defined.created = true;
  index.kind = organize::OutputKind::kDefinition;
  index.own.type = "index";
  index.own.name = "i";
  index.owner = altered.own;
  organize::Draft other_index = index;
  other_index.owner = defined.own;
  EXPECT_THAT(places_of({defined, altered, index, other_index}, Dialect::kPostgresql).elsewhere,
              ElementsAre(false, true, true, false));
}

TEST(Layout, CompactAndFlat) {
  organize::Draft index, rows;
  index.kind = organize::OutputKind::kDefinition;
  index.own.type = "index";
  index.own.name = "i";
  index.owner = table("t").own;
  rows.kind = organize::OutputKind::kSegment;
  rows.owner = table("t").own;
  const organize::Drafts drafts = {table("t"), index, rows, rows, organize::Draft{}};
  const Dialect dialect = Dialect::kPostgresql;
  EXPECT_THAT(places_of(drafts, dialect, Layout::kCompact).paths,
              ElementsAre("tables/t.sql", "tables/t.sql", "data/t.0001.sql", "data/t.0002.sql",
                          "other/0001.sql"));
  EXPECT_THAT(places_of(drafts, dialect, Layout::kFlat).paths,
              ElementsAre("Table.t.sql", "Index.t.i.sql", "Data.t.0001.sql", "Data.t.0002.sql",
                          "Other.0001.sql"));
  EXPECT_THAT(places_of(drafts, dialect, Layout::kNested, DataPlacement::kInline).paths,
              ElementsAre("tables/t/t.sql", "tables/t/indexes/i.sql", "tables/t/t.sql",
                          "tables/t/t.sql", "other/0001.sql"));
  EXPECT_THAT(places_of(drafts, dialect, Layout::kFlat, DataPlacement::kDrop).paths,
              ElementsAre("Table.t.sql", "Index.t.i.sql", "", "", "Other.0001.sql"));
}

}  // namespace
}  // namespace engine::tree
