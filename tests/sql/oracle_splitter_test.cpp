// Oracle as SQL*Plus reads it: what runs to a line "/", and what is for the client alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sql/split_units.h"

namespace engine::sql {
namespace {

using test::directives_of;
using test::units_of;
using ::testing::ElementsAre;
using ::testing::SizeIs;

TEST(OracleSplitter, DocumentRunsToALineWithANumberSign) {
  const char* script = "DOC\n#####\n it's; a text\n#####\n#\nSELECT 1 FROM dual;\n";
  EXPECT_THAT(units_of(script, Dialect::kOracle), ElementsAre("SELECT 1 FROM dual;"));
  EXPECT_THAT(directives_of(script, Dialect::kOracle), SizeIs(1));
}

TEST(OracleSplitter, AStatementThatHoldsAFunctionRunsToItsSlash) {
  EXPECT_THAT(units_of("CREATE OR REPLACE FORCE VIEW v (x) AS\nWITH FUNCTION f RETURN NUMBER IS\n"
                       "BEGIN\n RETURN 1;\nEND;\nSELECT f FROM dual;\n/\n"
                       "INSERT /*+ WITH_PLSQL */ INTO t\nWITH FUNCTION f RETURN NUMBER IS\nBEGIN\n"
                       " RETURN 1;\nEND;\nSELECT f FROM dual\n/\n"
                       "CREATE VIEW w AS WITH q AS (SELECT 1 FROM dual) SELECT * FROM q;\n"
                       "INSERT /*+ append */ INTO t SELECT 1 FROM dual;\n",
                       Dialect::kOracle),
              SizeIs(4));
}

TEST(OracleSplitter, AModuleIsABlockAndItsEnvironmentIsNot) {
  EXPECT_THAT(units_of("CREATE OR REPLACE MLE MODULE m LANGUAGE JAVASCRIPT AS\nfunction f() {\n"
                       " return \"it's;\";\n}\n/\nCREATE MLE ENV e IMPORTS ('m' MODULE m);\n"
                       "SELECT 1 FROM dual;\n",
                       Dialect::kOracle),
              SizeIs(3));
}

TEST(OracleSplitter, QuotesOfEveryKindHoldSemicolonsAndCommentsDoNotNest) {
  EXPECT_THAT(units_of("SELECT q'[it's;\n]', nq'!a;\n'!', \"b;\n\" FROM dual;\n"
                       "/* a /* b */ SELECT 2 FROM dual;\n",
                       Dialect::kOracle),
              SizeIs(2));
}

TEST(OracleSplitter, CommandsGoOnBehindAHyphenAndExecuteIsAUnit) {
  const char* script = "PROMPT it's -\n more;\nEXEC p(1, -\n 2);\nCOL a HEADING 'x;'\n";
  EXPECT_THAT(units_of(script, Dialect::kOracle), ElementsAre("EXEC p(1, -\n 2);"));
  EXPECT_THAT(directives_of(script, Dialect::kOracle), SizeIs(2));
}

TEST(OracleSplitter, OneSetMayHoldSeveralVariables) {
  EXPECT_THAT(
      units_of("set echo off sqlprompt \"sqlt \" sqlterminator off feedback off\nselect 1;\n"
               "from dual\n/\nset sqlt on blo OFF\nselect 2 from dual;\n.\nselect 3\n.\n"
               "from dual;\n",
               Dialect::kOracle),
      ElementsAre("select 1;\nfrom dual", "select 2 from dual;", ".\nselect 3\n.\nfrom dual;"));
}

TEST(OracleSplitter, CommandsOfTheEditorTakeNoStatementWithThem) {
  EXPECT_THAT(units_of("select 1 from dual;\nlist\nselect 2 from dual;\nl 5\na it's\nc/a'/b/\ndel "
                       "3\ni more\nr\nhist\n$ls\ndelete from a;\ninsert into a values (1);\n",
                       Dialect::kOracle),
              ElementsAre("select 1 from dual;", "select 2 from dual;", "delete from a;",
                          "insert into a values (1);"));
}

TEST(OracleSplitter, XqueryRunsToItsSlash) {
  EXPECT_THAT(
      units_of("XQUERY for $i in (1); \nreturn $i\n/\nselect 1 from dual;\n", Dialect::kOracle),
      SizeIs(2));
}

}  // namespace
}  // namespace engine::sql
