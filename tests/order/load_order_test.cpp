// plan_loading() over whole trees: what comes before what.
#include "engine/load_order.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

#include "io/file/order.h"
#include "tests/support/loaded_folder.h"

namespace engine {
namespace {

using test::LoadedFolder;
using ::testing::ElementsAre;

std::vector<std::string> ordered(std::string_view sql, Dialect dialect, LoadOrder by,
                                 Layout layout = Layout::kNested) {
  Options options;
  options.dialect = dialect;
  options.layout = layout;
  LoadedFolder folder(options);
  folder.outputs_of("s.sql", sql);
  const auto paths = io::order((folder.output() / "s").string(), by);
  EXPECT_TRUE(paths) << paths.error().message;
  return paths ? paths->paths : std::vector<std::string>();
}

std::vector<std::string> by_source(std::string_view sql, Dialect dialect) {
  return ordered(sql, dialect, LoadOrder::kSource);
}
std::vector<std::string> by_dependency(std::string_view sql, Dialect dialect) {
  return ordered(sql, dialect, LoadOrder::kDependency);
}

TEST(LoadOrder, IsTheSourcesUnlessAskedOtherwise) {
  EXPECT_THAT(
      by_source("CREATE VIEW b AS SELECT 1;\nCREATE TABLE a (i int);\nINSERT INTO a VALUES "
                "(1);\nCREATE SCHEMA s;\n",
                Dialect::kPostgresql),
      ElementsAre("views/b/b.sql", "tables/a/a.sql", "tables/a/data/0001.sql", "schemas/s/s.sql"));
}

// Its functions are declared with the shell, the type with its functions, the rest with the type.
TEST(LoadOrder, ATypeIsFilledBehindTheFunctionsThatItsShellIsFor) {
  constexpr std::string_view kScript =
      "CREATE TYPE x;\nCREATE FUNCTION x_in(cstring) RETURNS x LANGUAGE c AS 'x';\n"
      "CREATE FUNCTION x_out(x) RETURNS cstring LANGUAGE c AS 'x';\n"
      "CREATE TYPE x (INPUT = x_in, OUTPUT = x_out);\n"
      "CREATE FUNCTION f(_x) RETURNS x LANGUAGE sql AS 'SELECT $1[1]';\n";
  const auto order =
      ElementsAre("types/x/x.sql", "functions/x_in/x_in.sql", "functions/x_out/x_out.sql",
                  "types/x/changes/0001.sql", "functions/f/f.sql");
  EXPECT_THAT(by_source(kScript, Dialect::kPostgresql), order);
  EXPECT_THAT(by_dependency(kScript, Dialect::kPostgresql), order);
}

// The class's own function is ready before the operator's.
TEST(LoadOrder, ByDependencyAnOperatorClassComesBehindItsOperators) {
  const std::vector<std::string> order = by_dependency(
      "CREATE FUNCTION cmp(int, int) RETURNS int LANGUAGE c AS 'x';\n"
      "CREATE FUNCTION less(int, int) RETURNS bool LANGUAGE c AS 'x';\n"
      "CREATE OPERATOR << (LEFTARG = int, RIGHTARG = int, FUNCTION = less);\n"
      "CREATE OPERATOR CLASS ops FOR TYPE int USING btree AS OPERATOR 1 <<, FUNCTION 1 "
      "cmp(int, int);\n",
      Dialect::kPostgresql);
  ASSERT_THAT(order, ::testing::SizeIs(4));
  EXPECT_EQ(order.back(), "operator_classes/ops/ops.sql");
}

// A routine keeps the sql_mode that was in force.
TEST(LoadOrder, ByDependencyNothingPassesASettingOfTheSession) {
  EXPECT_THAT(
      by_dependency("SET @old = @@session.sql_mode, @@session.sql_mode = '';\n"
                    "CREATE FUNCTION f() RETURNS int RETURN 1;\n"
                    "SET @@session.sql_mode = @old;\nCREATE TABLE t (i int);\n",
                    Dialect::kMysql),
      ElementsAre("other/0001.sql", "functions/f/f.sql", "other/0002.sql", "tables/t/t.sql"));
}

// What the routine does is not known; here it reads a column that is dropped later.
TEST(LoadOrder, AStepThatRunsARoutineStaysBetweenTheAlterationsAroundIt) {
  constexpr std::string_view kScript =
      "CREATE TABLE t (old text);\nCREATE TABLE u (i int);\n"
      "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN UPDATE t SET new = old; END "
      "$$;\nINSERT INTO t VALUES ('a');\nALTER TABLE t ADD new text;\nSELECT f();\n"
      "INSERT INTO u VALUES (1);\nALTER TABLE t DROP COLUMN old;\n";
  const auto order = by_dependency(kScript, Dialect::kPostgresql);
  const auto place = [&](std::string_view path) {
    return std::find(order.begin(), order.end(), path) - order.begin();
  };
  EXPECT_LT(place("tables/t/changes/0001.sql"), place("other/0001.sql"))
      << ::testing::PrintToString(order);
  EXPECT_LT(place("other/0001.sql"), place("tables/t/changes/0002.sql"));
  EXPECT_LT(place("functions/f/f.sql"), place("other/0001.sql"));
}

// The server makes the sequence of an identity column and names it.
TEST(LoadOrder, ByDependencyARemarkOnWhatNothingCreatesComesLast) {
  EXPECT_THAT(
      by_dependency("CREATE TABLE t (i int GENERATED ALWAYS AS IDENTITY);\nCOMMENT ON SEQUENCE "
                    "t_i_seq IS 'x';\nCREATE VIEW v AS SELECT i FROM t;\n",
                    Dialect::kPostgresql),
      ElementsAre("tables/t/t.sql", "views/v/v.sql", "sequences/t_i_seq/t_i_seq.sql"));
}

TEST(LoadOrder, AnIndexIsAttachedBehindThePartitionsIndex) {
  EXPECT_THAT(
      by_source(
          "CREATE TABLE p (i int) PARTITION BY RANGE (i);\nALTER TABLE ONLY p ADD CONSTRAINT pk "
          "PRIMARY KEY (i);\nCREATE TABLE p1 (i int NOT NULL);\nALTER TABLE ONLY p1 ADD "
          "CONSTRAINT pk1 PRIMARY KEY (i);\nALTER TABLE ONLY p ATTACH PARTITION p1 DEFAULT;\n"
          "ALTER INDEX pk ATTACH PARTITION pk1;\n",
          Dialect::kPostgresql),
      ElementsAre("tables/p/p.sql", "tables/p/primary_keys/pk.sql", "tables/p1/p1.sql",
                  "tables/p1/primary_keys/pk1.sql", "tables/p/changes/0001.sql",
                  "tables/p/changes/0002.sql"));
}

// The compact file holds the trigger that is made behind the rows, and the one before them.
TEST(LoadOrder, SaysWhereNoOrderIsSure) {
  Options options;
  options.dialect = Dialect::kSqlite;
  options.layout = Layout::kCompact;
  LoadedFolder folder(options);
  const std::string trigger = "CREATE TRIGGER r AFTER INSERT ON t BEGIN DELETE FROM u; END;\n";
  folder.outputs_of("s.sql",
                    "CREATE TABLE u (a int);\nCREATE TABLE t (a int);\n"
                    "INSERT INTO t VALUES (1);\n" +
                        trigger + "INSERT INTO t VALUES (2);\n");
  const auto ordered = io::order((folder.output() / "s").string(), LoadOrder::kSource);
  ASSERT_TRUE(ordered);
  EXPECT_THAT(ordered->rings, ElementsAre(::testing::Contains("tables/t.sql")));
}

// No trigger acts on the rows of BULK INSERT, whatever routines there are.
TEST(LoadOrder, RowsThatNoTriggerActsOnComeBehindItAsWell) {
  EXPECT_THAT(ordered("CREATE FUNCTION dbo.f() RETURNS int AS BEGIN RETURN 1; END;\nGO\n"
                      "CREATE TABLE dbo.t (a int);\nGO\nBULK INSERT dbo.t FROM 'x.csv';\nGO\n"
                      "CREATE TRIGGER dbo.r ON dbo.t AFTER INSERT AS PRINT 'x';\nGO\n",
                      Dialect::kTsql, LoadOrder::kSource, Layout::kCompact),
              ElementsAre("functions/dbo.f.sql", "tables/dbo.t.sql", "data/dbo.t.0001.sql"));
}

// Rows are read from a view, and a trigger fills another table.
TEST(LoadOrder, ByDependencyRowsComeBehindWhatTheyAreReadFromAndWhatActsOnThem) {
  EXPECT_THAT(
      by_dependency("CREATE TABLE t (a int);\nCREATE TABLE u (a int);\n"
                    "CREATE VIEW v AS SELECT a FROM t;\n"
                    "CREATE TRIGGER r AFTER INSERT ON t BEGIN DELETE FROM u; END;\n"
                    "INSERT INTO t VALUES (1);\nINSERT INTO u SELECT a FROM v;\n",
                    Dialect::kSqlite),
      ElementsAre("tables/t/t.sql", "tables/u/u.sql", "views/v/v.sql", "tables/t/triggers/r.sql",
                  "tables/t/data/0001.sql", "tables/u/data/0001.sql"));
}

TEST(LoadOrder, ADropIsOfItsOwnSchemasObject) {
  EXPECT_THAT(by_dependency("CREATE DATABASE shop;\nUSE shop;\nCREATE TABLE a (i int);\nCREATE "
                            "DATABASE arch;\nUSE arch;\nDROP TABLE IF EXISTS a;\nCREATE TABLE a (i "
                            "int);\nLOCK TABLES a WRITE;\nUNLOCK TABLES;\n",
                            Dialect::kMysql),
              ElementsAre("databases/shop/shop.sql", "other/0001.sql", "databases/arch/arch.sql",
                          "tables/shop.a/shop.a.sql", "other/0002.sql", "tables/arch.a/arch.a.sql",
                          "tables/arch.a/data/0001.sql"));
}

TEST(LoadOrder, ByDependencyABlockThatMakesAJobAndInsertsRowsIsAStepToo) {
  EXPECT_THAT(
      by_dependency("CREATE TABLE t (i NUMBER);\nINSERT INTO t VALUES (0);\nBEGIN\n"
                    "DBMS_SCHEDULER.CREATE_JOB(job_name => 'J', job_action => 'x');\n"
                    "INSERT INTO t VALUES (1);\nEND;\n/\nCREATE TABLE u AS SELECT i FROM t;\n",
                    Dialect::kOracle),
      ElementsAre("tables/T/T.sql", "tables/T/data/0001.sql", "jobs/J/J.sql", "tables/U/U.sql"));
}

// Rows of c do not wait for those of the other database's p.
TEST(LoadOrder, ByDependencyANameIsThatOfItsOwnDatabase) {
  EXPECT_THAT(
      by_dependency("CREATE DATABASE d;\nCREATE TABLE p (i int PRIMARY KEY);\nCREATE TABLE c (i "
                    "int, FOREIGN KEY (i) REFERENCES p (i));\nINSERT INTO c VALUES (1);\nUSE "
                    "d;\nCREATE TABLE p (j int);\nINSERT INTO p VALUES (9);\n",
                    Dialect::kMysql),
      ElementsAre("databases/d/d.sql", "tables/p/p.sql", "tables/c/c.sql", "tables/c/data/0001.sql",
                  "other/0001.sql", "tables/p~2/p~2.sql", "tables/p~2/data/0001.sql"));
}

// The name stands for a new table behind the procedure.
TEST(LoadOrder, ATableThatIsRenamedByAProcedureComesBeforeTheOneThatTakesItsName) {
  constexpr std::string_view kScript =
      "CREATE TABLE dbo.t (a int);\nGO\nINSERT INTO dbo.t VALUES (1);\nGO\n"
      "EXEC sp_rename 'dbo.t', 't_old';\nGO\nCREATE TABLE dbo.t (b int);\nGO\n"
      "INSERT INTO dbo.t SELECT a FROM dbo.t_old;\nGO\n";
  const auto order = ElementsAre("tables/dbo.t/changes/0001.sql", "tables/dbo.t/data/0001.sql",
                                 "tables/dbo.t/changes/0002.sql", "tables/dbo.t/dbo.t.sql",
                                 "tables/dbo.t/data/0002.sql");
  EXPECT_THAT(by_source(kScript, Dialect::kTsql), order);
  EXPECT_THAT(by_dependency(kScript, Dialect::kTsql), order);
}

// A procedure with two strings is none that renames, nor is a column a table.
TEST(LoadOrder, ATableWhoseColumnOrOptionAProcedureChangesKeepsItsName) {
  for (const std::string_view call :
       {"EXEC sp_rename 'dbo.t.a', 'x', 'COLUMN'",
        "EXEC sp_tableoption 'dbo.t', 'text in row', 'ON'",
        "EXEC @r = sp_rename @newname = 'x', @objname = 'dbo.t.a', @objtype = 'COLUMN'"}) {
    const std::string script =
        "CREATE TABLE dbo.t (a int);\nGO\nINSERT INTO dbo.t VALUES (1);\nGO\n" + std::string(call) +
        "\nGO\nCREATE TABLE dbo.x (b int);\nGO\n"
        "INSERT INTO dbo.t SELECT b FROM dbo.x;\nGO\n";
    EXPECT_THAT(by_dependency(script, Dialect::kTsql),
                ElementsAre("tables/dbo.t/dbo.t.sql", "tables/dbo.x/dbo.x.sql",
                            "tables/dbo.t/data/0001.sql", "tables/dbo.t/changes/0001.sql",
                            "tables/dbo.t/data/0002.sql"))
        << call;
  }
}

// REM of Oracle's client speaks of tables that nothing needs.
TEST(LoadOrder, RemarksNeedNothing) {
  EXPECT_THAT(ordered("rem b refers to a.\nCREATE TABLE a (i NUMBER);\nrem a is for b.\nrem and "
                      "for c.\nCREATE TABLE b (i NUMBER);\nCOMMENT ON TABLE a IS 'x';\n",
                      Dialect::kOracle, LoadOrder::kSource, Layout::kCompact),
              ElementsAre("tables/A.sql", "tables/B.sql"));
}

TEST(LoadOrder, AnAccountComesBeforeWhatIsGrantedToIt) {
  EXPECT_THAT(ordered("CREATE TABLE t (i int);\nCREATE USER 'app'@'%';\nGRANT SELECT ON t TO "
                      "'app'@'%';\n",
                      Dialect::kMysql, LoadOrder::kSource, Layout::kCompact),
              ElementsAre(::testing::StartsWith("users/"), "tables/t.sql"));
}

// One file behind the other is one script.
TEST(LoadOrder, EachFileEndsItsBatchAndItsStatement) {
  Options options;
  options.no_metadata = true;
  LoadedFolder folder(options);
  auto outputs = folder.outputs_of("a.sql",
                                   "CREATE TABLE dbo.A (i int);\nCREATE TABLE dbo.B (i int);\nGO\n"
                                   "CREATE VIEW dbo.v AS SELECT i FROM dbo.A\nGO\n");
  EXPECT_EQ(outputs["tables/dbo.A/dbo.A.sql"], "CREATE TABLE dbo.A (i int);\nGO\n");
  outputs = folder.outputs_of("b.sql", "CREATE TABLE t (i serial);\nCREATE INDEX x ON t (i)");
  EXPECT_EQ(outputs["tables/t/indexes/x.sql"], "CREATE INDEX x ON t (i)\n;\n");
}

// What each needs of the other cannot be told: as the source has it.
TEST(LoadOrder, ByDependencyARingComesAsInTheSource) {
  EXPECT_THAT(
      by_dependency("CREATE FUNCTION a() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT i FROM "
                    "b; END;\nCREATE VIEW b AS SELECT a() AS i;\n",
                    Dialect::kPostgresql),
      ElementsAre("functions/a/a.sql", "views/b/b.sql"));
}

// Each pair of them would be a need: more than memory holds.
// LANGUAGE plpgsql is no need of Sakila's table `language`, DATE none of a table `date`.
TEST(LoadOrder, ATableMayBeCalledLikeAWordOfTheLanguage) {
  constexpr std::string_view kScript =
      "CREATE TABLE public.language (id int PRIMARY KEY, name text);\n"
      "CREATE FUNCTION public.f() RETURNS trigger AS $$ BEGIN RETURN NEW; END $$ LANGUAGE "
      "plpgsql;\n"
      "CREATE TRIGGER g BEFORE UPDATE ON public.language FOR EACH ROW EXECUTE FUNCTION "
      "public.f();\n";
  const auto function_first = ElementsAre("functions/public.f.sql", "tables/public.language.sql");
  for (const LoadOrder by : {LoadOrder::kSource, LoadOrder::kDependency}) {
    EXPECT_THAT(ordered(kScript, Dialect::kPostgresql, by, Layout::kCompact), function_first);
    EXPECT_THAT(ordered("CREATE TABLE date (code int);\n"
                        "CREATE FUNCTION c(d date) RETURNS date LANGUAGE sql AS 'select d';\n"
                        "ALTER TABLE date ADD CONSTRAINT k CHECK (c(code) > 0);\n",
                        Dialect::kPostgresql, by, Layout::kCompact),
                ElementsAre("functions/c.sql", "tables/date.sql"));
    // Where a name has to be, it is one.
    EXPECT_THAT(
        ordered("CREATE TABLE language (i int);\nCREATE TABLE b (i int);\n"
                "CREATE VIEW role AS SELECT i FROM language;\n"
                "CREATE VIEW a AS SELECT i FROM role JOIN language USING (i);\n",
                Dialect::kPostgresql, by, Layout::kCompact),
        ElementsAre("tables/language.sql", "tables/b.sql", "views/role.sql", "views/a.sql"));
  }
}

TEST(LoadOrder, ByDependencyAClusterHasItsIndexBeforeTheRowsOfItsTables) {
  EXPECT_THAT(by_dependency("CREATE CLUSTER c (i NUMBER);\nCREATE TABLE t (i NUMBER) CLUSTER c "
                            "(i);\nCREATE INDEX x ON CLUSTER c;\nINSERT INTO t VALUES (1);\n",
                            Dialect::kOracle),
              ElementsAre("clusters/C/C.sql", "tables/T/T.sql", "clusters/C/indexes/X.sql",
                          "tables/T/data/0001.sql"));
}

TEST(LoadOrder, VeryManyOverloadsAndAlterationsTakeTheirTimeOnce) {
  std::string sql = "CREATE TABLE a (i int);\nCREATE TABLE b (i int);\n";
  constexpr int kMany = 3000;
  for (int i = 0; i < kMany; ++i) {
    const std::string n = std::to_string(i);
    sql += "CREATE FUNCTION f(x t" + n + ") RETURNS int LANGUAGE sql AS 'SELECT 1';\n" +
           "ALTER TABLE a ADD c" + n + " int;\nALTER TABLE b ADD c" + n + " int;\n";
  }
  const auto order = by_dependency(sql, Dialect::kPostgresql);
  ASSERT_EQ(order.size(), 3u * kMany + 2);
  const auto change = std::find(order.begin(), order.end(), "tables/a/changes/0001.sql");
  ASSERT_NE(change, order.end());
  // Nothing passes an ALTER: a function stays between.
  EXPECT_EQ(*(change + 3), "tables/a/changes/0002.sql");
}

TEST(LoadOrder, ByDependencyFollowsTheKindsOfObject) {
  EXPECT_THAT(
      by_dependency("CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();\n"
                    "CREATE INDEX i ON t (a);\nINSERT INTO t VALUES (1);\n"
                    "CREATE VIEW v AS SELECT a FROM t;\nCREATE TABLE t (a s.y);\n"
                    "CREATE SEQUENCE q;\nCREATE TYPE s.y AS ENUM ('1');\nCREATE SCHEMA s;\n"
                    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN END$$;\n",
                    Dialect::kPostgresql),
      ElementsAre("schemas/s/s.sql", "types/s.y/s.y.sql", "sequences/q/q.sql", "tables/t/t.sql",
                  "tables/t/data/0001.sql", "tables/t/indexes/i.sql", "views/v/v.sql",
                  "functions/f/f.sql", "tables/t/triggers/g.sql"));
}

TEST(LoadOrder, ByDependencyWhatIsNeededComesFirstWhateverItsKind) {
  EXPECT_THAT(by_dependency("CREATE TABLE t (i int DEFAULT f());\nCREATE VIEW v AS SELECT * FROM "
                            "w;\nCREATE VIEW w AS SELECT * FROM t;\nCREATE FUNCTION f() RETURNS "
                            "int LANGUAGE sql AS 'SELECT 1';\n",
                            Dialect::kPostgresql),
              ElementsAre("functions/f/f.sql", "tables/t/t.sql", "views/w/w.sql", "views/v/v.sql"));
}

TEST(LoadOrder, RowsFollowTheForeignKeysOfTheirTables) {
  EXPECT_THAT(
      by_dependency("CREATE TABLE a (i int, b int REFERENCES b (i));\nCREATE TABLE b (i int "
                    "primary key);\nINSERT INTO a VALUES (1, 1);\nINSERT INTO b VALUES "
                    "(1);\n",
                    Dialect::kPostgresql),
      ElementsAre("tables/b/b.sql", "tables/a/a.sql", "tables/b/data/0001.sql",
                  "tables/a/data/0001.sql"));
}

// pg_dump --clean: every DROP first, the last object's foremost.
TEST(LoadOrder, DropsBeforeAllDefinitionsDoNotTurnTheOrderAround) {
  const std::string sql =
      "DROP VIEW IF EXISTS v;\nDROP TABLE IF EXISTS t;\nCREATE TABLE t (i int);\nCREATE VIEW v AS "
      "SELECT i FROM t;\n";
  for (const LoadOrder by : {LoadOrder::kSource, LoadOrder::kDependency}) {
    EXPECT_THAT(ordered(sql, Dialect::kPostgresql, by),
                ElementsAre("views/v/changes/0001.sql", "tables/t/t.sql", "views/v/v.sql"));
  }
}

// mysqldump: views first as placeholders, and then in the order of their names.
TEST(LoadOrder, PlaceholdersComeWhereTheirLastDefinitionCan) {
  const std::string sql =
      "CREATE TABLE t (i int);\nCREATE VIEW a AS SELECT 1 AS i;\nCREATE VIEW b AS SELECT 1 AS i;\n"
      "DROP VIEW IF EXISTS a;\nCREATE VIEW a AS SELECT i FROM b;\nDROP VIEW IF EXISTS b;\nCREATE "
      "VIEW b AS SELECT i FROM t;\n";
  EXPECT_THAT(by_source(sql, Dialect::kMysql),
              ElementsAre("tables/t/t.sql", "views/b/b.sql", "views/a/a.sql"));
}

// pg_dump of a serial column, and phpMyAdmin's keys before AUTO_INCREMENT.
TEST(LoadOrder, AnAlterationThatStandsApartComesBehindWhatItNeeds) {
  const std::string pg =
      "CREATE TABLE t (i int);\nCREATE SEQUENCE q;\nALTER TABLE t ALTER COLUMN i SET DEFAULT "
      "nextval('q'::regclass);\n";
  for (const LoadOrder by : {LoadOrder::kSource, LoadOrder::kDependency}) {
    const auto order = ordered(pg, Dialect::kPostgresql, by);
    ASSERT_EQ(order.size(), 3u);
    EXPECT_NE(order.back(), "tables/t/t.sql");
    EXPECT_NE(order.back(), "sequences/q/q.sql");
  }
  const std::string mysql =
      "CREATE TABLE t (i int);\nALTER TABLE u ADD j int;\nALTER TABLE t ADD PRIMARY KEY "
      "(i);\nALTER "
      "TABLE t MODIFY i int AUTO_INCREMENT;\n";
  for (const LoadOrder by : {LoadOrder::kSource, LoadOrder::kDependency}) {
    EXPECT_THAT(
        ordered(mysql, Dialect::kMysql, by),
        ::testing::IsSupersetOf({"tables/t/primary_keys/t.sql", "tables/t/changes/0001.sql"}));
    EXPECT_EQ(ordered(mysql, Dialect::kMysql, by).back(), "tables/t/changes/0001.sql");
  }
}

TEST(LoadOrder, WhatChangesTheSessionStaysBeforeWhatItRules) {
  const std::string sql =
      "USE one;\nCREATE VIEW v AS SELECT 1;\nCREATE TABLE t (i int);\nUSE two;\nCREATE VIEW v AS "
      "SELECT 2;\nCREATE TABLE t (i int);\n";
  EXPECT_THAT(by_dependency(sql, Dialect::kMysql),
              ElementsAre("other/0001.sql", "tables/one.t/one.t.sql", "views/one.v/one.v.sql",
                          "other/0002.sql", "tables/two.t/two.t.sql", "views/two.v/two.v.sql"));
}

// Its COMMIT goes back to the first file, what ends the client does not.
TEST(LoadOrder, WhatEndsTheClientComesLast) {
  constexpr std::string_view kScript =
      "BEGIN;\nCREATE TABLE a (i int);\nCREATE VIEW v AS SELECT * FROM a;\nCOMMIT;\n\\q\nx;\n";
  const auto order =
      ElementsAre("other/0001.sql", "tables/a/a.sql", "views/v/v.sql", "other/0002.sql");
  EXPECT_THAT(by_source(kScript, Dialect::kPostgresql), order);
  EXPECT_THAT(by_dependency(kScript, Dialect::kPostgresql), order);
  constexpr std::string_view kWithin =
      "CREATE VIEW v AS SELECT * FROM b;\nCREATE TABLE a (i int);\nCREATE TABLE b (i int) \\q\n";
  EXPECT_THAT(by_source(kWithin, Dialect::kPostgresql),
              ElementsAre("views/v/v.sql", "tables/a/a.sql", "other/0001.sql"));
  EXPECT_THAT(by_dependency(kWithin, Dialect::kPostgresql),
              ElementsAre("tables/a/a.sql", "views/v/v.sql", "other/0001.sql"));
  const auto compact = ElementsAre("other/0001.sql", "tables/a.sql", "other/0002.sql");
  for (const LoadOrder by : {LoadOrder::kSource, LoadOrder::kDependency}) {
    EXPECT_THAT(ordered("START TRANSACTION;\nCREATE TABLE a (i int);\nCOMMIT;\nexit;\n",
                        Dialect::kMysql, by, Layout::kCompact),
                compact);
    EXPECT_THAT(ordered("BEGIN TRAN\nGO\nCREATE TABLE a (i int)\nGO\nCOMMIT\nGO\n:exit\n",
                        Dialect::kTsql, by, Layout::kCompact),
                compact);
  }
}

}  // namespace
}  // namespace engine
