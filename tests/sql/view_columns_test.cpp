// Which columns a view reads: told where the text says so, "*" where it does not.
#include "engine/sql/view_columns.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/sql/references.h"

namespace engine::sql {
namespace {

// "t (x, y as z, *); u ()"
std::string columns(Dialect dialect, const std::string& text) {
  std::vector<Reference> found;
  find_references(text, 0, text.size(), 1, dialect, &found);
  std::string out;
  for (const Reference& reference : found) {
    if (reference.kind != ReferenceKind::kReads) continue;
    if (!out.empty()) out += "; ";
    out += reference.name + " (";
    for (std::size_t i = 0; i < reference.target_columns.size(); ++i) {
      if (i > 0) out += ", ";
      out += reference.target_columns[i];
      if (i < reference.columns.size()) out += " as " + reference.columns[i];
    }
    out += ')';
  }
  return out;
}

std::string pg_columns(const std::string& query) {
  return columns(Dialect::kPostgresql, "CREATE VIEW v AS " + query);
}

TEST(ViewColumns, AnAliasSaysWhoseTheyAre) {
  EXPECT_EQ(pg_columns("SELECT a.x, b.y AS z, b.Q r FROM t AS a JOIN s.u b ON a.i = b.j"),
            "t (x as x, i); u (y as z, q as r, j)");
  EXPECT_EQ(pg_columns("SELECT t.x, s.u.y FROM t, s.u WHERE T.w > 1"), "t (x as x, w); u (y as y)");
}

TEST(ViewColumns, TheHeadMayNameThoseOfTheView) {
  EXPECT_EQ(columns(Dialect::kPostgresql,
                    "CREATE OR REPLACE VIEW s.v (p, q, r) AS SELECT a.x, a.y + 1, a.z FROM t a"),
            "t (x as p, z as r, y)");
  EXPECT_EQ(columns(Dialect::kOracle,
                    "CREATE VIEW v (a_column_with_a_long_name, b, another_long_name_of_a_column) "
                    "AS SELECT t.x, t.y, t.z FROM t"),
            "T (X as A_COLUMN_WITH_A_LONG_NAME, Y as B, Z as ANOTHER_LONG_NAME_OF_A_COLUMN)");
}

TEST(ViewColumns, WithoutOneTheyAreThoseOfTheOnlyRelation) {
  EXPECT_EQ(pg_columns("SELECT x, upper(y) AS up FROM t WHERE z IS NOT NULL ORDER BY up, w"),
            "t (x as x, y, z, w)");
  EXPECT_EQ(pg_columns("SELECT x, a.y FROM t a, u b WHERE b.i = 1"), "t (y as y, *); u (i, *)");
  EXPECT_EQ(pg_columns("SELECT a.y FROM t a WHERE EXISTS (SELECT 1 FROM u WHERE j = 1)"),
            "t (y as y, *); u (*)")
      << "j may be a column of t";
}

TEST(ViewColumns, WordsOfADialectAreNoColumns) {
  EXPECT_EQ(pg_columns("SELECT U&'d!0061t' UESCAPE '!' AS k, normalize(x, NFC) AS n, i ISNULL, "
                       "j NOTNULL AS m FROM t"),
            "t (x, i, j)");
  const auto sqlite = [](const std::string& query) {
    return columns(Dialect::kSqlite, "CREATE VIEW v AS " + query);
  };
  EXPECT_EQ(sqlite("SELECT id FROM t INDEXED BY ix WHERE a IN u AND b NOT IN main.w"),
            "t (id as id, a, b); u (*); w (*)");
  EXPECT_EQ(sqlite("SELECT a.id FROM t AS a NOT INDEXED, u NOT INDEXED WHERE u.x = 1"),
            "t (id as id); u (x)");
  EXPECT_EQ(columns(Dialect::kOracle,
                    "CREATE VIEW v AS SELECT c, q FROM t MODEL DIMENSION BY (c) "
                    "MEASURES (s q) RULES (q[1] = 2)"),
            "T (C as C, Q as Q, *)");
}

TEST(ViewColumns, OfTheTableCommandAllMayBeRead) {
  EXPECT_EQ(pg_columns("TABLE t"), "t (*)");
  EXPECT_EQ(pg_columns("SELECT x FROM t WHERE EXISTS (TABLE u) UNION TABLE w"),
            "t (x as x); u (*); w (*)");
}

TEST(ViewColumns, OverALinkToo) {
  EXPECT_EQ(columns(Dialect::kOracle, "CREATE VIEW v AS SELECT a.x FROM t@l.world a, t b"),
            "T (X as X); T ()");
}

TEST(ViewColumns, AStarMayBeAny) {
  EXPECT_EQ(pg_columns("SELECT * FROM t"), "t (*)");
  EXPECT_EQ(pg_columns("SELECT a.*, b.y FROM t a, u b"), "t (*); u (y as y)");
  EXPECT_EQ(pg_columns("SELECT count(*) AS n, a.x * a.y AS area FROM t a"), "t (x, y)");
}

TEST(ViewColumns, WordsThatAreNone) {
  EXPECT_EQ(pg_columns("SELECT CASE WHEN a THEN b ELSE current_date END AS c, CAST(d AS numeric(9, "
                       "2)), e::character varying(3)[] f, EXTRACT(year FROM g), date '2000-01-01', "
                       "h AT TIME ZONE 'utc', trim(both ' ' from i), interval '1 day' FROM t"),
            "t (a, b, d, e, g, h, i)");
  EXPECT_EQ(pg_columns("SELECT sum(a) OVER (PARTITION BY b ORDER BY c DESC NULLS LAST ROWS BETWEEN "
                       "UNBOUNDED PRECEDING AND CURRENT ROW), rank() OVER w, d COLLATE \"C\", "
                       "string_agg(DISTINCT e, ',' ORDER BY e) FILTER (WHERE f) FROM t "
                       "WINDOW w AS (PARTITION BY g) LIMIT 5"),
            "t (a, b, c, d, e, f, g)");
  EXPECT_EQ(pg_columns("SELECT x IS DISTINCT FROM y AS z FROM t GROUP BY x, y HAVING max(q) > 1"),
            "t (x, y, q)");
}

TEST(ViewColumns, OfQueriesInQueries) {
  EXPECT_EQ(pg_columns("SELECT a.x, (SELECT max(b.y) FROM u b WHERE b.i = a.i) AS top FROM t a"),
            "u (y, i); t (x as x, i)");
  EXPECT_EQ(pg_columns("SELECT s.x FROM (SELECT x, y AS z FROM t) s WHERE s.z = 1"), "t (x, y)");
  EXPECT_EQ(pg_columns("WITH c AS (SELECT x FROM t), t AS (SELECT 1) SELECT c.x, t.q FROM c, t"),
            "t (x)");
  EXPECT_EQ(pg_columns("SELECT a.x, l.m FROM t a, LATERAL (SELECT u.y AS m FROM u WHERE u.i = a.j) "
                       "l, LATERAL unnest(a.k) AS n"),
            "t (x as x, j, k); u (y, i)");
}

TEST(ViewColumns, OfUnions) {
  EXPECT_EQ(pg_columns("SELECT x AS n FROM t UNION ALL (SELECT y FROM u) ORDER BY n"),
            "t (x as n); u (y)");
  EXPECT_EQ(pg_columns("SELECT x AS n FROM t UNION SELECT u.y FROM u"), "t (x as n); u (y as n)");
}

TEST(ViewColumns, OfJoinsByName) {
  EXPECT_EQ(pg_columns("SELECT i, a.x, b.y FROM t a JOIN u b USING (i)"),
            "t (x as x, i); u (y as y, i)");
  EXPECT_EQ(pg_columns("SELECT a.x FROM t a NATURAL JOIN u b"), "t (x as x, *); u (*)");
}

TEST(ViewColumns, InTheWordsOfOtherDialects) {
  EXPECT_EQ(columns(Dialect::kTsql,
                    "ALTER VIEW [dbo].[v] WITH SCHEMABINDING AS SELECT TOP (5) n = a.[x], "
                    "DATEDIFF(day, a.b, GETDATE()) AS d, CONVERT(int, a.c) e, "
                    "a.doc.value('(/r)[1]', 'int') FROM dbo.t a WITH (NOLOCK) CROSS APPLY "
                    "dbo.f(a.g) AS h WHERE h.k = 1 FOR XML PATH('')"),
            "t (x as n, b, c, doc, g)");
  EXPECT_EQ(columns(Dialect::kMysql,
                    "CREATE ALGORITHM=UNDEFINED DEFINER=`r`@`%` SQL SECURITY DEFINER VIEW `v` AS "
                    "select `a`.`x` AS `x`, date_add(`a`.`d`, interval 1 day) AS `e` from `t` `a` "
                    "where `a`.`y` regexp 'z'"),
            "t (x as x, d, y)");
  EXPECT_EQ(columns(Dialect::kOracle,
                    "CREATE FORCE VIEW v AS SELECT a.x, b.y, rownum r FROM t a, u b WHERE a.i = "
                    "b.i(+) CONNECT BY PRIOR a.j = a.k"),
            "T (X as X, I, J, K); U (Y as Y, I)");
}

TEST(ViewColumns, AViewThatNamesThousandsMayReadAll) {
  std::string list = "1";
  for (int i = 0; i < 100'000; ++i) list += ", a.c" + std::to_string(i);
  EXPECT_EQ(pg_columns("SELECT " + list + " FROM t a, u b"), "t (*); u (*)");
}

TEST(ViewColumns, OnlyAViewHasThem) {
  EXPECT_EQ(pg_columns("SELECT ((((x)))) FROM ((t a JOIN u b ON a.i = b.i))"),
            "t (i, *); u (i, *)");
  EXPECT_EQ(columns(Dialect::kPostgresql, "CREATE TABLE c AS SELECT a.x FROM t a"), "t ()");
}

}  // namespace
}  // namespace engine::sql
