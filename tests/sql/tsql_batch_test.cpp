#include "engine/sql/tsql_batch.h"

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

namespace engine::sql {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

// The first two words of each statement.
std::vector<std::string> heads(std::string_view text) {
  std::vector<std::string> out;
  for (Batch batch(text, 0, text.size()); !batch.at_end(); batch.next()) {
    const std::string_view rest = text.substr(batch.begin());
    out.emplace_back(rest.substr(0, rest.find(' ', rest.find(' ') + 1)));
  }
  return out;
}

TEST(TsqlBatch, StatementsNeedNoSemicolons) {
  EXPECT_THAT(heads("CREATE TABLE a (i int) CREATE INDEX ix ON a (i) DROP TABLE b"),
              ElementsAre("CREATE TABLE", "CREATE INDEX", "DROP TABLE"));
}

TEST(TsqlBatch, AModuleIsOneStatementToItsEnd) {
  EXPECT_THAT(heads("CREATE PROCEDURE p AS CREATE TABLE t (i int) INSERT t VALUES (1)"), SizeIs(1));
  EXPECT_THAT(heads("CREATE OR ALTER VIEW v AS SELECT 1 AS a"), SizeIs(1));
}

TEST(TsqlBatch, ASettingEndsWithOn) {
  EXPECT_THAT(heads("SET QUOTED_IDENTIFIER ON CREATE TABLE x (i int)"),
              ElementsAre("SET QUOTED_IDENTIFIER", "CREATE TABLE"));
  EXPECT_THAT(heads("SET IDENTITY_INSERT t ON INSERT t (i) VALUES (1) SET IDENTITY_INSERT t OFF"),
              ElementsAre("SET IDENTITY_INSERT", "INSERT t", "SET IDENTITY_INSERT"));
  EXPECT_THAT(heads("ALTER DATABASE d SET QUERY_STORE = ON CREATE TABLE x (i int)"),
              ElementsAre("ALTER DATABASE", "CREATE TABLE"));
}

TEST(TsqlBatch, WhatAlterCannotDropIsAStatement) {
  EXPECT_THAT(heads("ALTER TABLE a DROP CONSTRAINT k DROP TABLE b DROP VIEW v"),
              ElementsAre("ALTER TABLE", "DROP TABLE", "DROP VIEW"));
  EXPECT_THAT(heads("ALTER TABLE a DROP COLUMN c DROP INDEX i, [j] ON dbo.a SET NOCOUNT OFF"),
              ElementsAre("ALTER TABLE", "DROP INDEX", "SET NOCOUNT"));
  EXPECT_THAT(heads("ALTER TABLE a ENABLE TRIGGER ALL DISABLE TRIGGER x, y ON a ALTER ASSEMBLY z"),
              ElementsAre("ALTER TABLE", "DISABLE TRIGGER", "ALTER ASSEMBLY"));
  EXPECT_THAT(heads("ALTER DATABASE d SET RECOVERY FULL SET NOCOUNT ON"),
              ElementsAre("ALTER DATABASE", "SET NOCOUNT"));
}

TEST(TsqlBatch, WithGrantOptionEndsAPermission) {
  EXPECT_THAT(heads("GRANT SELECT ON a TO b WITH GRANT OPTION GRANT SELECT ON c TO d CREATE TABLE e"
                    " (i int)"),
              ElementsAre("GRANT SELECT", "GRANT SELECT", "CREATE TABLE"));
}

TEST(TsqlBatch, WordsInsideAStatementBeginNothing) {
  for (const std::string_view text :
       {"INSERT t SELECT 1 UNION ALL SELECT 2", "UPDATE t SET a = 1",
        "GRANT SELECT, UPDATE ON t TO u",
        "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES b (a) ON DELETE SET NULL",
        "ALTER TABLE t DROP COLUMN c", "INSERT t EXEC p", "DROP TABLE IF EXISTS t",
        "MERGE a USING b ON a.i = b.i WHEN MATCHED THEN UPDATE SET x = 1 WHEN NOT MATCHED THEN "
        "INSERT (i) VALUES (1)",
        "ALTER DATABASE d SET RECOVERY SIMPLE", "ALTER TABLE t SET (LOCK_ESCALATION = TABLE)",
        "ALTER TABLE t DISABLE TRIGGER x", "ALTER TABLE t DROP INDEX i",
        "ALTER ROLE r DROP MEMBER m", "ALTER TABLE t ALTER COLUMN c DROP MASKED",
        "SELECT 1 FROM t OPTION (RECOMPILE)", "SELECT CASE WHEN 1 = 1 THEN 2 END",
        "WITH c AS (SELECT 1 AS a) SELECT a FROM c"}) {
    EXPECT_THAT(heads(text), SizeIs(1)) << text;
  }
}

// What stands in parentheses is leapt over, but for what may hide their end.
TEST(TsqlBatch, ParenthesesEndWhereTheyAreClosed) {
  for (const std::string_view hiding : {"N'a)''('", "[b)]](]", "\"c)(\"", "/* ) /* ( */ */ 1",
                                        "1 -- )\n", "(SELECT 1 / (2) - 3)"}) {
    const std::string text = "INSERT t VALUES (" + std::string(hiding) + ") INSERT u VALUES (2)";
    EXPECT_THAT(heads(text), ElementsAre("INSERT t", "INSERT u")) << text;
  }
  EXPECT_THAT(heads("INSERT t VALUES (1 INSERT u VALUES (2)"), ElementsAre("INSERT t"));
}

TEST(TsqlBatch, ABodyOfIfIsNested) {
  const std::string_view text = "IF OBJECT_ID('a') IS NOT NULL DROP TABLE a CREATE TABLE b (i int)";
  Batch batch(text, 0, text.size());
  EXPECT_TRUE(batch.is_separable());
  EXPECT_FALSE(batch.nested());
  batch.next();
  EXPECT_TRUE(batch.nested());
  batch.next();
  EXPECT_FALSE(batch.nested());
  EXPECT_TRUE(batch.is_last());
}

TEST(TsqlBatch, VariablesKeepABatchTogether) {
  const std::string_view text = "DECLARE @i int SET @i = 1 INSERT t VALUES (@i)";
  EXPECT_FALSE(Batch(text, 0, text.size()).is_separable());
}

// Where a comment stands between two of them, each is read by itself.
TEST(TsqlBatch, RowsInTheSameWordsAreFoundAsEachByItself) {
  const auto statements = [](std::string_view between) {
    std::string text;
    for (const std::string_view line :
         {"IF @a = 1 INSERT t (a) VALUES (1)", "INSERT t (a) VALUES (')', N'it''s', f((2)))",
          "INSERT t (a) VALUES (3) DELETE t WHERE a IN (1)", "BEGIN INSERT [t] VALUES (1)",
          "INSERT [t] VALUES (2)", "INSERT [t] VALUES (CASE a WHEN 1 THEN 2 END);",
          "INSERT [t] VALUES (3), (4)", "INSERT u VALUES (1)", "INSERT u VALUES (2) VALUES (3)",
          "INSERT u VALUES (2) VALUES (4)", "INSERT u VALUES (2) VALUES (5)",
          "INSERT [t] VALUES (5) END", "INSERT [t] VALUES (6)",
          "INSERT [t] VALUES (7 INSERT [t] VALUES (8)"}) {
      (text += line) += between;
    }
    std::vector<std::pair<std::string, bool>> found;
    for (Batch batch(text, 0, text.size()); !batch.at_end(); batch.next()) {
      found.emplace_back(text.substr(batch.begin(), 18), batch.nested());
    }
    return found;
  };
  const auto expected = statements(" /**/ ");
  EXPECT_THAT(expected, SizeIs(16));
  EXPECT_EQ(statements("\n"), expected);
  EXPECT_EQ(statements(" \r\n\t"), expected);
  EXPECT_EQ(statements(";\n"), statements("; /**/ "));
}

TEST(TsqlBatch, RowsInTheSameWordsTakeOneEntry) {
  std::string text = "PRINT 1\n";
  for (int i = 0; i < 1000; ++i) {
    text += "INSERT [t] ([a]) VALUES (N'it''s (one')";
    text += i % 2 == 0 ? "\n" : ";\n";
  }
  const std::size_t behind = text.size();
  text += "INSERT [u] ([a]) VALUES (2)";
  BatchReader reader(text, 0, text.size());
  reader.read_on(10);
  EXPECT_THAT(reader.statements(), SizeIs(3));
  std::size_t count = 0;
  for (Batch batch(text, 0, text.size()); !batch.at_end(); batch.next()) ++count;
  EXPECT_EQ(count, 1002u);

  Batch passing(text, 0, text.size());
  passing.next();
  passing.next();
  passing.pass_rows();
  passing.next();
  EXPECT_EQ(passing.begin(), behind);
  EXPECT_TRUE(passing.is_last());
}

// However few are known at once, each is found, and what it is in: rows of tables in turn, of which
// some are inside of a block, and an INSERT that has more words.
TEST(TsqlBatch, ALongBatchIsReadSomeStatementsAtATime) {
  std::string text = "PRINT 1\n";
  for (int i = 0; i < 40; ++i) {
    if (i == 20) text += "IF 1 = 1 BEGIN ";
    text += "INSERT [t] (a) VALUES (1)\nINSERT [t] (a) VALUES (2)\nINSERT u VALUES (')') ";
    if (i % 9 == 0) text += "VALUES (3) ";
    if (i % 7 == 0) text += "UPDATE u SET a = 1 ";
    if (i == 30) text += "END DECLARE @i int";
  }
  BatchReader whole(text, 0, text.size());
  whole.read_on(text.size());
  ASSERT_TRUE(whole.at_end());
  for (const std::size_t most : {1u, 2u, 3u, 10u}) {
    BatchReader reader(text, 0, text.size());
    std::vector<std::pair<std::size_t, bool>> found;
    while (!reader.at_end()) {
      reader.read_on(most);
      EXPECT_LE(reader.statements().size(), most + 1);
      if (!found.empty()) found.pop_back();  // it is known still, and its end now
      for (const BatchStatement& one : reader.statements())
        found.emplace_back(one.begin, one.nested);
    }
    EXPECT_FALSE(reader.separable());
    std::size_t next = 0;  // rows that another stretch begins with are an entry of their own
    for (const BatchStatement& one : whole.statements()) {
      while (next < found.size() && found[next].first < one.begin) ++next;
      ASSERT_LT(next, found.size());
      EXPECT_EQ(found[next], std::pair(one.begin, one.nested)) << most;
    }
  }
}

TEST(TsqlBatch, OneIsSeparableWhereAllOfItIs) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "INSERT t VALUES (1)\nINSERT u VALUES (N'begin')\n";
  EXPECT_TRUE(Batch(text, 0, text.size()).is_separable());
  text += "COMMIT";
  EXPECT_FALSE(Batch(text, 0, text.size()).is_separable());
}

// With rows behind it a statement is not the only one, though they take one entry.
TEST(TsqlBatch, OneStatementIsOneThatHasNoOthersInItsWords) {
  const auto has_one = [](std::string_view text) { return Batch(text, 0, text.size()).has_one(); };
  EXPECT_TRUE(has_one("INSERT t VALUES (1) BEGIN END"));
  EXPECT_FALSE(has_one("INSERT t VALUES (1) INSERT t VALUES (2) BEGIN END"));
}

}  // namespace
}  // namespace engine::sql
