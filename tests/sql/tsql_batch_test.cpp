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
  const Batch batch = read_tsql_batch(text, 0, text.size());
  for (BatchWalk walk(batch, text, text.size()); !walk.at_end(); walk.next()) {
    const std::string_view rest = text.substr(walk.begin());
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
  const Batch batch = read_tsql_batch(text, 0, text.size());
  ASSERT_THAT(batch.statements, SizeIs(3));
  EXPECT_TRUE(batch.statements[1].nested);
  EXPECT_FALSE(batch.statements[2].nested);
  EXPECT_TRUE(batch.separable);
}

TEST(TsqlBatch, VariablesKeepABatchTogether) {
  const std::string_view text = "DECLARE @i int SET @i = 1 INSERT t VALUES (@i)";
  EXPECT_FALSE(read_tsql_batch(text, 0, text.size()).separable);
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
    const Batch batch = read_tsql_batch(text, 0, text.size());
    for (BatchWalk walk(batch, text, text.size()); !walk.at_end(); walk.next()) {
      found.emplace_back(text.substr(walk.begin(), 18), walk.nested());
    }
    return found;
  };
  const auto expected = statements(" /**/ ");
  EXPECT_THAT(expected, SizeIs(16));
  EXPECT_EQ(statements("\n"), expected);
  EXPECT_EQ(statements(" \r\n\t"), expected);
}

TEST(TsqlBatch, RowsInTheSameWordsTakeOneEntry) {
  std::string text = "PRINT 1\n";
  for (int i = 0; i < 1000; ++i) text += "INSERT [t] ([a]) VALUES (N'it''s (one')\n";
  const std::size_t behind = text.size();
  text += "INSERT [u] ([a]) VALUES (2)";
  const Batch batch = read_tsql_batch(text, 0, text.size());
  EXPECT_THAT(batch.statements, SizeIs(3));
  BatchWalk walk(batch, text, text.size());
  std::size_t count = 0;
  for (; !walk.at_end(); walk.next()) ++count;
  EXPECT_EQ(count, 1002u);

  BatchWalk passing(batch, text, text.size());
  passing.next();
  passing.next();
  passing.pass_rows();
  passing.next();
  EXPECT_EQ(passing.begin(), behind);
  EXPECT_TRUE(passing.is_last());
}

// With rows behind it a statement is not the only one, though they take one entry.
TEST(TsqlBatch, OneStatementIsOneThatHasNoOthersInItsWords) {
  const auto has_one = [](std::string_view text) {
    return read_tsql_batch(text, 0, text.size()).has_one();
  };
  EXPECT_TRUE(has_one("INSERT t VALUES (1) BEGIN END"));
  EXPECT_FALSE(has_one("INSERT t VALUES (1) INSERT t VALUES (2) BEGIN END"));
}

}  // namespace
}  // namespace engine::sql
