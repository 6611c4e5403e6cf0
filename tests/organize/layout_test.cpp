#include "engine/organize/layout.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace engine::organize {
namespace {

using ::testing::ElementsAre;

Draft table(const std::string& name) {
  Draft draft;
  draft.kind = OutputKind::kDefinition;
  draft.own.type = "table";
  draft.own.name = name;
  return draft;
}

TEST(Layout, ASuffixThatIsTakenAlreadyIsPassedOver) {
  EXPECT_THAT(output_paths({table("a~2"), table("a"), table("A")}, Dialect::kPostgresql),
              ElementsAre("tables/a~2/a~2.sql", "tables/a/a.sql", "tables/A~3/A~3.sql"));
}

TEST(Layout, SchemaAndNameThatReadAlikeAreKeptApart) {
  Draft first = table("b.c"), second = table("c");
  first.own.schema = "a";
  second.own.schema = "a.b";
  EXPECT_THAT(output_paths({first, second}, Dialect::kTsql),
              ElementsAre("tables/a.b.c/a.b.c.sql", "tables/a.b.c~2/a.b.c~2.sql"));
}

TEST(Layout, ManyOfOneNameArePlacedInLinearTime) {
  std::vector<Draft> drafts;
  for (int i = 0; i < 20000; ++i) {
    Draft draft;
    draft.kind = OutputKind::kDefinition;
    draft.own.type = "constraint";
    draft.owner.emplace();
    draft.owner->type = "table";
    draft.owner->name = "t";
    drafts.push_back(draft);
  }
  const auto paths = output_paths(drafts, Dialect::kMysql);
  EXPECT_EQ(paths.back(), "tables/t/constraints/t~20000.sql");
}

}  // namespace
}  // namespace engine::organize
