#include <gmock/gmock.h>

#include "tests/sql/split_units.h"

namespace engine::sql {
namespace {

using test::units_of;
using test::warnings_of;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(SqliteSplitter, TriggerEndsAtEndSemicolon) {
  EXPECT_THAT(units_of("CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT CASE 1 WHEN 1 THEN 2 END; "
                       "END; SELECT 1;",
                       Dialect::kSqlite),
              SizeIs(2));
}

TEST(SqliteSplitter, ShellTakesGoSlashAndDots) {
  EXPECT_THAT(units_of(".mode csv it's\nSELECT 1\ngo\nSELECT 2\n/\n", Dialect::kSqlite),
              ElementsAre("SELECT 1", "SELECT 2"));
}

TEST(SqliteSplitter, GoAndSlashMayHaveCommentsBehind) {
  EXPECT_THAT(
      units_of("SELECT 1\n go -- it's\nSELECT 2\n/ /* ' */\nSELECT 3\ngo on\n;", Dialect::kSqlite),
      ElementsAre("SELECT 1", "SELECT 2", "SELECT 3\ngo on\n;"));
}

TEST(SqliteSplitter, GoInATriggerOrAQuoteIsText) {
  EXPECT_THAT(units_of("CREATE TRIGGER t AFTER DELETE ON a BEGIN SELECT 1\ngo\n; END;\n"
                       "SELECT '\n/\n';",
                       Dialect::kSqlite),
              SizeIs(2));
}

TEST(SqliteSplitter, ACarriageReturnDoesNotEndAComment) {
  EXPECT_THAT(units_of("SELECT 1; -- a\rSELECT 2;\nSELECT 3;", Dialect::kSqlite), SizeIs(2));
}

TEST(SqliteSplitter, AnOpenCommentBehindWhichNothingBeginsRunsToTheEnd) {
  for (const std::string_view text : {"SELECT 1;\n/* open; 'it", "SELECT 1 /* open */ /* x\n"}) {
    EXPECT_THAT(units_of(text, Dialect::kSqlite), SizeIs(1)) << text;
    EXPECT_THAT(warnings_of(text, Dialect::kSqlite), IsEmpty()) << text;
  }
  EXPECT_THAT(units_of("/* open", Dialect::kSqlite), IsEmpty());
  const std::string_view swallows = "SELECT 1; /* open ;\n  CREATE TABLE t (i);\nSELECT 2;";
  EXPECT_THAT(units_of(swallows, Dialect::kSqlite), SizeIs(3));
  EXPECT_THAT(warnings_of(swallows, Dialect::kSqlite), SizeIs(1));
}

TEST(SqliteSplitter, DotLinesInsideAStatementAreText) {
  EXPECT_THAT(units_of("SELECT 1\n.mode csv\n;\n.mode csv\n# x;\n", Dialect::kSqlite),
              ElementsAre("SELECT 1\n.mode csv\n;"));
}

TEST(SqliteSplitter, ExplainAndTemporaryTriggersEndAsTriggersDo) {
  EXPECT_THAT(units_of("EXPLAIN CREATE TEMP TRIGGER t AFTER DELETE ON a BEGIN SELECT 1; END; "
                       "SELECT [a;], `b;`;",
                       Dialect::kSqlite),
              SizeIs(2));
}

TEST(SqliteSplitter, ABracketEndsAtTheFirstOne) {
  EXPECT_THAT(units_of("SELECT [a;[b], `c;``d`, \"e;\"\"f\";\nSELECT 2;", Dialect::kSqlite),
              SizeIs(2));
}

}  // namespace
}  // namespace engine::sql
