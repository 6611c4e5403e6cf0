#include "engine/sql/recent_rows.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace engine::sql {
namespace {

class RecentRowsTest : public testing::Test {
 protected:
  // An INSERT at the text's end: what a parse of it gives.
  Statement append(std::string_view head, std::string_view rest) {
    Statement rows;
    rows.offset = text_.size();
    rows.owner_end = text_.size() + head.size();
    rows.role = Role::kData;
    text_.append(head).append(rest);
    rows.length = text_.size() - rows.offset;
    text_ += '\n';
    return rows;
  }
  std::string text_;
};

TEST_F(RecentRowsTest, RowsOfSomeTablesInTurnAreFoundAgain) {
  const Statement a = append("INSERT a", " (x) VALUES (1)"),
                  b = append("INSERT [b]", "(x) VALUES (1)");
  const Statement more_a = append("INSERT a", " VALUES (2)"),
                  longer = append("INSERT ab", " VALUES (3)");
  const Statement part = append("INSERT a.b", " VALUES (4)"),
                  chosen = append("INSERT a", " SELECT 1");
  RecentRows recent(text_);
  recent.note(a, false);
  recent.note(b, false);
  const Statement* found = recent.find(more_a.offset, text_.size(), false);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->offset, more_a.offset);
  EXPECT_EQ(found->owner_end, more_a.owner_end);
  for (const Statement& other : {longer, part, chosen}) {
    EXPECT_EQ(recent.find(other.offset, text_.size(), false), nullptr) << other.offset;
  }
  EXPECT_EQ(recent.find(more_a.offset, text_.size(), true), nullptr);
}

TEST_F(RecentRowsTest, WhatIsNoRowsEndsThem) {
  const Statement a = append("INSERT a", " VALUES (1)"), other = append("INSERT a", " VALUES (2)");
  Statement use;
  use.role = Role::kSettingNext;
  RecentRows recent(text_);
  recent.note(a, false);
  recent.note(use, false);
  EXPECT_EQ(recent.find(other.offset, text_.size(), false), nullptr);
}

TEST_F(RecentRowsTest, WhatCannotBeFoundAgainPushesNothingOut) {
  const Statement a = append("INSERT a", " VALUES (1)"),
                  broken = append("INSERT b", "\nVALUES (1)");
  const Statement more = append("INSERT a", " VALUES (2)");
  RecentRows recent(text_);
  recent.note(a, false);
  for (int i = 0; i < 20; ++i) {
    recent.note(broken, false);
    recent.note(more, false);
  }
  EXPECT_NE(recent.find(more.offset, text_.size(), false), nullptr);
}

}  // namespace
}  // namespace engine::sql
