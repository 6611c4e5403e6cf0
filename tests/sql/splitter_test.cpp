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

TEST(PostgresqlSplitter, CopyDataBelongsToItsStatement) {
  EXPECT_THAT(units_of("COPY t FROM stdin;\n1\ta;b\n\\.\nSELECT 1;\n", Dialect::kPostgresql),
              ElementsAre("COPY t FROM stdin;\n1\ta;b\n\\.", "SELECT 1;"));
}

TEST(PostgresqlSplitter, RestOfACopyLineIsSql) {
  EXPECT_THAT(units_of("COPY t FROM stdin; SELECT 2;\n1\n\\.\nSELECT 3;\n", Dialect::kPostgresql),
              ElementsAre("COPY t FROM stdin;", "SELECT 2;", "SELECT 3;"));
}

TEST(PostgresqlSplitter, AStatementBehindCopyEndsWhereItsRowsBegin) {
  constexpr std::string_view kText = "COPY t FROM stdin; SELECT '2\n1\n\\.\nSELECT 3;\n";
  EXPECT_THAT(units_of(kText, Dialect::kPostgresql),
              ElementsAre("COPY t FROM stdin;", "SELECT '2", "SELECT 3;"));
  EXPECT_THAT(directives_of(kText, Dialect::kPostgresql), ElementsAre("1\n\\."));
}

TEST(PostgresqlSplitter, BeginAtomicBodyIsOneStatement) {
  EXPECT_THAT(units_of("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN "
                       "true THEN 1 END; END;\nSELECT 2;",
                       Dialect::kPostgresql),
              SizeIs(2));
}

TEST(PostgresqlSplitter, MetaCommandsAreDirectivesAndSendersEndStatements) {
  EXPECT_THAT(
      units_of("\\set a 'x;y'\nSELECT 1 \\gx\nSELECT 2 \\; SELECT 3;", Dialect::kPostgresql),
      ElementsAre("SELECT 1 \\gx", "SELECT 2 \\; SELECT 3;"));
}

TEST(PostgresqlSplitter, StandardConformingStringsIsFollowed) {
  EXPECT_THAT(units_of("SET standard_conforming_strings = off;\nSELECT 'a\\'; b';\nSELECT 2;",
                       Dialect::kPostgresql),
              SizeIs(3));
}

TEST(PostgresqlSplitter, OpenDollarQuoteResynchronises) {
  const auto units = units_of(
      "CREATE FUNCTION f() AS $$\nBEGIN;\nCREATE TABLE a (i int);\nCREATE TABLE b (i int);\n",
      Dialect::kPostgresql);
  ASSERT_THAT(units, SizeIs(3));
  EXPECT_EQ(units[1], "CREATE TABLE a (i int);");
}

TEST(MysqlSplitter, DelimiterIsFollowedAndQuotesAreStripped) {
  EXPECT_THAT(units_of("DELIMITER //\nBEGIN; END//\nDELIMITER ;\nSELECT 1;", Dialect::kMysql),
              ElementsAre("BEGIN; END//", "SELECT 1;"));
  EXPECT_THAT(units_of("delimiter '$$'\nSELECT 1; SELECT 2 $$\n", Dialect::kMysql), SizeIs(1));
}

TEST(MysqlSplitter, HashDelimiterComesBeforeHashComment) {
  EXPECT_THAT(units_of("DELIMITER #\nSELECT 1#\nSELECT 2#", Dialect::kMysql), SizeIs(2));
}

TEST(MysqlSplitter, DelimiterEndsInsideAnExecutableComment) {
  EXPECT_THAT(units_of("/*!50003 SELECT 1 */;\nSELECT 2;", Dialect::kMysql), SizeIs(2));
}

TEST(MysqlSplitter, SandboxMarkIsForTheClient) {
  EXPECT_THAT(
      directives_of("/*M!999999\\- enable the sandbox mode */ \nSELECT 1;", Dialect::kMysql),
      ElementsAre(StartsWith("/*M!999999")));
}

TEST(MysqlSplitter, ClientCommandsAreDirectivesWithAndWithoutDelimiter) {
  EXPECT_THAT(directives_of("CONNECT db host;\nstatus\nSELECT 1;\nprompt x>\n", Dialect::kMysql),
              ElementsAre("CONNECT db host;", "status", "prompt x>"));
}

TEST(MysqlSplitter, NoBackslashEscapesIsFollowed) {
  EXPECT_THAT(
      units_of("SET sql_mode='NO_BACKSLASH_ESCAPES';\nSELECT 'a\\';\nSELECT 2;", Dialect::kMysql),
      SizeIs(3));
}

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

TEST(Splitter, EmptyTextHasNoParts) {
  EXPECT_THAT(units_of("", Dialect::kTsql), IsEmpty());
  Splitter splitter("", Dialect::kMysql);
  SplitPart part;
  EXPECT_FALSE(splitter.next(&part));
}

}  // namespace
}  // namespace engine::sql
