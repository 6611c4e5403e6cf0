// Snowflake, BigQuery, Db2, Firebird and the generic dialect: what holds statements inside it, and
// what is for the client alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sql/split_units.h"

namespace engine::sql {
namespace {

using test::directives_of;
using test::units_of;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

TEST(SnowflakeSplitter, ACommentBehindBeginHidesNoBlock) {
  EXPECT_THAT(units_of("BEGIN -- open\n LET x := 1;\n RETURN x;\nEND;\nSELECT 1;\n"
                       "BEGIN /* it's */ TRANSACTION;\nCOMMIT;\nBEGIN\n (SELECT 1);\nEND;\n",
                       Dialect::kSnowflake),
              SizeIs(5));
}

TEST(SnowflakeSplitter, ADeclareSectionBelongsToItsBlock) {
  EXPECT_THAT(units_of("CREATE PROCEDURE p() RETURNS INT LANGUAGE SQL AS\nDECLARE\n x INT;\n"
                       " c CURSOR FOR SELECT a FROM t;\nBEGIN\n FOR r IN c DO x := 1; END FOR;\n"
                       " CASE (x) WHEN 1 THEN RETURN 1; END CASE;\n END /* c */ IF;\n"
                       " RETURN CASE x WHEN 1 THEN 2 END;\nEND;\nCALL p();",
                       Dialect::kSnowflake),
              SizeIs(2));
}

TEST(SnowflakeSplitter, BeginIsAWordLikeAnyOtherOutsideRoutines) {
  EXPECT_THAT(units_of("CREATE TABLE task (begin DATE, declare INT);\n"
                       "CREATE VIEW v AS SELECT package, event FROM t WHERE begin < 1;\n"
                       "SELECT begin, t.end FROM t;\n",
                       Dialect::kSnowflake),
              SizeIs(3));
}

TEST(SnowflakeSplitter, ATransactionInABlockIsNoBlock) {
  EXPECT_THAT(units_of("create procedure p() returns int language sql as begin begin transaction; "
                       "insert into t values (1); commit; return 1; end;\nselect 2;\n",
                       Dialect::kSnowflake),
              ElementsAre(StartsWith("create procedure"), "select 2;"));
  EXPECT_THAT(units_of("BEGIN\n  BEGIN TRANSACTION;\n  INSERT INTO d.t VALUES (1);\n  COMMIT "
                       "TRANSACTION;\nEXCEPTION WHEN ERROR THEN ROLLBACK TRANSACTION;\nEND;\n"
                       "SELECT 2;\n",
                       Dialect::kBigquery),
              ElementsAre(StartsWith("BEGIN"), "SELECT 2;"));
}

TEST(SnowflakeSplitter, AParameterMayBeCalledBegin) {
  EXPECT_THAT(units_of("create procedure p(begin date) returns int as $$ select 1; $$; select 2;",
                       Dialect::kSnowflake),
              ElementsAre(StartsWith("create procedure"), "select 2;"));
}

TEST(SnowflakeSplitter, APathMayHoldAnAsterisk) {
  EXPECT_THAT(units_of("put file:///tmp/data/*.csv @s;\nselect 1;\n/* c */ select 2;\n",
                       Dialect::kSnowflake),
              ElementsAre("put file:///tmp/data/*.csv @s;", "select 1;", "select 2;"));
}

TEST(SnowflakeSplitter, TwoSlashesOfAnAddressAreNoComment) {
  EXPECT_THAT(units_of("PUT file:///tmp/a.csv @~/staged;\nGET @%t file://C:\\temp;\nSELECT 1; // ;",
                       Dialect::kSnowflake),
              SizeIs(3));
}

TEST(SnowflakeSplitter, LinesWithAnExclamationMarkAreForTheClient) {
  EXPECT_THAT(directives_of("!define tab=it's\nSELECT &tab;\n!source a.sql\n", Dialect::kSnowflake),
              ElementsAre("!define tab=it's", "!source a.sql"));
}

TEST(SnowflakeSplitter, TheDelimiterThatSnowsqlIsToldIsFollowed) {
  EXPECT_THAT(units_of("!set sql_delimiter=//\nselect 1;\n//\n!set sql_delimiter=;\nselect 2;\n",
                       Dialect::kSnowflake),
              SizeIs(2));
}

TEST(BigquerySplitter, LabelsStandBeforeStatements) {
  EXPECT_THAT(
      units_of("outer_loop: LOOP\n inner: BEGIN\n SELECT 1;\n END inner;\n LEAVE outer_loop;\n"
               "END LOOP outer_loop;\nSELECT 2;\n",
               Dialect::kBigquery),
      SizeIs(2));
}

TEST(BigquerySplitter, CaseIsAStatementToo) {
  EXPECT_THAT(units_of("CASE\n WHEN x = 1 THEN\n SELECT 1;\n ELSE SELECT CASE WHEN a THEN 1 END;\n"
                       "END CASE;\nCASE x WHEN 1 THEN IF a THEN SELECT 1; END IF; END CASE;\n"
                       "SELECT CASE WHEN a THEN 1 END;\n",
                       Dialect::kBigquery),
              SizeIs(3));
}

TEST(BigquerySplitter, AControlThatNeverEndsSwallowsNoTable) {
  EXPECT_THAT(units_of("IF a THEN\n SELECT 1;\nCREATE TABLE t (i INT64);\n", Dialect::kBigquery),
              ElementsAre(StartsWith("IF a"), "CREATE TABLE t (i INT64);"));
}

TEST(Db2Splitter, OnlyTerminatorAmongTheControlLinesChangesIt) {
  const char* script =
      "--#SET PERF_DETAIL 1\nSELECT 1 FROM t;\n--#SET TERMINATOR @\nBEGIN\n SET x = 1;\nEND@\n"
      "--#set delimiter ;\nSELECT 2 FROM t;\n";
  EXPECT_THAT(units_of(script, Dialect::kDb2), SizeIs(3));
  EXPECT_THAT(directives_of(script, Dialect::kDb2), SizeIs(3));
}

TEST(Db2Splitter, TheMarkThatAScriptEndsWithIsItsTerminator) {
  EXPECT_THAT(units_of("BEGIN\n SET x = 1;\nEND!\nCOMMIT!\n", Dialect::kDb2), SizeIs(2));
  EXPECT_THAT(units_of("BEGIN\n SET x = 1;\nEND @\nCOMMIT @\n-- the end;\n\n", Dialect::kDb2),
              SizeIs(2));
}

TEST(Db2Splitter, CommentsOfAnyKindMayStandBehindTheLastMark) {
  EXPECT_THAT(units_of("create table a (b int)@\nselect 1 from a@\n/* bye */\n-- x\n /* more\n "
                       "lines */\n",
                       Dialect::kDb2),
              SizeIs(2));
}

TEST(Db2Splitter, LinesOfTheCommandLineAreForTheClient) {
  EXPECT_THAT(directives_of("!echo it's;\nSELECT 1 FROM t;\n/\n", Dialect::kDb2),
              ElementsAre("!echo it's;", "/"));
}

TEST(FirebirdSplitter, SetTermIsReadInAllItsForms) {
  const char* script =
      "SET  TERM ^ ; -- it's; a change\nCREATE PROCEDURE p AS BEGIN EXIT; END ^\nset terminator ; "
      "^\n"
      "SELECT 1 FROM t;\nSet Term !! ;\nEXECUTE BLOCK AS BEGIN EXIT; END !!\nSET TERM "
      ";!!\nCOMMIT;\n";
  EXPECT_THAT(units_of(script, Dialect::kFirebird), SizeIs(4));
  EXPECT_THAT(directives_of(script, Dialect::kFirebird), SizeIs(4));
}

TEST(FirebirdSplitter, SetTermMayHoldCommentsAndLineEnds) {
  EXPECT_THAT(
      units_of("SET TERM /* c */ ^ ;\ncreate procedure p as begin exit; end^\nSET TERM ; -- x\n"
               "^\nselect 1 from t;\nset term ^;\nselect 2 from t^\nset term\n;^\nselect 3 "
               "from t;",
               Dialect::kFirebird),
      SizeIs(4));
}

TEST(FirebirdSplitter, CommandsOfIsqlAreDirectives) {
  EXPECT_THAT(units_of("SET SQL DIALECT 3;\nSET NAMES UTF8;\nSET AUTODDL OFF;\nSHOW TABLES;\n"
                       "INPUT 'a.sql';\nCONNECT 'x';\nEXIT;\n",
                       Dialect::kFirebird),
              IsEmpty());
  EXPECT_THAT(
      units_of("SET TRANSACTION READ ONLY;\nSET STATISTICS INDEX i;\nSET GENERATOR g TO 1;\n",
               Dialect::kFirebird),
      SizeIs(3));
}

TEST(FirebirdSplitter, BodiesAreWholeWithoutSetTerm) {
  EXPECT_THAT(
      units_of("CREATE OR ALTER PROCEDURE p AS\nDECLARE VARIABLE x INT;\nBEGIN\n x = 1;\nEND;\n"
               "RECREATE TRIGGER t FOR a BEFORE INSERT AS BEGIN NEW.x = 1; END;\n"
               "ALTER TRIGGER t AS BEGIN NEW.a = CASE WHEN 1=1 THEN 2 END; END;\n"
               "EXECUTE BLOCK AS BEGIN INSERT INTO t VALUES (1); END;\n",
               Dialect::kFirebird),
      SizeIs(4));
}

TEST(GenericSplitter, BodiesOfAlterAreWholeAndTransactionsAreNone) {
  EXPECT_THAT(
      units_of("ALTER PROCEDURE p AS BEGIN SELECT 1; SELECT 2; END;\nBEGIN;\nSELECT 3;\nEND;",
               Dialect::kGeneric),
      SizeIs(4));
}

TEST(SnowflakeSplitter, DollarsSlashesAndBackslashes) {
  EXPECT_THAT(units_of("SELECT $$it's; $$, 'it\\'s;'; // it's;\nSELECT 2;", Dialect::kSnowflake),
              SizeIs(2));
}

TEST(BigquerySplitter, NumberSignsAndBackticks) {
  EXPECT_THAT(units_of("# it's;\nSELECT `a;b.c`, 'it\\'s;', \"b\\\";\";\nSELECT 2; # ;",
                       Dialect::kBigquery),
              SizeIs(2));
}

TEST(GenericSplitter, QuotesAndCommentsHoldSemicolons) {
  EXPECT_THAT(
      units_of("SELECT `a;b`, \"c;d\", 'e;''f'; -- ;\n/* ; */ SELECT 2;", Dialect::kGeneric),
      SizeIs(2));
}

// Each as isql 3.0 has it.
TEST(ScriptFinder, IsqlKnowsItsCommandsByWordsBetweenBlanks) {
  EXPECT_THAT(units_of("COPY a b c;\n?;\nINP x.sql;\nOUTP y;\nSELECT 1;\n", Dialect::kFirebird),
              ElementsAre("SELECT 1;"));
  EXPECT_THAT(units_of("QUIT/* c */;\nSELECT 1;\n", Dialect::kFirebird), SizeIs(2));
  EXPECT_THAT(units_of("exit now;\nSELECT 1;\n", Dialect::kFirebird), IsEmpty());
  EXPECT_THAT(units_of("SET TIME ON;\nSET TRANS x;\nSET TIME ZONE LOCAL;\n", Dialect::kFirebird),
              ElementsAre("SET TRANS x;", "SET TIME ZONE LOCAL;"));
}

TEST(ScriptFinder, SetTermThatEndsAtOnceBringsTheSemicolonBack) {
  EXPECT_THAT(units_of("SET TERM ^ ;\nSELECT 1; 2^\nSET TERM ^ ^\nSELECT 3;\n", Dialect::kFirebird),
              ElementsAre("SELECT 1; 2^", "^\nSELECT 3;"));
  EXPECT_THAT(units_of("SET TERM ;\nSELECT 1;\nSELECT 2;\n", Dialect::kFirebird), SizeIs(2));
}

TEST(ScriptFinder, ARoutineInADeclareSectionHasABlockOfItsOwn) {
  EXPECT_THAT(
      units_of("DECLARE\n p PROCEDURE() RETURNS INT AS BEGIN RETURN 1; END;\n q INT;\nBEGIN "
               "CALL p(); END;\nSELECT 1;",
               Dialect::kSnowflake),
      SizeIs(2));
  EXPECT_THAT(units_of("EXECUTE BLOCK AS DECLARE PROCEDURE p AS BEGIN x = 1; END BEGIN EXECUTE "
                       "PROCEDURE p; END;\nSELECT 1 FROM t;",
                       Dialect::kFirebird),
              SizeIs(2));
}

}  // namespace
}  // namespace engine::sql
