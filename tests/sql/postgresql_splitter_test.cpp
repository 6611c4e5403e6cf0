#include <gmock/gmock.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/sql/splitter.h"
#include "tests/sql/split_units.h"

namespace engine::sql {
namespace {

using test::units_of;
using test::warnings_of;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

TEST(PostgresqlSplitter, CopyDataBelongsToItsStatement) {
  EXPECT_THAT(units_of("COPY t FROM stdin;\n1\ta;b\n\\.\nSELECT 1;\n", Dialect::kPostgresql),
              ElementsAre("COPY t FROM stdin;\n1\ta;b\n\\.", "SELECT 1;"));
}

// Rows are looked at a step of 16 KiB at a time: where one ends must not matter.
TEST(PostgresqlSplitter, RowsOfACopyEndWhereTheyDoAndLinesAreCountedWhereverAStepEnds) {
  constexpr std::size_t kStep = 16 << 10;
  for (const std::string_view row : {"0123456\n", "\\N\t0123\n", "\n"}) {
    for (std::size_t length = 2 * kStep - 12; length < 2 * kStep + 12; ++length) {
      std::string rows;
      while (rows.size() + row.size() <= length) rows += row;
      rows.insert(0, length - rows.size(), 'x');
      const std::string text = "COPY t FROM stdin;\n" + rows + "\\.\nSELECT 1;\n";
      LinePlace told;
      Splitter splitter(text, Dialect::kPostgresql);
      splitter.set_follower([&](LinePlace reached) { told = reached; });
      SplitPart copy, gap, query;
      ASSERT_TRUE(splitter.next(&copy) && splitter.next(&gap) && splitter.next(&query));
      ASSERT_EQ(copy.in(text), text.substr(0, text.size() - sizeof("\nSELECT 1;")));
      ASSERT_EQ(query.in(text), "SELECT 1;");
      const auto lines = std::count(text.begin(), text.end(), '\n');
      ASSERT_EQ(query.line, static_cast<std::uint64_t>(lines)) << length;
      EXPECT_GE(told.offset, kStep);
      EXPECT_LE(told.offset, copy.end());
      const auto until = text.begin() + static_cast<std::ptrdiff_t>(told.offset);
      EXPECT_EQ(told.line, static_cast<std::uint64_t>(1 + std::count(text.begin(), until, '\n')));
    }
  }
}

TEST(PostgresqlSplitter, LinesAreToldWhereALiteralRanOverTheFirstRowOfACopy) {
  const std::string rows(std::size_t{40} << 10, '\n');
  for (const std::string& text :
       {"COPY t FROM stdin; SELECT 'a\n1\n';\n" + rows + "\\.\n",
        "COPY t FROM stdin;/*\n" + rows + "\\",  // a comment that is open, and emitted before
        "COPY t FROM stdin;/*\n\n" + rows + "x\n*/\n" + rows + "\\.\n"}) {
    Splitter splitter(text, Dialect::kPostgresql);
    LinePlace told;
    splitter.set_follower([&](LinePlace reached) { told = reached; });
    for (SplitPart part; splitter.next(&part);) {
    }
    const auto until = text.begin() + static_cast<std::ptrdiff_t>(told.offset);
    EXPECT_GT(told.offset, 0u);
    EXPECT_EQ(told.line, static_cast<std::uint64_t>(1 + std::count(text.begin(), until, '\n')));
  }
}

TEST(PostgresqlSplitter, RestOfACopyLineIsSql) {
  EXPECT_THAT(units_of("COPY t FROM stdin; SELECT 2;\n1\n\\.\nSELECT 3;\n", Dialect::kPostgresql),
              ElementsAre("COPY t FROM stdin;", "SELECT 2;", "SELECT 3;"));
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

TEST(PostgresqlSplitter, WhatStaysOpenToTheEndIsWarnedOf) {
  const auto warnings = [](std::string_view text) {
    return warnings_of(text, Dialect::kPostgresql);
  };
  EXPECT_THAT(warnings("SELECT 1;\n SELECT ((2), ')';\nCREATE TABLE t (i int);\n"),
              ElementsAre(StartsWith("2:9: parenthesis ( is never closed")));
  EXPECT_THAT(warnings("CREATE FUNCTION f() RETURNS int\nBEGIN ATOMIC\nSELECT 1;\nSELECT 2;\n"),
              ElementsAre(StartsWith("2:1: block BEGIN is never closed")));
  EXPECT_THAT(warnings("INSERT INTO t VALUES (1), (2\n;\nINSERT INTO t VALUES (3);\n"),
              ElementsAre(StartsWith("1:27: parenthesis (")));
  EXPECT_THAT(warnings("SELECT (1) \\echo (\n"), IsEmpty());
  EXPECT_THAT(warnings("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END;\nSELECT 1)\n"),
              IsEmpty());
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

TEST(PostgresqlSplitter, OnlySemicolonsAndCommentsAskForNothing) {
  EXPECT_THAT(units_of("SELECT 1;;\n/* a */ ;\n-- b\n", Dialect::kPostgresql),
              ElementsAre("SELECT 1;"));
}

TEST(PostgresqlSplitter, JoiningKeepsParenthesesOpen) {
  EXPECT_THAT(units_of("SELECT (1 \\; 2; 3); SELECT 4;", Dialect::kPostgresql), SizeIs(2));
}

TEST(PostgresqlSplitter, WhatRunsOverTheFirstRowOfACopyIsReadOnce) {
  EXPECT_THAT(units_of("COPY t FROM stdin;/*\n\\", Dialect::kPostgresql),
              ElementsAre("COPY t FROM stdin;", "/*\n\\"));
  EXPECT_THAT(units_of("COPY t FROM stdin; SELECT 'a\n1\n\\.\n';\nSELECT 2;", Dialect::kPostgresql),
              ElementsAre("COPY t FROM stdin;", "SELECT 'a\n1\n\\.\n';", "SELECT 2;"));
}

TEST(PostgresqlSplitter, EachJoinedCopyHasRows) {
  EXPECT_THAT(units_of("SELECT 1 \\; COPY a FROM stdin \\; COPY b FROM stdin;\n;\n\\.\n;\n\\.\n"
                       "SELECT 2;",
                       Dialect::kPostgresql),
              ElementsAre(StartsWith("SELECT 1"), "SELECT 2;"));
}

TEST(PostgresqlSplitter, CopyFromASubqueryHasNoRows) {
  EXPECT_THAT(units_of("COPY (SELECT a FROM stdin) TO stdout;\nSELECT 2;", Dialect::kPostgresql),
              SizeIs(2));
}

TEST(PostgresqlSplitter, ACommentBehindCopyLeavesItsRowsWithIt) {
  EXPECT_THAT(units_of("COPY t FROM stdin; /* rows */ -- x\n1\n\\.\n", Dialect::kPostgresql),
              ElementsAre("COPY t FROM stdin; /* rows */ -- x\n1\n\\."));
}

TEST(PostgresqlSplitter, RowsBelowAStatementThatGoesOnBelongToNeither) {
  EXPECT_THAT(units_of("COPY t FROM stdin; SELECT\n1;\n\\.\n 2;", Dialect::kPostgresql),
              ElementsAre("COPY t FROM stdin;", "SELECT\n1;\n\\.\n 2;"));
}

TEST(PostgresqlSplitter, CommandsEndAtAnUnquotedBackslash) {
  EXPECT_THAT(units_of("\\echo 'a\\\\' \\\\ SELECT 1; \\echo b \\\\ SELECT 2 \\g \\echo ;\n",
                       Dialect::kPostgresql),
              ElementsAre("SELECT 1;", "SELECT 2 \\g"));
}

TEST(PostgresqlSplitter, UnknownCommandsTakeTheirLine) {
  EXPECT_THAT(units_of("SELECT 1 \\nothing \\g ;\n;SELECT 2 \\g;\n;", Dialect::kPostgresql),
              ElementsAre("SELECT 1 \\nothing \\g ;\n;", "SELECT 2 \\g;\n;"));
}

TEST(PostgresqlSplitter, APipeTakesTheLine) {
  EXPECT_THAT(units_of("SELECT 1 \\g | sort \\\\ ;\nSELECT 2 \\g (format=csv) | x ; y\nSELECT 3;",
                       Dialect::kPostgresql),
              SizeIs(3));
}

TEST(PostgresqlSplitter, ResetForgetsTheStatement) {
  EXPECT_THAT(units_of("** it is said\n\\p\n\\r\nSELECT 1;", Dialect::kPostgresql),
              ElementsAre("SELECT 1;"));
}

TEST(PostgresqlSplitter, RestrictedCommandsDoNothing) {
  EXPECT_THAT(units_of("\\restrict k\nSELECT 1 \\g\n;\n\\unrestrict x\nSELECT 2 \\g\n;\n"
                       "\\unrestrict k\nSELECT 3 \\g\nSELECT 4;",
                       Dialect::kPostgresql),
              SizeIs(4));
}

TEST(PostgresqlSplitter, CopyOfTheClientHasRowsFromStdinOnly) {
  EXPECT_THAT(units_of("\\copy t from stdin \\\\ ;\na;\n\\.\n\\copy t from pstdin\nSELECT 1;",
                       Dialect::kPostgresql),
              ElementsAre("SELECT 1;"));
}

TEST(PostgresqlSplitter, StandardConformingStringsCountsFromTheNextLine) {
  EXPECT_THAT(units_of("SET standard_conforming_strings TO false; SELECT '\\';\nSELECT 'a\\';';\n"
                       "RESET ALL;\nSELECT '\\';",
                       Dialect::kPostgresql),
              SizeIs(5));
}

TEST(PostgresqlSplitter, BitAndUnicodeStringsNeverHaveBackslashes) {
  EXPECT_THAT(units_of("SET standard_conforming_strings = off;\nSELECT U&'\\';\nSELECT x'\\';\n"
                       "SELECT n'\\';';",
                       Dialect::kPostgresql),
              SizeIs(4));
}

TEST(PostgresqlSplitter, ADollarBehindANumberOrAQuoteOpens) {
  EXPECT_THAT(units_of("SELECT 1$$;$$; SELECT $1$a$;$a$; SELECT a$b$; SELECT $a$$a$$b$;$b$;",
                       Dialect::kPostgresql),
              SizeIs(4));
}

TEST(PostgresqlSplitter, NamesInQuotesAreNoWordsOfTheHead) {
  EXPECT_THAT(units_of("CREATE \"x\" FUNCTION BEGIN a; END; SELECT 1;", Dialect::kPostgresql),
              SizeIs(2));
}

TEST(PostgresqlSplitter, CommentsNestAndEscapeStringsHaveBackslashes) {
  EXPECT_THAT(
      units_of("/* a /* ; */ ; */ SELECT E'it\\'s;', 'c:\\';\nSELECT 2;", Dialect::kPostgresql),
      SizeIs(2));
}

TEST(PostgresqlSplitter, TagsAreWordsThatFollowNone) {
  EXPECT_THAT(units_of("SELECT $t1$;$t2$;$t1$, $\xc3\xa9$;$\xc3\xa9$;\nSELECT a$b$;\nSELECT $1;",
                       Dialect::kPostgresql),
              SizeIs(3));
}

TEST(PostgresqlSplitter, VariablesAreTextAndBranchesAreSplit) {
  EXPECT_THAT(units_of("\\set q 'a; b'\n:q;\n\\if :x\nSELECT 1;\n\\endif\nSELECT 2;\n",
                       Dialect::kPostgresql),
              SizeIs(3));
}

TEST(PostgresqlSplitter, VariablesAndPrefixesAreNoWordsBeforeCreate) {
  const std::string routine = "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END;";
  for (const std::string before : {"U&'x' ", ":v ", "(", "1 "}) {
    const std::string close = before == "(" ? ");" : "";
    EXPECT_THAT(units_of(before + routine + close, Dialect::kPostgresql), SizeIs(1)) << before;
  }
  EXPECT_THAT(units_of("a::create function begin; end;", Dialect::kPostgresql), SizeIs(2));
}

TEST(PostgresqlSplitter, AVariableOfPsqlEndsBeforeADollar) {
  EXPECT_THAT(units_of(":x$a$;'$a$;\nselect :x$a$;'$a$;\nselect a::x$a$;\nselect 2;\n",
                       Dialect::kPostgresql),
              ElementsAre(":x$a$;'$a$;", "select :x$a$;'$a$;", "select a::x$a$;", "select 2;"));
}

}  // namespace
}  // namespace engine::sql
