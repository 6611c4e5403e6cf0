// What each dialect's statements make of which objects: the neighbours of the cases that the real
// servers settle elsewhere. One line a statement: "action type [schema.]name[signature] < parent".
#include <gmock/gmock.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/sql/shown_objects.h"

namespace engine::sql {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(PostgresqlObjects, InlineConstraintsFollowTheirTable) {
  EXPECT_THAT(
      shown_objects("CREATE TABLE s.t (a int PRIMARY KEY, b int CONSTRAINT u UNIQUE, c int "
                    "REFERENCES x (y) ON DELETE SET NULL CHECK (c > 0), d text DEFAULT "
                    "'CHECK (1)' NOT NULL, CONSTRAINT k FOREIGN KEY (a, b) REFERENCES z, "
                    "EXCLUDE USING gist (d WITH =), UNIQUE (a, b));",
                    Dialect::kPostgresql),
      ElementsAre("create table s.t", "create primary_key s.? < t", "create unique s.u < t",
                  "create foreign_key s.? < t", "create check s.? < t",
                  "create foreign_key s.k < t", "create exclude s.? < t", "create unique s.? < t"));
}

// One statement, as nothing parts them; and strings in strings: each used to be a level of ours.
TEST(Objects, VeryDeepStatementsAreRead) {
  std::string schemas, block = "SELECT 1";
  for (int i = 0; i < 10'000; ++i) schemas += "CREATE SCHEMA a CREATE TABLE t (i int) ";
  for (const Dialect dialect : {Dialect::kPostgresql, Dialect::kTsql}) {
    EXPECT_THAT(shown_objects(schemas, dialect), ::testing::Contains("create table a.t"));
  }
  for (int i = 0; i < 6'000; ++i) {
    const std::string quote = "$t" + std::to_string(i) + "$";
    block.insert(0, "BEGIN EXECUTE " + quote).append(quote).append("; END");
  }
  EXPECT_THAT(shown_objects("DO $$" + block + "$$;", Dialect::kPostgresql), IsEmpty());
}

TEST(Objects, AListBeforeTheOwnerMayBeLong) {
  std::string columns = "c0";
  for (int i = 1; i < 1000; ++i) columns += ", c" + std::to_string(i);
  EXPECT_THAT(shown_objects("CREATE TRIGGER tr AFTER UPDATE OF " + columns +
                                " ON s.t FOR EACH ROW EXECUTE FUNCTION f();",
                            Dialect::kPostgresql),
              ElementsAre("create trigger s.tr < t"));
}

TEST(PostgresqlObjects, AnIdentityColumnMayNameItsSequence) {
  EXPECT_THAT(
      shown_objects("CREATE TABLE s.t (i int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME s.q "
                    "START WITH 1)); ALTER TABLE s.u ALTER COLUMN i ADD GENERATED ALWAYS AS "
                    "IDENTITY (SEQUENCE NAME s.r INCREMENT BY 1);",
                    Dialect::kPostgresql),
      ElementsAre("create table s.t", "create sequence s.q < t", "alter table s.u",
                  "create sequence s.r < u"));
}

TEST(PostgresqlObjects, WordsOfOtherVersionsAreNoNames) {
  EXPECT_THAT(shown_objects("CREATE INDEX NONCONCURRENTLY i ON t (a); ALTER PROCEDURAL LANGUAGE "
                            "plpgsql OWNER TO o; DROP PROCEDURAL LANGUAGE l;",
                            Dialect::kPostgresql),
              ElementsAre("create index i < t", "alter language plpgsql", "drop language l"));
}

TEST(MysqlObjects, OnlineAndIgnoreAreNoNames) {
  EXPECT_THAT(shown_objects("ALTER ONLINE IGNORE TABLE t ADD KEY k (a); DROP ONLINE INDEX i ON t;",
                            Dialect::kMysql),
              ElementsAre("create index k < t", "drop index i < t"));
}

TEST(OracleObjects, DualityViewsAreViews) {
  EXPECT_THAT(shown_objects("CREATE OR REPLACE JSON RELATIONAL DUALITY VIEW s.v AS t { a };\n"
                            "CREATE JSON COLLECTION TABLE c;\n",
                            Dialect::kOracle),
              ElementsAre("create view S.V", "create table C"));
}

TEST(TsqlObjects, AStringMayHoldSeveralStatements) {
  EXPECT_THAT(shown_objects("EXEC('CREATE TABLE dbo.a (i int); CREATE TABLE dbo.b (i int)');",
                            Dialect::kTsql),
              ElementsAre("create table dbo.a dynamic", "create table dbo.b dynamic"));
  EXPECT_THAT(shown_objects("EXEC sp_executesql N'SET ANSI_NULLS ON; CREATE TABLE c (i int) CREATE "
                            "INDEX ix ON c (i)';",
                            Dialect::kTsql),
              ElementsAre("create table c dynamic", "create index ix < c dynamic"));
}

TEST(BigqueryObjects, AProjectHasDashesWithoutQuotes) {
  EXPECT_THAT(
      shown_objects("CREATE TABLE my-project-1.ds.t (i INT64); CREATE VIEW my-project-1.ds.v "
                    "AS SELECT 1;",
                    Dialect::kBigquery),
      ElementsAre("create table my-project-1:ds.t", "create view my-project-1:ds.v"));
}

TEST(Objects, WhatIsOfASessionIsNone) {
  EXPECT_THAT(shown_objects("INSERT INTO pg_temp.t VALUES (1);", Dialect::kPostgresql), IsEmpty());
  EXPECT_THAT(shown_objects("INSERT INTO temp.t VALUES (1);", Dialect::kSqlite), IsEmpty());
  EXPECT_THAT(shown_objects("INSERT INTO SESSION.T VALUES (1);", Dialect::kDb2), IsEmpty());
}

TEST(Objects, RowsBehindAWithClauseAreOfTheirTable) {
  for (const Dialect dialect : {Dialect::kPostgresql, Dialect::kTsql, Dialect::kSqlite}) {
    EXPECT_THAT(shown_objects("WITH a (i) AS (SELECT 1), b AS (SELECT 2) INSERT INTO s.t SELECT * "
                              "FROM a;",
                              dialect),
                ElementsAre("data table s.t"));
  }
}

TEST(OracleObjects, APublicSynonymIsDroppedWhereItWas) {
  EXPECT_THAT(
      shown_objects("CREATE PUBLIC SYNONYM e FOR s.t;\nDROP PUBLIC SYNONYM e;", Dialect::kOracle),
      ElementsAre("create synonym PUBLIC.E", "drop synonym PUBLIC.E"));
}

TEST(OracleObjects, APublicDatabaseLinkIsOwnedByPublic) {
  EXPECT_THAT(shown_objects("CREATE SHARED PUBLIC DATABASE LINK l USING 'a';\n"
                            "ALTER PUBLIC DATABASE LINK l CONNECT TO u IDENTIFIED BY p;\n"
                            "DROP PUBLIC DATABASE LINK l;\nCREATE DATABASE LINK m USING 'a';",
                            Dialect::kOracle),
              ElementsAre("create database_link PUBLIC.L", "alter database_link PUBLIC.L",
                          "drop database_link PUBLIC.L", "create database_link M"));
}

TEST(TsqlObjects, OneSwitchOfSeveralTriggers) {
  EXPECT_THAT(shown_objects("DISABLE TRIGGER s.a, s.b ON s.t;", Dialect::kTsql),
              ElementsAre("alter trigger s.a < t", "alter trigger s.b < t"));
}

TEST(TsqlObjects, APropertyOfAFilegroupHangsOnIt) {
  EXPECT_THAT(shown_objects("EXEC sp_addextendedproperty N'd', N'x', N'FILEGROUP', [PRIMARY];",
                            Dialect::kTsql),
              ElementsAre("create extended_property d < PRIMARY"));
}

TEST(PostgresqlObjects, ADomainsConstraintsHangOnIt) {
  EXPECT_THAT(shown_objects("CREATE DOMAIN d AS int CONSTRAINT c CHECK (VALUE > 0) NOT NULL; ALTER "
                            "DOMAIN d ADD CONSTRAINT e CHECK (VALUE < 9); ALTER DOMAIN d SET NOT "
                            "NULL; COMMENT ON CONSTRAINT c ON DOMAIN s.d IS 'x';",
                            Dialect::kPostgresql),
              ElementsAre("create domain d", "create check c < d", "create check e < d",
                          "alter domain d", "comment constraint s.c < d"));
}

TEST(PostgresqlObjects, PartitionsAndTypedTablesHaveConstraintsToo) {
  EXPECT_THAT(
      shown_objects("CREATE TABLE p1 PARTITION OF p (CONSTRAINT c CHECK (a > 0)) FOR VALUES "
                    "IN (1); CREATE TABLE t OF ty (PRIMARY KEY (a)); CREATE TABLE u AS "
                    "SELECT 1; CREATE TABLE v (LIKE t INCLUDING ALL);",
                    Dialect::kPostgresql),
      ElementsAre("create table p1", "create check c < p1", "create table t",
                  "create primary_key ? < t", "create table u", "create table v"));
}

TEST(PostgresqlObjects, AlterTableOfSeveralActions) {
  EXPECT_THAT(shown_objects(
                  "ALTER TABLE t ADD COLUMN c int, ADD CONSTRAINT k CHECK (c > 0), DROP CONSTRAINT "
                  "IF EXISTS old, VALIDATE CONSTRAINT v; ALTER TABLE t ADD COLUMN IF NOT EXISTS d "
                  "int UNIQUE; ALTER TABLE t DISABLE TRIGGER g; ALTER TABLE t DISABLE TRIGGER ALL; "
                  "ALTER TABLE ONLY t ATTACH PARTITION t1 FOR VALUES IN (1);",
                  Dialect::kPostgresql),
              ElementsAre("create check k < t", "drop constraint old < t", "alter constraint v < t",
                          "alter table t", "alter table t", "create unique ? < t",
                          "alter trigger g < t", "alter table t"));
}

TEST(PostgresqlObjects, SchemaElementsLieInTheSchema) {
  EXPECT_THAT(shown_objects("CREATE SCHEMA s AUTHORIZATION o CREATE TABLE t (a int PRIMARY KEY) "
                            "CREATE VIEW v AS SELECT 1 CREATE INDEX i ON t (a) CREATE SEQUENCE q "
                            "GRANT SELECT ON t TO r; CREATE SCHEMA AUTHORIZATION joe;",
                            Dialect::kPostgresql),
              ElementsAre("create schema s", "create table s.t", "create primary_key s.? < t",
                          "create view s.v", "create index s.i < t", "create sequence s.q",
                          "grant grant s.t", "create schema joe"));
}

TEST(PostgresqlObjects, WhatHasNoCommonNameIsNamedByWhatTellsItApart) {
  EXPECT_THAT(
      shown_objects(
          "CREATE CAST (double precision AS s.t) WITH FUNCTION f(float8); CREATE "
          "TRANSFORM FOR hstore LANGUAGE plperl (FROM SQL WITH FUNCTION f(internal)); "
          "CREATE USER MAPPING FOR joe SERVER far; CREATE OPERATOR s.=> (LEFTARG = a, "
          "RIGHTARG = s.b, FUNCTION = f); DROP OPERATOR - (NONE, int); CREATE OPERATOR "
          "CLASS oc DEFAULT FOR TYPE t USING gist AS STORAGE x; COMMENT ON OPERATOR CLASS "
          "oc USING gin IS 'x'; ALTER LARGE OBJECT 17 OWNER TO o;",
          Dialect::kPostgresql),
      ElementsAre("create cast double precision AS s.t", "create transform hstore language plperl",
                  "create user_mapping joe < far", "create operator s.=>(a, s.b)",
                  "drop operator -(none, int)", "create operator_class oc(gist)",
                  "comment operator_class oc(gin)", "alter large_object 17"));
}

TEST(PostgresqlObjects, SignaturesHoldTheTypesThatGoIn) {
  EXPECT_THAT(
      shown_objects("CREATE FUNCTION f(IN a int, OUT b text, INOUT c \"Odd\", VARIADIC d "
                    "numeric(10,2)[] DEFAULT '{}') AS ''; CREATE FUNCTION g(time timestamp with "
                    "time zone, t.c%TYPE, x OUT int) AS ''; CREATE PROCEDURE p(); CREATE AGGREGATE "
                    "a(float8 ORDER BY anyelement) (SFUNC = x); CREATE AGGREGATE b (BASETYPE = "
                    "\"any\", SFUNC = x); DROP AGGREGATE c(*), d(int, int);",
                    Dialect::kPostgresql),
      ElementsAre("create function f(int, \"Odd\", numeric(10, 2)[])",
                  "create function g(timestamp with time zone, t.c%type)", "create procedure p()",
                  "create aggregate a(float8, anyelement)", "create aggregate b(\"any\")",
                  "drop aggregate c(*)", "drop aggregate d(int, int)"));
}

TEST(PostgresqlObjects, SequencesBelongToTheTableThatOwnsThem) {
  EXPECT_THAT(shown_objects("CREATE SEQUENCE s.q OWNED BY s.t.c; ALTER SEQUENCE q OWNED BY t.c; "
                            "ALTER SEQUENCE q OWNED BY NONE;",
                            Dialect::kPostgresql),
              ElementsAre("create sequence s.q < t", "alter sequence q < t", "alter sequence q"));
}

TEST(PostgresqlObjects, TheSearchPathNamesTheSchema) {
  EXPECT_THAT(
      shown_objects(
          "SET search_path = \"$user\", \"My App\", public;\nCREATE TABLE t (a int);\nINSERT "
          "INTO t VALUES (1);\nCREATE EXTENSION e;\nSELECT pg_catalog.set_config("
          "'search_path', '', false);\nCREATE TABLE u (a int);\nSET LOCAL search_path TO "
          "b;\nCREATE INDEX i ON t (a);\nRESET search_path;\nDROP TABLE u;\nSET SCHEMA "
          "'c';\nCREATE FUNCTION f() RETURNS int AS '';",
          Dialect::kPostgresql),
      ElementsAre("create table My App.t", "data table My App.t", "create extension e",
                  "create table u", "create index b.i < t", "drop table u",
                  "create function c.f()"));
}

TEST(PostgresqlObjects, GrantsHangOnWhatTheyAreGrantedOn) {
  EXPECT_THAT(shown_objects(
                  "GRANT SELECT (a, b) ON TABLE s.t, u TO r; REVOKE ALL ON FUNCTION f(int), g() "
                  "FROM PUBLIC; GRANT USAGE ON FOREIGN SERVER far TO r; GRANT SELECT ON ALL TABLES "
                  "IN SCHEMA s TO r; ALTER DEFAULT PRIVILEGES FOR ROLE o IN SCHEMA s GRANT SELECT "
                  "ON TABLES TO r; GRANT boss TO worker; GRANT CONNECT ON DATABASE d TO r;",
                  Dialect::kPostgresql),
              ElementsAre("grant grant s.t", "grant grant u", "grant grant f(int)",
                          "grant grant g()", "grant grant far", "grant grant s", "grant grant s",
                          "grant grant worker", "grant grant d"));
}

TEST(PostgresqlObjects, CommentsOfEveryKind) {
  EXPECT_THAT(
      shown_objects(
          "COMMENT ON TRIGGER g ON s.t IS 'x'; COMMENT ON RULE r ON t IS 'x'; COMMENT ON "
          "POLICY p ON t IS 'x'; COMMENT ON COLUMN s.t.c IS 'x'; COMMENT ON CAST (a AS b) "
          "IS 'x'; COMMENT ON AGGREGATE a(*) IS 'x'; COMMENT ON TEXT SEARCH DICTIONARY d IS "
          "'x'; COMMENT ON ROUTINE f(int) IS NULL; COMMENT ON ACCESS METHOD m IS 'x';",
          Dialect::kPostgresql),
      ElementsAre("comment trigger s.g < t", "comment rule r < t", "comment policy p < t",
                  "comment column s.c < t", "comment cast a AS b", "comment aggregate a(*)",
                  "comment text_search_dictionary d", "comment function f(int)",
                  "comment access_method m"));
}

TEST(PostgresqlObjects, DefinitionsInsideBlocksAreMarked) {
  EXPECT_THAT(shown_objects(
                  "DO $$ BEGIN IF NOT EXISTS (SELECT 1) THEN CREATE TYPE s.e AS ENUM ('a;b'); END "
                  "IF; CREATE TABLE t (a int PRIMARY KEY); EXECUTE 'CREATE VIEW v AS SELECT 1'; "
                  "EXECUTE 'DROP TABLE ' || x; PERFORM 1; END $$;",
                  Dialect::kPostgresql),
              ElementsAre("create type s.e conditional dynamic", "create table t dynamic",
                          "create primary_key ? < t dynamic", "create view v dynamic"));
}

TEST(PostgresqlObjects, WhatIsTemporaryIsNone) {
  EXPECT_THAT(
      shown_objects("CREATE TEMP TABLE t (a int PRIMARY KEY); INSERT INTO t VALUES (1); CREATE "
                    "INDEX ON t (a); INSERT INTO s.t VALUES (1); DROP TABLE t; INSERT INTO t "
                    "VALUES (2); CREATE TABLE pg_temp.x (a int); CREATE UNLOGGED TABLE u (a "
                    "int);",
                    Dialect::kPostgresql),
      ElementsAre("data table s.t", "data table t", "create table u"));
}

TEST(MysqlObjects, KeysOfATableAreItsIndexesAndConstraints) {
  EXPECT_THAT(
      shown_objects(
          "CREATE TABLE `t` (`a` int unsigned NOT NULL AUTO_INCREMENT KEY, `set` set('a)','b') "
          "UNIQUE, b enum('key') COMMENT 'PRIMARY KEY', UNIQUE KEY `u` (`a`), KEY `i` (`b`) "
          "USING BTREE, FULLTEXT KEY f (b), SPATIAL INDEX (g), INDEX USING HASH (a), "
          "CONSTRAINT `fk` FOREIGN KEY (`a`) REFERENCES `x` (`y`) ON DELETE SET NULL, CHECK "
          "(a > 0)) ENGINE=InnoDB;",
          Dialect::kMysql),
      ElementsAre("create table t", "create primary_key ? < t", "create unique ? < t",
                  "create unique u < t", "create index i < t", "create index f < t",
                  "create index ? < t", "create index ? < t", "create foreign_key fk < t",
                  "create check ? < t"));
}

TEST(MysqlObjects, AlterTable) {
  EXPECT_THAT(
      shown_objects(
          "ALTER TABLE t ADD COLUMN c int, ADD UNIQUE INDEX u (c), DROP FOREIGN KEY f, DROP "
          "INDEX i, DROP PRIMARY KEY; ALTER TABLE d.t MODIFY c int UNIQUE; ALTER TABLE t "
          "RENAME INDEX a TO b; RENAME TABLE a TO b, c TO d;",
          Dialect::kMysql),
      ElementsAre("create unique u < t", "drop foreign_key f < t", "drop primary_key ? < t",
                  "drop index i < t", "alter table t", "alter table d.t", "create unique d.? < t",
                  "alter index a < t", "alter table a", "alter table c"));
}

TEST(MysqlObjects, AccountsAndGrants) {
  EXPECT_THAT(
      shown_objects("CREATE USER IF NOT EXISTS 'a'@'%' IDENTIFIED BY 'x,y', b@`h.org`; DROP "
                    "USER a@localhost; CREATE ROLE r1, r2; GRANT ALL ON *.* TO 'a'@'%'; GRANT "
                    "SELECT ON d.* TO a; GRANT EXECUTE ON PROCEDURE d.p TO a; GRANT r1 TO "
                    "'a'@'%';",
                    Dialect::kMysql),
      ElementsAre("create user a@%", "create user b@h.org", "drop user a@localhost",
                  "create role r1", "create role r2", "grant grant *.*", "grant grant d",
                  "grant grant d.p", "grant grant a@%"));
}

TEST(MysqlObjects, RoutinesEventsAndWhatMariadbAdds) {
  EXPECT_THAT(
      shown_objects(
          "USE d;\nCREATE DEFINER=`r`@`%` EVENT IF NOT EXISTS e ON SCHEDULE EVERY 1 DAY DO "
          "SELECT 1;\nCREATE AGGREGATE FUNCTION f RETURNS INT SONAME 'x.so';\nCREATE OR "
          "REPLACE SEQUENCE q;\nCREATE FULLTEXT INDEX i ON x.t (a);\nDROP INDEX i ON "
          "t;\nALTER DEFINER=`r`@`%` VIEW v AS SELECT 1;\nCREATE SERVER s FOREIGN DATA "
          "WRAPPER mysql OPTIONS (HOST 'h');\nCREATE TEMPORARY TABLE m (a int);\nINSERT INTO "
          "m VALUES (1);\n",
          Dialect::kMysql),
      ElementsAre("create event d.e", "create function d.f", "create sequence d.q",
                  "create index x.i < t", "drop index d.i < t", "alter view d.v",
                  "create server s"));
}

TEST(OracleObjects, ConstraintsOfAlterTable) {
  EXPECT_THAT(
      shown_objects(
          "ALTER TABLE hr.e ADD (c NUMBER CONSTRAINT n NOT NULL);\nALTER TABLE e ADD ("
          "CONSTRAINT p PRIMARY KEY (a), CONSTRAINT f FOREIGN KEY (b) REFERENCES d);\nALTER "
          "TABLE e ADD CONSTRAINT x CHECK (a > 0) ADD UNIQUE (b) MODIFY (c NULL);\nALTER "
          "TABLE e DROP CONSTRAINT p CASCADE;\nALTER TABLE e DROP PRIMARY KEY "
          "CASCADE;\nALTER TABLE e DISABLE CONSTRAINT f;\n",
          Dialect::kOracle),
      ElementsAre("alter table HR.E", "create check HR.N < E", "create primary_key P < E",
                  "create foreign_key F < E", "create check X < E", "create unique ? < E",
                  "alter table E", "drop constraint P < E", "drop primary_key ? < E",
                  "alter constraint F < E"));
}

TEST(OracleObjects, TheSessionNamesTheSchema) {
  EXPECT_THAT(
      shown_objects("CONNECT oe/pw@db\nCREATE TABLE t (a NUMBER);\nALTER SESSION SET "
                    "CURRENT_SCHEMA = hr;\nCREATE TABLE t (a NUMBER);\nCREATE ROLE r;\nCREATE "
                    "PUBLIC SYNONYM s FOR t;\nCREATE GLOBAL TEMPORARY TABLE g (a "
                    "NUMBER);\nCREATE PRIVATE TEMPORARY TABLE ora$ptt_x (a NUMBER);\n",
                    Dialect::kOracle),
      ElementsAre("create table OE.T", "create table HR.T", "create role R",
                  "create synonym PUBLIC.S", "create table HR.G"));
}

TEST(OracleObjects, TriggersOnNoTable) {
  EXPECT_THAT(
      shown_objects("CREATE TRIGGER a AFTER LOGON ON DATABASE BEGIN NULL; END;\n/\nCREATE "
                    "TRIGGER b AFTER DDL ON hr.SCHEMA BEGIN NULL; END;\n/\nCREATE TRIGGER c "
                    "FOR UPDATE OF x ON oe.t COMPOUND TRIGGER END;\n/\n",
                    Dialect::kOracle),
      ElementsAre("create ddl_trigger A", "create ddl_trigger B", "create trigger OE.C < T"));
}

TEST(OracleObjects, OperatorsClustersAndNewNames) {
  EXPECT_THAT(
      shown_objects(
          "ALTER SESSION SET CURRENT_SCHEMA = hr;\nRENAME a TO b;\nCREATE OPERATOR o BINDING "
          "(NUMBER) RETURN NUMBER USING f;\nALTER OPERATOR oe.o COMPILE;\nDROP OPERATOR o "
          "FORCE;\nCREATE CLUSTER c (i NUMBER);\nCREATE INDEX x ON CLUSTER c;\nCREATE TRIGGER t "
          "AFTER CREATE ON SCHEMA BEGIN NULL; END;\n/\nDROP TRIGGER t;\n",
          Dialect::kOracle),
      ElementsAre("alter table HR.A", "create operator HR.O", "alter operator OE.O",
                  "drop operator HR.O", "create cluster HR.C", "create index HR.X < C",
                  "create ddl_trigger HR.T", "drop trigger HR.T"));
}

TEST(TsqlObjects, WhatSystemProceduresStandFor) {
  EXPECT_THAT(
      shown_objects("EXEC sp_rename N'[dbo].[t].[a b]', N'c', N'COLUMN'\nGO\nEXEC sp_rename "
                    "'dbo.t.ix', 'iy', 'INDEX'\nGO\nEXEC sp_addrole 'r', 'dbo'\nGO\nEXEC "
                    "master.dbo.sp_addlinkedserver @server = N'FAR', @srvproduct=N'x'\nGO\nEXEC "
                    "sp_addmessage @msgnum = 50001, @severity = 16, @msgtext = N'x'\nGO\nEXEC "
                    "sys.sp_addextendedproperty @value=N'x', @name=N'D', @level2type='INDEX', "
                    "@level2name='i', @level1type='TABLE', @level1name='t', @level0type='SCHEMA', "
                    "@level0name='s'\nGO\nEXEC dbo.other @name = N'D'\nGO",
                    Dialect::kTsql),
      ElementsAre("alter table dbo.t", "alter index dbo.ix < t", "create role r",
                  "create linked_server FAR", "create message 50001",
                  "create extended_property s.D < t (index i)"));
}

TEST(TsqlObjects, ACallWithoutArgumentsNamesNothing) {
  for (const char* call : {"EXEC sp_addrole;", "EXEC sp_addrole", "EXEC msdb.dbo.sp_add_job;",
                           "EXEC sp_addtype ; SELECT 1"}) {
    EXPECT_THAT(shown_objects(call, Dialect::kTsql), IsEmpty()) << call;
  }
}

TEST(TsqlObjects, AlterTable) {
  EXPECT_THAT(
      shown_objects(
          "ALTER TABLE t DROP COLUMN a, CONSTRAINT k, l\nGO\nALTER TABLE t DROP CONSTRAINT k, "
          "l, COLUMN a\nGO\nALTER TABLE t NOCHECK CONSTRAINT ALL\nGO\nALTER TABLE t WITH "
          "CHECK CHECK CONSTRAINT a, b\nGO\nALTER TABLE t ADD a int, CONSTRAINT d DEFAULT 0 "
          "FOR b\nGO\nALTER INDEX ALL ON s.t REBUILD\nGO\nALTER AUTHORIZATION ON SCHEMA::s "
          "TO o\nGO",
          Dialect::kTsql),
      ElementsAre("drop constraint k < t", "drop constraint l < t", "alter table t",
                  "drop constraint k < t", "drop constraint l < t", "alter table t",
                  "alter constraint a < t", "alter constraint b < t", "create default d < t",
                  "alter table t", "alter table s.t", "alter schema s"));
}

TEST(SqliteObjects, ConstraintsAndTemporaryOnes) {
  EXPECT_THAT(shown_objects(
                  "CREATE TABLE t (key TEXT, \"index\" INT, a INTEGER PRIMARY KEY AUTOINCREMENT, b "
                  "REFERENCES u(c) DEFERRABLE, CHECK (a > 0)) WITHOUT ROWID; CREATE TABLE "
                  "temp.x (a); CREATE TEMP VIEW v AS SELECT 1; CREATE INDEX main.i ON t (a);",
                  Dialect::kSqlite),
              ElementsAre("create table t", "create primary_key ? < t", "create foreign_key ? < t",
                          "create check ? < t", "create index main.i < t"));
}

TEST(SnowflakeObjects, TheScriptGoesOnInWhatItMakes) {
  EXPECT_THAT(
      shown_objects(
          "USE ROLE x; USE DATABASE d; CREATE SCHEMA s; CREATE TABLE t (a INT); USE SCHEMA "
          "e.f; CREATE FUNCTION g(a INT, b VARCHAR) RETURNS INT AS '1'; CREATE STAGE "
          "st; CREATE WAREHOUSE w; CREATE TABLE x.y.z (a INT); CREATE DATABASE n; CREATE VIEW "
          "v AS SELECT 1;",
          Dialect::kSnowflake),
      ElementsAre("create schema D:S", "create table D:S.T", "create function E:F.G(INT, VARCHAR)",
                  "create stage E:F.ST", "create warehouse W", "create table X:Y.Z",
                  "create database N", "create view N:PUBLIC.V"));
  // As GET_DDL('database') writes it, without USE.
  EXPECT_THAT(shown_objects("create or replace schema S2;\ncreate or replace TABLE T (A INT);\n"
                            "create or replace schema S3;\ncreate or replace TABLE T (A INT);\n"
                            "create or replace view V as select * from T;\n",
                            Dialect::kSnowflake),
              ElementsAre("create schema S2", "create table S2.T", "create schema S3",
                          "create table S3.T", "create view S3.V"));
}

// GET_DDL writes no USE.
TEST(SnowflakeObjects, TheFirstSchemaThatItMakesIsGoneOnInToo) {
  EXPECT_THAT(
      shown_objects("create or replace schema S2; create or replace TABLE T (A INT); create "
                    "or replace schema S3; create or replace TABLE T (A INT);",
                    Dialect::kSnowflake),
      ElementsAre("create schema S2", "create table S2.T", "create schema S3",
                  "create table S3.T"));
}

TEST(OracleObjects, AKeyMakesItsIndex) {
  EXPECT_THAT(
      shown_objects("CREATE TABLE e (i NUMBER, CONSTRAINT e_pk PRIMARY KEY (i) USING INDEX (CREATE "
                    "UNIQUE INDEX e_ix ON e (i)), k NUMBER UNIQUE USING INDEX (CREATE INDEX e_k ON "
                    "e (k)));\nALTER TABLE e ADD CONSTRAINT e_u UNIQUE (n) USING INDEX (CREATE "
                    "INDEX hr.e_n ON e (n));\n",
                    Dialect::kOracle),
      ElementsAre("create table E", "create primary_key E_PK < E", "create index E_IX < E",
                  "create unique ? < E", "create index E_K < E", "create unique E_U < E",
                  "create index HR.E_N < E"));
}

TEST(OracleObjects, StringsInQuotesOfTheirOwnAndCalls) {
  EXPECT_THAT(shown_objects("BEGIN EXECUTE IMMEDIATE q'[CREATE TABLE q (i NUMBER)]'; END;\n/\n"
                            "CALL dbms_scheduler.create_job('J', 'PLSQL_BLOCK', 'x');\n"
                            "CALL p(1);\n",
                            Dialect::kOracle),
              ElementsAre("create table Q dynamic", "create job J"));
}

TEST(MysqlObjects, ABlockThatIsNotAtomic) {
  EXPECT_THAT(shown_objects("DELIMITER //\nBEGIN NOT ATOMIC\nCREATE TABLE b (i int);\nEND//\n",
                            Dialect::kMysql),
              ElementsAre("create table b dynamic"));
}

TEST(PostgresqlObjects, ALocalPathEndsWithItsTransaction) {
  EXPECT_THAT(shown_objects(
                  "SET search_path = a; BEGIN; SET LOCAL search_path = b; CREATE TABLE t (i int); "
                  "SAVEPOINT p; ROLLBACK TO p; CREATE TABLE u (i int); COMMIT; CREATE TABLE t (i "
                  "int); START TRANSACTION; SELECT set_config('search_path', 'c', true); CREATE "
                  "TABLE t (i int); ROLLBACK; CREATE TABLE v (i int);",
                  Dialect::kPostgresql),
              ElementsAre("create table b.t", "create table b.u", "create table a.t",
                          "create table c.t", "create table a.v"));
}

// MariaDB: information_schema.views shows its query with the names of the database in use.
TEST(MysqlObjects, AViewOfAnotherDatabaseReadsInTheOneInUse) {
  const auto parts = split(
      "USE a; CREATE VIEW b.v AS SELECT 1 FROM t; CREATE VIEW w AS SELECT 1 "
      "FROM t; CREATE FUNCTION b.f() RETURNS int RETURN (SELECT 1 FROM t);",
      Dialect::kMysql);
  std::vector<ObjectRef> objects;
  for (const Part& part : parts) {
    objects.insert(objects.end(), part.objects.begin(), part.objects.end());
  }
  ASSERT_EQ(objects.size(), 3u);
  EXPECT_THAT(objects[0].search_path, ElementsAre("a"));
  EXPECT_THAT(objects[1].search_path, IsEmpty()) << "its own";
  EXPECT_THAT(objects[2].search_path, IsEmpty()) << "a body's names are its own database's";
}

TEST(PostgresqlObjects, APathIsUndoneWithItsTransaction) {
  EXPECT_THAT(
      shown_objects("SET search_path = a; BEGIN; SET search_path = b; CREATE TABLE t (i "
                    "int); ROLLBACK; CREATE TABLE u (i int); BEGIN; SET search_path = c; "
                    "COMMIT; CREATE TABLE v (i int); ROLLBACK; CREATE TABLE w (i int);",
                    Dialect::kPostgresql),
      ElementsAre("create table b.t", "create table a.u", "create table c.v", "create table c.w"));
}

TEST(PostgresqlObjects, NamesByCodePoints) {
  EXPECT_THAT(
      shown_objects("CREATE TABLE U&\"d\\0061t\\+000062\" (i int); CREATE TABLE s.U&\"d!!!0061\" "
                    "UESCAPE '!' (i int); CREATE TABLE U&\"\\D83D\\DE00\" (i int);",
                    Dialect::kPostgresql),
      ElementsAre("create table datb", "create table s.d!a", "create table \xf0\x9f\x98\x80"));
}

TEST(Db2Objects, TheCurrentSchemaAndOverloads) {
  EXPECT_THAT(
      shown_objects("CONNECT TO d;\nSET CURRENT SCHEMA = 'APP';\nCREATE TABLE t (a INT NOT NULL "
                    "PRIMARY KEY);\nCREATE FUNCTION f (a INTEGER) RETURNS INT RETURN 1;\nSET "
                    "SCHEMA x;\nCREATE ALIAS b FOR y.z;\nCREATE MASK m ON t FOR COLUMN a RETURN "
                    "a ENABLE;\nALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) ADD b INT;\n",
                    Dialect::kDb2),
      ElementsAre("create table D:APP.T", "create primary_key D:APP.? < T",
                  "create function D:APP.F(INTEGER)", "create synonym D:X.B",
                  "create mask D:X.M < T", "create check D:X.C < T", "alter table D:X.T"));
}

TEST(Db2Objects, LoadAndImportFillATable) {
  EXPECT_THAT(
      shown_objects("RENAME a TO b;\nLOAD CLIENT FROM x.del OF DEL MODIFIED BY NOHEADER REPLACE "
                    "INTO app.t (i, j);\nLOAD FROM x OF DEL INSERT INTO t;\nIMPORT FROM 'y.ixf' OF "
                    "IXF CREATE INTO app.u;\nEXPORT TO z OF DEL SELECT * FROM t;\n",
                    Dialect::kDb2),
      ElementsAre("alter table A", "data table APP.T", "data table T", "data table APP.U"));
}

TEST(FirebirdObjects, RowsThatAreUpdatedOrInsertedAndBlocksThatDefine) {
  EXPECT_THAT(
      shown_objects("UPDATE OR INSERT INTO t (i) VALUES (1) MATCHING (i);\nUPDATE t SET i = "
                    "2;\nSET TERM ^;\nEXECUTE BLOCK AS BEGIN EXECUTE STATEMENT 'CREATE TABLE u (i "
                    "int)'; IF (1 = 1) THEN EXECUTE STATEMENT ('DROP VIEW v'); END^\n",
                    Dialect::kFirebird),
      ElementsAre("data table T", "create table U dynamic", "drop view V dynamic"));
}

TEST(FirebirdObjects, ItsOwnWords) {
  EXPECT_THAT(
      shown_objects(
          "RECREATE TABLE t (a INTEGER NOT NULL PRIMARY KEY);\nCREATE GENERATOR g;\nDECLARE "
          "EXTERNAL FUNCTION f CSTRING(80) RETURNS INTEGER ENTRY_POINT 'x' MODULE_NAME "
          "'y';\nCREATE EXCEPTION e 'it''s';\nCOMMENT ON COLUMN t.a IS 'x';\nSET TERM "
          "^;\nCREATE OR ALTER TRIGGER b FOR t BEFORE INSERT AS BEGIN END^\nCREATE TRIGGER c "
          "ACTIVE ON CONNECT AS BEGIN END^\nCREATE TRIGGER d BEFORE ANY DDL STATEMENT AS "
          "BEGIN END^\n",
          Dialect::kFirebird),
      ElementsAre("create table T", "create primary_key ? < T", "create sequence G",
                  "create function F", "create exception E", "comment column A < T",
                  "create trigger B < T", "create ddl_trigger C", "create ddl_trigger D"));
}

TEST(BigqueryObjects, ItsOwnTypes) {
  EXPECT_THAT(
      shown_objects(
          "CREATE TABLE `p-1.d.t` (a INT64, PRIMARY KEY (a) NOT ENFORCED); CREATE ROW ACCESS "
          "POLICY r ON d.t GRANT TO ('x') FILTER USING (a > 0); CREATE TABLE FUNCTION d.f(a "
          "INT64) AS SELECT 1; CREATE SEARCH INDEX i ON d.t(ALL COLUMNS); CREATE SCHEMA d; "
          "CREATE SNAPSHOT TABLE d.s CLONE d.t;",
          Dialect::kBigquery),
      ElementsAre("create table p-1:d.t", "create primary_key p-1:d.? < t",
                  "create row_access_policy d.r < t", "create function d.f",
                  "create search_index d.i < t", "create schema d", "create table d.s"));
}

TEST(BigqueryObjects, RowsThatAreLoadedAndFunctionsThatAreNotKept) {
  EXPECT_THAT(shown_objects(
                  "LOAD DATA INTO d.t FROM FILES (format = 'CSV'); LOAD DATA OVERWRITE `p.d.u` (a "
                  "INT64) FROM FILES (format = 'CSV'); LOAD DATA INTO TEMP TABLE w FROM FILES "
                  "(format = 'CSV'); CREATE TEMP FUNCTION f(x INT64) AS (x); DROP FUNCTION f; "
                  "CREATE OR REPLACE TEMPORARY AGGREGATE FUNCTION h(x INT64) AS (x); CREATE "
                  "FUNCTION d.g(x INT64) AS (x);",
                  Dialect::kBigquery),
              ElementsAre("data table d.t", "data table p:d.u", "create function f",
                          "drop function f", "create aggregate h", "create function d.g"));
}

TEST(AnyObjects, TruncatedStatementsDoNoHarm) {
  for (const std::string_view text : {"CREATE",
                                      "CREATE TABLE",
                                      "CREATE TABLE t (",
                                      "CREATE TABLE t (a int,",
                                      "CREATE TABLE t (,,)",
                                      "ALTER TABLE t ADD",
                                      "ALTER TABLE t ADD (",
                                      "GRANT",
                                      "GRANT x ON",
                                      "COMMENT ON",
                                      "CREATE OPERATOR",
                                      "CREATE CAST (",
                                      "CREATE FUNCTION f(",
                                      "SET search_path",
                                      "CREATE SCHEMA",
                                      "CREATE TABLE t ()))",
                                      "ALTER TABLE t )",
                                      "DROP",
                                      "EXEC",
                                      "EXEC sp_rename",
                                      "USE",
                                      "DO",
                                      "CREATE INDEX ON",
                                      "CREATE USER MAPPING FOR",
                                      "ALTER TABLE t MODIFY MODIFY DROP ADD"}) {
    for (const Dialect dialect :
         {Dialect::kTsql, Dialect::kPostgresql, Dialect::kMysql, Dialect::kOracle, Dialect::kSqlite,
          Dialect::kSnowflake, Dialect::kBigquery, Dialect::kDb2, Dialect::kFirebird,
          Dialect::kGeneric}) {
      shown_objects(text, dialect);  // ends
    }
  }
}

TEST(MysqlObjects, AConstraintComesBeforeTheIndexesAddedWithIt) {
  EXPECT_THAT(
      shown_objects("ALTER TABLE t ADD INDEX k (a), ADD c int, ADD CONSTRAINT f FOREIGN KEY (a) "
                    "REFERENCES u (a), ADD KEY l (c);",
                    Dialect::kMysql),
      ElementsAre("create foreign_key f < t", "create index k < t", "create index l < t",
                  "alter table t"));
}

}  // namespace
}  // namespace engine::sql
