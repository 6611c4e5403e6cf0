#include "engine/sql/detect_dialect.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace engine::sql {
namespace {

TEST(DetectDialect, EachDialectByWhatOnlyItHas) {
  EXPECT_EQ(detect_dialect("CREATE TABLE [dbo].[t] (i int)\nGO\n").dialect, Dialect::kTsql);
  EXPECT_EQ(detect_dialect("COPY t FROM stdin;\n\\.\n").dialect, Dialect::kPostgresql);
  EXPECT_EQ(detect_dialect("CREATE TABLE `t` (i int) ENGINE=InnoDB;").dialect, Dialect::kMysql);
  EXPECT_EQ(detect_dialect("CREATE TABLE t (a VARCHAR2(10));\n/\n").dialect, Dialect::kOracle);
  EXPECT_EQ(detect_dialect("PRAGMA foreign_keys=ON;").dialect, Dialect::kSqlite);
  EXPECT_EQ(detect_dialect("--#SET TERMINATOR @\nSELECT 1@").dialect, Dialect::kDb2);
  EXPECT_EQ(detect_dialect("SET TERM ^ ;\nSELECT 1^").dialect, Dialect::kFirebird);
}

TEST(DetectDialect, TheFirstLookGuessesOrIsRight) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "UPDATE dbo.t SET a = 1;\n";
  FirstLook first = first_look(text);
  EXPECT_FALSE(first.verdict);
  EXPECT_EQ(first.likely, Dialect::kTsql);
  for (int i = 0; i < 40; ++i) text += "CREATE TABLE `t` (i int) ENGINE=InnoDB;\n";
  EXPECT_EQ(look_further(text).dialect, Dialect::kMysql);
  EXPECT_EQ(detect_dialect(text).dialect, Dialect::kMysql);
  first = first_look("SELECT 1;");
  ASSERT_TRUE(first.verdict);
  EXPECT_EQ(first.verdict->dialect, Dialect::kGeneric);
  EXPECT_EQ(first.likely, Dialect::kGeneric);
}

TEST(DetectDialect, EvidenceIsToldAndLittleOfItIsUncertain) {
  const DialectGuess guess = detect_dialect("SELECT 1\nGO\nSELECT 2\nGO\n");
  ASSERT_FALSE(guess.evidence.empty());
  EXPECT_EQ(guess.evidence[0], "go line: 2");
  EXPECT_FALSE(guess.uncertain);
  EXPECT_TRUE(detect_dialect("DELETE FROM t;").uncertain);
}

TEST(DetectDialect, CluesAreWholeWords) {
  EXPECT_NE(detect_dialect("SELECT SYSDATETIME() AS numbers").dialect, Dialect::kOracle);
}

TEST(DetectDialect, CommentsAndStringsAreNoEvidence) {
  EXPECT_EQ(detect_dialect("-- `actor` becomes [a vertex]\n/* GO\nGO\n*/\nSELECT 1;").dialect,
            Dialect::kGeneric);
  EXPECT_EQ(detect_dialect("INSERT INTO t VALUES ('pragma `x` varchar2 plpgsql');").dialect,
            Dialect::kGeneric);
}

TEST(DetectDialect, AProductThatAHeaderNamesIsUncertainEvidence) {
  const DialectGuess guess = detect_dialect("-- DB Server: Db2, ported from MySQL\nDROP TABLE t;");
  EXPECT_EQ(guess.dialect, Dialect::kDb2);
  EXPECT_TRUE(guess.uncertain);
}

TEST(DetectDialect, ShapesTellWhereNoWordDoes) {
  EXPECT_EQ(detect_dialect("SELECT $tag$a$tag$;").dialect, Dialect::kPostgresql);
  EXPECT_EQ(detect_dialect("SELECT a FROM `p.d.t`;").dialect, Dialect::kBigquery);
  EXPECT_EQ(detect_dialect("CREATE TABLE a (i int)\nCREATE TABLE b (i int)\n").dialect,
            Dialect::kTsql);
  EXPECT_EQ(detect_dialect("SELECT a FROM [t];\nDELETE FROM [t];\n").dialect, Dialect::kSqlite);
  EXPECT_EQ(detect_dialect("CREATE TABLE t (i INT)@\nINSERT INTO t VALUES (1)@\n").dialect,
            Dialect::kDb2);
  EXPECT_EQ(detect_dialect("CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; END;").dialect,
            Dialect::kSqlite);
}

TEST(DetectDialect, DollarsBehindADelimiterAreNoDollarQuotes) {
  const DialectGuess guess =
      detect_dialect("DELIMITER $$\nCREATE PROCEDURE p() BEGIN SELECT 1; END $$\nDELIMITER ;\n");
  EXPECT_EQ(guess.dialect, Dialect::kMysql);
  EXPECT_FALSE(guess.uncertain);
}

TEST(DetectDialect, CommandsOfTheMysqlClientAndItsTestDriver) {
  EXPECT_EQ(detect_dialect("source include/a.inc;\nselect 1;\n").dialect, Dialect::kMysql);
  EXPECT_EQ(detect_dialect("--source a.inc\nCREATE TABLE t (i int);\n").dialect, Dialect::kMysql);
  EXPECT_EQ(detect_dialect("if (`select count(*) from t`)\n{\n  skip no;\n}\n").dialect,
            Dialect::kMysql);
  EXPECT_EQ(detect_dialect("SOURCE KEY (a) REFERENCES t.b").dialect, Dialect::kGeneric);
}

TEST(DetectDialect, ALineThatBeginsWithADotIsACommandOnlyByItsWord) {
  EXPECT_EQ(detect_dialect(".mode csv\n.tables\nSELECT 1;\n").dialect, Dialect::kSqlite);
  EXPECT_EQ(detect_dialect("INSERT INTO t VALUES ('a\n.then(x)\n.done()\n');").dialect,
            Dialect::kGeneric);
}

TEST(DetectDialect, AModuleInCIsPostgresqlsWhateverItIsCalled) {
  const DialectGuess guess = detect_dialect(
      "CREATE FUNCTION dbms_utility.get_time() RETURNS int\nAS 'm','f'\nLANGUAGE C VOLATILE;\n"
      "COMMENT ON FUNCTION dbms_utility.get_time() IS 'x';\n");
  EXPECT_EQ(guess.dialect, Dialect::kPostgresql);
}

TEST(DetectDialect, APrefixTellsWhatABackslashMeans) {
  const DialectGuess guess = detect_dialect("SELECT E'it\\'s; ok';\nSELECT 2;\n");
  EXPECT_EQ(guess.dialect, Dialect::kPostgresql);
  EXPECT_FALSE(guess.uncertain);
}

TEST(DetectDialect, ANestedCommentAndASlashCommentAreSomeEvidence) {
  EXPECT_EQ(detect_dialect("/* a /* b; */ c; */ SELECT 1;\n").dialect, Dialect::kPostgresql);
  EXPECT_EQ(detect_dialect("SELECT 1; // it's a comment;\n").dialect, Dialect::kSnowflake);
  EXPECT_EQ(detect_dialect("SELECT 1 << 2;\n").dialect, Dialect::kGeneric);
}

TEST(DetectDialect, ValuesThatGoOnOverLinesAreNoEvidence) {
  std::string text = "SET standard_conforming_strings = on;\n";
  for (int i = 0; i < 5; ++i) {
    text +=
        "INSERT INTO public.posts VALUES (1, 'Use this:\nCREATE TABLE [dbo].[x1] ([id] int)\nGO\n"
        "SELECT TOP 1 * FROM sys.objects\nGO\nit''s all');\n";
  }
  EXPECT_EQ(detect_dialect(text).dialect, Dialect::kPostgresql);
}

TEST(DetectDialect, RowsOfCopyAreNoEvidence) {
  const std::string head =
      "CREATE TABLE public.posts (a text);\nCOPY public.posts (a) FROM stdin;\n";
  std::string rows;
  for (int i = 0; i < 400; ++i) rows += "DELIMITER //\nGO\nCREATE TABLE [dbo].[x] ([id] int)\nGO\n";
  EXPECT_EQ(detect_dialect(head + rows + "\\.\nSELECT 'a'::text;\n").dialect, Dialect::kPostgresql);
  EXPECT_EQ(detect_dialect(head + rows).dialect, Dialect::kPostgresql);
}

TEST(DetectDialect, AValueThatTheFirstLookCutsIsNoEvidence) {
  std::string text =
      "SET standard_conforming_strings = on;\nINSERT INTO public.posts VALUES (1, 'a\n";
  while (text.size() < 20000) text += "CREATE TABLE [dbo].[x] ([id] int)\nGO\n";
  EXPECT_EQ(detect_dialect(text + "');\nSELECT 'a'::text;\n").dialect, Dialect::kPostgresql);
  EXPECT_EQ(detect_dialect("SELECT 'a\nGO\nb'::text;\nSELECT 2;").dialect, Dialect::kPostgresql);
}

// Statements that only SQL Server has, each closed by a semicolon, and no line GO.
TEST(DetectDialect, StatementsOfTsqlTellItWithoutGo) {
  for (const std::string_view text :
       {"SET DATEFORMAT dmy;\nSET DATEFORMAT ymd;\n",
        "CREATE CREDENTIAL c WITH IDENTITY = 'a';\nALTER CREDENTIAL c WITH IDENTITY = 'b';\n",
        "ALTER AUTHORIZATION ON TYPE::t TO u;\nALTER AUTHORIZATION ON SCHEMA::s TO u;\n",
        "CREATE ROLE r;\nCREATE ROLE s AUTHORIZATION dbo;\n",
        "ALTER USER u WITH LOGIN = l;\nALTER USER u WITH NAME = v;\n",
        "RECONFIGURE;\nRECONFIGURE WITH OVERRIDE;\n", "SELECT a INTO #t FROM b;\nDROP TABLE #t;\n",
        "RESTORE DATABASE a FROM DISK = 'b';\nRESTORE LOG a FROM DISK = 'c';\n",
        "CREATE EXTERNAL FILE FORMAT f WITH (FORMAT_TYPE = PARQUET);\nSELECT 1;\n",
        "DELETE a OUTPUT deleted.i FROM OPENQUERY(s, 'x');\nSELECT 1;\n"}) {
    EXPECT_EQ(detect_dialect(text).dialect, Dialect::kTsql) << text;
  }
}

TEST(DetectDialect, ALineGoTellsMoreThanWhatItsBatchesHaveOfAnother) {
  EXPECT_EQ(detect_dialect("SELECT * FROM pg_catalog.pg_class\nGO\n"
                           "SELECT pg_typeof(a), b::regclass FROM pg_proc\nGO\nSELECT 1\nGO\n")
                .dialect,
            Dialect::kTsql);
}

TEST(DetectDialect, ClausesOfAlterAreNoStatementsWithoutASemicolon) {
  for (const std::string_view text :
       {"ALTER TABLE t\nDROP CONSTRAINT c,\nALTER COLUMN i SET NOT NULL;\nSELECT 1;\n",
        "ALTER GROUP g\nDROP USER u;\nALTER GROUP g\nDROP USER v;\n"}) {
    EXPECT_EQ(detect_dialect(text).dialect, Dialect::kGeneric) << text;
  }
  EXPECT_EQ(detect_dialect("DROP TABLE a\nDROP TABLE b\nALTER TABLE c ADD i int\n").dialect,
            Dialect::kTsql);
}

// T-SQL's variables are declared: @name of a session is MySQL's.
TEST(DetectDialect, WhatADialectHasNotSpeaksAgainstIt) {
  EXPECT_EQ(detect_dialect("SET @a = 1;\nSET @b = 2;\nSELECT @a;\n").dialect, Dialect::kMysql);
  EXPECT_EQ(detect_dialect("DECLARE @a int;\nSET @a = 1;\n").dialect, Dialect::kTsql);
  EXPECT_EQ(detect_dialect("-- as the Oracle manual has it\nBEGIN;\nSELECT 1;\n").dialect,
            Dialect::kGeneric);
  const DialectGuess guess = detect_dialect("CREATE OR REPLACE VIEW v AS SELECT DATEDIFF(a, b);");
  EXPECT_NE(guess.dialect, Dialect::kTsql);
}

TEST(DetectDialect, ALineThatNamesAFileIsACommandOfSqlplus) {
  EXPECT_EQ(detect_dialect("@@tables/t.sql\n@grants.sql 'a'\n").dialect, Dialect::kOracle);
  EXPECT_NE(detect_dialect("SELECT @a,\n@b\n@c.f(1)\n").dialect, Dialect::kOracle);
}

TEST(DetectDialect, EventsOfATriggerAreNoConflictClause) {
  EXPECT_NE(detect_dialect("CREATE TRIGGER x BEFORE INSERT OR UPDATE OR DELETE ON t\n"
                           "FOR EACH ROW EXECUTE PROCEDURE f(a);\nDROP TABLE t;\n")
                .dialect,
            Dialect::kSqlite);
  EXPECT_EQ(detect_dialect("INSERT OR IGNORE INTO t VALUES (1);").dialect, Dialect::kSqlite);
}

TEST(DetectDialect, ACopyrightNamesNoProduct) {
  EXPECT_EQ(detect_dialect("-- Copyright (c) 2014, Oracle and others\nSET @a = 1;\n").dialect,
            Dialect::kMysql);
}

// The line is read once, not once for each name.
TEST(DetectDialect, ACopyrightMayNameAProductAMillionTimes) {
  std::string line = "-- copyright";
  for (int i = 0; i < 1'000'000; ++i) line += " oracle";
  EXPECT_EQ(detect_dialect(line + "\nSET @a = 1;\n").dialect, Dialect::kMysql);
}

TEST(DetectDialect, AnOperatorAtTheEndOfALineIsNoTerminator) {
  EXPECT_NE(detect_dialect("SELECT a @@\nb;\nSELECT c @@\nd;\n").dialect, Dialect::kDb2);
}

TEST(DetectDialect, AQuoteInANameIsNoStringOfThree) {
  EXPECT_NE(detect_dialect("CREATE TABLE \"\"\"a\"\"\" (i int);").dialect, Dialect::kBigquery);
  EXPECT_EQ(detect_dialect("CREATE FUNCTION f() AS \"\"\"\nreturn 1;\n\"\"\";").dialect,
            Dialect::kBigquery);
}

// T-SQL's unit is the batch: taken for it, a whole file would be one.
TEST(DetectDialect, LittleEvidenceIsNotEnoughForBatches) {
  EXPECT_EQ(detect_dialect("SELECT a FROM t WHERE b[1] = 2;\nSELECT 2;").dialect,
            Dialect::kGeneric);
}

// Names and functions that scripts of other dialects have too, however often.
TEST(DetectDialect, NamesThatAScriptHasChosenDoNotMakeBatchesOfIt) {
  for (const std::string_view text :
       {"CREATE TABLE files (id int, file_type varchar(20));\nSELECT file_type FROM files;\n"
        "UPDATE files SET file_type = 'a';\n",
        "CREATE TABLE d (id INTEGER PRIMARY KEY, file_type TEXT, data_source TEXT);\n"
        "INSERT INTO d (file_type, data_source) VALUES ('a', 'b');\n"
        "SELECT file_type, data_source FROM d;\n",
        "SELECT object::text FROM t;\nSELECT object::int FROM u;\nSELECT object::date FROM v;\n",
        "SELECT * FROM a JOIN b ON schema::text = t;\nSELECT * FROM a JOIN b ON object::int = i;\n",
        "SELECT format_type(a.atttypid, a.atttypmod) FROM b;\nSELECT format_type(1, 2);\n",
        "SELECT @@sql_mode;\nSELECT @@version;\nSELECT @@autocommit;\n",
        "SELECT @a AS a;\nSELECT @@sql_mode AS b;\nSELECT @c AS c;\n",
        "IF @a > 1 THEN SELECT 2; END IF;\nWHILE @a > 1 DO SELECT 3; END WHILE;\nRETURN @a;\n",
        "BACKUP DATABASE sample TO /tmp;\nRESTORE DATABASE sample FROM /tmp;\n",
        "SELECT * FROM t WHERE distribution = 'b';\nUPDATE t SET distribution = 'b';\n",
        "CREATE TABLE t (id int, rowversion int);\nUPDATE t SET rowversion = 2;\n"
        "SELECT rowversion FROM t;\n",
        "CREATE TABLE filestream (i int);\nINSERT INTO filestream VALUES (1);\n",
        "INSERT INTO openquery VALUES (1);\nSELECT * FROM openquery;\nDELETE FROM openquery;\n",
        "CREATE TABLE stuff(id int);\nINSERT INTO stuff(id) VALUES (1);\n",
        "INSERT INTO db_name(id) VALUES (1);\nINSERT INTO db_name(id) VALUES (2);\n",
        "SELECT * FROM sysobjects;\nDELETE FROM sysobjects;\nSELECT a FROM sysobjects;\n",
        "SELECT * FROM login;\nDELETE FROM login;\n",
        "UPDATE statistics SET rowcount = 1;\nUPDATE top SET rowcount = 1;\n",
        "SELECT DATEADD(day, 1, a), DATEDIFF(day, a, b), GETDATE(), LEN(c), ISNULL(d, 0) FROM t;\n"
        "SELECT DATEADD(day, 1, a), DATEDIFF(day, a, b), CHARINDEX('a', b) FROM t;\n",
        "CREATE TABLE #t (i int);\nINSERT INTO #t VALUES (1);\nDROP TABLE #t;\n"}) {
    const DialectGuess guess = detect_dialect(text);
    EXPECT_TRUE(guess.dialect != Dialect::kTsql || guess.uncertain) << text;
  }
}

// Said in the summary either way; then the count is that of the client that it speaks for.
TEST(DetectDialect, WhereAllEvidenceSpeaksForTsqlItIsTsqlIfUncertain) {
  for (const std::string_view text :
       {"BULK INSERT s.t FROM 'f';\nBULK INSERT s.u FROM 'g';\n",
        "SELECT TOP(10)a, b FROM c;\nSELECT TOP (5) PERCENT a FROM c;\n"}) {
    const DialectGuess guess = detect_dialect(text);
    EXPECT_EQ(guess.dialect, Dialect::kTsql) << text;
    EXPECT_TRUE(guess.uncertain) << text;
  }
  for (const std::string_view text :
       {"SELECT TOP 10 a FROM c;\nSELECT TOP 5 a FROM c;\n",
        "SELECT TOP (5) a FROM c;\nCREATE OR REPLACE VIEW v AS SELECT 1;\n",
        "SELECT TOP (5) a FROM c;\nSELECT 'a'::text ILIKE 'b';\n"}) {
    EXPECT_NE(detect_dialect(text).dialect, Dialect::kTsql) << text;
  }
}

TEST(DetectDialect, NamesInBracketsThatOnlyTsqlHasSpeakAgainstSqlite) {
  for (const std::string_view text :
       {"SELECT a, [1] AS b FROM c\nPIVOT (MAX(v) FOR [rn] IN ([x1], [x2])) AS pvt;\n",
        "SELECT a FROM c UNPIVOT (a FOR b\nIN([Jan],\n[Feb])) AS d;\nSELECT 1;\n",
        "SELECT a FROM [#t];\nSELECT a FROM dbo.[#t];\n", "SELECT a FROM s...[t];\n"}) {
    EXPECT_EQ(detect_dialect(text).dialect, Dialect::kTsql) << text;
  }
  for (const std::string_view text :
       {"SELECT [#votes] FROM [t];\nDELETE FROM [t];\n",
        "SELECT a FROM main.[t] WHERE b IN ([c], [d]);\nDELETE FROM [t];\n"}) {
    EXPECT_EQ(detect_dialect(text).dialect, Dialect::kSqlite) << text;
  }
}

TEST(DetectDialect, MysqlHasNoNamesInBracketsWhereSomethingIsDefined) {
  const DialectGuess guess = detect_dialect(
      "CREATE TABLE [a;b](x); CREATE TABLE `c;d``e`(x); CREATE TABLE [it's](x); SELECT 1;\n");
  EXPECT_EQ(guess.dialect, Dialect::kSqlite);
  EXPECT_EQ(detect_dialect("CREATE TABLE `t` (a int);\nSELECT `a`[1], `b` FROM `t`;\n").dialect,
            Dialect::kMysql);
}

TEST(DetectDialect, DefineOfSqlplusHasAnEqualsSign) {
  EXPECT_EQ(detect_dialect("DEFINE TAG a;\nDEFINE TAG b COMMENT = 'c';\nDEFINE TAG d;\n").dialect,
            Dialect::kSnowflake);
  EXPECT_EQ(detect_dialect("DEFINE ROLE r;\n").dialect, Dialect::kSnowflake);
  EXPECT_EQ(detect_dialect("DEFINE a = &1\ndefine role=b\nSELECT 1;\n").dialect, Dialect::kOracle);
  EXPECT_NE(
      detect_dialect("SELECT a FROM t MATCH_RECOGNIZE (PATTERN (a)\nDEFINE a AS b > c);\n").dialect,
      Dialect::kSnowflake);
}

TEST(DetectDialect, RoutinesThatOnlySnowflakeHas) {
  for (const std::string_view text :
       {"CREATE OR REPLACE PROCEDURE p(a NUMBER(3, 0))\nRETURNS INT LANGUAGE SQL AS\nDECLARE x "
        "INT;\n"
        "BEGIN RETURN x; END;\nSELECT 1;\n",
        "CREATE FUNCTION f() RETURNS INT LANGUAGE PYTHON RUNTIME_VERSION='3.8' HANDLER='h' AS "
        "$$\nx\n$$;\n",
        "WITH p AS PROCEDURE () RETURNS INT LANGUAGE SQL AS $$BEGIN RETURN 1; END$$ CALL p();\n",
        "CREATE FUNCTION f() RETURNS FLOAT LANGUAGE JAVASCRIPT AS $$\nreturn 1;\n$$;\n"}) {
    EXPECT_EQ(detect_dialect(text).dialect, Dialect::kSnowflake) << text;
  }
  EXPECT_EQ(detect_dialect("CREATE PROCEDURE p (a INT) RETURNS (b INT) AS BEGIN SUSPEND; END;\n"
                           "CREATE GENERATOR g;\n")
                .dialect,
            Dialect::kFirebird);
  EXPECT_EQ(
      detect_dialect("CREATE FUNCTION f() RETURNS int LANGUAGE plpython3u AS $$\nx\n$$;\n").dialect,
      Dialect::kPostgresql);
}

TEST(DetectDialect, CommandsThatOnlyPsqlHasBehindAStatement) {
  for (const std::string_view text :
       {"SELECT 1,2,3 \\crosstabview a b c\nSELECT 1;\n", "SELECT 'SELECT 1' \\gexec\nSELECT 1;\n",
        "SELECT 1 \\watch c=1\nSELECT 2;\n", "SELECT $1 \\bind 'x' \\g\nSELECT 2;\n"}) {
    const DialectGuess guess = detect_dialect(text);
    EXPECT_EQ(guess.dialect, Dialect::kPostgresql) << text;
    EXPECT_FALSE(guess.uncertain) << text;
  }
  EXPECT_NE(detect_dialect("SELECT 'a' FROM t; -- c:\\watch\\bind\nSELECT 1;\n").dialect,
            Dialect::kPostgresql);
  EXPECT_EQ(detect_dialect("SELECT 1\\g\nSELECT 2 \\g\n").dialect, Dialect::kMysql);
}

TEST(DetectDialect, SettingsThatOnlyIsqlHas) {
  const DialectGuess guess =
      detect_dialect("SET SQL DIALECT 3;\nSET AUTODDL ON;\nSHOW TABLES;\nSHOW DATABASES;\n");
  EXPECT_EQ(guess.dialect, Dialect::kFirebird);
  EXPECT_FALSE(guess.uncertain);
}

TEST(DetectDialect, ADivisionOnALineOfItsOwnIsNoSlashOfSqlplus) {
  EXPECT_EQ(detect_dialect("SELECT a\n/ 100\nFROM t;\nSELECT b\n  / 2\nFROM t;\n").dialect,
            Dialect::kGeneric);
  EXPECT_EQ(detect_dialect("SELECT 1 FROM t\n/\nSELECT 2 FROM t\n/ \n").dialect, Dialect::kOracle);
}

TEST(DetectDialect, ABodyOfOneWordIsNoTag) {
  const auto evidence = detect_dialect("SELECT $$x$$;\n").evidence;
  ASSERT_EQ(evidence.size(), 1u);
  EXPECT_EQ(evidence[0], "$$: 2");
}

TEST(DetectDialect, ANationalStringIsNoEvidence) {
  EXPECT_EQ(detect_dialect("-- DB Server: Db2\nINSERT INTO t VALUES (N'a');\n"
                           "INSERT INTO t VALUES (N'b');\nINSERT INTO t VALUES (N'c');\n")
                .dialect,
            Dialect::kDb2);
}

// Each once took time that grew with the square of the line.
TEST(DetectDialect, LongLinesCostWhatTheyAreLong) {
  for (const std::string_view piece :
       {"'a',", "[", "[a],", "/*", "begin ", "`", "$a", "@a ", "create trigger begin;"}) {
    std::string line = "INSERT INTO t VALUES (";
    while (line.size() < (1u << 17)) line += piece;
    detect_dialect(line);
  }
}

TEST(DetectDialect, LinesGoAndSlashAreTheSqliteShellsToo) {
  EXPECT_EQ(detect_dialect("SELECT 1\ngo\nSELECT 2\n/\nSELECT 3;\n").dialect, Dialect::kSqlite);
  EXPECT_EQ(detect_dialect("PRAGMA foreign_keys=ON\ngo\nSELECT 1\ngo\nSELECT 2\ngo\n").dialect,
            Dialect::kSqlite);
  EXPECT_EQ(detect_dialect(".mode csv\nINSERT OR IGNORE INTO t VALUES (1)\n/\nSELECT 2\n/\n"
                           "SELECT 3\n/\n")
                .dialect,
            Dialect::kSqlite);
  EXPECT_EQ(detect_dialect("SELECT a\n/\nb\nFROM t\nGO\nSELECT 2\nGO\n").dialect, Dialect::kTsql);
}

TEST(DetectDialect, BlocksThatNothingClosesAreTsqls) {
  EXPECT_EQ(detect_dialect("BEGIN\n\tSELECT 'a';\nEND\n\nBEGIN;\n\tSELECT 'b';\nEND;\n").dialect,
            Dialect::kTsql);
  EXPECT_NE(detect_dialect("BEGIN;\nSELECT 'a';\nEND;\n\nBEGIN;\nSELECT 'b';\nEND;\n").dialect,
            Dialect::kTsql);
}

TEST(DetectDialect, ABlockOutsideOfARoutineTellsNoDialect) {
  EXPECT_EQ(detect_dialect("IF a > 1 THEN\n  SELECT 1;\nEND IF;\n").dialect, Dialect::kGeneric)
      << "BigQuery's, and MariaDB's when a body is written without its routine";
}

TEST(DetectDialect, FunctionsOfClassesAreNotBigquerys) {
  EXPECT_NE(
      detect_dialect("CREATE TEMPORARY FUNCTION f AS 'A' USING JAR '/a.jar';\nCREATE "
                     "TEMPORARY FUNCTION g AS 'B' USING JAR '/b.jar';\nSELECT * FROM `a.b`;\n")
          .dialect,
      Dialect::kBigquery);
}

TEST(DetectDialect, OneCluesNameIsNoBatchWhereSomethingSpeaksAgainstIt) {
  EXPECT_NE(detect_dialect("CREATE TEMPORARY TABLE a (i int);\nSELECT * FROM #b;\n").dialect,
            Dialect::kTsql);
}

TEST(DetectDialect, WhatIsNoTextIsUncertain) {
  std::string bytes;
  for (std::uint32_t i = 1, x = 7; i <= 3000; ++i) {
    x = x * 1'664'525 + 1'013'904'223;
    bytes += static_cast<char>(x >> 24);
  }
  const DialectGuess guess = detect_dialect(bytes + "\n`a` `b` `c`\n");
  EXPECT_TRUE(guess.uncertain);
  EXPECT_FALSE(guess.is_text);
}

TEST(DetectDialect, BinaryValuesAreOfAText) {
  std::string text = "INSERT INTO `t` VALUES (1,'";
  for (int i = 0; i < 2000; ++i) text += static_cast<char>(i % 32 == '\n' ? 1 : i % 32);
  text += "');\n";
  const DialectGuess guess = detect_dialect(text + text + "/*!40000 ALTER TABLE `t` */;\n\x1a");
  EXPECT_TRUE(guess.is_text);
  EXPECT_EQ(guess.dialect, Dialect::kMysql);
}

TEST(DetectDialect, ReadsOnWhereTheBeginningDoesNotTell) {
  std::string text(100 << 10, ' ');
  text += "\nGO\nGO\n";
  EXPECT_EQ(detect_dialect(text).dialect, Dialect::kTsql);
}

}  // namespace
}  // namespace engine::sql
