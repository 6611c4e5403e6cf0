// Keys that a server makes: which words take one, and where they stand in a text.
#include "engine/dependency/generated_keys.h"

#include <gmock/gmock.h>

#include <random>

namespace engine::dependency {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

bool takes_last(std::string_view text, Dialect dialect) { return find_key_use(text, dialect).last; }

TEST(GeneratedKeys, TheLastOneIsTakenByEachDialectsWords) {
  EXPECT_TRUE(takes_last("INSERT INTO b VALUES (LAST_INSERT_ID())", Dialect::kMysql));
  EXPECT_TRUE(takes_last("INSERT INTO b VALUES (@@IDENTITY)", Dialect::kTsql));
  EXPECT_TRUE(takes_last("INSERT INTO b VALUES (SCOPE_IDENTITY())", Dialect::kTsql));
  EXPECT_TRUE(takes_last("INSERT INTO b VALUES (currval('s'))", Dialect::kPostgresql));
  EXPECT_TRUE(takes_last("INSERT INTO b VALUES (last_insert_rowid())", Dialect::kSqlite));
  EXPECT_TRUE(takes_last("INSERT INTO b VALUES (IDENTITY_VAL_LOCAL())", Dialect::kDb2));
  EXPECT_FALSE(takes_last("INSERT INTO b VALUES (1)", Dialect::kMysql));
  EXPECT_FALSE(takes_last("INSERT INTO b VALUES ('LAST_INSERT_ID()')", Dialect::kMysql))
      << "a string says nothing";
  EXPECT_FALSE(takes_last("INSERT INTO b VALUES (LAST_INSERT_ID())", Dialect::kPostgresql))
      << "another dialect's word";
}

TEST(GeneratedKeys, ASequenceIsNamedWithoutItsSchema) {
  const auto sequences = [](std::string_view text, Dialect dialect) {
    const KeyUse use = find_key_use(text, dialect);
    EXPECT_FALSE(use.last) << text;
    return use.sequences;
  };
  EXPECT_THAT(
      sequences("INSERT INTO b VALUES (nextval('public.S'::regclass))", Dialect::kPostgresql),
      ElementsAre("s"));
  EXPECT_THAT(sequences("INSERT INTO b VALUES (NEXT VALUE FOR dbo.S)", Dialect::kTsql),
              ElementsAre("s"));
  EXPECT_THAT(sequences("INSERT INTO b VALUES (s.NEXTVAL, t.NEXTVAL)", Dialect::kOracle),
              ElementsAre("s", "t"));
  EXPECT_THAT(sequences("INSERT INTO b VALUES (GEN_ID(s, 1))", Dialect::kFirebird),
              ElementsAre("s"));
  EXPECT_THAT(sequences("INSERT INTO nextval VALUES (1)", Dialect::kPostgresql), IsEmpty());
}

TEST(GeneratedKeys, AColumnIsCountedByItsDefaultOrItsType) {
  const auto columns = [](std::string_view text, Dialect dialect) {
    std::vector<std::string> found;
    for (const CountedColumn& one : counted_columns(text, "T", dialect).columns) {
      found.push_back(one.column + " by " + one.sequence);
    }
    return found;
  };
  EXPECT_THAT(columns("CREATE TABLE t (id serial, x int, \"No\" int DEFAULT nextval('s'))",
                      Dialect::kPostgresql),
              ElementsAre("id by t_id_seq", "no by s"));
  EXPECT_THAT(columns("CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY)", Dialect::kPostgresql),
              ElementsAre("id by t_id_seq"));
  EXPECT_THAT(columns("CREATE TABLE t (id int DEFAULT (NEXT VALUE FOR s))", Dialect::kTsql),
              ElementsAre("id by s"));
  EXPECT_THAT(columns("CREATE TABLE t (id int)", Dialect::kPostgresql), IsEmpty());
}

TEST(GeneratedKeys, AValueIsLeftOutWhereTheColumnIsNotListedOrDefault) {
  constexpr std::string_view kRows = "INSERT INTO t (a, \"b\") VALUES (1, 2)";
  const std::size_t list = kRows.find('(');
  EXPECT_FALSE(leaves_out(kRows, list, "a", Dialect::kPostgresql));
  EXPECT_FALSE(leaves_out(kRows, list, "b", Dialect::kPostgresql));
  EXPECT_TRUE(leaves_out(kRows, list, "c", Dialect::kPostgresql));
  constexpr std::string_view kDefault = "INSERT INTO t (a) VALUES (DEFAULT)";
  EXPECT_TRUE(leaves_out(kDefault, kDefault.find('('), "a", Dialect::kPostgresql));
  constexpr std::string_view kAll = "INSERT INTO t VALUES (1, 2)";
  EXPECT_FALSE(leaves_out(kAll, kAll.find("VALUES"), "a", Dialect::kPostgresql));
}

// The text is read ahead, and each row must be told what it would be told alone.
TEST(KeyMarks, OfRowsInTurnAreThoseOfEachAlone) {
  std::mt19937 random(7);
  for (int round = 0; round < 30; ++round) {
    std::string text;
    std::vector<std::size_t> ends{0};
    const std::size_t rarity = 1 + random() % 300;
    while (text.size() < 100'000) {
      text += "insert into a values (";
      text.append(random() % 200, 'x');
      if (random() % rarity == 0) text += "NextVal('s')";
      if (random() % rarity == 0) text += "lastval()";
      ends.push_back((text += ");\n").size());
      if (random() % 300 == 0) text.append(20'000, 'c');
    }
    KeyMarks marks(text, Dialect::kPostgresql);
    for (std::size_t i = 1; i < ends.size(); ++i) {
      const std::size_t row = random() % 50 == 0 ? 1 + random() % i : i;  // now and again backwards
      const std::string alone = text.substr(ends[row - 1], ends[row] - ends[row - 1]);
      KeyMarks own(alone, Dialect::kPostgresql);
      ASSERT_EQ(marks.any(ends[row - 1], ends[row]), own.any(0, alone.size())) << alone;
      const bool stands =
          alone.find("NextVal") != alone.npos || alone.find("lastval") != alone.npos;
      ASSERT_EQ(own.any(0, alone.size()), stands) << alone;
    }
  }
}

TEST(KeyMarks, AreFoundWhereTheFirstOneBegins) {
  const std::string text = "INSERT INTO a VALUES (1, 'x'); SELECT currval('s'), nextval('s');";
  KeyMarks marks(text, Dialect::kPostgresql);
  EXPECT_EQ(marks.find(0, text.size()), text.find("currval"));
  EXPECT_EQ(marks.find(0, 30), 30u);
  EXPECT_EQ(marks.find(text.find("urrval"), text.size()), text.find("nextval"));
  EXPECT_FALSE(marks.any(text.find("extval"), text.size()));
}

TEST(KeyMarks, TheLastKeyIsTakenByWhatStandsBehind) {
  const std::string rows = "INSERT INTO a VALUES (1);\n";
  const std::string takes = rows + "INSERT INTO b VALUES (last_insert_id());\n";
  EXPECT_TRUE(KeyMarks(takes, Dialect::kMysql).last_is_taken(rows.size()));
  EXPECT_FALSE(KeyMarks(takes, Dialect::kMysql).last_is_taken(takes.size()));
  EXPECT_FALSE(KeyMarks(rows, Dialect::kMysql).last_is_taken(rows.size()));
}

}  // namespace
}  // namespace engine::dependency
