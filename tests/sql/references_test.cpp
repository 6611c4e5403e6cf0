// What a statement refers to: one test for each construct that names another object, and for those
// that only look so.
#include "engine/sql/references.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace engine::sql {
namespace {

// "reads public.t; writes u", in the order of the text.
std::string references(Dialect dialect, const std::string& text) {
  std::vector<Reference> found;
  find_references(text, 0, text.size(), 1, dialect, &found);
  std::string out;
  for (const Reference& reference : found) {
    if (!out.empty()) out += "; ";
    out += reference_kind_name(reference.kind);
    out += ' ';
    if (reference.database) out += *reference.database + ".";
    if (reference.schema) out += *reference.schema + ".";
    out += reference.name;
  }
  return out;
}

std::string postgresql(const std::string& text) { return references(Dialect::kPostgresql, text); }
std::string tsql(const std::string& text) { return references(Dialect::kTsql, text); }
std::string mysql(const std::string& text) { return references(Dialect::kMysql, text); }
std::string oracle(const std::string& text) { return references(Dialect::kOracle, text); }

TEST(References, OfAQueryAreItsRelations) {
  EXPECT_EQ(postgresql("CREATE VIEW v AS SELECT a.x, b.y FROM a JOIN s.b ON a.i = b.i, c AS d"),
            "reads a; reads s.b; reads c");
}

TEST(References, BulkDataIsWritten) {
  EXPECT_EQ(postgresql("CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN\n"
                       "COPY s.t (a, b) FROM '/data/t.csv' WITH (FORMAT csv);\n"
                       "COPY u TO '/data/u.csv'; COPY (SELECT * FROM w) TO STDOUT;\n"
                       "PERFORM copy, copy FROM x WHERE copy(1) > 2; END $$"),
            "writes s.t; reads u; reads w; reads x; calls copy");
  EXPECT_EQ(tsql("CREATE PROC p AS BULK INSERT dbo.t FROM 'c:\\t.csv' WITH (FIRSTROW = 2); "
                 "SELECT 1 FROM u"),
            "writes dbo.t; reads u");
  EXPECT_EQ(references(Dialect::kSnowflake, "CREATE PIPE p AS COPY INTO s.t FROM @stage"),
            "writes S.T");
}

TEST(References, TheRoutineThatAStatementIsAboutIsNotCalled) {
  for (const char* type : {"FUNCTION", "PROCEDURE", "AGGREGATE", "ROUTINE"}) {
    const std::string routine = std::string(type) + " s.g(i text)";
    EXPECT_EQ(postgresql("ALTER " + routine + " OWNER TO pg"), "") << type;
    EXPECT_EQ(postgresql("ALTER " + routine + " RENAME TO h"), "becomes h") << type;
    EXPECT_EQ(postgresql("ALTER EXTENSION e ADD " + routine), "") << type;
    EXPECT_EQ(postgresql("COMMENT ON " + routine + " IS 'f(1)'"), "") << type;
    EXPECT_EQ(postgresql("GRANT EXECUTE ON " + routine + ", f(int) TO pg"), "") << type;
    EXPECT_EQ(postgresql("DROP " + routine), "") << type;
    EXPECT_EQ(postgresql("DROP " + std::string(type) + " IF EXISTS g(int), s.f(numeric(10, 2))"),
              "")
        << type;
  }
  EXPECT_EQ(postgresql("DO $$ BEGIN DROP FUNCTION g(int); PERFORM f(1); END $$"), "calls f");
  EXPECT_EQ(postgresql("CREATE CAST (a AS b) WITH FUNCTION g(a)"), "uses a; uses b; calls g");
}

TEST(References, ARoutineMaySetItsOwnSearchPath) {
  const auto path = [](const std::string& text) {
    std::vector<Reference> found;
    return find_references(text, 0, text.size(), 1, Dialect::kPostgresql, &found);
  };
  const std::vector<std::string> two = {"a", "My B"};
  EXPECT_EQ(path("CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = a, \"My B\", "
                 "pg_temp AS 'SELECT 1 FROM t'"),
            two);
  EXPECT_EQ(path("CREATE FUNCTION f() RETURNS int SET search_path TO 'a', 'My B' AS $$ $$"), two);
  EXPECT_TRUE(
      path("CREATE FUNCTION f() RETURNS int SET search_path FROM CURRENT AS $$ $$").empty());
  EXPECT_TRUE(
      path("CREATE FUNCTION f() RETURNS int AS $$ BEGIN SET search_path = a; END $$").empty())
      << "what a body does is not the routine's";
}

TEST(References, OfNestedQueriesAndJoinsInParentheses) {
  EXPECT_EQ(postgresql("SELECT (SELECT max(x) FROM a) FROM (b LEFT JOIN c USING (i)) "
                       "WHERE EXISTS (SELECT FROM d) ORDER BY e, f"),
            "reads a; reads b; reads c; reads d");
  EXPECT_EQ(postgresql("SELECT * FROM (SELECT * FROM a) x, b UNION SELECT * FROM c"),
            "reads a; reads b; reads c");
}

TEST(References, ACommonTableExpressionIsNoRelation) {
  EXPECT_EQ(postgresql("WITH a AS (SELECT * FROM t), b (x) AS (SELECT * FROM a) SELECT * FROM b"),
            "reads t");
  EXPECT_EQ(postgresql("WITH t AS (SELECT * FROM t) SELECT * FROM t"), "reads t");
  EXPECT_EQ(postgresql("WITH RECURSIVE r AS (SELECT 1 UNION SELECT * FROM r) SELECT * FROM r"), "");
  EXPECT_EQ(postgresql("SELECT * FROM (WITH a AS (SELECT 1) SELECT * FROM a) x, a"), "reads a");
}

TEST(References, ACommonTableExpressionIsOfItsStatementAlone) {
  EXPECT_EQ(postgresql("CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN\n"
                       "WITH a AS (SELECT 1 FROM t) SELECT count(*) INTO x FROM a;\n"
                       "INSERT INTO a VALUES (1); END $$"),
            "reads t; writes a");
  EXPECT_EQ(postgresql("CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN\n"
                       "FOR r IN WITH a AS (SELECT 1 FROM t) SELECT * FROM a LOOP\n"
                       "INSERT INTO a VALUES (1); END LOOP; END $$"),
            "reads t; writes a");
  EXPECT_EQ(tsql("CREATE PROC p AS WITH a AS (SELECT x FROM t) UPDATE a SET x = 1; "
                 "INSERT INTO a SELECT 1"),
            "reads t; writes t; writes a");
  EXPECT_EQ(tsql("CREATE PROC p AS IF 1 = 1 WITH a AS (SELECT x FROM t) SELECT * FROM a "
                 "IF 2 = 2 DELETE FROM a"),
            "reads t; writes a");
  EXPECT_EQ(tsql(";WITH a AS (SELECT x FROM t) DELETE FROM a; DELETE a FROM dbo.u a JOIN v ON 1=1"),
            "reads t; writes t; writes dbo.u; reads v");
  EXPECT_EQ(oracle("CREATE PROCEDURE p AS BEGIN FOR r IN (WITH a AS (SELECT 1 FROM t) "
                   "SELECT * FROM a) LOOP INSERT INTO a VALUES (1); END LOOP; END"),
            "reads T; writes A");
}

TEST(References, ASecondWithOfAStatementKeepsTheNamesOfTheFirst) {
  EXPECT_EQ(postgresql("WITH a AS (SELECT 1 AS id) INSERT INTO t WITH b AS (SELECT * FROM u) "
                       "SELECT a.id FROM a, b"),
            "writes t; reads u");
  EXPECT_EQ(postgresql("CREATE VIEW v AS WITH a AS (SELECT 1) SELECT 1 AS loop FROM a"), "");
}

// Of few references each is compared with all, of many with an index of them.
TEST(References, AnAliasThatIsChangedIsItsTableAmongManyToo) {
  std::string text = "CREATE PROC p AS ";
  std::string expected;
  for (int i = 0; i < 10; ++i) {
    text += "SELECT i FROM r" + std::to_string(i) + "; ";
    expected += "reads r" + std::to_string(i) + "; ";
  }
  EXPECT_EQ(tsql(text + "UPDATE x SET i = 1 FROM b x; UPDATE x SET i = 2; UPDATE b SET i = 1;"),
            expected + "writes b; writes x");
}

TEST(References, OnlyTsqlsTargetMayBeAnAlias) {
  EXPECT_EQ(postgresql("UPDATE a AS b SET x = 1 FROM c AS a WHERE a.i = b.i"), "writes a; reads c");
  EXPECT_EQ(postgresql("DELETE FROM a AS d USING e AS a"), "writes a; reads e");
  EXPECT_EQ(postgresql("MERGE INTO a AS b USING c AS a ON a.i = b.i WHEN MATCHED THEN DELETE"),
            "writes a; reads c");
}

TEST(References, OfTypesUnderAndOfTypes) {
  EXPECT_EQ(oracle("CREATE TYPE t AS VARRAY(10) OF u"), "uses U");
  EXPECT_EQ(oracle("CREATE TYPE t AS VARYING ARRAY (10) OF u"), "uses U");
  EXPECT_EQ(oracle("CREATE TYPE t UNDER u (x NUMBER)"), "inherits U");
}

TEST(References, OfAggregatesAndCastsAreTheirTypes) {
  EXPECT_EQ(postgresql("CREATE AGGREGATE a (s.t, VARIADIC x u[]) (SFUNC = f, STYPE = v)"),
            "uses s.t; uses u; calls f; uses v");
  EXPECT_EQ(postgresql("CREATE AGGREGATE a (int ORDER BY t) (SFUNC = f, STYPE = int)"),
            "uses t; calls f");
  EXPECT_EQ(postgresql("CREATE AGGREGATE a (*) (SFUNC = f, STYPE = int)"), "calls f");
  EXPECT_EQ(postgresql("CREATE AGGREGATE a (BASETYPE = t, SFUNC = f, STYPE = int)"),
            "uses t; calls f");
}

TEST(References, ASequenceMayBeARelation) {
  EXPECT_EQ(postgresql("CREATE VIEW v AS SELECT 1 FROM g(1) g, nextval('a.s')"),
            "calls g; uses a.s");
}

TEST(References, OraclesOwnRoutinesAreNobodyElses) {
  EXPECT_EQ(oracle("CREATE PACKAGE BODY k AS PROCEDURE l(x VARCHAR2) IS BEGIN q(1); END; "
                   "PROCEDURE run IS BEGIN l('x'); END; END k;"),
            "calls Q");
  EXPECT_EQ(oracle("CREATE PROCEDURE p AS PROCEDURE l IS BEGIN NULL; END; BEGIN l; other; END;"),
            "calls OTHER");
}

TEST(References, OfOraclesDeleteWithoutFrom) {
  EXPECT_EQ(oracle("DELETE (SELECT * FROM t) WHERE i = 1"), "writes T");
}

TEST(References, OfStatementsThatRename) {
  EXPECT_EQ(tsql("EXEC sp_rename 'dbo.a', 'b'"), "becomes b");
  EXPECT_EQ(tsql("EXEC sys.sp_rename @newname = N'b', @objname = N'dbo.a'"), "becomes b");
  EXPECT_EQ(tsql("EXEC sp_rename N'dbo.a', N'b', N'OBJECT'"), "becomes b");
  EXPECT_EQ(tsql("EXEC sp_rename 'dbo.a.x', 'y', 'COLUMN'"), "");
  EXPECT_EQ(oracle("RENAME a TO b"), "becomes B");
  EXPECT_EQ(references(Dialect::kDb2, "RENAME TABLE a TO b"), "becomes B");
  EXPECT_EQ(mysql("RENAME TABLE IF EXISTS a TO b"), "becomes b");
}

TEST(References, MysqlsNewNameNeedsNoTo) {
  EXPECT_EQ(mysql("ALTER TABLE a RENAME b"), "becomes b");
  EXPECT_EQ(mysql("ALTER TABLE a RENAME AS b"), "becomes b");
  EXPECT_EQ(mysql("ALTER TABLE a RENAME TO s.b"), "becomes s.b");
  EXPECT_EQ(mysql("RENAME TABLE a TO b"), "becomes b");
  EXPECT_EQ(mysql("ALTER TABLE a RENAME COLUMN x TO y"), "");
  EXPECT_EQ(mysql("ALTER TABLE a RENAME INDEX x TO y"), "");
}

TEST(References, FromInAFunctionIsNoList) {
  EXPECT_EQ(postgresql("SELECT EXTRACT(year FROM d), trim(both ' ' from e), "
                       "substring(f from 1 for 2) FROM t WHERE a IS DISTINCT FROM b"),
            "reads t");
}

TEST(References, AFunctionInFromIsCalled) {
  EXPECT_EQ(postgresql("SELECT * FROM s.f(1, 2) AS g (a, b), LATERAL h(g.a)"),
            "calls s.f; calls h");
}

TEST(References, OfChanges) {
  EXPECT_EQ(postgresql("INSERT INTO a (x) SELECT y FROM b ON CONFLICT DO UPDATE SET x = 1"),
            "writes a; reads b");
  EXPECT_EQ(postgresql("UPDATE ONLY a SET x = 1 FROM b WHERE a.i = b.i"), "writes a; reads b");
  EXPECT_EQ(postgresql("DELETE FROM a USING b WHERE a.i = b.i"), "writes a; reads b");
  EXPECT_EQ(postgresql("MERGE INTO a USING b ON a.i = b.i WHEN MATCHED THEN UPDATE SET x = 1 "
                       "WHEN NOT MATCHED THEN INSERT (x) VALUES (2)"),
            "writes a; reads b");
  EXPECT_EQ(postgresql("TRUNCATE TABLE a, ONLY b"), "writes a; writes b");
}

TEST(References, OfSqlitesChangesWithAConflictClause) {
  const std::string text =
      "CREATE TRIGGER r AFTER UPDATE OF a ON t BEGIN UPDATE OR IGNORE u SET a = 1; "
      "INSERT OR REPLACE INTO v VALUES (1); END";
  EXPECT_EQ(references(Dialect::kSqlite, text), "writes u; writes v");
}

TEST(References, AnAliasThatIsChangedIsItsTable) {
  EXPECT_EQ(tsql("UPDATE a SET x = 1 FROM dbo.T AS a JOIN dbo.U u ON u.i = a.i"),
            "writes dbo.T; reads dbo.U");
  EXPECT_EQ(tsql("DELETE a FROM dbo.T a"), "writes dbo.T");
}

TEST(References, OfForeignKeys) {
  std::vector<Reference> found;
  const std::string text =
      "CREATE TABLE t (a int CONSTRAINT fa REFERENCES u (b),\n c int,\n"
      " CONSTRAINT fc FOREIGN KEY (c, a) REFERENCES s.w (d, e))";
  find_references(text, 0, text.size(), 7, Dialect::kPostgresql, &found);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].name, "u");
  EXPECT_EQ(found[0].constraint, "fa");
  EXPECT_EQ(found[0].columns, std::vector<std::string>{"a"});
  EXPECT_EQ(found[0].target_columns, std::vector<std::string>{"b"});
  EXPECT_EQ(found[0].line, 7u);
  EXPECT_EQ(found[1].schema, "s");
  EXPECT_EQ(found[1].constraint, "fc");
  EXPECT_EQ(found[1].columns, (std::vector<std::string>{"c", "a"}));
  EXPECT_EQ(found[1].target_columns, (std::vector<std::string>{"d", "e"}));
  EXPECT_EQ(found[1].line, 9u);
}

TEST(References, OfTypesThatAreNotBuiltIn) {
  EXPECT_EQ(postgresql("CREATE TABLE t (a integer, b s.year, c mood NOT NULL, d double precision, "
                       "e timestamp with time zone, f numeric(10,2) CHECK (f > 0))"),
            "uses s.year; uses mood");
  EXPECT_EQ(postgresql("CREATE FUNCTION f(int, a mood, OUT b double precision) RETURNS SETOF t "
                       "LANGUAGE c AS 'x', 'y'"),
            "uses mood; uses t");
  EXPECT_EQ(postgresql("CREATE VIEW v AS SELECT a::mood, CAST(b AS s.year) FROM t"),
            "uses mood; uses s.year; reads t");
}

TEST(References, OfSequences) {
  EXPECT_EQ(postgresql("CREATE TABLE t (a int DEFAULT nextval('s.q'::regclass))"), "uses s.q");
  EXPECT_EQ(tsql("CREATE TABLE dbo.t (a int DEFAULT (NEXT VALUE FOR dbo.q))"), "uses dbo.q");
  EXPECT_EQ(oracle("INSERT INTO t VALUES (s.q.NEXTVAL)"), "writes T; uses S.Q");
}

TEST(References, OfChildTables) {
  EXPECT_EQ(postgresql("CREATE TABLE a (x int) INHERITS (b, s.c)"), "inherits b; inherits s.c");
  EXPECT_EQ(postgresql("CREATE TABLE a PARTITION OF b FOR VALUES FROM (1) TO (2)"), "inherits b");
}

TEST(References, OfATriggerIsItsRoutine) {
  EXPECT_EQ(
      postgresql("CREATE TRIGGER g AFTER INSERT OR UPDATE OF a OR DELETE ON t REFERENCING NEW "
                 "TABLE AS n FOR EACH ROW EXECUTE FUNCTION s.f('x')"),
      "calls s.f");
}

TEST(References, OfABodyInALiteral) {
  EXPECT_EQ(
      postgresql("CREATE FUNCTION f() RETURNS trigger AS $$ DECLARE r t%ROWTYPE; n int; BEGIN "
                 "SELECT x INTO n FROM a; PERFORM g(n); INSERT INTO b VALUES (n); "
                 "RETURN NEW; END $$ LANGUAGE plpgsql"),
      "uses t; reads a; calls g; writes b");
  EXPECT_EQ(postgresql("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT x FROM a "
                       "WHERE y = ''b'''"),
            "reads a");
  EXPECT_EQ(
      postgresql("CREATE FUNCTION f() RETURNS int LANGUAGE plpython3u AS $$ from a import b $$"),
      "");
}

TEST(References, PerformIsASelect) {
  EXPECT_EQ(postgresql("CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$BEGIN PERFORM a.x "
                       "FROM a JOIN b USING (x) WHERE g(a.x); END$$"),
            "reads a; reads b; calls g");
}

TEST(References, OfTsqlModules) {
  EXPECT_EQ(
      tsql("CREATE PROCEDURE dbo.p @a int, @b dbo.L READONLY AS\n"
           "DECLARE @c AS dbo.Amount = 1, @d int\n"
           "SELECT x INTO #t FROM dbo.T WITH (NOLOCK) WHERE y IN (SELECT z FROM #t)\n"
           "INSERT dbo.U (x) EXEC dbo.q @a\n"
           "EXEC @d = other.dbo.r\n"
           "IF EXISTS (SELECT 1 FROM dbo.V v CROSS APPLY dbo.f(v.i) g) DELETE dbo.W\n"
           "SELECT dbo.g(1)"),
      "uses dbo.L; uses dbo.Amount; reads dbo.T; writes dbo.U; calls dbo.q; calls other.dbo.r; "
      "reads dbo.V; calls dbo.f; writes dbo.W; calls dbo.g");
}

TEST(References, OfATsqlTriggerAreNotItsOwnRows) {
  EXPECT_EQ(tsql("CREATE TRIGGER dbo.g ON dbo.T AFTER INSERT, UPDATE AS\n"
                 "INSERT dbo.L SELECT * FROM inserted i JOIN dbo.U u ON u.i = i.i"),
            "writes dbo.L; reads dbo.U");
}

TEST(References, OfMysqlChangesOfSeveralTables) {
  EXPECT_EQ(mysql("UPDATE a JOIN b ON a.i = b.i SET a.x = b.x"), "writes a; reads b");
  EXPECT_EQ(mysql("UPDATE a, s.b SET a.x = 1, b.y = f(2, 3), a.z = 4 WHERE a.i = b.i"),
            "writes a; reads s.b; writes s.b; calls f");
  EXPECT_EQ(mysql("UPDATE t AS a JOIN u AS b ON a.i = b.i SET b.x = a.x"),
            "reads u; reads t; writes u");
  EXPECT_EQ(mysql("UPDATE a JOIN (SELECT i FROM c) d USING (i) SET x = 1, a.y = 2"),
            "writes a; reads c");
  EXPECT_EQ(mysql("UPDATE a, b SET x = 1; UPDATE c SET d.x = 1"), "writes a; reads b; writes c");
  EXPECT_EQ(mysql("DELETE a, b.* FROM t a JOIN s.u AS b ON a.i = b.i JOIN w ON w.i = b.i"),
            "writes t; writes s.u; reads w");
  EXPECT_EQ(mysql("DELETE FROM a, b USING a JOIN b JOIN c WHERE a.i = 1; DELETE FROM d"),
            "writes a; writes b; reads c; writes d");
  EXPECT_EQ(mysql("DELETE a FROM t AS a WHERE a.i = 1"), "writes t");
  // What is changed first is no table at all.
  EXPECT_EQ(mysql("WITH w AS (SELECT 1) UPDATE w2 JOIN w AS w2 SET w2.a = 1"), "");
  EXPECT_EQ(mysql("CREATE PROCEDURE p() BEGIN CREATE TEMPORARY TABLE w (a int); "
                  "UPDATE w2 JOIN w AS w2 SET w2.a = 1; UPDATE t JOIN u SET u.b = 1; END"),
            "reads u; reads t; writes u");
  EXPECT_EQ(mysql("CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW INSERT INTO u VALUES (NEW.x)"),
            "writes u");
}

TEST(References, TheTableCommandIsAQuery) {
  EXPECT_EQ(postgresql("CREATE VIEW v AS TABLE ONLY s.t UNION ALL TABLE u EXCEPT TABLE w;"),
            "reads s.t; reads u; reads w");
  EXPECT_EQ(postgresql("SELECT 1 FROM a WHERE EXISTS (TABLE b) OR x = ANY (TABLE ONLY c)"),
            "reads a; reads b; reads c");
  EXPECT_EQ(postgresql("INSERT INTO a TABLE b; INSERT INTO c (x) TABLE d"),
            "writes a; reads b; writes c; reads d");
  EXPECT_EQ(postgresql("CREATE FUNCTION f() RETURNS t LANGUAGE sql AS 'TABLE t'"),
            "uses t; reads t");
  EXPECT_EQ(postgresql("CREATE FUNCTION f() RETURNS TABLE (a int) LANGUAGE sql AS 'SELECT 1'"), "");
  EXPECT_EQ(postgresql("COMMENT ON TABLE a IS 'b'; ALTER TABLE c DROP COLUMN d"), "");
}

TEST(References, ADeclarationOfABodyEndsWithItsStatement) {
  for (const Dialect dialect : {Dialect::kMysql, Dialect::kDb2, Dialect::kBigquery,
                                Dialect::kSnowflake, Dialect::kGeneric}) {
    EXPECT_EQ(references(dialect,
                         "CREATE PROCEDURE P() BEGIN DECLARE D INT; INSERT INTO T VALUES"
                         " (1); UPDATE U SET A = 1; CALL Q(); END"),
              "writes T; writes U; calls Q")
        << dialect_name(dialect);
  }
  EXPECT_EQ(mysql("CREATE PROCEDURE p() BEGIN DECLARE a, b INT DEFAULT 0;"
                  " DECLARE c CURSOR FOR SELECT id FROM o;"
                  " DECLARE gone CONDITION FOR SQLSTATE '42S02';"
                  " DECLARE CONTINUE HANDLER FOR NOT FOUND SET a = 1;"
                  " DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN INSERT INTO l VALUES (1); END;"
                  " OPEN c; DELETE FROM t; END"),
            "reads o; writes l; writes t");
  EXPECT_EQ(references(Dialect::kFirebird,
                       "CREATE PROCEDURE p AS DECLARE VARIABLE d INT;"
                       " DECLARE e dom; BEGIN DELETE FROM t; END"),
            "uses DOM; writes T");
  EXPECT_EQ(references(Dialect::kSnowflake, "DECLARE a INT; b INT; BEGIN DELETE FROM t; END"),
            "writes T");
}

TEST(References, ATemporaryTableThatIsEmptiedByCommitWritesNothing) {
  for (const Dialect dialect : {Dialect::kOracle, Dialect::kDb2, Dialect::kFirebird}) {
    EXPECT_EQ(references(dialect, "CREATE GLOBAL TEMPORARY TABLE g (x int) ON COMMIT DELETE ROWS"),
              "");
  }
}

TEST(References, OfRowsFromAreTheFunctions) {
  EXPECT_EQ(postgresql("CREATE VIEW v AS SELECT 1 FROM ROWS FROM (f(1), s.g(2)) AS r, t"),
            "calls f; calls s.g; reads t");
}

TEST(References, OfAnOutputClauseIsWhereTheRowsGo) {
  EXPECT_EQ(tsql("CREATE PROC p AS INSERT dbo.T OUTPUT inserted.ID INTO dbo.Audit (ID) VALUES (1)"),
            "writes dbo.T; writes dbo.Audit");
  EXPECT_EQ(tsql("CREATE PROC p AS DELETE dbo.T OUTPUT deleted.ID INTO #gone WHERE ID = 1"),
            "writes dbo.T");
  EXPECT_EQ(
      tsql("CREATE PROC p AS MERGE dbo.T AS t USING dbo.U AS u ON t.i = u.i WHEN MATCHED THEN "
           "DELETE OUTPUT $action INTO dbo.Audit;"),
      "writes dbo.T; reads dbo.U; writes dbo.Audit");
  EXPECT_EQ(tsql("CREATE PROC p AS INSERT dbo.A (i) SELECT d.i FROM (DELETE FROM dbo.U OUTPUT "
                 "deleted.i) AS d"),
            "writes dbo.A; writes dbo.U");
}

TEST(References, OfATsqlTriggerNotForReplication) {
  EXPECT_EQ(tsql("CREATE TRIGGER g ON dbo.T AFTER INSERT, UPDATE NOT FOR REPLICATION AS BEGIN "
                 "UPDATE dbo.U SET i = 1; END"),
            "writes dbo.U");
}

TEST(References, ATemporaryTableIsNoneUnderAnAliasEither) {
  EXPECT_EQ(tsql("CREATE PROC p AS UPDATE c SET i = u.i FROM #changes AS c JOIN dbo.U AS u ON c.i "
                 "= u.i"),
            "reads dbo.U");
}

TEST(References, ForeignKeyOfAColumn) {
  EXPECT_EQ(tsql("CREATE TABLE t (a int NOT NULL FOREIGN KEY REFERENCES s.u (id))"),
            "references s.u");
}

TEST(References, OfMysqlsWordsThatOnlyLookLikeOthers) {
  EXPECT_EQ(mysql("CREATE VIEW v AS SELECT STRAIGHT_JOIN t.id FROM t STRAIGHT_JOIN u"),
            "reads t; reads u");
  EXPECT_EQ(mysql("CREATE VIEW v AS SELECT 1 FROM t FORCE INDEX FOR JOIN (PRIMARY) JOIN u"),
            "reads t; reads u");
  EXPECT_EQ(mysql("CREATE TABLE m (i int) ENGINE=MERGE INSERT_METHOD=LAST"), "");
}

TEST(References, AChangeOfAQueryIsOneOfItsTable) {
  EXPECT_EQ(tsql("WITH d AS (SELECT n FROM dbo.T JOIN dbo.U ON 1 = 1), e AS (SELECT * FROM d) "
                 "DELETE FROM e WHERE n > 1"),
            "reads dbo.T; reads dbo.U; writes dbo.T");
  EXPECT_EQ(tsql("WITH d AS (SELECT n FROM #t) UPDATE d SET n = 1"), "");
  EXPECT_EQ(tsql("UPDATE x SET n = 1 FROM (SELECT * FROM dbo.T) AS x"),
            "reads dbo.T; writes dbo.T");
  EXPECT_EQ(tsql("WITH d AS (SELECT n FROM dbo.T) UPDATE x SET n = 1 FROM d AS x"),
            "reads dbo.T; writes dbo.T");
  EXPECT_EQ(oracle("UPDATE (SELECT a.x FROM a JOIN b ON a.i = b.i) SET x = 1"),
            "writes A; reads B");
  EXPECT_EQ(oracle("INSERT INTO (SELECT x FROM a WHERE x > 1 WITH CHECK OPTION) VALUES (2)"),
            "writes A");
}

TEST(References, WhatLiesOnAnotherServerSaysSo) {
  EXPECT_EQ(tsql("SELECT 1 FROM srv.db.dbo.T JOIN db.dbo.U u ON 1 = 1; EXEC srv.db.dbo.p"),
            "reads @srv.db.dbo.T; reads db.dbo.U; calls @srv.db.dbo.p");
  EXPECT_EQ(tsql("CREATE SYNONYM dbo.s FOR srv.db.dbo.T"), "uses @srv.db.dbo.T");
  EXPECT_EQ(oracle("CREATE VIEW v AS SELECT a.i FROM t@remote a, hr.u@l.world b, t"),
            "reads @REMOTE.T; reads @l.world.HR.U; reads T");
  EXPECT_EQ(oracle("CREATE SYNONYM s FOR hr.t@lnk"), "uses @LNK.HR.T");
}

TEST(References, OfAColumnThatIsAdded) {
  EXPECT_EQ(postgresql("ALTER TABLE t ADD COLUMN IF NOT EXISTS c mood NOT NULL, ADD d s.ty, "
                       "ADD CONSTRAINT k CHECK (c > 1), ALTER COLUMN e TYPE other USING e::third"),
            "uses mood; uses s.ty; uses other; uses third");
  EXPECT_EQ(tsql("ALTER TABLE dbo.t ADD c dbo.Ty NULL, d dbo.Other"),
            "uses dbo.Ty; uses dbo.Other");
  EXPECT_EQ(oracle("ALTER TABLE t ADD (c hr.ty, d NUMBER)"), "uses HR.TY");
  EXPECT_EQ(mysql("ALTER TABLE t ADD INDEX i (a), ADD KEY (b), ADD c int"), "");
}

TEST(References, OfAPartitionThatIsAttachedAndOfANewName) {
  EXPECT_EQ(postgresql("ALTER TABLE ONLY s.p ATTACH PARTITION s.p1 FOR VALUES FROM (1) TO (2)"),
            "attaches s.p1");
  EXPECT_EQ(postgresql("ALTER TABLE s.p RENAME TO q"), "becomes q");
  EXPECT_EQ(postgresql("ALTER VIEW v RENAME TO w"), "becomes w");
  EXPECT_EQ(postgresql("ALTER TABLE t RENAME COLUMN a TO b"), "");
}

TEST(References, OfAComputedColumnIsItsFunction) {
  EXPECT_EQ(tsql("CREATE TABLE dbo.t (a int, b AS dbo.fn(a), c AS n.GetLevel(), d AS (dbo.g(a)))"),
            "calls dbo.fn; calls dbo.g");
}

TEST(References, AMethodOfATypeIsNoRoutine) {
  EXPECT_EQ(tsql("SELECT n.GetAncestor(1), n.[ToString](), b.STGeometryType(), x.STIsValid(), "
                 "[e].[n].GetAncestor(1), [S].[ref].[value]('.', 'int') FROM dbo.T"),
            "reads dbo.T");
  EXPECT_EQ(tsql("SELECT dbo.GetLevel(1), [dbo].[GetLevel](1), db.dbo.GetLevel(1), s.STATUS_OF(2)"),
            "calls dbo.GetLevel; calls db.dbo.GetLevel; calls s.STATUS_OF");
}

TEST(References, WhatIsSaidOfAnObjectCallsNothing) {
  EXPECT_EQ(tsql("EXEC sys.sp_addextendedproperty @name = N'a', @value = N'b'; EXEC dbo.p"),
            "calls dbo.p");
}

TEST(References, ATableBehindInIsRead) {
  EXPECT_EQ(references(Dialect::kSqlite,
                       "CREATE VIEW v AS SELECT a FROM t WHERE a IN u AND b NOT IN main.w AND c "
                       "IN (1, 2) AND d IN (SELECT 1 FROM x)"),
            "reads t; reads u; reads main.w; reads x");
}

TEST(References, OfObjectsThatALiteralNames) {
  EXPECT_EQ(postgresql("CREATE VIEW v AS SELECT 's.base'::regclass, 'f'::regproc, 'x'::text"),
            "uses s.base; uses f");
}

TEST(References, OfSupportFunctions) {
  EXPECT_EQ(postgresql("CREATE OPERATOR s.+ (LEFTARG = t, FUNCTION = s.plus)"),
            "uses t; calls s.plus");
  EXPECT_EQ(postgresql("CREATE AGGREGATE a (int) (SFUNC = f, STYPE = int, FINALFUNC = g)"),
            "calls f; calls g");
}

TEST(References, OfTheHistoryOfATable) {
  EXPECT_EQ(
      tsql("CREATE TABLE dbo.T (a int) WITH (SYSTEM_VERSIONING = ON (HISTORY_TABLE = dbo.H))"),
      "uses dbo.H");
}

TEST(References, OfMethodsOfATypeAreTheTypesOfTheirParameters) {
  EXPECT_EQ(oracle("CREATE TYPE t UNDER b (x hr.ty, MEMBER FUNCTION f (y ty3) RETURN ty4, z ty5)"),
            "inherits B; uses HR.TY; uses TY3; uses TY4; uses TY5");
}

TEST(References, OfOracleRoutines) {
  EXPECT_EQ(oracle("CREATE PROCEDURE p (a IN OUT NOCOPY hr.t%ROWTYPE, b emp.name%TYPE) IS\n"
                   "  c hr.money; CURSOR k IS SELECT x FROM q; BEGIN\n"
                   "  FOR r IN (SELECT * FROM dual, w) LOOP pkg.run(r.x); END LOOP; END;"),
            "uses HR.T; uses EMP; uses HR.MONEY; reads Q; reads W; calls PKG.RUN");
}

TEST(References, ACaseIsNoStatement) {
  EXPECT_EQ(tsql("CREATE VIEW v AS SELECT CASE WHEN x = 1 THEN 1 ELSE CASE y WHEN 2 THEN 3 ELSE 4 "
                 "END END AS c FROM t JOIN u ON CASE WHEN t.a = 1 THEN 1 END = u.a, w"),
            "reads t; reads u; reads w");
}

TEST(References, AMergesOwnChangesNameNoTable) {
  EXPECT_EQ(tsql("MERGE t USING s ON t.a = s.a WHEN NOT MATCHED BY SOURCE THEN DELETE OUTPUT "
                 "$action, deleted.a;"),
            "writes t; reads s");
  EXPECT_EQ(oracle("MERGE INTO t USING s ON (t.a = s.a) WHEN MATCHED THEN UPDATE SET b = 1 DELETE "
                   "WHERE c = 2"),
            "writes T; reads S");
}

TEST(References, OfOraclesInsertIntoSeveralTables) {
  EXPECT_EQ(oracle("INSERT ALL WHEN a > 1 THEN INTO t (a) VALUES (a) ELSE INTO u VALUES (a) SELECT "
                   "a FROM s"),
            "writes T; writes U; reads S");
}

TEST(References, IsAndAsInABodyBeginNoOther) {
  EXPECT_EQ(oracle("CREATE FUNCTION f RETURN NUMBER IS n NUMBER; BEGIN SELECT a AS \"FROM\" INTO n "
                   "FROM t WHERE b IS NOT NULL; IF n IS NULL THEN DELETE u WHERE a = 1; END IF; "
                   "DELETE w WHERE a = 2; END;"),
            "reads T; writes U; writes W");
}

TEST(References, OracleCallsWithoutParentheses) {
  EXPECT_EQ(oracle("CREATE PROCEDURE p IS n NUMBER; BEGIN one; IF n = 1 THEN pkg.two; END IF; n := "
                   "three; four; END p;"),
            "calls ONE; calls PKG.TWO; calls FOUR");
}

// A token is looked at no further ahead than a cursor keeps them.
TEST(References, OracleCallsOfFourParts) {
  EXPECT_EQ(oracle("BEGIN a.b.c.d(1); END;"), "calls B.C.D");
  EXPECT_EQ(oracle("a.b.c.d("), "calls B.C.D");
  EXPECT_EQ(oracle("CREATE VIEW v AS SELECT 1 FROM d, e WHERE d.i = h.d.e.i(+)"),
            "reads D; reads E");
}

TEST(References, OfASynonym) {
  EXPECT_EQ(oracle("CREATE PUBLIC SYNONYM s FOR hr.emp"), "uses HR.EMP");
}

TEST(References, AScriptThatMakesAnObjectByACallCallsNothing) {
  EXPECT_EQ(tsql("EXEC sp_addtype 'Amount', 'money', 'NOT NULL'"), "");
  EXPECT_EQ(tsql("EXEC sys.sp_rename 'dbo.a', 'b'; EXEC dbo.p"), "becomes b; calls dbo.p");
  EXPECT_EQ(tsql("CREATE PROC q AS EXEC sp_rename 'dbo.a', 'b'"), "calls sp_rename")
      << "a routine does call it";
  EXPECT_EQ(oracle("BEGIN DBMS_SCHEDULER.CREATE_JOB(job_name => 'j', job_type => 'EXECUTABLE', "
                   "job_action => '/bin/true'); DBMS_SCHEDULER.ENABLE('j'); hr.p; END;"),
            "calls HR.P");
  EXPECT_EQ(oracle("CREATE PROCEDURE p IS BEGIN DBMS_SCHEDULER.DROP_JOB('j'); END;"),
            "calls DBMS_SCHEDULER.DROP_JOB");
}

TEST(References, OfAJobAreWhatItRuns) {
  EXPECT_EQ(tsql("EXEC @r = msdb.dbo.sp_add_jobstep @job_id = @j, @step_name = N'one', "
                 "@command = N'EXEC dbo.p; DELETE dbo.t WHERE d < ''2020''', @retry_attempts = 0"),
            "calls dbo.p; writes dbo.t");
  EXPECT_EQ(oracle("BEGIN DBMS_SCHEDULER.CREATE_JOB(job_name => 'j', job_type => 'STORED_PROCEDURE'"
                   ", job_action => 'hr.purge', start_date => f(1)); END;"),
            "calls HR.PURGE; calls F");
  EXPECT_EQ(oracle("BEGIN SYS.DBMS_SCHEDULER.CREATE_PROGRAM('pr', 'PLSQL_BLOCK', "
                   "'BEGIN hr.purge; DELETE FROM hr.logs WHERE k = ''x''; END;', 0, TRUE); END;"),
            "calls HR.PURGE; writes HR.LOGS");
  EXPECT_EQ(oracle("BEGIN DBMS_SCHEDULER.CREATE_JOB('j', program_name => 'pr', "
                   "schedule_name => 's'); DBMS_SCHEDULER.CREATE_JOB('k', 'p2', 's2'); END;"),
            "uses PR; uses S; uses P2; uses S2");
}

TEST(References, WhatARoutineReturnsAtOnceIsAnExpression) {
  EXPECT_EQ(mysql("CREATE FUNCTION f(x INT) RETURNS INT RETURN g(x) + (SELECT n FROM t)"),
            "calls g; reads t");
  EXPECT_EQ(postgresql("CREATE FUNCTION f(x int) RETURNS int RETURN s.g(x)"), "calls s.g");
  EXPECT_EQ(oracle("CREATE FUNCTION f RETURN s.t IS BEGIN RETURN g(1); END;"), "uses S.T; calls G");
}

TEST(References, ACursorOverATemporaryTableComesBeforeTheTable) {
  EXPECT_EQ(mysql("CREATE PROCEDURE p() BEGIN DECLARE c CURSOR FOR SELECT i FROM x JOIN t; "
                  "CREATE TEMPORARY TABLE x (i INT); INSERT INTO x SELECT 1 FROM u; END"),
            "reads t; reads u");
}

TEST(References, OfATsqlChangeTopIsNoTable) {
  EXPECT_EQ(tsql("CREATE PROC p AS MERGE TOP (9) INTO t USING u ON 1 = 1 WHEN MATCHED THEN DELETE; "
                 "DELETE TOP (5) PERCENT FROM h; INSERT TOP (1) INTO m SELECT 1 FROM n"),
            "writes t; reads u; writes h; writes m; reads n");
  EXPECT_EQ(tsql("CREATE PROC p AS UPDATE c SET n = 1 FROM c; DELETE f FROM f JOIN g ON 1 = 1"),
            "writes c; writes f; reads g")
      << "the target again";
}

TEST(References, WhatALockOrXmlNamesIsNoRelation) {
  EXPECT_EQ(tsql("CREATE VIEW v AS SELECT (SELECT b.i FROM b FOR XML PATH('r'), TYPE) x FROM "
                 "h FOR SYSTEM_TIME AS OF '2020', k"),
            "reads b; reads h; reads k");
  EXPECT_EQ(postgresql("CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ SELECT 1 FROM a x, b y "
                       "FOR NO KEY UPDATE OF x, y $$"),
            "reads a; reads b");
  EXPECT_EQ(oracle("CREATE VIEW v AS SELECT 1 FROM d, e WHERE d.i = e.i(+)"), "reads D; reads E");
}

TEST(References, TsqlFunctionsAboutATableReadIt) {
  EXPECT_EQ(tsql("CREATE PROC p AS SELECT 1 FROM CHANGETABLE(CHANGES dbo.f, 1) AS c, "
                 "CONTAINSTABLE(dbo.g, *, 'from x') k JOIN FREETEXTTABLE(h, n, 'y') l ON 1 = 1"),
            "reads dbo.f; reads dbo.g; reads h");
  EXPECT_EQ(tsql("CREATE FUNCTION f() RETURNS @r TABLE (i int, n dbo.u) AS BEGIN RETURN END"),
            "uses dbo.u");
}

TEST(References, OfPostgresqlStandBehindCtesChecksAndTypes) {
  EXPECT_EQ(
      postgresql("CREATE VIEW v AS WITH RECURSIVE q(i) AS (SELECT i FROM a) SEARCH DEPTH FIRST "
                 "BY i, j SET o CYCLE i SET c USING p, m AS (SELECT i FROM b) "
                 "SELECT 1 FROM q, m"),
      "reads a; reads b");
  EXPECT_EQ(postgresql("CREATE POLICY p ON t USING (f(i)) WITH CHECK (g(i))"), "calls f; calls g");
  EXPECT_EQ(postgresql("CREATE TYPE r AS RANGE (SUBTYPE = s.d, SUBTYPE_DIFF = s.f)"),
            "uses s.d; calls s.f");
  EXPECT_EQ(postgresql("CREATE TYPE b (INPUT = bin, OUTPUT = bout, LIKE = float8)"),
            "calls bin; calls bout");
  EXPECT_EQ(postgresql("CREATE OPERATOR === (LEFTARG = s.e, RIGHTARG = int, FUNCTION = f)"),
            "uses s.e; calls f");
  EXPECT_EQ(postgresql("CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN REFRESH "
                       "MATERIALIZED VIEW CONCURRENTLY s.mv; INSERT INTO k OVERRIDING USER VALUE "
                       "TABLE l; END $$"),
            "writes s.mv; writes k; reads l");
}

TEST(References, OfSnowflakeAreStagesStreamsAndClones) {
  const auto snowflake = [](const char* text) { return references(Dialect::kSnowflake, text); };
  EXPECT_EQ(snowflake("CREATE VIEW v AS SELECT t.$1 FROM @s.stg/a/b.csv (FILE_FORMAT => 'f') t "
                      "JOIN u ON u.i = t.$1"),
            "uses S.STG; reads U");
  EXPECT_EQ(snowflake("CREATE STREAM s ON TABLE d.t"), "reads D.T");
  EXPECT_EQ(snowflake("CREATE TABLE c CLONE d.t"), "uses D.T");
  EXPECT_EQ(snowflake("CREATE PROCEDURE p() RETURNS INT LANGUAGE SQL AS BEGIN INSERT ALL INTO k "
                      "INTO l (a) VALUES (b) SELECT 1 b FROM m; COPY INTO @st/x FROM w; "
                      "TRUNCATE TABLE IF EXISTS t; END"),
            "writes K; writes L; reads M; reads W; writes T");
}

TEST(References, OfBigqueryStandWithoutIntoAndBeforeSelect) {
  const auto bigquery = [](const char* text) { return references(Dialect::kBigquery, text); };
  EXPECT_EQ(bigquery("CREATE VIEW d.v AS FROM d.a |> WHERE i > 1 |> JOIN d.b USING (i)"),
            "reads d.a; reads d.b");
  EXPECT_EQ(
      bigquery("CREATE PROCEDURE d.p() BEGIN INSERT d.t (i) SELECT i FROM d.u; MERGE d.x USING "
               "d.y ON true WHEN NOT MATCHED THEN INSERT ROW; END"),
      "writes d.t; reads d.u; writes d.x; reads d.y");
  EXPECT_EQ(bigquery("CREATE TABLE d.c COPY d.t"), "uses d.t");
  EXPECT_EQ(bigquery("CREATE VIEW d.v AS SELECT 1 FROM ML.PREDICT(MODEL d.m, TABLE d.t)"),
            "calls ML.PREDICT; reads d.t");
}

TEST(References, OfDb2AndFirebirdHaveWordsOfTheirOwn) {
  const auto db2 = [](const char* text) { return references(Dialect::kDb2, text); };
  EXPECT_EQ(db2("CREATE ALIAS s.a FOR TABLE s.t"), "uses S.T");
  EXPECT_EQ(db2("CREATE VIEW v AS SELECT 1 FROM FINAL TABLE (INSERT INTO t (i) VALUES (1)) f, u"),
            "writes T; reads U");
  const auto firebird = [](const char* text) { return references(Dialect::kFirebird, text); };
  EXPECT_EQ(
      firebird("CREATE PROCEDURE p (x d) RETURNS (y TYPE OF COLUMN t.n, z TYPE OF e) AS BEGIN "
               "y = GEN_ID(g, 1); EXECUTE STATEMENT 'DELETE FROM x'; EXECUTE PROCEDURE q; END"),
      "uses D; uses T; uses E; uses G; calls Q");
}

// Of a trigger they are the server's own.
TEST(References, OutsideOfCodeATableMayBeCalledOldOrNew) {
  EXPECT_EQ(postgresql("INSERT INTO t SELECT i FROM old"), "writes t; reads old");
  EXPECT_EQ(postgresql("CREATE VIEW v AS SELECT i FROM new"), "reads new");
  EXPECT_EQ(tsql("CREATE TRIGGER g ON t AFTER INSERT AS INSERT INTO u SELECT i FROM inserted"),
            "writes u");
  EXPECT_EQ(tsql("ALTER TRIGGER g ON t AFTER DELETE AS INSERT INTO u SELECT i FROM deleted"),
            "writes u");
}

TEST(References, WordsOfOtherClausesNameNoRelation) {
  EXPECT_EQ(postgresql("ALTER EXTENSION e UPDATE TO '1.1'"), "");
  EXPECT_EQ(postgresql("ALTER TABLE t ADD CONSTRAINT c CHECK (i > 0) NO INHERIT NOT VALID"), "");
  EXPECT_EQ(postgresql("ALTER TABLE t NO INHERIT u"), "");
  EXPECT_EQ(postgresql("CREATE VIEW v AS SELECT * FROM current_date, t"), "reads t");
  EXPECT_EQ(mysql("ALTER TABLE t TRUNCATE PARTITION p0"), "");
  EXPECT_EQ(oracle("CREATE TABLE t (i NUMBER GENERATED BY DEFAULT ON NULL FOR INSERT AND UPDATE AS "
                   "IDENTITY)"),
            "");
}

}  // namespace
}  // namespace engine::sql
