#include "io/base/tree_name.h"

#include <gtest/gtest.h>

namespace engine::io {
namespace {

TEST(TreeName, AFinalSqlIsDroppedWhereTheRestCanStand) {
  EXPECT_EQ(default_tree_path("a.sql"), "a");
  EXPECT_EQ(default_tree_path("x.sql/a.SQL"), "x.sql/a");
  EXPECT_EQ(default_tree_path("x.sql/a.ddl"), "x.sql/a.ddl");
  for (const char* kept : {".sql", "..sql", "...sql", "x/.sql", "x/..sql", "x/...sql"}) {
    EXPECT_EQ(default_tree_path(kept), kept);
  }
}

TEST(TreeName, NoneIsCalledLikeTheEnginesOwnDirectory) {
  EXPECT_EQ(default_tree_path(".engine.sql"), ".engine.sql");
  EXPECT_EQ(default_tree_path("x/.engine.sql"), "x/.engine.sql");
}

}  // namespace
}  // namespace engine::io
