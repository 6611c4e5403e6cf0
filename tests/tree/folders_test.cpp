#include "engine/tree/folders.h"

#include <gtest/gtest.h>

namespace engine::tree {
namespace {

TEST(Folders, PluralsOfTheTypes) {
  EXPECT_EQ(folder_of("table"), "tables");
  EXPECT_EQ(folder_of("procedure"), "stored_procedures");
  EXPECT_EQ(folder_of("index"), "indexes");
  EXPECT_EQ(folder_of("policy"), "policies");
  EXPECT_EQ(folder_of("materialized_view"), "materialized_views");
  EXPECT_EQ(folder_of("package_body"), "packages");
  EXPECT_EQ(folder_of("extended_property"), "properties");
  EXPECT_EQ(folder_of("alias"), "aliases");
  EXPECT_EQ(folder_of("symmetric_key"), "symmetric_keys");
}

TEST(Folders, ConstraintsByKind) {
  EXPECT_EQ(constraint_folder("foreign_key"), "foreign_keys");
  EXPECT_EQ(constraint_folder("check"), "check_constraints");
  EXPECT_EQ(constraint_folder("default"), "defaults");
  EXPECT_EQ(constraint_folder(""), "constraints");
}

}  // namespace
}  // namespace engine::tree
