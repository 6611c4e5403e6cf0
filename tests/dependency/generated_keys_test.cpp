#include "engine/dependency/generated_keys.h"

#include <gtest/gtest.h>

#include <string>

namespace engine::dependency {
namespace {

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
