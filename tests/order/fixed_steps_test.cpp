#include "engine/order/fixed_steps.h"

#include <gtest/gtest.h>

#include <string_view>

namespace engine::order {
namespace {

bool keeps(std::string_view text, Dialect dialect = Dialect::kPostgresql) {
  LoadItem item;
  item.text = text;
  return keeps_its_place(item, dialect);
}

TEST(FixedSteps, AStepKeepsItsPlaceUnlessItIsKnownToBeHarmless) {
  EXPECT_FALSE(keeps("SET statement_timeout = 0;\nSET lock_timeout = 0;\n"));
  EXPECT_FALSE(keeps("BEGIN;\nCOMMIT;\n"));
  EXPECT_FALSE(keeps("SELECT pg_catalog.setval('s', 7, true);\n"));
  EXPECT_FALSE(keeps("PRAGMA journal_mode = WAL;", Dialect::kSqlite));
  EXPECT_FALSE(keeps("PRAGMA foreign_keys;", Dialect::kSqlite));
  EXPECT_TRUE(keeps("PRAGMA foreign_keys = ON;", Dialect::kSqlite));
  EXPECT_TRUE(keeps("SET session_replication_role = replica;"));
  EXPECT_TRUE(keeps("SELECT lo_create(1);"));
  EXPECT_TRUE(keeps("UPDATE t SET i = 1;"));
  EXPECT_TRUE(keeps("SET sql_notes = 0, foreign_key_checks = 0;", Dialect::kMysql));
  EXPECT_TRUE(keeps("COMMIT;\n"));  // of a transaction that begins elsewhere
}

}  // namespace
}  // namespace engine::order
