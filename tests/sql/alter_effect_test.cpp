#include "engine/sql/alter_effect.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace engine::sql {
namespace {

AlterEffect effect_of(std::string_view text, Dialect dialect = Dialect::kPostgresql) {
  TokenCursor cursor(text, 0, text.size(), dialect);
  return read_alter_effect(&cursor);
}

TEST(AlterEffect, WhatIsKnownToDoNothingIsHarmless) {
  for (const std::string_view action :
       {"OWNER TO a", "CLUSTER ON i", "REPLICA IDENTITY FULL", "SET (fillfactor = 70)",
        "SET TABLESPACE fast", "ENABLE ROW LEVEL SECURITY", "NO FORCE ROW LEVEL SECURITY",
        "ALTER COLUMN c SET STATISTICS 100, ALTER d SET STORAGE EXTERNAL"}) {
    EXPECT_TRUE(effect_of("ALTER TABLE ONLY s.t " + std::string(action) + ";").is_harmless())
        << action;
  }
}

TEST(AlterEffect, EachActionIsAsked) {
  const AlterEffect effect = effect_of("ALTER TABLE t OWNER TO a, ALTER b SET DEFAULT f(1, 2)");
  EXPECT_TRUE(effect.defaults);
  EXPECT_FALSE(effect.shape);
  EXPECT_TRUE(effect_of("ALTER TABLE t ALTER b DROP DEFAULT, ADD c int").shape);
  EXPECT_TRUE(effect_of("ALTER TABLE p ATTACH PARTITION q DEFAULT").attaches);
}

TEST(AlterEffect, WhatIsNotCheckedLetsRowsBe) {
  EXPECT_TRUE(effect_of("ALTER TABLE t ADD CONSTRAINT k CHECK (i > 0) NOT VALID").admits);
  EXPECT_TRUE(effect_of("ALTER TABLE t VALIDATE CONSTRAINT k").admits);
  EXPECT_FALSE(effect_of("ALTER TABLE t ADD CONSTRAINT k CHECK (i > 0)").admits);
  EXPECT_TRUE(effect_of("ALTER TABLE t WITH NOCHECK ADD CONSTRAINT k CHECK (i > 0)", Dialect::kTsql)
                  .admits);
}

TEST(AlterEffect, WhatNobodyKnowsMayChangeAnything) {
  EXPECT_TRUE(effect_of("ALTER TABLE t FROBNICATE").unknown);
  EXPECT_TRUE(effect_of("ALTER TABLE t FROBNICATE").shape);
  EXPECT_FALSE(effect_of("ALTER TABLE t ADD a int, b int", Dialect::kTsql).unknown);
}

}  // namespace
}  // namespace engine::sql
