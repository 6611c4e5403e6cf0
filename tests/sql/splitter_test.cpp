#include "engine/sql/splitter.h"

#include <gmock/gmock.h>

#include "tests/sql/split_units.h"

namespace engine::sql {
namespace {

using test::directives_of;
using test::units_of;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

TEST(TsqlSplitter, GoEndsABatchInAnyCaseWithCountAndComment) {
  EXPECT_THAT(units_of("SELECT 1\ngo\nSELECT 2\n  GO 5 -- often\nSELECT 3", Dialect::kTsql),
              ElementsAre("SELECT 1", "SELECT 2", "SELECT 3"));
}

TEST(TsqlSplitter, GoTakesAVariableButIsNoPartOfAName) {
  EXPECT_THAT(units_of("SELECT 1\nGO $(times) -- often\nSELECT 2\n", Dialect::kTsql), SizeIs(2));
  EXPECT_THAT(units_of("SELECT 1 AS x,\nGO5 FROM t\nGOTO a\n", Dialect::kTsql), SizeIs(1));
}

TEST(TsqlSplitter, GoInsideQuotesNamesAndNestedCommentsIsText) {
  EXPECT_THAT(units_of("SELECT 'a\nGO\nb'\nGO\n", Dialect::kTsql), SizeIs(1));
  EXPECT_THAT(units_of("SELECT 1 AS [a\nGO\nb]\nGO\n", Dialect::kTsql), SizeIs(1));
  EXPECT_THAT(units_of("/* /*\nGO\n*/\nGO\n*/ SELECT 1\nGO\n", Dialect::kTsql), SizeIs(1));
}

TEST(TsqlSplitter, GoWithSemicolonIsNoSeparator) {
  EXPECT_THAT(units_of("SELECT 1\nGO;\nSELECT 2\nGO\n", Dialect::kTsql), SizeIs(1));
}

TEST(TsqlSplitter, SqlcmdCommandsAreDirectivesAndLabelsAreNot) {
  EXPECT_THAT(directives_of(":setvar a \"b\"\nSELECT 1\nGO\n", Dialect::kTsql),
              ElementsAre(":setvar a \"b\"", "GO"));
  EXPECT_THAT(units_of("SELECT 1\nagain:\nSELECT 2\n", Dialect::kTsql), SizeIs(1));
}

TEST(TsqlSplitter, ACommandOfSqlcmdInABatchIsALineOfIt) {
  EXPECT_THAT(units_of("CREATE TABLE a (b int)\n :setvar who O'Brien\n:r [a.sql\nINSERT a VALUES "
                       "(1)\nGO\nSELECT 'x\n:r y'\nGO\n",
                       Dialect::kTsql),
              SizeIs(2));
}

TEST(TsqlSplitter, OpenQuoteGoesNoFurtherThanTheNextGo) {
  const std::string_view text = "SELECT 'O'Brien'\nGO\nCREATE TABLE a (i int)\nGO\nSELECT 1\nGO\n";
  EXPECT_THAT(units_of(text, Dialect::kTsql),
              ElementsAre("SELECT 'O'Brien'", "CREATE TABLE a (i int)", "SELECT 1"));
  Splitter splitter(text, Dialect::kTsql);
  SplitPart part;
  while (splitter.next(&part)) {
  }
  ASSERT_THAT(splitter.warnings(), SizeIs(1));
  EXPECT_EQ(splitter.warnings()[0].line, 1u);
  EXPECT_EQ(splitter.warnings()[0].column, 16u);
}

TEST(TsqlSplitter, TwoOddQuotesSwallowNothingBetweenThem) {
  EXPECT_THAT(units_of("PRINT 'it's'\nGO\nCREATE TABLE a (i int)\nGO\nPRINT 'it's'\nGO\nSELECT 1\n",
                       Dialect::kTsql),
              ElementsAre("PRINT 'it's'", "CREATE TABLE a (i int)", "PRINT 'it's'", "SELECT 1"));
}

TEST(TsqlSplitter, CtrlZBehindTheLastGoIsNoBatch) {
  EXPECT_THAT(units_of("SELECT 1\r\nGO\r\n\x1a", Dialect::kTsql), ElementsAre("SELECT 1"));
  EXPECT_THAT(units_of("SELECT 1\nGO\n\x1a\nSELECT 2\n", Dialect::kTsql), SizeIs(2));
}

TEST(OracleSplitter, BlockRunsToItsSlash) {
  EXPECT_THAT(units_of("CREATE OR REPLACE PROCEDURE p AS\nBEGIN\n  NULL;\nEND;\n/\nSELECT 1 FROM "
                       "dual;\n",
                       Dialect::kOracle),
              SizeIs(2));
}

TEST(OracleSplitter, SemicolonCountsOnlyAtTheEndOfALine) {
  EXPECT_THAT(units_of("INSERT INTO t VALUES ('a;'); \nSELECT 1 FROM dual;", Dialect::kOracle),
              SizeIs(2));
}

TEST(OracleSplitter, SqlplusCommandsAreDirectives) {
  EXPECT_THAT(
      units_of("SET DEFINE OFF\nPROMPT it's here\nREM don't\nSET ROLE a;\n", Dialect::kOracle),
      ElementsAre("SET ROLE a;"));
}

TEST(OracleSplitter, SqlTerminatorIsFollowed) {
  EXPECT_THAT(units_of("SET SQLTERMINATOR !\nSELECT ';' FROM dual!\nSET SQLT ON\nSELECT 2;\n",
                       Dialect::kOracle),
              SizeIs(2));
}

TEST(Db2Splitter, TerminatorCountsOnlyAtTheEndOfALine) {
  EXPECT_THAT(units_of("BEGIN\n SET a = 1; --\nEND;\nSELECT 1;\n", Dialect::kDb2), SizeIs(2));
}

TEST(Db2Splitter, ABlockThatNeverEndsSwallowsNoTable) {
  EXPECT_THAT(units_of("CREATE PROCEDURE p () BEGIN\n SET a = 1;\nCREATE TABLE t (i INT);\n"
                       "CREATE TABLE u (i INT);\n",
                       Dialect::kDb2),
              ElementsAre(StartsWith("CREATE PROCEDURE"), "CREATE TABLE t (i INT);",
                          "CREATE TABLE u (i INT);"));
}

TEST(OracleSplitter, AnOpenQuoteGoesNoFurtherThanALineSlash) {
  EXPECT_THAT(
      units_of("INSERT INTO t VALUES ('a);\n/\nCREATE TABLE u (i NUMBER)\n/\n", Dialect::kOracle),
      ElementsAre(StartsWith("INSERT"), "CREATE TABLE u (i NUMBER)"));
}

TEST(PostgresqlSplitter, CommentsBeforeAStatementDoNotHideThatItBegins) {
  EXPECT_THAT(units_of("SELECT 'a;\nb;\n\n--\n-- Name: t; Type: TABLE\n--\n\n"
                       "CREATE TABLE t (i int);\n",
                       Dialect::kPostgresql),
              ElementsAre(StartsWith("SELECT 'a;"), "CREATE TABLE t (i int);"));
}

// mysqldump --replace, setval at the end of every pg_dump.
TEST(NeverSwallow, AnyStatementAtALinesStartIsCertainBehindATerminator) {
  EXPECT_THAT(units_of("REPLACE INTO a VALUES ('it's');\nREPLACE INTO a VALUES ('x');\n"
                       "REPLACE INTO a VALUES ('y');\n",
                       Dialect::kMysql),
              ElementsAre(StartsWith("REPLACE INTO a VALUES ('it"), "REPLACE INTO a VALUES ('x');",
                          "REPLACE INTO a VALUES ('y');"));
  EXPECT_THAT(units_of("INSERT INTO a VALUES ('it's');\nSELECT setval('s', 1);\nSELECT 2;\n",
                       Dialect::kPostgresql),
              ElementsAre(StartsWith("INSERT"), "SELECT setval('s', 1);", "SELECT 2;"));
}

// psql and mariadb send both as they are; so does SQL Server's batch parser.
TEST(NeverSwallow, AKeywordMayTouchALiteral) {
  EXPECT_THAT(
      units_of("CREATE FUNCTION f() RETURNS int AS'\nbegin\nselect 1;\ninsert into a values "
               "(1);\nend;\n'LANGUAGE 'plpgsql';\nselect 2;\n",
               Dialect::kPostgresql),
      ElementsAre(StartsWith("CREATE FUNCTION"), "select 2;"));
  EXPECT_THAT(units_of("insert into log(q) select 'drop table a;\ncreate table a (i int);\n'as q;\n"
                       "select 2;\n",
                       Dialect::kMysql),
              ElementsAre(StartsWith("insert"), "select 2;"));
}

TEST(OracleSplitter, BlockTerminatorIsFollowedAndEndsSqlToo) {
  EXPECT_THAT(units_of("SELECT 1 FROM dual\n.\nSELECT 2 FROM dual;\n", Dialect::kOracle),
              SizeIs(2));
  EXPECT_THAT(
      units_of("SET BLOCKTERMINATOR #\nBEGIN\n.\nEND;\n#\nSELECT 1 FROM dual;\n", Dialect::kOracle),
      SizeIs(2));
}

TEST(Db2Splitter, ATerminatorIsNoPartOfAWord) {
  EXPECT_THAT(units_of("--#SET TERMINATOR @\nCREATE PROCEDURE p () BEGIN SET a = 1; END@\n"
                       "--#SET TERMINATOR ;\nSELECT 1 FROM t;\n",
                       Dialect::kDb2),
              SizeIs(2));
}

TEST(BigquerySplitter, ControlStatementsHoldOthers) {
  EXPECT_THAT(units_of("IF a THEN\n IF b THEN SELECT IF(c, 1, 2); END IF;\nEND IF;\nLOOP\n BREAK;\n"
                       "END LOOP;\nDROP TABLE IF EXISTS t;\nSELECT 1;\n",
                       Dialect::kBigquery),
              SizeIs(4));
}

TEST(SnowflakeSplitter, ANamedTransactionIsNoBlock) {
  EXPECT_THAT(units_of("BEGIN NAME t1;\nSELECT 1;\nCOMMIT;\n", Dialect::kSnowflake), SizeIs(3));
}

TEST(FirebirdSplitter, SetTermIsFollowed) {
  EXPECT_THAT(units_of("SET TERM ^ ;\nCREATE PROCEDURE p AS BEGIN SUSPEND; END^\nSET TERM ; ^\n",
                       Dialect::kFirebird),
              SizeIs(1));
}

TEST(SnowflakeSplitter, ScriptingBlockIsOneStatement) {
  EXPECT_THAT(units_of("DECLARE x INT;\nBEGIN\n IF (x) THEN SELECT 1; END IF;\nEND;\nSELECT 2;",
                       Dialect::kSnowflake),
              SizeIs(2));
}

TEST(BigquerySplitter, TripleQuotesHoldAnything) {
  EXPECT_THAT(units_of("SELECT r\"\"\"it's; \"a\" \"\"\";\nSELECT 2;", Dialect::kBigquery),
              SizeIs(2));
}

// Each odd quote used to cost a walk to the end of the text.
TEST(Splitter, ManyBrokenQuotesAreEachCutAndCostNoMoreThanTheText) {
  std::string text;
  for (int i = 0; i < 20000; ++i) text += "PRINT 'it's'\nGO\nCREATE TABLE t (i int)\nGO\n";
  const auto units = units_of(text, Dialect::kTsql);
  ASSERT_THAT(units, SizeIs(40000));
  EXPECT_EQ(units.back(), "CREATE TABLE t (i int)");
}

// Each of these texts once took time that grew with the square of its size: minutes for these.
TEST(Splitter, HopelessTextsCostWhatTheyAreLong) {
  std::string cut_off;
  for (int i = 0; i < 200000; ++i) cut_off += "INSERT INTO [dbo].[t] VALUES ('aaaaaaaaaaaa');\n";
  EXPECT_THAT(units_of(cut_off + "INSERT INTO t VALUES ('aaa", Dialect::kTsql), SizeIs(1));
  std::string rows = "INSERT INTO t VALUES\n";
  for (int i = 0; i < 200000; ++i) rows += "(1,'aaaaaaaa'),\n";
  EXPECT_THAT(units_of(rows + "(1,'aaa", Dialect::kPostgresql), SizeIs(1));
  std::string comments, line;
  for (int i = 0; i < 200000; ++i) comments += "/* x\nGO\n";
  EXPECT_THAT(units_of(comments, Dialect::kTsql), SizeIs(200000));
  for (int i = 0; i < 200000; ++i) line += "insert into t values (1); ";
  EXPECT_THAT(units_of(line, Dialect::kOracle), SizeIs(1));
}

TEST(Splitter, LinesAreCounted) {
  Splitter splitter("-- a\n\nSELECT 1;\nSELECT\n2;", Dialect::kPostgresql);
  std::vector<std::uint64_t> lines;
  SplitPart part;
  while (splitter.next(&part)) {
    if (part.kind == PartKind::kUnit) lines.push_back(part.line);
  }
  EXPECT_THAT(lines, ElementsAre(3u, 4u));
}

// Files that were put together have one in front of each.
TEST(Splitter, AByteOrderMarkInTheMiddleHidesNoBlock) {
  EXPECT_THAT(units_of("SELECT 1;\n\xef\xbb\xbf"
                       "BEGIN SET a = 1; END;\n",
                       Dialect::kDb2),
              ElementsAre("SELECT 1;", "BEGIN SET a = 1; END;"));
  EXPECT_THAT(units_of("SELECT 1 FROM t;\n\xef\xbb\xbf"
                       "BEGIN\n x;\nEND;\n/\n",
                       Dialect::kOracle),
              SizeIs(2));
}

TEST(Splitter, EmptyTextHasNoParts) {
  EXPECT_THAT(units_of("", Dialect::kTsql), IsEmpty());
  Splitter splitter("", Dialect::kMysql);
  SplitPart part;
  EXPECT_FALSE(splitter.next(&part));
}

}  // namespace
}  // namespace engine::sql
