#include "engine/sql/detect_dialect.h"

#include <gtest/gtest.h>

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

TEST(DetectDialect, ReadsOnWhereTheBeginningDoesNotTell) {
  std::string text(100 << 10, ' ');
  text += "\nGO\nGO\n";
  EXPECT_EQ(detect_dialect(text).dialect, Dialect::kTsql);
}

}  // namespace
}  // namespace engine::sql
