// Rows of dumps, one statement a line, are split many at once. They give the parts that they give
// one by one, as they are where a blank stands behind each semicolon.
#include <gtest/gtest.h>

#include <cstdint>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/sql/kernels/kernels.h"
#include "engine/sql/splitter.h"

namespace engine::sql {
namespace {

constexpr Dialect kWithRows[] = {
    Dialect::kPostgresql, Dialect::kMysql,     Dialect::kOracle,
    Dialect::kSqlite,     Dialect::kSnowflake, Dialect::kBigquery,
    Dialect::kDb2,        Dialect::kFirebird,  Dialect::kGeneric,
};

constexpr std::string_view kValues[] = {
    "1",       "-2.5",          "NULL",
    "'quay'",  "'it''s; late'", "'a\nb'",
    "''",      "'(('",          "now()",
    "(((3)))", "\"n\"",         "x'00ff'",
    "N'n'",    "E'e'",          "'--'",
    "4 - -5",  "6 /* six */",   "'GO'",
    "'/*'",    "'a' || 'b'",    "'INSERT INTO t VALUES (1);'",
};
constexpr std::string_view kOthers[] = {
    "CREATE TABLE a (b int)",
    "SELECT 1",
    "UPDATE t SET a = 1",
    "DELETE FROM t",
    "INSERT x",
    "REPLACE INTO t VALUES (1)",
    "COMMIT",
    "insert INTO t VALUES ('small')",
};

std::string random_row(std::mt19937& random) {
  if (random() % 12 == 0) return std::string(kOthers[random() % std::size(kOthers)]);
  std::string row = "INSERT INTO t VALUES (";
  for (auto count = 1 + random() % 4; count > 0; --count) {
    row += kValues[random() % std::size(kValues)];
    row += count > 1 ? ", " : ")";
  }
  return row;
}

using Unit = std::pair<std::string, std::uint64_t>;  // and its line

std::vector<Unit> units_with_lines(std::string_view text, Dialect dialect) {
  std::vector<Unit> units;
  Splitter splitter(text, dialect);
  SplitPart part;
  std::uint64_t end = 0;
  for (; splitter.next(&part); end = part.end()) {
    EXPECT_EQ(part.offset, end);
    EXPECT_EQ(part.terminator, ";");
    if (part.kind == PartKind::kUnit) units.emplace_back(part.in(text), part.line);
  }
  EXPECT_EQ(end, text.size());
  return units;
}

class Rows : public testing::TestWithParam<const Kernels*> {
 protected:
  void SetUp() override { use_kernels(*GetParam()); }
  void TearDown() override { use_kernels(best_); }

 private:
  const Kernels& best_ = kernels();
};

TEST_P(Rows, ManyAtOnceAreTheSameAsOneByOne) {
  std::mt19937 random(20240921);
  for (int round = 0; round < 900; ++round) {
    const Dialect dialect = kWithRows[static_cast<std::size_t>(round) % std::size(kWithRows)];
    const std::string_view line_end = round % 5 == 0 ? "\r\n" : "\n";
    std::string text, apart;
    for (auto count = random() % 200; count > 0; --count) {
      const std::string row = random_row(random) + ";";
      for (std::string* each : {&text, &apart}) {
        *each += row;
        if (each == &apart) *each += ' ';
        *each += line_end;
      }
    }
    ASSERT_EQ(units_with_lines(text, dialect), units_with_lines(apart, dialect))
        << dialect_name(dialect) << " " << text;
  }
}

TEST_P(Rows, MoreOfThemThanAreHandedOutAtOnce) {
  std::string text;
  for (int row = 0; row < 1000; ++row)
    text += "INSERT INTO t VALUES (" + std::to_string(row) + ");\n";
  for (const Dialect dialect : kWithRows) {
    const auto units = units_with_lines(text, dialect);
    ASSERT_EQ(units.size(), 1000u) << dialect_name(dialect);
    for (std::size_t i = 0; i < units.size(); ++i) {
      ASSERT_EQ(units[i], Unit("INSERT INTO t VALUES (" + std::to_string(i) + ");", i + 1));
    }
  }
}

TEST_P(Rows, BehindWhatEndsTheClientThereAreNone) {
  std::string rows;
  for (int row = 0; row < 100; ++row) rows += "INSERT INTO t VALUES (1);\n";
  constexpr std::pair<Dialect, std::string_view> kLeaving[] = {{Dialect::kMysql, "exit"},
                                                               {Dialect::kPostgresql, "\\q"},
                                                               {Dialect::kSqlite, ".quit"},
                                                               {Dialect::kOracle, "EXIT"}};
  for (const auto& [dialect, command] : kLeaving) {
    std::string text = rows;
    text.append(command) += "\n" + rows;
    EXPECT_EQ(units_with_lines(text, dialect).size(), 100u) << dialect_name(dialect);
  }
}

TEST_P(Rows, SomeAtATimeAreTheSameAsOneByOne) {
  std::string text = "-- rows\n";
  for (int row = 0; row < 200; ++row) text += "INSERT INTO t VALUES (1);\nSELECT 1;\n";
  for (int row = 0; row < 200; ++row) text += "INSERT INTO t VALUES (1);\n";
  for (const Dialect dialect : kWithRows) {
    Splitter one_by_one(text, dialect), some_at_a_time(text, dialect);
    SplitPart expected;
    for (auto some = some_at_a_time.next_parts(); !some.empty();
         some = some_at_a_time.next_parts()) {
      std::vector<SplitPart> parts(some.parts.begin(), some.parts.end());
      EXPECT_EQ(some.offset(), parts.empty() ? some.rows.offset() : parts.front().offset);
      for (std::size_t row = 0; row < some.rows.size(); ++row) {
        parts.push_back(some.rows.unit(row));
        parts.push_back(some.rows.gap(row));
      }
      EXPECT_EQ(some.end(), parts.back().end());
      for (const SplitPart& part : parts) {
        ASSERT_TRUE(one_by_one.next(&expected));
        ASSERT_EQ(part.offset, expected.offset);
        ASSERT_EQ(part.length, expected.length);
        ASSERT_EQ(part.kind, expected.kind);
        ASSERT_EQ(part.line, expected.line);
      }
    }
    EXPECT_FALSE(one_by_one.next(&expected));
  }
}

INSTANTIATE_TEST_SUITE_P(Each, Rows, testing::ValuesIn(supported_kernels()),
                         [](const auto& kernels) { return std::string(kernels.param->name); });

}  // namespace
}  // namespace engine::sql
