// Which statements of a script have to be loaded before which others: one draft a statement.
#include "engine/dependency/journal.h"

#include <gmock/gmock.h>

#include <set>

#include "engine/file_source.h"
#include "engine/organize/found_references.h"
#include "engine/sql/classifier.h"
#include "engine/sql/line_cursor.h"
#include "engine/sql/splitter.h"

namespace engine::dependency {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

/// "0<1": statement 0 comes before statement 1, as they are counted in the text.
std::set<std::string> needs(const std::string& script, Dialect dialect = Dialect::kPostgresql) {
  const std::string padded = script + std::string(kReadablePadding, '\n');
  const std::string_view text = std::string_view(padded).substr(0, script.size());
  sql::Splitter splitter(text, dialect);
  sql::Classifier classifier(text, dialect);
  sql::LineCursor lines(text, '\n');
  Journal journal(text, dialect);
  std::size_t draft = 0;
  for (sql::SplitPart part; splitter.next(&part);) {
    if (part.kind != PartKind::kUnit) continue;
    for (const sql::Statement& statement : classifier.classify(part)) {
      organize::FoundReferences found;
      organize::find_references(statement, text, dialect, &lines, &found);
      journal.add_draft();
      journal.read(statement, found.all);
      journal.note(draft++);
    }
  }
  std::set<std::string> all;
  const NeedGraph graph = journal.take_graph();
  for (const NeedGraph::Need& need : graph.needs()) {
    all.insert(std::to_string(need.first) + "<" + std::to_string(need.then));
  }
  return all;
}

TEST(Journal, AViewComesBehindItsTable) {
  EXPECT_THAT(needs("CREATE TABLE t (i int); CREATE VIEW v AS SELECT i FROM t;"),
              ElementsAre("0<1"));
  EXPECT_THAT(needs("CREATE TABLE t (i int); CREATE VIEW v AS SELECT i FROM u;"), IsEmpty());
}

TEST(Journal, AForeignKeyNeedsWhatItRefersTo) {
  EXPECT_THAT(needs("CREATE TABLE t (i int PRIMARY KEY); CREATE TABLE u (i int REFERENCES t);"),
              Contains("0<1"));
}

// A body is read when it runs.
TEST(Journal, ARoutineNeedsNothingThatItsBodyNames) {
  EXPECT_THAT(needs("CREATE TABLE t (i int); CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS "
                    "$$BEGIN RETURN (SELECT i FROM t); END$$;"),
              IsEmpty());
}

TEST(Journal, WhatReadsATableComesBeforeItIsRenamedOrDropped) {
  const std::string made = "CREATE TABLE t (i int); CREATE TABLE u AS SELECT i FROM t; ";
  EXPECT_THAT(needs(made + "ALTER TABLE t RENAME TO w;"), Contains("1<2"));
  EXPECT_THAT(needs(made + "DROP TABLE t;"), Contains("1<2"));
  EXPECT_THAT(needs(made + "DROP TABLE other;"), Not(Contains("1<2")));
}

TEST(Journal, ByItsNewNameATableIsTheOldOne) {
  const auto found = needs(
      "CREATE TABLE t (i int); ALTER TABLE t RENAME TO w; "
      "CREATE VIEW v AS SELECT i FROM w;");
  EXPECT_THAT(found, Contains("0<1"));
  EXPECT_THAT(found, Contains("1<2"));
}

TEST(Journal, SpRenameRenamesATableAndNotItsColumn) {
  const std::string table = "CREATE TABLE dbo.t (a int);\nGO\n";
  const std::string behind = "GO\nCREATE VIEW dbo.v AS SELECT a FROM dbo.w;\n";
  EXPECT_THAT(needs(table + "EXEC @r = sp_rename @newname = 'w', @objname = 'dbo.t';\n" + behind,
                    Dialect::kTsql),
              Contains("1<2"));
  for (const std::string call :
       {"sp_rename 'dbo.t.a', 'w', 'COLUMN'", "sp_tableoption 'dbo.t', 'w'"}) {
    EXPECT_THAT(needs(table + "EXEC " + call + ";\n" + behind, Dialect::kTsql),
                Not(Contains("1<2")))
        << call;
  }
}

TEST(Journal, RowsOfOneTableDoNotWaitForThoseOfAnother) {
  EXPECT_THAT(needs("CREATE TABLE t (i int); CREATE TABLE u (i int); "
                    "INSERT INTO t VALUES (1); INSERT INTO u VALUES (1);"),
              ElementsAre("0<2", "1<3"));
}

TEST(Journal, RowsThatAreReadAreThereBefore) {
  EXPECT_THAT(needs("CREATE TABLE t (i int); CREATE TABLE u (i int); INSERT INTO t VALUES (1); "
                    "INSERT INTO u SELECT i FROM t;"),
              Contains("2<3"));
}

TEST(Journal, AnAlterOfATableComesBehindWhatUsedItAsItWas) {
  EXPECT_THAT(needs("CREATE TABLE t (i int); INSERT INTO t VALUES (1); "
                    "ALTER TABLE t ADD COLUMN j int NOT NULL;"),
              Contains("1<2"));
}

TEST(Journal, TheDefaultSchemaAndNoneAreOne) {
  EXPECT_THAT(needs("CREATE TABLE public.t (i int); CREATE VIEW v AS SELECT i FROM t;"),
              ElementsAre("0<1"));
  EXPECT_THAT(needs("CREATE TABLE s.t (i int); CREATE VIEW v AS SELECT i FROM r.t;"), IsEmpty());
}

TEST(Journal, InMysqlANameLiesInTheDatabaseInUse) {
  const auto found = needs(
      "CREATE TABLE a.t (i int); CREATE TABLE b.t (i int); USE b; "
      "CREATE VIEW v AS SELECT i FROM t;",
      Dialect::kMysql);
  EXPECT_THAT(found, Contains("1<3"));
  EXPECT_THAT(found, Not(Contains("0<3")));
}

}  // namespace
}  // namespace engine::dependency
