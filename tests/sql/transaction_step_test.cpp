// What the words of a statement do to a transaction.
#include "engine/sql/transaction_step.h"

#include <gtest/gtest.h>

#include "engine/sql/token_cursor.h"

namespace engine::sql {
namespace {

using Kind = TransactionStep::Kind;

TransactionStep step(std::string_view text, Dialect dialect = Dialect::kPostgresql) {
  return read_transaction_step(TokenCursor(text, 0, text.size(), dialect));
}

TEST(TransactionStep, ABeginOfATransactionIsNoBlock) {
  for (const std::string_view text :
       {"BEGIN", "begin;", "BEGIN TRAN t", "BEGIN WORK", "BEGIN READ ONLY", "BEGIN NOT DEFERRABLE",
        "START TRANSACTION ISOLATION LEVEL SERIALIZABLE"}) {
    EXPECT_TRUE(step(text).begins()) << text;
  }
  for (const std::string_view text :
       {"BEGIN SELECT 1; END", "BEGIN NOT ATOMIC SELECT 1; END", "BEGIN TRY", "START SLAVE"}) {
    EXPECT_FALSE(step(text, Dialect::kMysql)) << text;
  }
}

TEST(TransactionStep, WhatEndsOneMayBeginAnother) {
  for (const std::string_view text : {"COMMIT", "COMMIT WORK", "END TRANSACTION", "ROLLBACK",
                                      "ABORT", "ROLLBACK TRANSACTION AND NO CHAIN"}) {
    EXPECT_TRUE(step(text).ends()) << text;
  }
  for (const std::string_view text :
       {"COMMIT AND CHAIN", "END WORK AND CHAIN", "ROLLBACK TRANSACTION AND CHAIN"}) {
    EXPECT_TRUE(step(text).completes()) << text;
    EXPECT_FALSE(step(text).ends()) << text;
    EXPECT_TRUE(step(text).goes_on()) << text;
  }
  EXPECT_TRUE(step("ROLLBACK").undoes());
  EXPECT_FALSE(step("COMMIT").undoes());
}

// A prepared transaction is none of this session any more.
TEST(TransactionStep, APreparedTransactionIsAnother) {
  EXPECT_TRUE(step("PREPARE TRANSACTION 'x'").ends());
  EXPECT_FALSE(step("PREPARE TRANSACTION 'x'", Dialect::kMysql));
  EXPECT_FALSE(step("PREPARE s AS SELECT 1"));
  EXPECT_FALSE(step("COMMIT PREPARED 'x'"));
  EXPECT_FALSE(step("ROLLBACK PREPARED 'x'"));
}

TEST(TransactionStep, EndIsACommitWhereItClosesNoBlock) {
  EXPECT_EQ(step("END", Dialect::kSqlite).kind, Kind::kCommits);
  EXPECT_FALSE(step("END", Dialect::kTsql));
  EXPECT_FALSE(step("ABORT", Dialect::kSqlite));
}

TEST(TransactionStep, ASavepointIsMarkedReleasedAndGoneBackTo) {
  const auto is = [](std::string_view text, Kind kind) {
    const TransactionStep found = step(text);
    EXPECT_TRUE(found.goes_on()) << text;
    return found.kind == kind && found.savepoint == "s";
  };
  EXPECT_TRUE(is("SAVEPOINT s", Kind::kMarks));
  EXPECT_TRUE(is("RELEASE s", Kind::kReleases));
  EXPECT_TRUE(is("RELEASE SAVEPOINT s", Kind::kReleases));
  EXPECT_TRUE(is("ROLLBACK TO s", Kind::kGoesBack));
  EXPECT_TRUE(is("ROLLBACK WORK TO SAVEPOINT s", Kind::kGoesBack));
  EXPECT_TRUE(step("ROLLBACK TO s").undoes());
}

}  // namespace
}  // namespace engine::sql
