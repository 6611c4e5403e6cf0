// What goes with what: the table in docs/design.md, "How a stretch finds its output", row by row.
#include "engine/organize/organizer.h"

#include <gmock/gmock.h>

#include <map>
#include <string>
#include <vector>

#include "engine/sql/classifier.h"
#include "engine/sql/splitter.h"
#include "engine/tree/layout.h"

namespace engine::organize {
namespace {

using ::testing::_;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

Drafts drafts_of(std::string_view text, Dialect dialect, std::uint64_t segment_size = 32u << 20) {
  sql::Splitter splitter(text, dialect);
  sql::Classifier classifier(text, dialect);
  Organizer organizer(text, dialect, segment_size);
  sql::SplitPart part;
  while (splitter.next(&part)) {
    if (part.kind == PartKind::kGap) {
      organizer.add_gap(part);
    } else {
      organizer.add(part, classifier.classify(part));
    }
  }
  return organizer.finish();
}

// Path -> its text from the source.
std::map<std::string, std::string> organized(std::string_view text, Dialect dialect,
                                             std::uint64_t segment_size = 32u << 20) {
  const Drafts drafts = drafts_of(text, dialect, segment_size);
  const auto paths = tree::places_of(drafts, dialect).paths;
  std::map<std::string, std::string> out;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    for (const Piece& piece : drafts[i].pieces) {
      out[std::string(paths[i])] += text.substr(static_cast<std::size_t>(piece.offset),
                                                static_cast<std::size_t>(piece.length));
    }
  }
  return out;
}

TEST(Organizer, CommentsGoWithWhatFollowsAndTheRestOfALineWithWhatItEnds) {
  EXPECT_THAT(organized("-- one\nCREATE TABLE a (i int); -- end of a\n\n-- two\nCREATE TABLE b (i "
                        "int);\n",
                        Dialect::kPostgresql),
              ElementsAre(Pair("tables/a/a.sql", "-- one\nCREATE TABLE a (i int); -- end of a\n"),
                          Pair("tables/b/b.sql", "\n-- two\nCREATE TABLE b (i int);\n")));
}

TEST(Organizer, SettingsGoWithTheModuleThatFollows) {
  const std::string text =
      "SET ANSI_NULLS ON\nGO\nSET QUOTED_IDENTIFIER ON\nGO\nCREATE VIEW v AS SELECT 1 AS a\nGO\n";
  EXPECT_THAT(organized(text, Dialect::kTsql), ElementsAre(Pair("views/v/v.sql", text)));
}

TEST(Organizer, SettingsWithNothingBehindThemAreKept) {
  EXPECT_THAT(
      organized("CREATE TABLE t (i int)\nGO\nSET ANSI_PADDING OFF\nGO\n", Dialect::kTsql),
      ElementsAre(Pair("other/0001.sql", "SET ANSI_PADDING OFF\nGO\n"), Key("tables/t/t.sql")));
}

// "v reads t", for each reference of the whole text.
std::vector<std::string> said(std::string_view text, Dialect dialect) {
  sql::Splitter splitter(text, dialect);
  sql::Classifier classifier(text, dialect);
  Organizer organizer(text, dialect, 32u << 20);
  sql::SplitPart part;
  while (splitter.next(&part)) {
    if (part.kind != PartKind::kGap) organizer.add(part, classifier.classify(part));
  }
  std::vector<std::string> out;
  for (const Draft& draft : organizer.finish()) {
    for (const DraftReference& one : draft.references) {
      const ObjectRef& object = draft.objects[one.object];
      out.push_back(object.name.value_or("") + ' ' +
                    std::string(reference_kind_name(one.reference.kind)) + ' ' +
                    one.reference.name);
    }
  }
  return out;
}

TEST(Organizer, WhatASchemasElementSaysIsItsOwn) {
  EXPECT_THAT(said("CREATE SCHEMA s CREATE VIEW a AS SELECT * FROM p.t CREATE VIEW b AS SELECT * "
                   "FROM p.t CREATE TABLE c (i int CONSTRAINT k REFERENCES p.u);",
                   Dialect::kPostgresql),
              ElementsAre("a reads t", "b reads t", "k references u"));
}

TEST(Organizer, WhatAlterTableDoesBesidesItsKeyIsTheTables) {
  EXPECT_THAT(said("ALTER TABLE t ADD COLUMN x ty DEFAULT f('x'), ADD CONSTRAINT k FOREIGN KEY (x) "
                   "REFERENCES u;",
                   Dialect::kPostgresql),
              ElementsAre("t uses ty", "t calls f", "k references u"));
  EXPECT_THAT(said("ALTER TABLE t ADD CONSTRAINT c CHECK (f(x));", Dialect::kPostgresql),
              ElementsAre("c calls f"));
}

TEST(Organizer, DelimitersGoWithTheirRoutine) {
  const std::string text =
      "DELIMITER ;;\nCREATE PROCEDURE p() BEGIN SELECT 1; END ;;\nDELIMITER ;\n";
  EXPECT_THAT(organized(text, Dialect::kMysql),
              ElementsAre(Pair("stored_procedures/p/p.sql", text)));
}

TEST(Organizer, FramesGoWithTheRows) {
  const std::string mysql =
      "LOCK TABLES `t` WRITE;\n/*!40000 ALTER TABLE `t` DISABLE KEYS */;\nINSERT INTO `t` VALUES "
      "(1);\n/*!40000 ALTER TABLE `t` ENABLE KEYS */;\nUNLOCK TABLES;\n";
  EXPECT_THAT(organized(mysql, Dialect::kMysql),
              ElementsAre(Pair("tables/t/data/0001.sql", mysql)));
  const std::string tsql =
      "SET IDENTITY_INSERT [dbo].[t] ON\nGO\nINSERT [dbo].[t] VALUES (1)\nGO\nSET IDENTITY_INSERT "
      "[dbo].[t] OFF\nGO\n";
  EXPECT_THAT(organized(tsql, Dialect::kTsql),
              ElementsAre(Pair("tables/dbo.t/data/0001.sql", tsql)));
}

TEST(Organizer, WhatIsSwitchedOffForTheRowsGoesWithThem) {
  const std::string tsql =
      "SET IDENTITY_INSERT t ON\nGO\nALTER TABLE t NOCHECK CONSTRAINT ALL\nGO\nDISABLE TRIGGER ALL "
      "ON t\nGO\nINSERT t VALUES (1)\nGO\nSET IDENTITY_INSERT t OFF\nGO\nALTER TABLE t WITH CHECK "
      "CHECK CONSTRAINT ALL\nGO\nENABLE TRIGGER ALL ON t\nGO\n";
  EXPECT_THAT(organized(tsql, Dialect::kTsql), ElementsAre(Pair("tables/t/data/0001.sql", tsql)));
  const std::string postgresql =
      "ALTER TABLE public.t DISABLE TRIGGER ALL;\nCOPY public.t (i) FROM stdin;\n1\n\\.\n"
      "ALTER TABLE public.t ENABLE TRIGGER ALL;\n";
  EXPECT_THAT(organized(postgresql, Dialect::kPostgresql),
              ElementsAre(Pair("tables/public.t/data/0001.sql", postgresql)));
}

TEST(Organizer, RowsOfSeveralTablesInTurnAreOneOutputEach) {
  EXPECT_THAT(
      organized("INSERT INTO a VALUES (1);\nINSERT INTO b VALUES (1);\nINSERT INTO a VALUES "
                "(2);\nINSERT INTO b VALUES (2);\n",
                Dialect::kMysql),
      ElementsAre(
          Pair("tables/a/data/0001.sql", "INSERT INTO a VALUES (1);\nINSERT INTO a VALUES (2);\n"),
          Pair("tables/b/data/0001.sql",
               "INSERT INTO b VALUES (1);\nINSERT INTO b VALUES (2);\n")));
}

TEST(Organizer, RowsDoNotMoveAcrossADefinition) {
  EXPECT_THAT(
      organized("INSERT INTO a VALUES (1);\nALTER TABLE a ADD j int;\nINSERT INTO a VALUES (1, "
                "2);\n",
                Dialect::kMysql),
      ElementsAre(Key("tables/a/a.sql"), Key("tables/a/data/0001.sql"),
                  Key("tables/a/data/0002.sql")));
}

// SQLite's way to change a table; the last definition is what the table is called by.
TEST(Organizer, ANameThatIsUsedAgainIsInSeveralParts) {
  EXPECT_THAT(
      organized("CREATE TABLE t (a int);\nINSERT INTO t VALUES (1);\nALTER TABLE t RENAME TO o;\n"
                "CREATE TABLE t (a int, b int);\nINSERT INTO t SELECT a, 0 FROM o;\n"
                "DROP TABLE o;\n",
                Dialect::kSqlite),
      UnorderedElementsAre(Pair("tables/t/t.sql", "CREATE TABLE t (a int, b int);\n"),
                           Pair("tables/t/changes/0001.sql", "CREATE TABLE t (a int);\n"),
                           Pair("tables/t/changes/0002.sql", "ALTER TABLE t RENAME TO o;\n"),
                           Key("tables/t/data/0001.sql"), Key("tables/t/data/0002.sql"),
                           Key("tables/o/o.sql")));
}

TEST(Organizer, AnIndexIsMadeAnewBehindWhatItNeeds) {
  const auto outputs = organized(
      "CREATE TABLE t (a int);\nCREATE INDEX x ON t (a);\nCREATE VIEW v AS SELECT a FROM t;\n"
      "DROP INDEX x;\nALTER TABLE t ADD b int;\nCREATE INDEX x ON t (b);\n",
      Dialect::kSqlite);
  EXPECT_THAT(outputs,
              ::testing::Contains(Pair("tables/t/indexes/x.sql", "CREATE INDEX x ON t (b);\n")));
}

TEST(Organizer, NamesThatDifferInCaseAreTwoWhereTheServerSaysSo) {
  const std::string text =
      "CREATE TABLE t (i int);\nCREATE TABLE \"T\" (i int);\nCOMMENT ON TABLE t IS 't';\n";
  EXPECT_THAT(organized(text, Dialect::kPostgresql),
              ElementsAre(Key("tables/T~2/T~2.sql"), Key("tables/t/t.sql")));
}

// Nothing between needs the first one, so they are one object in one output.
TEST(Organizer, WhatNothingStandsBetweenIsOneOutput) {
  EXPECT_THAT(organized("DROP TABLE IF EXISTS a;\nDROP TABLE IF EXISTS b;\n"
                        "CREATE TABLE a (i int primary key);\n"
                        "CREATE TABLE b (i int);\nCOMMENT ON TABLE a IS 'a';\n",
                        Dialect::kPostgresql),
              ElementsAre(Key("tables/a/a.sql"), Key("tables/b/b.sql")));
}

// The one that is made anew in between may be a need that no word tells.
TEST(Organizer, WhatIsDroppedBeforeOthersIsMadeWhereTheSourceMakesIt) {
  EXPECT_THAT(organized("DROP DOMAIN IF EXISTS b;\nDROP OPERATOR IF EXISTS === (int, int);\n"
                        "CREATE OPERATOR === (leftarg = int, rightarg = int, function = f);\n"
                        "CREATE DOMAIN b AS int CHECK (VALUE === VALUE);\n",
                        Dialect::kPostgresql),
              UnorderedElementsAre(
                  Pair("domains/b/changes/0001.sql", "DROP DOMAIN IF EXISTS b;\n"), _,
                  Pair("domains/b/b.sql", "CREATE DOMAIN b AS int CHECK (VALUE === VALUE);\n")));
}

TEST(Organizer, WhatTheClientMayPassOverStaysWhole) {
  const std::string block =
      "\\if :a\nDROP TABLE t;\n\\if :b\nINSERT INTO t VALUES (1);\n\\endif\nCREATE TABLE u (i "
      "int);\n\\endif\n";
  EXPECT_THAT(organized("CREATE TABLE t (i int);\n" + block + "INSERT INTO t VALUES (2);\n",
                        Dialect::kPostgresql),
              UnorderedElementsAre(Pair("tables/t/t.sql", "CREATE TABLE t (i int);\n"),
                                   Pair("other/0001.sql", block),
                                   Pair("tables/t/data/0001.sql", "INSERT INTO t VALUES (2);\n")));
}

// Each is there before what uses it, whatever stands before AS.
TEST(Organizer, ATypeIsDefinedBehindWhatItsAttributesAreOf) {
  EXPECT_THAT(
      organized("CREATE TYPE c OID '1';\n/\nCREATE TYPE o OID '2' AS OBJECT (r REF c);\n/\n"
                "CREATE TYPE l OID '3' AS TABLE OF o;\n/\n"
                "CREATE OR REPLACE TYPE c AUTHID DEFINER AS OBJECT (x l);\n/\n",
                Dialect::kOracle),
      UnorderedElementsAre(Pair("types/C/changes/0001.sql", "CREATE TYPE c OID '1';\n/\n"),
                           Key("types/O/O.sql"), Key("types/L/L.sql"), Key("types/C/C.sql")));
}

std::size_t outputs_of_rows_in_turn(Dialect dialect, const std::string& one,
                                    const std::string& other) {
  return organized(one + ";\n" + other + ";\n" + one + ";\n" + other + ";\n", dialect).size();
}

// LAST_INSERT_ID() is of the row before, whichever table that was in.
TEST(Organizer, RowsThatTakeAKeyOfTheRowBeforeStayBehindIt) {
  const std::vector<std::pair<Dialect, std::string>> keys = {
      {Dialect::kMysql, "Last_insert_id()"},
      {Dialect::kMysql, "@@last_insert_id"},
      {Dialect::kMysql, "@m := @m + 1"},
      {Dialect::kPostgresql, "currval ('s')"},
      {Dialect::kPostgresql, "\"currval\"('s')"},
      {Dialect::kSqlite, "Last_Insert_Rowid()"},
      {Dialect::kTsql, "SCOPE_IDENTITY()"},
      {Dialect::kTsql, "@@identity"},
      {Dialect::kOracle, "s.CURRVAL"},
      {Dialect::kDb2, "IDENTITY_VAL_LOCAL()"},
      {Dialect::kDb2, "PREVIOUS VALUE FOR s"},
      {Dialect::kFirebird, "GEN_ID(g, 0)"},
      {Dialect::kPostgresql, "nextval(pg_get_serial_sequence('a', 'i'))"},
      {Dialect::kPostgresql, "nextval('s' || 'eq')"},
      {Dialect::kMysql, "PREVIOUS VALUE FOR s"},
      {Dialect::kGeneric, "s.CurrVal"}};
  for (const auto& [dialect, key] : keys) {
    const std::string child = "INSERT INTO b (a) VALUES (" + key + ")";
    EXPECT_EQ(outputs_of_rows_in_turn(dialect, "INSERT INTO a (n) VALUES ('a')", child), 4u) << key;
  }
}

// They are the same whatever comes in between, but numbers of the same sequence.
TEST(Organizer, NumbersOfASequenceGoOnUntilAnotherTableTakesThem) {
  const std::vector<std::pair<Dialect, std::string>> numbers = {
      {Dialect::kMysql, "NEXT VALUE FOR s"},      {Dialect::kMysql, "nextval(s)"},
      {Dialect::kPostgresql, "nextval('x.s')"},   {Dialect::kPostgresql, "NextVal('s'::regclass)"},
      {Dialect::kTsql, "NEXT VALUE FOR dbo.[s]"}, {Dialect::kOracle, "s.NextVal"},
      {Dialect::kDb2, "NEXTVAL FOR s"},           {Dialect::kFirebird, "GEN_ID(s, 1)"}};
  for (const auto& [dialect, number] : numbers) {
    const std::string row = "INSERT INTO b (a) VALUES (" + number + ")";
    EXPECT_EQ(outputs_of_rows_in_turn(dialect, "INSERT INTO a (n) VALUES (1)", row), 2u) << number;
    const std::string other = "INSERT INTO a (n) VALUES (" + number + ")";
    EXPECT_EQ(outputs_of_rows_in_turn(dialect, other, row), 4u) << number;
  }
}

// They count with one sequence by default.
TEST(Organizer, RowsOfTablesThatTakeNumbersOfOneSequenceStayInTurn) {
  const std::string sequence = "CREATE SEQUENCE s;\n";
  const auto table = [](const std::string& name, const std::string& its) {
    return "CREATE TABLE " + name + " (i int DEFAULT nextval('" + its + "'), n text);\n";
  };
  const std::string a = "INSERT INTO a (n) VALUES ('a');\n";
  const std::string b = "INSERT INTO b (n) VALUES ('b');\n";
  EXPECT_THAT(
      organized(sequence + table("a", "s") + table("b", "s") + a + b + a + b, Dialect::kPostgresql),
      SizeIs(7));
  EXPECT_THAT(
      organized(sequence + table("a", "s") + table("b", "z") + a + b + a + b, Dialect::kPostgresql),
      SizeIs(5));
}

// Rows of `a` and of `b` in turn, twice, behind `setup`: two outputs, or four where they stay in
// turn.
std::size_t rows_in_turn(const std::string& setup, Dialect dialect,
                         const std::string& values = "VALUES (1)") {
  const std::string turn = "INSERT INTO a (n) VALUES (1);\nINSERT INTO b (n) " + values + ";\n";
  std::size_t rows = 0;
  for (const Draft& draft : drafts_of(setup + turn + turn, dialect)) {
    rows += draft.kind == OutputKind::kSegment;
  }
  return rows;
}

TEST(Organizer, RowsThatRunVolatileCodeStayInTurn) {
  const std::string tables = "CREATE TABLE a (i serial, n int);\nCREATE TABLE b (n int, m int);\n";
  const auto function = [](const std::string& body) {
    return "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + body +
           "; RETURN NEW; END $$;\n";
  };
  const std::string trigger = "CREATE TRIGGER t BEFORE INSERT ON b EXECUTE FUNCTION f();\n";
  const auto by_trigger = [&](const std::string& body) {
    return rows_in_turn(tables + function(body) + trigger, Dialect::kPostgresql);
  };
  EXPECT_EQ(by_trigger("NEW.m := upper('x')"), 2u);
  EXPECT_EQ(by_trigger("SELECT count(*) INTO NEW.m FROM a"), 4u);
  EXPECT_EQ(by_trigger("INSERT INTO a (n) VALUES (1)"), 4u);
  EXPECT_EQ(by_trigger("NEW.m := nextval('s')"), 4u);
  EXPECT_EQ(by_trigger("EXECUTE 'x'"), 4u);
  EXPECT_EQ(rows_in_turn(tables + trigger, Dialect::kPostgresql),
            4u);  // a body of nobody knows what
  const std::string helper =
      "CREATE FUNCTION g() RETURNS int LANGUAGE sql AS $$ SELECT max(n) FROM a $$;\n";
  EXPECT_EQ(
      rows_in_turn(tables + helper + function("NEW.m := g()") + trigger, Dialect::kPostgresql), 4u);
  EXPECT_EQ(rows_in_turn(tables + helper, Dialect::kPostgresql), 2u);
  EXPECT_EQ(rows_in_turn(tables + helper, Dialect::kPostgresql, "VALUES (g())"), 4u);
  EXPECT_EQ(rows_in_turn(tables + helper, Dialect::kPostgresql, "VALUES (now())"), 2u);
}

TEST(Organizer, RowsOfATableWhoseDefaultIsVolatileStayInTurn) {
  const auto with = [](const std::string& before, const std::string& value) {
    return rows_in_turn("CREATE TABLE a (i int, n int);\n" + before +
                            "CREATE TABLE b (m int DEFAULT " + value + ", n int);\n",
                        Dialect::kPostgresql);
  };
  EXPECT_EQ(with("", "0"), 2u);
  EXPECT_EQ(with("", "lastval()"), 4u);
  EXPECT_EQ(
      with("CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT max(n) FROM a';\n", "g()"), 4u);
}

TEST(Organizer, RowsOfADomainThatCountsStayInTurn) {
  const std::string tables =
      "CREATE DOMAIN d AS int;\nCREATE TABLE a (i d, n int);\nCREATE TABLE b (i d, n int);\n";
  EXPECT_EQ(rows_in_turn(tables, Dialect::kPostgresql), 2u);
  EXPECT_EQ(
      rows_in_turn(tables + "ALTER DOMAIN d SET DEFAULT nextval('s');\n", Dialect::kPostgresql),
      4u);
}

TEST(Organizer, RowsOfARingOfForeignKeysStayInTurn) {
  const std::string a = "CREATE TABLE a (i int PRIMARY KEY, n int);\n";
  const std::string b = "CREATE TABLE b (i int PRIMARY KEY, n int REFERENCES a);\n";
  const std::string ring = "ALTER TABLE a ADD FOREIGN KEY (n) REFERENCES b;\n";
  EXPECT_EQ(rows_in_turn(a + b, Dialect::kPostgresql), 2u);
  EXPECT_EQ(rows_in_turn(a + b + ring, Dialect::kPostgresql), 4u);
}

TEST(Organizer, BehindAStepThatMayMakeTriggersRowsStayInTurn) {
  const std::string tables = "CREATE TABLE a (i int, n int);\nCREATE TABLE b (i int, n int);\n";
  const auto block = [](const std::string& made) {
    return "DO $$ BEGIN EXECUTE format('" + made + "', 'b'); END $$;\n";
  };
  EXPECT_EQ(rows_in_turn(tables + block("ANALYZE %I"), Dialect::kPostgresql), 2u);
  EXPECT_EQ(
      rows_in_turn(tables + block("CREATE TRIGGER t BEFORE INSERT ON %I EXECUTE FUNCTION f()"),
                   Dialect::kPostgresql),
      4u);
}

TEST(Organizer, WhatATriggerRunsMayBeMadeBehindIt) {
  const std::string tables = "CREATE TABLE a (i int, n int);\nCREATE TABLE b (i int, n int);\n";
  const std::string harmless =
      "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\n";
  const std::string writes =
      "CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
      "INSERT INTO a VALUES (1); RETURN NEW; END $$;\n";
  const std::string trigger = "CREATE TRIGGER t BEFORE INSERT ON b EXECUTE FUNCTION f();\n";
  EXPECT_EQ(rows_in_turn(tables + harmless + trigger, Dialect::kPostgresql), 2u);
  EXPECT_EQ(rows_in_turn(tables + harmless + trigger + writes, Dialect::kPostgresql), 4u);
  EXPECT_EQ(rows_in_turn(writes + trigger, Dialect::kPostgresql), 4u);  // of tables made elsewhere
  EXPECT_EQ(
      rows_in_turn(tables + writes + "DO $$ BEGIN " + trigger + " END $$;\n", Dialect::kPostgresql),
      4u);
}

TEST(Organizer, RoutinesThatCallEachOtherAreReadOnce) {
  std::string routines = "CREATE TABLE a (i int, n int);\nCREATE TABLE b (i int, n int);\n";
  std::string calls;
  for (int i = 0; i < 40; ++i) calls += "PERFORM f" + std::to_string(i) + "(); ";
  for (int i = 0; i < 40; ++i) {
    routines += "CREATE FUNCTION f" + std::to_string(i) +
                "() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + calls +
                "RETURN NEW; END $$;\n";
  }
  const std::string trigger = "CREATE TRIGGER t BEFORE INSERT ON b EXECUTE FUNCTION f0();\n";
  EXPECT_EQ(rows_in_turn(routines + trigger, Dialect::kPostgresql), 2u);
}

TEST(Organizer, OrdinaryTriggersLetRowsPass) {
  const std::string tables = "CREATE TABLE a (i int, n int);\nCREATE TABLE b (i int, n int);\n";
  EXPECT_EQ(rows_in_turn(tables + "CREATE DEFINER=`root`@`localhost` TRIGGER t BEFORE INSERT ON b "
                                  "FOR EACH ROW SET NEW.n = NOW();\n",
                         Dialect::kMysql),
            2u);
  EXPECT_EQ(
      rows_in_turn(tables + "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                            "-- when the row changes, and what comes next\n"
                            "NEW.n := 1; RETURN NEW; END $$;\n"
                            "CREATE TRIGGER t BEFORE INSERT ON b EXECUTE FUNCTION f();\n",
                   Dialect::kPostgresql),
      2u);
  EXPECT_EQ(rows_in_turn(tables + "CREATE TRIGGER t AFTER INSERT ON b BEGIN "
                                  "UPDATE b SET n = 1 WHERE i = NEW.i; END;\n",
                         Dialect::kSqlite),
            2u);
}

TEST(Organizer, RowsWithATriggerThatSetsAVariableStayInTurn) {
  const std::string tables = "CREATE TABLE a (i int, n int);\nCREATE TABLE b (i int, n int);\n";
  const std::string trigger = "CREATE TRIGGER t AFTER INSERT ON b FOR EACH ROW SET ";
  EXPECT_EQ(rows_in_turn(tables + trigger + "NEW.i = 1;\n", Dialect::kMysql), 2u);
  EXPECT_EQ(rows_in_turn(tables + trigger + "@last = NEW.i;\n", Dialect::kMysql), 4u);
}

// CREATE TABLE public.t, and t: the schema that names without one are in.
TEST(Organizer, ANameWithTheDefaultSchemaIsTheSameWithout) {
  EXPECT_THAT(organized("CREATE TABLE public.t (a int);\nINSERT INTO public.t VALUES (1);\n"
                        "ALTER TABLE t RENAME TO u;\nCREATE TABLE t (z int);\n",
                        Dialect::kPostgresql),
              Contains(Pair("tables/public.t/public.t.sql", "CREATE TABLE t (z int);\n")));
}

TEST(Organizer, NulsBetweenStatementsHideNone) {
  using std::string_literals::operator""s;
  EXPECT_THAT(
      organized("CREATE TABLE a (i int);\n\0\0\nCREATE TABLE b (i int);\n"s, Dialect::kPostgresql),
      Contains(Key("tables/b/b.sql")));
}

// mariadb-dump --databases: the placeholders of all databases come before the views.
TEST(Organizer, AViewIsDroppedWhereItIsMadeAgain) {
  EXPECT_THAT(organized("CREATE DATABASE one;\nUSE one;\nCREATE TABLE d (id int);\n"
                        "CREATE VIEW vy AS SELECT NULL AS id;\n"
                        "CREATE DATABASE two;\nUSE two;\nCREATE VIEW vx AS SELECT NULL AS id;\n"
                        "USE one;\nDROP VIEW IF EXISTS vy;\n"
                        "CREATE VIEW vy AS SELECT id FROM two.vx;\n"
                        "USE two;\nDROP VIEW IF EXISTS vx;\n"
                        "CREATE VIEW vx AS SELECT id FROM one.d;\n",
                        Dialect::kMysql),
              Contains(Pair("views/two.vx/two.vx.sql",
                            "DROP VIEW IF EXISTS vx;\nCREATE VIEW vx AS SELECT id FROM one.d;\n")));
}

// The last of the rows before SET @k = LAST_INSERT_ID() are by themselves, so that nothing has to
// come between them and it.
TEST(Organizer, RowsWhoseKeyAStepTakesComeLast) {
  const std::string a = "INSERT INTO a (n) VALUES ('a');\n";
  const std::string b = "INSERT INTO b (n) VALUES ('b');\n";
  const std::string take = "SET @k = LAST_INSERT_ID();\n";
  EXPECT_THAT(organized(a + b + a + b + a + take, Dialect::kMysql),
              UnorderedElementsAre(
                  Pair("tables/a/data/0001.sql", a + a), Pair("tables/b/data/0001.sql", b + b),
                  Pair("tables/a/data/0002.sql", a), Pair("other/0001.sql", take)));
}

TEST(Organizer, ATableOrAColumnMayBeCalledLikeWhatTakesAKey) {
  const std::vector<std::pair<Dialect, std::string>> rows = {
      {Dialect::kMysql, "INSERT INTO b (t, row_count) VALUES (1, 2)"},
      {Dialect::kSqlite, "INSERT INTO changes(t, n) VALUES (1, 2)"},
      {Dialect::kSqlite, "INSERT INTO main.changes (t, rowid) VALUES (1, 'changes()')"},
      {Dialect::kTsql, "INSERT INTO b (identity_no, [next]) VALUES (1, 2)"},
      {Dialect::kOracle, "INSERT INTO b (nextval, currval) VALUES (1, 2)"},
      {Dialect::kGeneric, "INSERT INTO b (t, changes) VALUES (1, 2)"}};
  for (const auto& [dialect, row] : rows) {
    EXPECT_EQ(outputs_of_rows_in_turn(dialect, "INSERT INTO a (n) VALUES (1)", row), 2u) << row;
  }
}

TEST(Organizer, WhatTheClientMayPassOverTellsWhatItRefersTo) {
  const Drafts drafts =
      drafts_of("\\if :a\nCREATE VIEW v AS SELECT * FROM t;\n\\endif\n", Dialect::kPostgresql);
  ASSERT_THAT(drafts, SizeIs(1));
  EXPECT_THAT(drafts[0].objects, SizeIs(1));
  ASSERT_THAT(drafts[0].references, SizeIs(1));
  EXPECT_EQ(drafts[0].references[0].reference.name, "t");
}

TEST(Organizer, OnlyACommandOfTheClientOpensACondition) {
  for (const std::string line : {"\\echo 'type \\if to begin'\n", "\\! echo \\if\n"}) {
    EXPECT_THAT(organized(line + "CREATE TABLE t (i int);\n", Dialect::kPostgresql),
                UnorderedElementsAre(Pair("other/0001.sql", line), Key("tables/t/t.sql")));
  }
}

// A column may be called so.
TEST(Organizer, OnlyWhatIsInitiallyDeferredKeepsTransactions) {
  EXPECT_THAT(organized("CREATE TABLE t (deferred int);\nBEGIN;\nINSERT INTO t VALUES (1);\n"
                        "COMMIT;\nBEGIN;\nCREATE TEMP TABLE x (commit int);\nCOMMIT;\n",
                        Dialect::kPostgresql),
              SizeIs(4));
}

// It says of none what it is.
TEST(Organizer, ARenameByAProcedureIsOfWhatTheSourceDefines) {
  EXPECT_THAT(organized("CREATE PROCEDURE dbo.p AS SELECT 1\nGO\nEXEC sp_rename 'dbo.p', 'q', "
                        "'OBJECT'\nGO\nEXEC sp_rename 'dbo.t', 'u'\nGO\n",
                        Dialect::kTsql),
              ElementsAre(Key("stored_procedures/dbo.p/dbo.p.sql"), Key("tables/dbo.t/dbo.t.sql")));
}

// Where there is an old b it goes before the old a, and the new one comes behind the new a.
TEST(Organizer, ADropStandsApartWhereADropBehindItIsNeededFirst) {
  EXPECT_THAT(organized("DROP TABLE IF EXISTS b;\nDROP TABLE IF EXISTS a;\n"
                        "CREATE TABLE a (i int primary key);\n"
                        "CREATE TABLE b (i int REFERENCES a (i));\n",
                        Dialect::kPostgresql),
              ElementsAre(Key("tables/a/a.sql"), Key("tables/b/b.sql"),
                          Pair("tables/b/changes/0001.sql", "DROP TABLE IF EXISTS b;\n")));
}

TEST(Organizer, RowsThatAreReadFromATableEndTheSegments) {
  EXPECT_THAT(
      organized("INSERT INTO a VALUES (1);\nINSERT INTO b SELECT i FROM a;\n"
                "INSERT INTO a VALUES (2);\nINSERT INTO b VALUES ((SELECT max(i) FROM a));\n"
                "INSERT INTO a VALUES ('select from');\n",
                Dialect::kMysql),
      ElementsAre(Key("tables/a/data/0001.sql"), Key("tables/a/data/0002.sql"),
                  Key("tables/a/data/0003.sql"), Key("tables/b/data/0001.sql"),
                  Key("tables/b/data/0002.sql")));
}

// The sequence's rows have been counted by it.
TEST(Organizer, ASequenceIsRestartedBehindTheRows) {
  EXPECT_THAT(organized("CREATE SEQUENCE q;\nCREATE TABLE t (i int DEFAULT nextval('q'), n int);\n"
                        "INSERT INTO t (n) VALUES (1);\nALTER SEQUENCE q RESTART WITH 100;\n",
                        Dialect::kPostgresql),
              UnorderedElementsAre(Pair("sequences/q/q.sql", "CREATE SEQUENCE q;\n"),
                                   Pair("sequences/q/changes/0001.sql", HasSubstr("RESTART")),
                                   Key("tables/t/t.sql"), Key("tables/t/data/0001.sql")));
}

TEST(Organizer, StepsOfAScriptDoNotCutRowsIntoPieces) {
  const std::string text =
      "SET IDENTITY_INSERT t ON\nGO\nINSERT t VALUES (1)\nGO\nprint 'Processed 100 total "
      "records'\nINSERT t VALUES (2)\nGO\nSET IDENTITY_INSERT t OFF\nGO\n";
  EXPECT_THAT(organized(text, Dialect::kTsql), ElementsAre(Pair("tables/t/data/0001.sql", text)));
}

TEST(Organizer, VeryManyTurnsAreKeptAsTheyStand) {
  std::string text;
  for (int i = 0; i < 60000; ++i) text += "INSERT INTO a VALUES (1);\nINSERT INTO b VALUES (1);\n";
  const auto outputs = organized(text, Dialect::kMysql);
  EXPECT_THAT(outputs, ElementsAre(Key("other/0001.sql"), Key("tables/a/data/0001.sql"),
                                   Key("tables/b/data/0001.sql")));
}

TEST(Organizer, TablesOfOneNameInTwoDatabasesAreTwo) {
  EXPECT_THAT(
      organized("USE d1;\nCREATE TABLE u (i int);\nUSE d2;\nCREATE TABLE u (i int);\nGRANT SELECT "
                "ON d2.u TO x;\n",
                Dialect::kMysql),
      ElementsAre(Key("other/0001.sql"), Key("other/0002.sql"), Key("tables/d1.u/d1.u.sql"),
                  Key("tables/d2.u/d2.u.sql"), Key("tables/d2.u/grants/u.sql")));
  EXPECT_THAT(
      organized("USE A\nGO\nCREATE TABLE dbo.t (i int)\nGO\nUSE B\nGO\nCREATE TABLE dbo.t (i "
                "int)\nGO\n",
                Dialect::kTsql),
      ElementsAre(Key("other/0001.sql"), Key("other/0002.sql"), Key("tables/A.dbo.t/A.dbo.t.sql"),
                  Key("tables/B.dbo.t/B.dbo.t.sql")));
  EXPECT_THAT(organized("USE d;\nCREATE TABLE u (i int);\n", Dialect::kMysql),
              ElementsAre(Key("other/0001.sql"), Key("tables/u/u.sql")));
}

// The only one, or the first, is taken for the session's.
TEST(Organizer, ATableOfBigqueryIsTheSameWithAndWithoutItsProject) {
  EXPECT_THAT(
      organized("INSERT d.t VALUES (0);\nCREATE TABLE `p.d.t` (i INT64);\nCREATE SEARCH INDEX "
                "s ON d.t(ALL COLUMNS);\nINSERT `p`.d.t VALUES (1);\n",
                Dialect::kBigquery),
      UnorderedElementsAre(Key("tables/d.t/d.t.sql"), Key("tables/d.t/search_indexes/s.sql"),
                           Key("tables/d.t/data/0001.sql"), Key("tables/d.t/data/0002.sql")));
  EXPECT_THAT(organized("CREATE TABLE p.d.t (i INT64);\nCREATE TABLE q.d.t (i INT64);\nCREATE "
                        "SEARCH INDEX s ON d.t(ALL COLUMNS);\n",
                        Dialect::kBigquery),
              UnorderedElementsAre(Key("tables/p.d.t/p.d.t.sql"), Key("tables/q.d.t/q.d.t.sql"),
                                   Key("tables/p.d.t/search_indexes/s.sql")));
}

TEST(Organizer, AnIndexOfAClusterLiesWithIt) {
  EXPECT_THAT(
      organized("CREATE CLUSTER c (i NUMBER);\nCREATE INDEX x ON CLUSTER c;\n", Dialect::kOracle),
      ElementsAre(Key("clusters/C/C.sql"), Key("clusters/C/indexes/X.sql")));
}

TEST(Organizer, WhatIsSaidOfAnOverloadGoesToIt) {
  EXPECT_THAT(
      organized("CREATE FUNCTION f(a int) RETURNS int AS '' LANGUAGE sql;\nCREATE FUNCTION "
                "f(a text) RETURNS int AS '' LANGUAGE sql;\nALTER FUNCTION f(a text) OWNER TO "
                "o;\nGRANT ALL ON FUNCTION f(a text) TO u;\n",
                Dialect::kPostgresql),
      ElementsAre(Key("functions/f/f.sql"),
                  Pair("functions/f~2/f~2.sql", ::testing::HasSubstr("OWNER TO")),
                  Key("functions/f~2/grants/f.sql")));
}

TEST(Organizer, AnIndexIsFoundAgainWithoutItsTable) {
  EXPECT_THAT(organized("CREATE INDEX i ON app.t (a);\nALTER INDEX app.i SET (fillfactor = 70);\n",
                        Dialect::kPostgresql),
              ElementsAre(Key("tables/app.t/indexes/i.sql")));
}

TEST(Organizer, AChildIsFoundAgainInItsSchemaOnly) {
  EXPECT_THAT(organized("CREATE INDEX i ON s1.t (a);\nCREATE INDEX i ON s2.t (a);\n"
                        "COMMENT ON INDEX s2.i IS 'x';\n",
                        Dialect::kPostgresql),
              ElementsAre(Key("tables/s1.t/indexes/i.sql"),
                          Pair("tables/s2.t/indexes/i.sql",
                               "CREATE INDEX i ON s2.t (a);\nCOMMENT ON INDEX s2.i IS 'x';\n")));
  EXPECT_THAT(
      organized("CREATE TRIGGER a.tr BEFORE INSERT ON a.t BEGIN NULL; END;\n/\nCREATE TRIGGER b.tr "
                "BEFORE INSERT ON b.t BEGIN NULL; END;\n/\nALTER TRIGGER b.tr DISABLE;\n",
                Dialect::kOracle),
      ElementsAre(Key("tables/A.T/triggers/TR.sql"),
                  Pair("tables/B.T/triggers/TR.sql", HasSubstr("DISABLE"))));
  // The definition leaves to the session which schema it is.
  EXPECT_THAT(organized("CREATE INDEX i ON t (a);\nALTER INDEX hr.i REBUILD;\n", Dialect::kOracle),
              ElementsAre(Key("tables/T/indexes/I.sql")));
}

TEST(Organizer, AnOverloadIsFoundAgainByAnotherSpellingOfItsTypes) {
  EXPECT_THAT(
      organized("CREATE FUNCTION g(text) RETURNS int LANGUAGE sql AS 'SELECT 1';\nCREATE FUNCTION "
                "g(int, varchar(9)) RETURNS int LANGUAGE sql AS 'SELECT 1';\nCOMMENT ON FUNCTION "
                "g(integer, character varying) IS 'x';\n",
                Dialect::kPostgresql),
      ElementsAre(Pair(_, Not(HasSubstr("COMMENT"))), Pair(_, HasSubstr("COMMENT"))));
}

TEST(Organizer, WhatACommentIsOnTellsItsDefinition) {
  EXPECT_THAT(organized("CREATE TYPE s.c AS (a int);\nCOMMENT ON COLUMN s.c.a IS 'x';\n",
                        Dialect::kPostgresql),
              ElementsAre(Key("types/s.c/s.c.sql")));
  EXPECT_THAT(organized("CREATE DOMAIN s.d AS int CONSTRAINT k CHECK (VALUE > 0);\nCOMMENT ON "
                        "CONSTRAINT k ON DOMAIN s.d IS 'x';\n",
                        Dialect::kPostgresql),
              ElementsAre(Key("domains/s.d/constraints/k.sql"), Key("domains/s.d/s.d.sql")));
  EXPECT_THAT(organized("CREATE SCHEMA s CREATE VIEW v AS SELECT 1;\nGRANT SELECT ON s.v TO u;\n",
                        Dialect::kPostgresql),
              ElementsAre(Key("schemas/s/s.sql"), Key("views/s.v/grants/v.sql")));
}

TEST(Organizer, AMappingLiesWithItsServer) {
  EXPECT_THAT(
      organized("CREATE SERVER srv FOREIGN DATA WRAPPER w;\nCREATE USER MAPPING FOR u SERVER "
                "srv;\n",
                Dialect::kPostgresql),
      ElementsAre(Key("servers/srv/srv.sql"), Key("servers/srv/user_mappings/u.sql")));
}

TEST(Organizer, AMaterializedViewIsAlteredApart) {
  EXPECT_THAT(
      organized("CREATE MATERIALIZED VIEW v AS SELECT 1 AS i;\nCREATE INDEX x ON v (i);\nALTER "
                "TABLE v CLUSTER ON x;\n",
                Dialect::kPostgresql),
      SizeIs(3));
}

TEST(Organizer, MainIsTheSchemaOfSqlite) {
  EXPECT_THAT(
      organized("CREATE TABLE t (i int);\nCREATE INDEX main.x ON t (i);\nINSERT INTO main.t "
                "VALUES (1);\n",
                Dialect::kSqlite),
      ElementsAre(Key("tables/t/data/0001.sql"), Key("tables/t/indexes/x.sql"),
                  Key("tables/t/t.sql")));
}

TEST(Organizer, GrantsOnAMysqlDatabaseLieWithIt) {
  EXPECT_THAT(organized("CREATE DATABASE a;\nGRANT ALL ON a.* TO u;\n", Dialect::kMysql),
              ElementsAre(Key("databases/a/a.sql"), Key("databases/a/grants/a.sql")));
}

TEST(Organizer, WhatTheServerHoldsIsInNoDatabase) {
  EXPECT_THAT(organized("USE master\nGO\nCREATE DATABASE Shop\nGO\nUSE SHOP\nGO\nUSE Shop\nGO\n"
                        "CREATE TABLE dbo.T (i int)\nGO\n",
                        Dialect::kTsql),
              ElementsAre(Key("databases/Shop/Shop.sql"), Key("other/0001.sql"),
                          Key("other/0002.sql"), Key("tables/dbo.T/dbo.T.sql")));
}

TEST(Organizer, AGrantToAUserLiesWithTheUser) {
  EXPECT_THAT(
      organized("CREATE USER hr IDENTIFIED BY x;\nGRANT CREATE SESSION TO hr;\n", Dialect::kOracle),
      ElementsAre(Key("users/HR/HR.sql"), Key("users/HR/grants/HR.sql")));
}

TEST(Organizer, LinesThatEndInACarriageReturnAreLines) {
  EXPECT_THAT(
      organized("CREATE TABLE a (i int); -- a\rCREATE TABLE b (i int);\r", Dialect::kMysql),
      ElementsAre(Pair("tables/a/a.sql", "CREATE TABLE a (i int); -- a\r"), Key("tables/b/b.sql")));
}

TEST(Organizer, WhatIsSaidOfAnObjectGoesToIt) {
  EXPECT_THAT(
      organized("CREATE TABLE s.t (i int);\nCREATE VIEW s.v AS SELECT 1;\nALTER TABLE s.v "
                "OWNER TO o;\nCOMMENT ON TABLE s.t IS 'x';\nCOMMENT ON COLUMN s.t.i IS 'y';\n"
                "GRANT SELECT ON s.v TO u;\n",
                Dialect::kPostgresql),
      ElementsAre(Pair("tables/s.t/s.t.sql",
                       "CREATE TABLE s.t (i int);\nCOMMENT ON TABLE s.t IS 'x';\nCOMMENT ON "
                       "COLUMN s.t.i IS 'y';\n"),
                  Key("views/s.v/grants/v.sql"),
                  Pair("views/s.v/s.v.sql",
                       "CREATE VIEW s.v AS SELECT 1;\nALTER TABLE s.v OWNER TO o;\n")));
}

// PostgreSQL takes ALTER TABLE for any relation.
TEST(Organizer, WhatAnAlterTableIsOfItsDefinitionTells) {
  const Drafts drafts =
      drafts_of("CREATE VIEW v AS SELECT 1;\nALTER TABLE v OWNER TO o;\n", Dialect::kPostgresql);
  ASSERT_THAT(drafts, SizeIs(1));
  ASSERT_THAT(drafts[0].objects, SizeIs(2));
  EXPECT_EQ(drafts[0].objects[1].type, "view");
}

// pg_depend of what they made; the check before a definition and the rows behind it are nobody's.
TEST(Organizer, WhatABlockOrABatchMakesSaysItsOwnText) {
  EXPECT_THAT(said("DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type) THEN\n"
                   "CREATE VIEW v AS SELECT 1 FROM a; CREATE VIEW w AS SELECT 1 FROM b; END IF;\n"
                   "DELETE FROM c; EXECUTE 'CREATE VIEW x AS SELECT 1 FROM d'; END $$;",
                   Dialect::kPostgresql),
              ElementsAre("v reads a", "w reads b", "x reads d"));
  EXPECT_THAT(said("IF NOT EXISTS (SELECT * FROM sys.views)\n"
                   "EXEC dbo.sp_executesql @statement = N'CREATE VIEW v AS SELECT 1 FROM a'\nGO\n"
                   "EXEC('CREATE VIEW w AS SELECT 1 FROM b')\nGO\n"
                   "IF OBJECT_ID('t') IS NULL BEGIN\n"
                   "CREATE TABLE t (i int CONSTRAINT k REFERENCES u (i))\n"
                   "INSERT INTO t SELECT i FROM s\nEND\n",
                   Dialect::kTsql),
              ElementsAre("v reads a", "w reads b", "k references u"));
  EXPECT_THAT(said("BEGIN EXECUTE IMMEDIATE 'CREATE VIEW v AS SELECT 1 FROM a'; DELETE FROM c; "
                   "END;\n/\n",
                   Dialect::kOracle),
              ElementsAre("V reads A"));
}

TEST(Organizer, AModuleBehindAnotherStatementHasTheRestOfItsBatch) {
  EXPECT_THAT(said("DECLARE @i int\nCREATE PROCEDURE p AS\nSELECT 1\nSELECT 2 FROM t\n"
                   "EXEC q\n",
                   Dialect::kTsql),
              ElementsAre("p reads t", "p calls q"));
}

TEST(Organizer, OfAStringTheLinesAreThoseOfTheSource) {
  const auto drafts = drafts_of(
      "DO $$ BEGIN\n CREATE VIEW v AS\n SELECT 1 FROM a;\n\n"
      " EXECUTE 'CREATE VIEW w AS\n SELECT 1 FROM b'; END $$;",
      Dialect::kPostgresql);
  std::vector<std::uint64_t> lines;
  for (const Draft& draft : drafts) {
    for (const DraftReference& one : draft.references) lines.push_back(one.reference.line);
  }
  EXPECT_THAT(lines, ElementsAre(3, 6));
}

TEST(Organizer, WhatMakesAJobSaysWhatItRuns) {
  EXPECT_THAT(said("BEGIN\n"
                   "DBMS_SCHEDULER.CREATE_PROGRAM('pr', 'PLSQL_BLOCK', 'BEGIN a; END;');\n"
                   "DBMS_SCHEDULER.CREATE_JOB('j', 'pr', 's');\nEND;\n/\n",
                   Dialect::kOracle),
              ElementsAre("PR calls A", "J uses PR", "J uses S"));
  EXPECT_THAT(said("DECLARE @j binary(16)\n"
                   "EXEC msdb.dbo.sp_add_category @class = N'JOB', @name = N'c'\n"
                   "EXEC msdb.dbo.sp_add_job @job_name = N'j', @job_id = @j OUTPUT\n"
                   "EXEC msdb.dbo.sp_add_jobstep @job_id = @j, @command = N'EXEC dbo.p'\n",
                   Dialect::kTsql),
              ElementsAre("j calls p"));
}

TEST(Organizer, WhatACreateSchemaMakesIsLookedForInThatFirst) {
  const Drafts drafts = drafts_of(
      "SET search_path = a, b;\nCREATE SCHEMA s CREATE TABLE t (i int) CREATE VIEW v AS TABLE t;\n",
      Dialect::kPostgresql);
  ASSERT_THAT(drafts, SizeIs(2));
  ASSERT_THAT(drafts[1].objects, SizeIs(3));
  EXPECT_THAT(drafts[1].objects[2].search_path, ElementsAre("s", "a", "b"));
}

// The kinds of routines share their names there; ROUTINE says none of them.
TEST(Organizer, WhatIsSaidOfARoutineGoesToTheOneThatIsDefined) {
  const Drafts drafts = drafts_of(
      "CREATE FUNCTION p(text) RETURNS int LANGUAGE sql AS 'SELECT 1';\n"
      "CREATE PROCEDURE p(a int) LANGUAGE sql AS 'SELECT 1';\n"
      "CREATE AGGREGATE g(int) (sfunc = int4pl, stype = int);\n"
      "ALTER ROUTINE p(integer) OWNER TO o;\n"
      "COMMENT ON ROUTINE p(int) IS 'p';\n"
      "DROP ROUTINE p(int);\n"
      "ALTER ROUTINE g OWNER TO o;\n"
      "GRANT EXECUTE ON ROUTINE p(int) TO o;\n",
      Dialect::kPostgresql);
  std::vector<std::string> said;
  for (const Draft& draft : drafts) {
    for (const ObjectRef& object : draft.objects) {
      said.push_back(draft.own.type + " <- " + std::string(action_name(object.action)) + " " +
                     std::string(object.type));
    }
  }
  EXPECT_THAT(said, ElementsAre("function <- create function", "procedure <- create procedure",
                                "procedure <- alter procedure", "procedure <- comment procedure",
                                "procedure <- drop procedure", "aggregate <- create aggregate",
                                "aggregate <- alter aggregate", "grant <- grant grant"));
  EXPECT_THAT(organized("CREATE FUNCTION p(text) RETURNS int LANGUAGE sql AS 'SELECT 1';\n"
                        "CREATE PROCEDURE p(a int) LANGUAGE sql AS 'SELECT 1';\n"
                        "GRANT EXECUTE ON ROUTINE p(int) TO o;\n",
                        Dialect::kPostgresql),
              ElementsAre(Pair("functions/p/p.sql", _), Pair("stored_procedures/p/grants/p.sql", _),
                          Pair("stored_procedures/p/p.sql", _)));
}

TEST(Organizer, ChildrenFindAParentThatComesLater) {
  EXPECT_THAT(organized("CREATE INDEX i ON v (a)\nGO\nCREATE VIEW v AS SELECT 1 AS a\nGO\n",
                        Dialect::kTsql),
              ElementsAre(Key("views/v/indexes/i.sql"), Key("views/v/v.sql")));
}

TEST(Organizer, TheDefaultSchemaIsTheSameAsNone) {
  EXPECT_THAT(
      organized("CREATE TABLE T (i int)\nGO\nINSERT dbo.t VALUES (1)\nGO\n", Dialect::kTsql),
      ElementsAre(Key("tables/T/T.sql"), Key("tables/T/data/0001.sql")));
}

TEST(Organizer, SpecAndBodyAreOnePackage) {
  EXPECT_THAT(organized("CREATE PACKAGE p AS\nEND;\n/\nCREATE PACKAGE BODY p AS\nEND;\n/\n",
                        Dialect::kOracle),
              ElementsAre(Key("packages/P/P.sql")));
}

TEST(Organizer, OverloadsAreObjectsOfTheirOwn) {
  EXPECT_THAT(organized("CREATE FUNCTION f(a int) RETURNS int AS '' LANGUAGE sql;\nCREATE FUNCTION "
                        "f(a text) RETURNS int AS '' LANGUAGE sql;\n",
                        Dialect::kPostgresql),
              ElementsAre(Key("functions/f/f.sql"), Key("functions/f~2/f~2.sql")));
}

TEST(Organizer, UnnamedConstraintsAreKeptApart) {
  EXPECT_THAT(
      organized("ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u (a);\nALTER TABLE t ADD "
                "FOREIGN KEY (b) REFERENCES u (b);\n",
                Dialect::kMysql),
      ElementsAre(Key("tables/t/foreign_keys/t.sql"), Key("tables/t/foreign_keys/t~2.sql")));
}

TEST(Organizer, ASequenceThatAColumnOwnsIsAtItsTable) {
  const auto outputs = organized(
      "CREATE SEQUENCE a;\nCREATE TABLE t (i int DEFAULT nextval('a'));\nCREATE INDEX x ON t (i);\n"
      "ALTER SEQUENCE a OWNED BY t.i;\nGRANT USAGE ON SEQUENCE a TO public;\n"
      "CREATE SEQUENCE b OWNED BY t.i;\nCOMMENT ON SEQUENCE b IS 'b';\n"
      "DROP SEQUENCE IF EXISTS c;\nCREATE SEQUENCE c OWNED BY t.i;\nCREATE SEQUENCE d;\n",
      Dialect::kPostgresql);
  EXPECT_THAT(outputs, UnorderedElementsAre(
                           Key("tables/t/t.sql"), Key("tables/t/indexes/x.sql"),
                           Key("tables/t/sequences/a.sql"),
                           // Its column may need the sequence as it was.
                           Pair("tables/t/changes/0001.sql", "ALTER SEQUENCE a OWNED BY t.i;\n"),
                           Key("tables/t/grants/a.sql"),
                           Pair("tables/t/sequences/b.sql",
                                "CREATE SEQUENCE b OWNED BY t.i;\n"
                                "COMMENT ON SEQUENCE b IS 'b';\n"),
                           Pair("tables/t/sequences/c.sql",
                                "DROP SEQUENCE IF EXISTS c;\n"
                                "CREATE SEQUENCE c OWNED BY t.i;\n"),
                           Key("sequences/d/d.sql")));
}

TEST(Organizer, SequencesThatOwnEachOtherEndSomewhere) {
  EXPECT_THAT(organized("CREATE SEQUENCE a OWNED BY b.i;\nCREATE SEQUENCE b OWNED BY a.i;\n"
                        "CREATE SEQUENCE c OWNED BY c.i;\n",
                        Dialect::kPostgresql),
              SizeIs(3));
}

TEST(Organizer, PropertiesOfOneNameBelongToTheColumnOrTableTheyAreOf) {
  const std::string at = "EXEC sp_addextendedproperty 'D', 'x', 'SCHEMA', 'dbo', 'TABLE', 't'";
  EXPECT_THAT(
      organized("CREATE TABLE dbo.t (a int, b int)\nGO\n" + at + "\nGO\n" + at +
                    ", 'COLUMN', 'a'\nGO\n" + at + ", 'COLUMN', 'b'\nGO\n" +
                    "EXEC sp_addextendedproperty 'D', 'of the database'\nGO\n" +
                    "EXEC sp_updateextendedproperty 'D', 'y', 'SCHEMA', 'dbo', 'TABLE', 't', "
                    "'COLUMN', 'a'\nGO\n",
                Dialect::kTsql),
      UnorderedElementsAre(Key("tables/dbo.t/dbo.t.sql"), Key("tables/dbo.t/properties/D.sql"),
                           Pair("tables/dbo.t/properties/a.D.sql",
                                at + ", 'COLUMN', 'a'\nGO\nEXEC sp_updateextendedproperty 'D', "
                                     "'y', 'SCHEMA', 'dbo', 'TABLE', 't', 'COLUMN', 'a'\nGO\n"),
                           Key("tables/dbo.t/properties/b.D.sql"), Key("properties/D/D.sql")));
}

TEST(Organizer, AProgramStaysWhole) {
  const std::string text = "DECLARE @i int = 1\nINSERT t VALUES (@i)\nUPDATE t SET a = 1\nGO\n";
  EXPECT_THAT(organized(text, Dialect::kTsql), ElementsAre(Pair("other/0001.sql", text)));
}

// pg_dump says FUNCTION of an aggregate in GRANT; the server has one list of names for both.
TEST(Organizer, AnAggregateIsGrantedAsAFunction) {
  EXPECT_THAT(
      organized(
          "CREATE AGGREGATE s.a(integer) (SFUNC = f, STYPE = int);\n"
          "GRANT ALL ON FUNCTION s.a(int4) TO PUBLIC;\nCOMMENT ON FUNCTION s.a(int) IS 'x';\n",
          Dialect::kPostgresql),
      UnorderedElementsAre(Key("aggregates/s.a/s.a.sql"), Key("aggregates/s.a/grants/a.sql")));
}

// The types as the script spells them, or as the catalogue has them.
TEST(Organizer, ALengthTellsNoOverloadsApart) {
  EXPECT_THAT(organized("CREATE FUNCTION f(a numeric(10,2), b text[]) RETURNS int AS '';\n"
                        "CREATE FUNCTION f(a numeric) RETURNS int AS '';\n"
                        "COMMENT ON FUNCTION f(numeric, text[]) IS 'y';\n",
                        Dialect::kPostgresql),
              UnorderedElementsAre(Pair("functions/f/f.sql", HasSubstr("IS 'y'")),
                                   Pair("functions/f~2/f~2.sql", Not(HasSubstr("COMMENT")))));
}

// What is put into one output and what it undoes must not be torn apart: each file runs by itself.
TEST(Organizer, ATransactionEndsInTheOutputInWhichItBegins) {
  EXPECT_THAT(
      organized("BEGIN;\nCREATE TABLE a (i int);\nCREATE TABLE b (i int);\n"
                "INSERT INTO a VALUES (1);\nCOMMIT;\nINSERT INTO a VALUES (2);\n"
                "START TRANSACTION;\nINSERT INTO b VALUES (3);\nSAVEPOINT s;\n"
                "INSERT INTO b VALUES (4);\nRELEASE s;\nCOMMIT;\n",
                Dialect::kPostgresql),
      UnorderedElementsAre(
          Pair("other/0001.sql", "BEGIN;\nCOMMIT;\n"), Key("tables/a/a.sql"), Key("tables/b/b.sql"),
          Pair("tables/a/data/0001.sql",
               "INSERT INTO a VALUES (1);\nINSERT INTO a VALUES (2);\nSTART TRANSACTION;\n"
               "SAVEPOINT s;\nRELEASE s;\nCOMMIT;\n"),
          Pair("tables/b/data/0001.sql",
               "INSERT INTO b VALUES (3);\nINSERT INTO b VALUES (4);\n")));
}

// What a ROLLBACK undoes has never been.
TEST(Organizer, ATransactionThatIsUndoneStaysWhole) {
  const std::string undone =
      "BEGIN;\nCREATE TABLE x (i int);\nINSERT INTO a VALUES (1);\nROLLBACK;\n";
  const std::string kept = "CREATE TABLE x (j int);\n";
  EXPECT_THAT(organized(undone + kept, Dialect::kPostgresql),
              UnorderedElementsAre(Pair("other/0001.sql", undone), Pair("tables/x/x.sql", kept)));
  const std::string in_part =
      "BEGIN;\nCREATE TABLE a (i int);\nSAVEPOINT s;\nDROP TABLE a;\nCREATE TABLE x (i int);\n"
      "ROLLBACK TO SAVEPOINT s;\nCOMMIT;\n";
  const Drafts drafts = drafts_of(in_part, Dialect::kPostgresql);
  ASSERT_THAT(drafts, SizeIs(1));
  ASSERT_THAT(drafts[0].objects, SizeIs(1));
  EXPECT_EQ(drafts[0].objects[0].name, "a");
}

TEST(Organizer, ARollbackOfABodyOrOfAnotherTransactionUndoesNothing) {
  const std::string table = "CREATE TABLE a (i int);\n";
  const std::string body =
      "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN\nROLLBACK;\nEND $$;\n";
  EXPECT_THAT(organized("BEGIN;\n" + table + body + "COMMIT;\n", Dialect::kPostgresql),
              Contains(Key("tables/a/a.sql")));
  EXPECT_THAT(organized("BEGIN;\n" + table + "COMMIT;\nBEGIN;\nROLLBACK;\n", Dialect::kPostgresql),
              Contains(Key("tables/a/a.sql")));
  EXPECT_THAT(organized("BEGIN;\n" + table + "COPY a FROM stdin;\nROLLBACK;\n\\.\nCOMMIT;\n",
                        Dialect::kPostgresql),
              Contains(Key("tables/a/a.sql")));
  EXPECT_THAT(
      organized("START TRANSACTION;\n" + table +
                    "DELIMITER //\nCREATE PROCEDURE p() BEGIN\nROLLBACK;\nEND//\nDELIMITER ;"
                    "\nCOMMIT;\n",
                Dialect::kMysql),
      Contains(Key("tables/a/a.sql")));
}

TEST(Organizer, WhereATransactionEndsTellTheClientAndTheServer) {
  const std::string a = "CREATE TABLE a (i int);\n", rolled = "BEGIN;\nSELECT 1;\nROLLBACK;\n";
  const auto has_a = [](const std::string& text, Dialect dialect) {
    return organized(text, dialect).contains("tables/a/a.sql");
  };
  EXPECT_TRUE(has_a("BEGIN;\n" + a + "\\echo done\nCOMMIT;\n" + rolled, Dialect::kPostgresql));
  EXPECT_TRUE(has_a("BEGIN;\n" + a + ".print done\nCOMMIT;\n" + rolled, Dialect::kSqlite));
  EXPECT_TRUE(has_a("START TRANSACTION;\n" + a + "INSERT INTO b VALUES (1);\nROLLBACK;\n",
                    Dialect::kMysql));
  EXPECT_FALSE(has_a("BEGIN;\n" + a + rolled, Dialect::kPostgresql));  // of a BEGIN it warns
  EXPECT_TRUE(has_a("BEGIN;\n" + a + rolled, Dialect::kMysql));
  EXPECT_FALSE(
      has_a("BEGIN;\n" + a + "COPY a FROM stdin;\nit's\n\\.\nROLLBACK;\n", Dialect::kPostgresql));
  EXPECT_TRUE(has_a("BEGIN;\n" + a + "COPY a FROM stdin;\nit's\n\\.\nCOMMIT;\n" + rolled,
                    Dialect::kPostgresql));
  EXPECT_FALSE(has_a("BEGIN;\nSAVEPOINT s;\n" + a +
                         "SAVEPOINT s;\nSELECT 1;\nRELEASE s;\nROLLBACK TO s;\nCOMMIT;\n",
                     Dialect::kPostgresql));
}

// A COPY of more than a segment is cut by a way of its own.
TEST(Organizer, ATransactionBeginsBehindTheLastSegmentOfALongCopy) {
  EXPECT_THAT(
      organized("BEGIN;\nCOPY a FROM stdin;\n1\n2\n3\n4\n\\.\nCOMMIT;\nBEGIN;\nCOMMIT;\n",
                Dialect::kPostgresql, 24),
      UnorderedElementsAre(Pair("other/0001.sql", "BEGIN;\nCOMMIT;\n"),
                           Pair("tables/a/data/0001.sql", HasSubstr("COPY a FROM stdin;\n")),
                           Pair("tables/a/data/0002.sql", HasSubstr("\\.\nBEGIN;\nCOMMIT;\n"))));
}

// Rows in very many transactions: behind the first one each lies whole with the rows.
TEST(Organizer, TransactionsBetweenRowsStayWithThem) {
  EXPECT_THAT(organized("BEGIN TRAN\nGO\nINSERT a VALUES (1)\nGO\nCOMMIT\nGO\nBEGIN TRAN\nGO\n"
                        "INSERT a VALUES (2)\nGO\nCOMMIT TRAN\nGO\n",
                        Dialect::kTsql),
              UnorderedElementsAre(Pair("other/0001.sql", "BEGIN TRAN\nGO\nCOMMIT\nGO\n"),
                                   Pair("tables/a/data/0001.sql",
                                        "INSERT a VALUES (1)\nGO\nBEGIN TRAN\nGO\nINSERT a "
                                        "VALUES (2)\nGO\nCOMMIT TRAN\nGO\n")));
}

// What holds as long as the transaction does has to hold for all that stands in it.
TEST(Organizer, ATransactionThatHoldsSomethingEndsWhereTheSourceEndsIt) {
  for (const std::string step :
       {"CREATE TEMP TABLE x (i int) ON COMMIT DROP;\n", "SET LOCAL timezone = 'UTC';\n",
        "SET CONSTRAINTS ALL DEFERRED;\n", "SELECT set_config('a.b', 'c', true);\n",
        "LOCK TABLE a;\n", "DECLARE c CURSOR FOR SELECT 1;\n"}) {
    EXPECT_THAT(organized("BEGIN;\n" + step +
                              "INSERT INTO a VALUES (1);\nSAVEPOINT p;\nINSERT INTO b VALUES "
                              "(2);\nCOMMIT;\n",
                          Dialect::kPostgresql),
                UnorderedElementsAre(Pair("other/0001.sql", "BEGIN;\n" + step),
                                     Pair("tables/a/data/0001.sql", "INSERT INTO a VALUES (1);\n"),
                                     Pair("other/0002.sql", "SAVEPOINT p;\n"),
                                     Pair("tables/b/data/0001.sql", "INSERT INTO b VALUES (2);\n"),
                                     Pair("other/0003.sql", "COMMIT;\n")))
        << step;
  }
}

TEST(Organizer, WhatTheSessionKeepsHoldsNoTransaction) {
  for (const std::string step :
       {"SELECT set_config('a.b', 'c', false);\n", "CREATE TEMP TABLE x (i int);\n",
        "CREATE TEMP TABLE x (i int) ON COMMIT PRESERVE ROWS;\n", "UPDATE a SET i = 1;\n"}) {
    EXPECT_THAT(
        organized("BEGIN;\n" + step + "INSERT INTO a VALUES (1);\nCOMMIT;\n", Dialect::kPostgresql),
        UnorderedElementsAre(Pair("other/0001.sql", "BEGIN;\n" + step + "COMMIT;\n"),
                             Pair("tables/a/data/0001.sql", "INSERT INTO a VALUES (1);\n")))
        << step;
  }
}

// The rows of each transaction together are what the constraint lets in.
TEST(Organizer, WhereConstraintsAreDeferredTransactionsKeepTheirRows) {
  EXPECT_THAT(organized("CREATE TABLE a (i int REFERENCES b DEFERRABLE INITIALLY DEFERRED);\n"
                        "BEGIN;\nINSERT INTO a VALUES (1);\nINSERT INTO b VALUES (1);\nCOMMIT;\n"
                        "BEGIN;\nINSERT INTO a VALUES (2);\nCOMMIT;\n",
                        Dialect::kSqlite),
              UnorderedElementsAre(Key("tables/a/a.sql"), Pair("other/0001.sql", "BEGIN;\n"),
                                   Pair("tables/a/data/0001.sql", "INSERT INTO a VALUES (1);\n"),
                                   Pair("tables/b/data/0001.sql", "INSERT INTO b VALUES (1);\n"),
                                   Pair("other/0002.sql", "COMMIT;\nBEGIN;\n"),
                                   Pair("tables/a/data/0002.sql", "INSERT INTO a VALUES (2);\n"),
                                   Pair("other/0003.sql", "COMMIT;\n")));
}

// An extension brings what no statement names.
TEST(Organizer, WhatFollowsAnExtensionIsMadeBehindIt) {
  EXPECT_THAT(
      organized("DROP TABLE IF EXISTS t;\nDROP EXTENSION IF EXISTS e;\nDROP SCHEMA IF "
                "EXISTS s;\nCREATE SCHEMA s;\nCREATE EXTENSION e WITH SCHEMA s;\nCREATE "
                "TABLE t (i s.x);\n",
                Dialect::kPostgresql),
      UnorderedElementsAre(Pair("tables/t/changes/0001.sql", "DROP TABLE IF EXISTS t;\n"),
                           Pair("extensions/e/changes/0001.sql", "DROP EXTENSION IF EXISTS e;\n"),
                           Pair("schemas/s/s.sql", "DROP SCHEMA IF EXISTS s;\nCREATE SCHEMA s;\n"),
                           Pair("extensions/e/e.sql", "CREATE EXTENSION e WITH SCHEMA s;\n"),
                           Pair("tables/t/t.sql", "CREATE TABLE t (i s.x);\n")));
}

TEST(Organizer, WhatHangsOnAServerIsDroppedBeforeIt) {
  EXPECT_THAT(
      organized("DROP USER MAPPING FOR u SERVER r;\nDROP SERVER r;\nCREATE SERVER r FOREIGN DATA "
                "WRAPPER w;\nCREATE USER MAPPING FOR u SERVER r;\n",
                Dialect::kPostgresql),
      UnorderedElementsAre(
          Pair("servers/r/changes/0001.sql", "DROP USER MAPPING FOR u SERVER r;\n"),
          Pair("servers/r/r.sql", "DROP SERVER r;\nCREATE SERVER r FOREIGN DATA WRAPPER w;\n"),
          Pair("servers/r/user_mappings/u.sql", "CREATE USER MAPPING FOR u SERVER r;\n")));
}

// pg_dump --clean: over a database that has them, the view must not rest on the key.
TEST(Organizer, AViewOverNothingMakesWayForTheDropsBehindIt) {
  EXPECT_THAT(
      organized("CREATE OR REPLACE VIEW v AS SELECT NULL::int AS i;\nDROP TABLE IF EXISTS "
                "t;\nCREATE TABLE t (i int);\nCREATE OR REPLACE VIEW v AS SELECT i FROM "
                "t;\n",
                Dialect::kPostgresql),
      UnorderedElementsAre(
          Pair("views/v/changes/0001.sql", "CREATE OR REPLACE VIEW v AS SELECT NULL::int AS i;\n"),
          Pair("tables/t/t.sql", "DROP TABLE IF EXISTS t;\nCREATE TABLE t (i int);\n"),
          Pair("views/v/v.sql", "CREATE OR REPLACE VIEW v AS SELECT i FROM t;\n")));
}

// DROP does not say the table, and a routine's DROP not the parameters.
TEST(Organizer, WhatIsDroppedFirstIsOneWithWhatIsDefinedThen) {
  EXPECT_THAT(organized("CREATE TABLE y (i int);\nDROP INDEX IF EXISTS iy;\nCREATE INDEX iy ON y "
                        "(i);\nDROP FUNCTION IF EXISTS k;\nCREATE FUNCTION k(a int) RETURNS int "
                        "LANGUAGE sql AS 'select 1';\n",
                        Dialect::kPostgresql),
              UnorderedElementsAre(Key("tables/y/y.sql"), Key("tables/y/indexes/iy.sql"),
                                   Key("functions/k/k.sql")));
}

TEST(Organizer, WhatFollowsACommitElsewhereStandsApart) {
  EXPECT_THAT(organized("SELECT 1;\nBEGIN;\nINSERT INTO t VALUES (1);\nCOMMIT;\nUPDATE t SET i = "
                        "2;\n",
                        Dialect::kPostgresql),
              ElementsAre(Pair("other/0001.sql", HasSubstr("COMMIT")),
                          Pair("other/0002.sql", "UPDATE t SET i = 2;\n"), _));
}

// So that running the file reads no further than running the source does.
TEST(Organizer, WhatAClientDoesNotReadStaysBehindWhatEndsIt) {
  EXPECT_THAT(organized("CREATE TABLE a (i int);\n\\q\nDROP TABLE a;\n", Dialect::kPostgresql),
              ElementsAre(Pair("other/0001.sql", "\\q\nDROP TABLE a;\n"),
                          Pair("tables/a/a.sql", "CREATE TABLE a (i int);\n")));
  EXPECT_THAT(organized("CREATE TABLE a (i int);\nexit;\nDROP TABLE a;\n", Dialect::kMysql),
              ElementsAre(Pair("other/0001.sql", "exit;\nDROP TABLE a;\n"),
                          Pair("tables/a/a.sql", "CREATE TABLE a (i int);\n")));
}

}  // namespace
}  // namespace engine::organize
