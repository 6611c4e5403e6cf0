// Quotes, tags and blocks that nothing closes: what follows keeps its units, and the warning names
// what is left open. And literals that only look like such: they stay whole.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/sql/splitter.h"
#include "tests/sql/split_units.h"

namespace engine::sql {
namespace {

using test::units_of;
using test::warnings_of;
using ::testing::ElementsAre;
using ::testing::SizeIs;
using ::testing::StartsWith;

std::string times(int count, std::string_view text) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

TEST(OddQuote, StatementsIndentedAsTheBrokenOneAreCertain) {
  for (const std::string_view blanks : {"  ", "\t"}) {
    const std::string line = std::string(blanks) + "insert into a values ('";
    const std::string text = line + "it's');\n" + times(20, line + "x');\n");
    EXPECT_THAT(units_of(text, Dialect::kPostgresql), SizeIs(21));
    EXPECT_THAT(warnings_of(text, Dialect::kPostgresql), SizeIs(1));
  }
}

TEST(OddQuote, WhereNothingElseIsCertainAnyIndentationIs) {
  EXPECT_THAT(
      units_of("insert into a values ('it's');\n" + times(9, "  insert into b values ('x');\n"),
               Dialect::kMysql),
      SizeIs(10));
}

TEST(OddQuote, ABodyThatNothingClosesIsLeftForACreateOnly) {
  const std::string body =
      " create function f() as $$ begin\n  insert into a;\n  update b;\n end;\n";
  EXPECT_THAT(units_of(body + "  create table a (b int);\n  create table b (b int);\n",
                       Dialect::kPostgresql),
              SizeIs(3));
  EXPECT_THAT(units_of(body, Dialect::kPostgresql), SizeIs(1));
}

TEST(OddQuote, TheWarningNamesTheQuoteBehindTheWord) {
  EXPECT_THAT(warnings_of("insert into a values ('it's', 'b', 'c');\n" +
                              times(3, "insert into a values ('x');\n"),
                          Dialect::kPostgresql),
              ElementsAre(StartsWith("1:28: ")));
  EXPECT_THAT(warnings_of("select 'it's'; select 'a'; select 'b';", Dialect::kMysql),
              ElementsAre(StartsWith("1:13: ")));
}

TEST(OddQuote, ATypeOrACharacterSetMayTouchALiteral) {
  const std::string draft = "draft;\ninsert into x values (1);\nGO\nend";
  EXPECT_THAT(units_of("select _utf8mb4'" + draft + "';\nselect 2;", Dialect::kMysql), SizeIs(2));
  EXPECT_THAT(units_of("select json'" + draft + "';\nselect 2;", Dialect::kPostgresql), SizeIs(2));
  EXPECT_THAT(units_of("select nq'[" + draft + "]' a;\nselect 2;", Dialect::kOracle), SizeIs(2));
  EXPECT_THAT(units_of("print'" + draft + "'\nGO\nselect 2", Dialect::kTsql), SizeIs(2));
  EXPECT_THAT(
      units_of("begin execute immediate'" + draft + "'; end;\nselect 2;", Dialect::kSnowflake),
      SizeIs(2));
}

TEST(OddQuote, ALiteralMayEndAsOneBegins) {
  const std::string rows = "insert into a values (1);\ninsert into b values (2);\n";
  EXPECT_THAT(units_of("select concat(\"" + rows + "insert into d values (\",@x,')');\nselect 2;\n",
                       Dialect::kMysql),
              ElementsAre(StartsWith("select concat"), "select 2;"));
  EXPECT_THAT(units_of("insert into t values ('\n" + rows +
                           "update a set b = ' || x || ';\n');\nselect 2;\n",
                       Dialect::kPostgresql),
              ElementsAre(StartsWith("insert into t"), "select 2;"));
}

TEST(OddQuote, TagsThatNothingClosesCostWhatTheTextIsLong) {
  std::string text, quotes;
  for (int i = 0; i < 30000; ++i) {
    text += "select $a" + std::to_string(i) + "$ x;\ncreate table t (a int);\n";
    quotes += "select q'" + std::string(1, static_cast<char>('A' + i % 26)) +
              "[;\ncreate table t (a int);\n";
  }
  EXPECT_THAT(units_of(text, Dialect::kPostgresql), SizeIs(60000));
  EXPECT_THAT(units_of(quotes, Dialect::kOracle), SizeIs(60000));
  std::string indented = "select 1;\n";
  for (int i = 0; i < 30000; ++i) indented += "  create; select $a" + std::to_string(i) + "$ x;\n";
  EXPECT_THAT(units_of(indented, Dialect::kPostgresql), SizeIs(60001));
}

// The first are looked for to the end of the text, the others no further than the next table.
TEST(OddQuote, BlocksThatNothingClosesAreEachCut) {
  for (const Dialect dialect : {Dialect::kGeneric, Dialect::kSnowflake, Dialect::kBigquery}) {
    const std::string text = times(40, "create procedure p() begin\n set x = 1;\n\n-- c\n") +
                             times(50, "create table t (a int);\n");
    EXPECT_THAT(units_of(text, dialect), SizeIs(90));
    EXPECT_THAT(warnings_of(text, dialect), SizeIs(40));
  }
}

}  // namespace
}  // namespace engine::sql
