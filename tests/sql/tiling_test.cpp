// Promise 1: parts are contiguous, in order, and every byte is in exactly one, for any text.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <string_view>

#include "engine/sql/classifier.h"
#include "engine/sql/splitter.h"
#include "tests/support/temp_dir.h"

namespace engine::sql {
namespace {

constexpr Dialect kDialects[] = {
    Dialect::kTsql,     Dialect::kPostgresql, Dialect::kMysql,    Dialect::kOracle,
    Dialect::kSqlite,   Dialect::kSnowflake,  Dialect::kBigquery, Dialect::kDb2,
    Dialect::kFirebird, Dialect::kGeneric,
};

void expect_tiling(std::string_view text, Dialect dialect) {
  Splitter splitter(text, dialect);
  Classifier classifier(text, dialect);
  SplitPart part;
  std::uint64_t end = 0;
  while (splitter.next(&part)) {
    ASSERT_EQ(part.offset, end) << dialect_name(dialect);
    ASSERT_GT(part.length, 0u);
    end += part.length;
    if (part.kind == PartKind::kGap) continue;
    std::uint64_t statement_end = part.offset;
    const auto expect_next = [&](const std::vector<Statement>& statements) {
      for (const Statement& statement : statements) {
        ASSERT_EQ(statement.offset, statement_end) << dialect_name(dialect);
        statement_end += statement.length;
      }
    };
    expect_next(classifier.classify(part));
    while (classifier.has_more()) expect_next(classifier.classify_more());
    ASSERT_EQ(statement_end, end);
  }
  ASSERT_EQ(end, text.size()) << dialect_name(dialect);
}

// Pieces that mean something to some lexer, so that random texts reach its corners.
constexpr std::string_view kPieces[] = {
    "'",
    "\"",
    "`",
    "[",
    "]",
    "$$",
    "$a$",
    "--",
    "/*",
    "*/",
    "/*!5",
    "\n",
    "\r\n",
    "\r",
    ";",
    "GO\n",
    "/\n",
    "\\.\n",
    "\\",
    "\\g",
    "BEGIN",
    " END",
    "CREATE ",
    "TABLE t",
    "COPY t FROM stdin;\n",
    "(",
    ")",
    "#",
    "DELIMITER ",
    "SET ",
    "q'[",
    "E'",
    "go",
    ".mode",
    " ",
    "x",
    "\xff",
    "IF ",
    "INSERT INTO t VALUES (1)",
    "EXEC sp_executesql N'",
    "PROCEDURE p AS ",
    "DECLARE ",
    "--#SET TERMINATOR @\n",
    "SET TERM ^ ;\n",
    "@",
    "^",
    "\t",
    ",",
    "GRANT SELECT ON t TO u",
    "ALTER TABLE t ADD ",
    "CONSTRAINT c ",
    "CHECK (1)",
    std::string_view("\0", 1),
};

TEST(Tiling, HoldsForRandomTextsInEveryDialect) {
  std::mt19937 random(20240917);
  for (int round = 0; round < 4000; ++round) {
    std::string text;
    for (auto count = random() % 40; count > 0; --count) {
      text += kPieces[random() % std::size(kPieces)];
    }
    for (const Dialect dialect : kDialects) {
      expect_tiling(text, dialect);
      if (HasFatalFailure()) FAIL() << "round " << round << ": " << text;
    }
  }
}

TEST(Tiling, HoldsForRandomBytesInEveryDialect) {
  std::mt19937 random(20250131);
  for (int round = 0; round < 1000; ++round) {
    std::string text;
    for (auto count = random() % 300; count > 0; --count) text += static_cast<char>(random());
    for (const Dialect dialect : kDialects) {
      expect_tiling(text, dialect);
      if (HasFatalFailure()) FAIL() << "round " << round;
    }
  }
}

// Pieces of the files of ENGINE_CORPUS, cut out anywhere, in every dialect: `cuts` of each file.
void expect_tiling_of_cut_files(int cuts) {
  constexpr std::size_t kLongest = 20000;
  const char* corpus = std::getenv("ENGINE_CORPUS");
  if (corpus == nullptr) GTEST_SKIP() << "ENGINE_CORPUS does not name a folder of SQL files";
  std::mt19937 random(20250817);
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(corpus)) {
    if (!entry.is_regular_file() || entry.path().extension() != ".sql") continue;
    const std::string text = test::read_file(entry.path());
    if (text.empty()) continue;
    ++files;
    for (int cut = 0; cut < cuts; ++cut) {
      const std::string piece = text.substr(random() % text.size(), random() % kLongest);
      for (const Dialect dialect : kDialects) {
        expect_tiling(piece, dialect);
        if (::testing::Test::HasFatalFailure()) FAIL() << entry.path() << ", cut " << cut;
      }
    }
  }
  EXPECT_GT(files, 0u);
}

TEST(Tiling, HoldsForFilesCutAnywhereInEveryDialect) {
  const char* times = std::getenv("ENGINE_TEST_TIMES");
  expect_tiling_of_cut_files(times == nullptr ? 1 : std::atoi(times));
}

}  // namespace
}  // namespace engine::sql
