#include "engine/sql/classifier.h"

#include <gmock/gmock.h>

#include <string>
#include <string_view>
#include <vector>

#include "engine/split.h"
#include "engine/sql/splitter.h"
#include "tests/sql/shown_objects.h"

namespace engine::sql {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Role first_role(std::string_view text, Dialect dialect) {
  Splitter splitter(text, dialect);
  Classifier classifier(text, dialect);
  SplitPart part;
  while (splitter.next(&part)) {
    if (part.kind != PartKind::kGap) return classifier.classify(part).front().role;
  }
  return Role::kOther;
}

TEST(Classifier, NamesAreUnquotedAndFoldedAsTheDialectDoes) {
  EXPECT_THAT(shown_objects("CREATE TABLE [a]]b].[c d] (i int)", Dialect::kTsql),
              ElementsAre("create table a]b.c d"));
  EXPECT_THAT(shown_objects("CREATE TABLE S.T (i int); CREATE TABLE \"S\".\"T\" (i int);",
                            Dialect::kPostgresql),
              ElementsAre("create table s.t", "create table S.T"));
  EXPECT_THAT(shown_objects("CREATE TABLE hr.emp (i NUMBER);", Dialect::kOracle),
              ElementsAre("create table HR.EMP"));
  EXPECT_THAT(shown_objects("CREATE TABLE `a``b` (i int);", Dialect::kMysql),
              ElementsAre("create table a`b"));
}

TEST(Classifier, RowsOfATsqlBatchGoOnOnlyForTheSameTable) {
  EXPECT_THAT(
      shown_objects("INSERT t (a) VALUES (1)\nINSERT t (a) VALUES (2)\nINSERT t VALUES (3)\n"
                    "INSERT t .u (a) VALUES (4)\nINSERT t2 (a) VALUES (5)\n"
                    "INSERT t /* */ .v VALUES (6)\nINSERT t SELECT 7",
                    Dialect::kTsql),
      ElementsAre("data table t", "data table t.u", "data table t2", "data table t.v",
                  "data table t"));
}

TEST(Classifier, RowsOfATsqlProgramSayTheirTableOnceHoweverManyTheyAre) {
  std::string text = "DECLARE @a int\nCREATE TABLE t (x int)\n";
  for (int row = 0; row < 1000; ++row) text += "INSERT t VALUES (1)\n";
  EXPECT_THAT(shown_objects(text, Dialect::kTsql), ElementsAre("create table t", "data table t"));
}

TEST(Classifier, RowsOfATsqlProgramInTurnSayEachTableOnce) {
  std::string text = "DECLARE @i int CREATE TABLE a (i int) CREATE TABLE b (i int)\n";
  for (int row = 0; row < 1000; ++row) text += "INSERT a VALUES (1)\nINSERT dbo.b VALUES (@i)\n";
  text += "DROP TABLE a INSERT a VALUES (1)";
  EXPECT_THAT(shown_objects(text, Dialect::kTsql),
              ElementsAre("create table a", "create table b", "data table a", "data table dbo.b",
                          "drop table a", "data table a"));
}

TEST(Classifier, ConstraintsOfAlterTableByKind) {
  EXPECT_THAT(
      shown_objects("ALTER TABLE dbo.t WITH CHECK ADD CONSTRAINT a FOREIGN KEY (i) REFERENCES u "
                    "(i)\nGO\nALTER TABLE dbo.t CHECK CONSTRAINT a\nGO\nALTER TABLE dbo.t ADD "
                    "CONSTRAINT d DEFAULT (1) FOR i\nGO\nALTER TABLE dbo.t ADD DEFAULT 2 FOR j",
                    Dialect::kTsql),
      ElementsAre("create foreign_key dbo.a < t", "alter constraint dbo.a < t",
                  "create default dbo.d < t", "create default dbo.? < t"));
  EXPECT_THAT(shown_objects("ALTER TABLE ONLY public.t ADD CONSTRAINT p PRIMARY KEY (i);",
                            Dialect::kPostgresql),
              ElementsAre("create primary_key public.p < t"));
  EXPECT_THAT(
      shown_objects("ALTER TABLE t ADD PRIMARY KEY (i), ADD KEY k (j), ADD CONSTRAINT f FOREIGN "
                    "KEY (j) REFERENCES u (j);",
                    Dialect::kMysql),
      ElementsAre("create primary_key ? < t", "create foreign_key f < t", "create index k < t"));
}

TEST(Classifier, AlterTableOfAChildWithoutANameIsTheTable) {
  for (const Dialect dialect : {Dialect::kPostgresql, Dialect::kTsql, Dialect::kMysql}) {
    EXPECT_THAT(shown_objects("ALTER TABLE t DROP CONSTRAINT;", dialect),
                ElementsAre("alter table t"));
    EXPECT_EQ(first_role("ALTER TABLE t DROP CONSTRAINT;", dialect), Role::kDefinition);
  }
}

TEST(Classifier, AlterTableWithoutConstraintIsTheTable) {
  EXPECT_THAT(shown_objects("ALTER TABLE t ADD COLUMN c int DEFAULT 0; ALTER TABLE t OWNER TO o;",
                            Dialect::kPostgresql),
              ElementsAre("alter table t", "alter table t"));
}

TEST(Classifier, ChildrenHaveTheirParents) {
  EXPECT_THAT(
      shown_objects("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY s.t (a); CREATE "
                    "TRIGGER g BEFORE UPDATE OF a ON s.t EXECUTE FUNCTION f(); CREATE RULE r AS "
                    "ON UPDATE TO s.t DO NOTHING; CREATE POLICY p ON s.t;",
                    Dialect::kPostgresql),
      ElementsAre("create index s.i < t", "create trigger s.g < t", "create rule s.r < t",
                  "create policy s.p < t"));
  EXPECT_THAT(
      shown_objects("CREATE TRIGGER g ON DATABASE FOR CREATE_TABLE AS PRINT 1", Dialect::kTsql),
      ElementsAre("create ddl_trigger g"));
}

TEST(Classifier, VersionCommentsOfMysqldumpAreRead) {
  EXPECT_THAT(
      shown_objects("DELIMITER ;;\n/*!50003 CREATE*/ /*!50017 DEFINER=`r`@`h`*/ /*!50003 TRIGGER "
                    "`g` BEFORE INSERT ON `t` FOR EACH ROW SET @a = 1 */;;\nDELIMITER ;\n/*!50001 "
                    "CREATE ALGORITHM=MERGE */\n/*!50013 DEFINER=`r`@`h` SQL SECURITY INVOKER "
                    "*/\n/*!50001 VIEW `v` AS select 1 */;",
                    Dialect::kMysql),
      ElementsAre("create trigger g < t", "create view v"));
}

TEST(Classifier, OverloadsCarryTheirSignature) {
  EXPECT_THAT(
      shown_objects("CREATE FUNCTION f(a int, b text DEFAULT 'x') RETURNS int AS '' LANGUAGE sql; "
                    "CREATE FUNCTION f(double precision) RETURNS int AS '' LANGUAGE sql;",
                    Dialect::kPostgresql),
      ElementsAre("create function f(int, text)", "create function f(double precision)"));
}

TEST(Classifier, TemporaryTablesAreNoObjects) {
  EXPECT_THAT(shown_objects("CREATE TABLE #t (i int)\nGO\nINSERT #t VALUES (1)", Dialect::kTsql),
              IsEmpty());
  EXPECT_THAT(shown_objects("CREATE TEMP TABLE t (i int);", Dialect::kPostgresql), IsEmpty());
}

TEST(Classifier, UseNamesTheDatabaseOfWhatFollows) {
  EXPECT_THAT(shown_objects("USE [Db]\nGO\nCREATE VIEW dbo.v AS SELECT 1 AS a\nGO", Dialect::kTsql),
              ElementsAre("create view Db:dbo.v"));
}

TEST(Classifier, TheDatabaseOfMysqlIsItsSchema) {
  EXPECT_THAT(shown_objects("USE a;\nCREATE TABLE t (i int);\nINSERT INTO b.t VALUES (1);",
                            Dialect::kMysql),
              ElementsAre("create table a.t", "data table b.t"));
}

TEST(Classifier, ConnectNamesTheDatabaseOfWhatFollows) {
  EXPECT_THAT(shown_objects("\\connect d\nCREATE TABLE s.t (i int);", Dialect::kPostgresql),
              ElementsAre("create table d:s.t"));
}

TEST(Classifier, OverloadsAreToldApartWhereverTheyAreNamed) {
  EXPECT_THAT(
      shown_objects(
          "ALTER FUNCTION s.f(a text) OWNER TO o; DROP FUNCTION f(int); COMMENT ON FUNCTION "
          "f(int) IS 'x';",
          Dialect::kPostgresql),
      ElementsAre("alter function s.f(text)", "drop function f(int)", "comment function f(int)"));
}

TEST(Classifier, OddNamesOfOddTypes) {
  EXPECT_THAT(shown_objects("CREATE OPERATOR app.+++ (leftarg = int);", Dialect::kPostgresql),
              ElementsAre("create operator app.+++(int, none)"));
  EXPECT_THAT(shown_objects("CREATE JAVA SOURCE NAMED \"Hello\" AS x\n/\n", Dialect::kOracle),
              ElementsAre("create java_source Hello"));
  EXPECT_THAT(shown_objects("CREATE DATABASE $(DatabaseName)\nGO", Dialect::kTsql),
              ElementsAre("create database $(DatabaseName)"));
}

TEST(Classifier, AnEmptyLevelOfAnExtendedPropertyIsNoName) {
  EXPECT_THAT(
      shown_objects(
          "EXECUTE sp_addextendedproperty N'D', N'x', N'SCHEMA', [Sales], NULL, NULL, NULL, "
          "NULL;\nGO\nEXECUTE sp_addextendedproperty N'D', N'x', NULL, NULL;",
          Dialect::kTsql),
      ElementsAre("create extended_property D < Sales", "create extended_property D"));
}

TEST(Classifier, ObjectsInsideStringsOfSystemProcedures) {
  EXPECT_THAT(shown_objects("IF NOT EXISTS (SELECT 1) EXEC dbo.sp_executesql @statement = N'CREATE "
                            "PROCEDURE [dbo].[it''s] AS SELECT 1'",
                            Dialect::kTsql),
              ElementsAre("create procedure dbo.it's conditional dynamic"));
  EXPECT_THAT(shown_objects("EXEC sys.sp_addextendedproperty @name=N'D', @value=N'x', "
                            "@level0type=N'SCHEMA',@level0name=N'dbo', @level1type=N'VIEW',"
                            "@level1name=N'v'",
                            Dialect::kTsql),
              ElementsAre("create extended_property dbo.D < v"));
}

TEST(Classifier, DdlInsideABodyIsNoObjectOfTheFile) {
  EXPECT_THAT(shown_objects("CREATE PROCEDURE p AS CREATE TABLE t (i int)", Dialect::kTsql),
              ElementsAre("create procedure p"));
}

TEST(Classifier, RolesOfSettingsAndFrames) {
  EXPECT_EQ(first_role("SET ANSI_NULLS ON", Dialect::kTsql), Role::kSettingNext);
  EXPECT_EQ(first_role("SET IDENTITY_INSERT dbo.t ON", Dialect::kTsql), Role::kDataFrame);
  EXPECT_EQ(first_role("LOCK TABLES `t` WRITE;", Dialect::kMysql), Role::kDataFrame);
  EXPECT_EQ(first_role("UNLOCK TABLES;", Dialect::kMysql), Role::kSettingPrevious);
  EXPECT_EQ(first_role("SET @saved_cs_client = @@character_set_client;", Dialect::kMysql),
            Role::kSettingNext);
  EXPECT_EQ(first_role("COMMIT;", Dialect::kPostgresql), Role::kFlow);
  EXPECT_EQ(first_role("BEGIN\n INSERT INTO t VALUES (1);\nEND;\n/\n", Dialect::kOracle),
            Role::kOther);
  EXPECT_EQ(first_role("UPDATE t SET a = 1;", Dialect::kGeneric), Role::kOther);
}

TEST(Classifier, TheSameWordsFillTheSameTableOnlyUpToTheEndOfItsName) {
  EXPECT_THAT(
      shown_objects("INSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);\nINSERT INTO t2 VALUES "
                    "(3);\nINSERT INTO t.x VALUES (4);",
                    Dialect::kMysql),
      ElementsAre("data table t", "data table t", "data table t2", "data table t.x"));
}

TEST(Classifier, RowsThatFollowSayWhereTheirOwnNameEnds) {
  const std::string text = "INSERT INTO `t` VALUES (1);\nINSERT INTO `t` VALUES (22);\n";
  Splitter splitter(text, Dialect::kMysql);
  Classifier classifier(text, Dialect::kMysql);
  SplitPart part;
  int units = 0;
  while (splitter.next(&part)) {
    if (part.kind != PartKind::kUnit) continue;
    ++units;
    EXPECT_EQ(classifier.classify(part).front().owner_end, part.offset + 15);
  }
  EXPECT_EQ(units, 2);
}

// Files that were put together have one in front of each.
TEST(Classifier, AByteOrderMarkInTheMiddleHidesNoObject) {
  EXPECT_THAT(shown_objects("CREATE TABLE a (i int)\nGO\n\xef\xbb\xbf"
                            "CREATE TABLE b (i int)\nGO\n",
                            Dialect::kTsql),
              ElementsAre("create table a", "create table b"));
  EXPECT_THAT(
      shown_objects("SELECT 1;\n\xef\xbb\xbf-- b\nCREATE TABLE b (i int);", Dialect::kPostgresql),
      ElementsAre("create table b"));
}

}  // namespace
}  // namespace engine::sql
