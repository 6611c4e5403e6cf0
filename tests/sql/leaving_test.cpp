// What ends a client, and what becomes of the text behind it. tests/sql/client_leaving_test.cpp
// asks the real clients.
#include <gmock/gmock.h>

#include "tests/sql/split_units.h"

namespace engine::sql {
namespace {

using test::directives_of;
using test::parts_of;
using test::units_of;
using test::warnings_of;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(Leaving, WhatStandsBehindIsOneGapWithAWarningOfThePlace) {
  const std::string_view text = "SELECT 1;\n  exit\n-- c\nDROP TABLE t;\nCREATE TABLE u(a int);\n";
  EXPECT_THAT(units_of(text, Dialect::kMysql), ElementsAre("SELECT 1;"));
  EXPECT_THAT(directives_of(text, Dialect::kMysql), ElementsAre("exit"));
  EXPECT_THAT(parts_of(text, Dialect::kMysql, PartKind::kGap),
              ElementsAre("\n  ", "\n-- c\nDROP TABLE t;\nCREATE TABLE u(a int);\n"));
  EXPECT_THAT(warnings_of(text, Dialect::kMysql),
              ElementsAre("2:3: mariadb reads no further; what stands behind is kept as it is and "
                          "makes no object"));
}

TEST(Leaving, CommentsAndTheClientsOwnLinesBehindItAreNoLoss) {
  EXPECT_THAT(warnings_of("SELECT 1;\nexit\n-- the end\n/* of it */\n", Dialect::kMysql),
              IsEmpty());
  EXPECT_THAT(warnings_of("SELECT 1;\nexit;\n/\nREM the end\n", Dialect::kOracle), IsEmpty());
  EXPECT_THAT(warnings_of("\\q", Dialect::kPostgresql), IsEmpty());
}

TEST(Leaving, AQuoteThatIsOpenBehindItIsNotWarnedOf) {
  EXPECT_THAT(warnings_of("SELECT 1;\n\\q\nthat's all", Dialect::kPostgresql),
              ElementsAre(HasSubstr("2:1: psql reads no further")));
}

TEST(Leaving, RowsBehindItAreUnitsTheClientDoesNotRead) {
  const std::string_view text =
      "SELECT 1;\nexit\nINSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);\n";
  EXPECT_THAT(units_of(text, Dialect::kMysql), SizeIs(1));
  EXPECT_THAT(warnings_of(text, Dialect::kMysql), SizeIs(1));
}

TEST(Leaving, MariadbSendsWhatIsInItsBuffer) {
  EXPECT_THAT(units_of("SELECT 1;\nquit;\nSELECT 2;\n", Dialect::kMysql),
              ElementsAre("SELECT 1;", "quit;"));
  EXPECT_THAT(units_of("SELECT 1 \\q\nSELECT 2;\n", Dialect::kMysql), ElementsAre("SELECT 1 \\q"));
  EXPECT_THAT(units_of("delimiter //\nexit//\nSELECT 2//\n", Dialect::kMysql),
              ElementsAre("exit//"));
  EXPECT_THAT(units_of("SELECT 1\nexit\n;SELECT 2;", Dialect::kMysql),
              ElementsAre("SELECT 1\nexit\n;", "SELECT 2;"));
  EXPECT_THAT(units_of("exit now;\n/*\nexit\n*/SELECT 2;", Dialect::kMysql), SizeIs(2));
}

TEST(Leaving, PsqlSendsTheStatementThatItWasReading) {
  EXPECT_THAT(units_of("SELECT (1 \\q x\nSELECT 2;\n", Dialect::kPostgresql),
              ElementsAre("SELECT (1 \\q x"));
  EXPECT_THAT(units_of("\\quit\nSELECT 2;\n", Dialect::kPostgresql), IsEmpty());
  EXPECT_THAT(units_of("SELECT '\n\\q\n';\n\\qecho q\nSELECT 2;\n", Dialect::kPostgresql),
              SizeIs(2));
}

TEST(Leaving, PsqlMayPassOverWhatStandsInABranch) {
  EXPECT_THAT(units_of("\\if :x\n\\q\n\\endif\nSELECT 1;\n\\q\nSELECT 2;\n", Dialect::kPostgresql),
              ElementsAre("SELECT 1;"));
}

TEST(Leaving, SqliteShellKnowsQuitAndExitCutShort) {
  for (const std::string command : {".quit", ".q", ".exit", ".exit 3", ".ex", ". quit"}) {
    const std::string text = "SELECT 1;\n" + command + "\nSELECT 2;\n";
    EXPECT_THAT(units_of(text, Dialect::kSqlite), SizeIs(1)) << command;
  }
  for (const std::string other : {".e", ".QUIT", ".quit;", " .quit", ".quite"}) {
    const std::string text = "SELECT 1;\n" + other + "\nSELECT 2;\n";
    EXPECT_THAT(warnings_of(text, Dialect::kSqlite), IsEmpty()) << other;
  }
  EXPECT_THAT(units_of("SELECT '\n.quit\n';SELECT 2;", Dialect::kSqlite), SizeIs(2));
}

TEST(Leaving, SqlPlusLeavesBetweenStatementsOnly) {
  for (const std::string command : {"exit", "QUIT;", "EXIT SUCCESS", "exit sql.sqlcode ROLLBACK"}) {
    const std::string text = "SELECT 1 FROM dual;\n" + command + "\nSELECT 2 FROM dual;\n";
    EXPECT_THAT(units_of(text, Dialect::kOracle), SizeIs(1)) << command;
  }
  EXPECT_THAT(
      units_of("BEGIN\nLOOP\nEXIT;\nEND LOOP;\nEND;\n/\nSELECT 2 FROM dual;\n", Dialect::kOracle),
      SizeIs(2));
  EXPECT_THAT(units_of("WHENEVER SQLERROR EXIT 1\nSELECT 2 FROM dual;\n", Dialect::kOracle),
              SizeIs(1));
  EXPECT_THAT(warnings_of("EXIT WHEN a > b;\nEND LOOP;\n", Dialect::kOracle), IsEmpty())
      << "PL/SQL whose head is missing";
}

TEST(Leaving, SqlcmdForgetsTheBatchButForAQuery) {
  EXPECT_THAT(units_of("SELECT 1\nGO\n:exit\nSELECT 2\nGO\n", Dialect::kTsql),
              ElementsAre("SELECT 1"));
  EXPECT_THAT(units_of("SELECT 1\n  :QUIT\nSELECT 2\nGO\n", Dialect::kTsql), IsEmpty());
  EXPECT_THAT(units_of("SELECT 1\n:exit(SELECT 3)\nSELECT 2\nGO\n", Dialect::kTsql),
              ElementsAre("SELECT 1\n:exit(SELECT 3)"));
  EXPECT_THAT(units_of("exit:\nSELECT 1\n:on error exit\nGO\nSELECT 2\nGO\n", Dialect::kTsql),
              SizeIs(2));
}

TEST(Leaving, ScriptsOfOtherClients) {
  EXPECT_THAT(units_of("VALUES 1;\nterminate;\nVALUES 2;\n", Dialect::kDb2),
              ElementsAre("VALUES 1;", "terminate;"));
  EXPECT_THAT(units_of("VALUES 1@\nQUIT@\nVALUES 2@\n", Dialect::kDb2), SizeIs(2));
  EXPECT_THAT(units_of("SELECT 1 FROM t;\nQUIT;\nSELECT 2 FROM t;\n", Dialect::kFirebird),
              SizeIs(1));
  EXPECT_THAT(units_of("SELECT 1;\n!exit\nSELECT 2;\n", Dialect::kSnowflake), SizeIs(1));
}

// The client leaves here, but one stray quote is no reason to lose the rest of a file.
TEST(Leaving, ACommandBehindAnOddQuoteIsText) {
  const std::string_view rest =
      "CREATE TABLE a (i int);\nINSERT INTO a VALUES (1);\nCREATE TABLE b (i int);\n";
  for (const std::string odd :
       {R"(INSERT INTO t VALUES ('it's', 'C:\quark');)", R"(SELECT 'it's', 'C:\quark';)",
        R"(INSERT INTO t VALUES ('C:\', '\quark');)", R"(INSERT INTO t VALUES ('it' ', '\quark');)",
        R"(INSERT INTO t VALUES ('it's', 'C:\q', 'it's');)"}) {
    const std::string text = odd + '\n' + std::string(rest);
    EXPECT_THAT(units_of(text, Dialect::kMysql), SizeIs(4)) << odd;
    EXPECT_THAT(warnings_of(text, Dialect::kMysql),
                Contains(HasSubstr("mariadb reads no further, but a quote before it is odd")))
        << odd;
  }
  const std::string text = "INSERT INTO t VALUES ('it's', 'C:\\q d');\n" + std::string(rest);
  EXPECT_THAT(units_of(text, Dialect::kPostgresql), SizeIs(4));
  EXPECT_THAT(warnings_of(text, Dialect::kPostgresql),
              ElementsAre(HasSubstr("1:34: psql reads no further, but"),
                          HasSubstr("1:28: quote ' is never closed")));
}

TEST(Leaving, ALineOfALiteralThatAnOddQuoteHasEndedIsText) {
  const std::string_view rest = "CREATE TABLE a (i int);\nCREATE TABLE b (i int);\n";
  for (const Dialect dialect : {Dialect::kMysql, Dialect::kOracle}) {
    const std::string text = "INSERT INTO t VALUES ('it's over;\nexit\n');\n" + std::string(rest);
    EXPECT_THAT(units_of(text, dialect), SizeIs(Ge(3))) << dialect_name(dialect);
    EXPECT_THAT(warnings_of(text, dialect), Contains(HasSubstr("2:1: "))) << dialect_name(dialect);
  }
  EXPECT_THAT(
      units_of("INSERT INTO t VALUES (N'it's over\n:exit\n');\nGO\nSELECT 1\nGO\n", Dialect::kTsql),
      SizeIs(2));
}

TEST(Leaving, LiteralsThatTouchWordsAreNoReasonToReadOn) {
  EXPECT_THAT(units_of("SELECT DATE'2020-01-01', INTERVAL'1'DAY FROM dual;\nEXIT\nSELECT 2;\n",
                       Dialect::kOracle),
              SizeIs(1));
  EXPECT_THAT(units_of("SELECT ', ' \\q\nSELECT 2;\n", Dialect::kPostgresql), SizeIs(1));
  EXPECT_THAT(units_of("EXEC ('SELECT (' + @x + ')')\n:exit\nSELECT 2\nGO\n", Dialect::kTsql),
              IsEmpty());
}

TEST(Leaving, TheWarningIsOfTheFirstCommand) {
  EXPECT_THAT(warnings_of("SELECT 1;\nexit\n\n\nexit\nSELECT 2;\n", Dialect::kMysql),
              ElementsAre(HasSubstr("2:1: mariadb reads no further")));
  EXPECT_THAT(warnings_of("SELECT 1;\n\\q\n\\q\nSELECT 2;\n", Dialect::kPostgresql),
              ElementsAre(HasSubstr("2:1: psql reads no further")));
}

TEST(Leaving, AFurtherCommandIsNoLoss) {
  EXPECT_THAT(warnings_of("exit;\nexit;\n", Dialect::kMysql), IsEmpty());
  EXPECT_THAT(warnings_of("VALUES 1;\nquit;\nterminate;\n", Dialect::kDb2), IsEmpty());
  EXPECT_THAT(warnings_of("exit;\nSELECT 1 \\q\n", Dialect::kMysql), SizeIs(1));
}

TEST(Leaving, PsqlReadsTheRowsOfACopyBeforeIt) {
  for (const std::string head :
       {"COPY t FROM stdin; \\q\n", "COPY t FROM stdin;\\q\n", "COPY t FROM stdin \\q\n",
        "COPY t FROM stdin; /* c */ \\quit now\n", "COPY t FROM stdin\\; SELECT 1 \\q\n"}) {
    const std::string unit = head + "1\n2\n\\.";
    EXPECT_THAT(units_of(unit + "\nSELECT 2;\n", Dialect::kPostgresql), ElementsAre(unit));
    EXPECT_THAT(warnings_of(unit + "\nSELECT 2;\n", Dialect::kPostgresql), SizeIs(1));
    EXPECT_THAT(warnings_of(unit + "\n", Dialect::kPostgresql), IsEmpty());
  }
  const std::string two = "COPY t FROM stdin\\; COPY u FROM stdin \\q\n1\n\\.\n2\n\\.";
  EXPECT_THAT(units_of(two + "\nSELECT 2;\n", Dialect::kPostgresql), ElementsAre(two));
}

}  // namespace
}  // namespace engine::sql
