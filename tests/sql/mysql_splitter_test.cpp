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

TEST(MysqlSplitter, CommandsCountOnlyAtALineStartWithNothingBuffered) {
  EXPECT_THAT(units_of("SELECT 1\nuse db\n;\nuse db\nSELECT 2;", Dialect::kMysql),
              ElementsAre("SELECT 1\nuse db\n;", "use db", "SELECT 2;"));
  EXPECT_THAT(units_of("/* a\n*/ use db\n;", Dialect::kMysql), ElementsAre("use db\n;"));
}

TEST(MysqlSplitter, GoWithADelimiterIsSentItself) {
  EXPECT_THAT(units_of("go\ngo;\n", Dialect::kMysql), ElementsAre("go;"));
}

TEST(MysqlSplitter, CommentsBufferNothing) {
  EXPECT_THAT(units_of("-- a\n/* b */\n# c\ndelimiter //\nSELECT 1; //\n", Dialect::kMysql),
              ElementsAre("SELECT 1; //"));
  EXPECT_THAT(units_of("/* a */; -- b\n;", Dialect::kMysql), IsEmpty());
}

TEST(MysqlSplitter, ALineWithBackslashGIsNoCommand) {
  EXPECT_THAT(units_of("use db \\g\nSELECT 1;", Dialect::kMysql),
              ElementsAre("use db \\g", "SELECT 1;"));
}

TEST(MysqlSplitter, CommandsThatTakeNothingAreNoneWithArguments) {
  EXPECT_THAT(units_of("go away;\nexit\n", Dialect::kMysql), ElementsAre("go away;"));
  EXPECT_THAT(units_of("SELECT 1;\nexit;\n", Dialect::kMysql), ElementsAre("SELECT 1;", "exit;"))
      << "with a delimiter behind it, it is the last that is sent";
  EXPECT_THAT(units_of("use;\nuse ''\n;", Dialect::kMysql), ElementsAre("use ''\n;"));
}

TEST(MysqlSplitter, DelimiterRunsToABlankAndIsCutAtFifteenBytes) {
  EXPECT_THAT(units_of("delimiter //\tx\nSELECT 1; //\tx SELECT 2//\tx", Dialect::kMysql),
              SizeIs(2));
  EXPECT_THAT(
      units_of("delimiter 0123456789abcdefgh\nSELECT 1 0123456789abcde SELECT 2", Dialect::kMysql),
      SizeIs(2));
}

TEST(MysqlSplitter, DelimiterWithABackslashIsRefused) {
  EXPECT_THAT(units_of("delimiter \\\\\nSELECT 1; SELECT 2;", Dialect::kMysql), SizeIs(2));
}

TEST(MysqlSplitter, DelimiterBehindAStatementOnItsLineIsText) {
  EXPECT_THAT(units_of("SELECT 1; DELIMITER //\nSELECT 2//\n", Dialect::kMysql), SizeIs(2));
}

TEST(MysqlSplitter, DashesNeedASpaceButNotAtTheStartOfAStatement) {
  EXPECT_THAT(units_of("--source x.inc; y\nSELECT 1--1; SELECT 2;--x;\n", Dialect::kMysql),
              ElementsAre("SELECT 1--1;", "SELECT 2;"));
}

TEST(MysqlSplitter, SlashStarSlashDoesNotCloseAComment) {
  EXPECT_THAT(units_of("SELECT 1 /*/ ; /*/ ; */; SELECT 2;", Dialect::kMysql), SizeIs(2));
}

TEST(MysqlSplitter, AnExecutableCommentInAPlainOneNestsOnItsLine) {
  EXPECT_THAT(units_of("/* a /*! b */ ; c */ SELECT 1;", Dialect::kMysql),
              ElementsAre("SELECT 1;"));
  EXPECT_THAT(units_of("/* a /*! b\n*/ SELECT 1; */ SELECT 2;", Dialect::kMysql),
              ElementsAre("SELECT 1;", "*/ SELECT 2;"));
}

TEST(MysqlSplitter, BackslashLettersAreCommandsAnywhereOutsideQuotes) {
  EXPECT_THAT(units_of("SELECT 1 \\c SELECT 2 \\G SELECT '\\g' \\p; \\u db;", Dialect::kMysql),
              ElementsAre("SELECT 2 \\G", "SELECT '\\g' \\p;", "\\u db;"));
  EXPECT_THAT(units_of("\\d //\nSELECT 1; SELECT \\N//", Dialect::kMysql), SizeIs(1));
}

TEST(MysqlSplitter, ArgumentsOfABackslashCommandTakeTheDelimiterAlong) {
  EXPECT_THAT(units_of("SELECT 1 \\R x> ; SELECT 2;", Dialect::kMysql), SizeIs(1));
  EXPECT_THAT(units_of("/*! SELECT 1 \\R x> ; */ ; SELECT 2;", Dialect::kMysql), SizeIs(2));
}

TEST(MysqlSplitter, BackslashAtTheEndOfALineIsDropped) {
  EXPECT_THAT(units_of("\\\nuse db\nSELECT 1;", Dialect::kMysql),
              ElementsAre("use db", "SELECT 1;"));
}

TEST(MysqlSplitter, AnsiQuotesTakeBackslashesFromDoubleQuotes) {
  EXPECT_THAT(
      units_of("SET sql_mode=ANSI_QUOTES;\nSELECT \"a\\\";\nSELECT '\\'';", Dialect::kMysql),
      SizeIs(3));
}

TEST(MysqlSplitter, SqlModeOfTheSessionOnly) {
  EXPECT_THAT(
      units_of("SET GLOBAL sql_mode='NO_BACKSLASH_ESCAPES';\nSELECT 'a\\';b';", Dialect::kMysql),
      SizeIs(2));
  EXPECT_THAT(units_of("/*!40101 SET @old=@@sql_mode, sql_mode='NO_BACKSLASH_ESCAPES' */;\n"
                       "SELECT '\\';\nSET sql_mode=@old;\nSELECT '\\';';",
                       Dialect::kMysql),
              SizeIs(4));
}

TEST(MysqlSplitter, SqlModeWithoutAValueSetsNothing) {
  EXPECT_THAT(units_of("SET sql_mode;\nSET @a=1, sql_mode;\nSELECT '\\';';", Dialect::kMysql),
              ElementsAre("SET sql_mode;", "SET @a=1, sql_mode;", "SELECT '\\';';"));
}

TEST(MysqlSplitter, ABodyUnderADelimiterHoldsNoCertainPlace) {
  EXPECT_THAT(units_of("DELIMITER //\nBEGIN\n SELECT 'a;\nINSERT INTO t VALUES (1);\nDROP TABLE "
                       "t'x;\nEND//\nCREATE TABLE u (i int)//",
                       Dialect::kMysql),
              SizeIs(2));
}

// Each of these texts once took time that grew with the square of its size.
TEST(MysqlSplitter, HopelessTextsCostWhatTheyAreLong) {
  std::string comments, code;
  for (int i = 0; i < 100000; ++i) comments += "/*/ x;\nINSERT INTO t VALUES (1);\n";
  EXPECT_THAT(units_of(comments, Dialect::kMysql), SizeIs(200000));
  for (int i = 0; i < 200000; ++i) code += "/*!*/ \\N ";
  EXPECT_THAT(units_of(code, Dialect::kMysql), SizeIs(1));
}

TEST(MysqlSplitter, ADelimiterWithALineEndIsNeverFound) {
  EXPECT_THAT(units_of("/**/delimiter $$\nselect 1;\nselect 2;\n$$\nselect 1\nselect 3;\n",
                       Dialect::kMysql),
              SizeIs(1));
}

}  // namespace
}  // namespace engine::sql
