#include "engine/dependency/conflict_words.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace engine::dependency {
namespace {

TEST(ConflictWords, StandAtTheBeginOrNearTheEnd) {
  EXPECT_TRUE(rest_on_keys("insert into a values (1) on conflict do nothing;"));
  EXPECT_TRUE(rest_on_keys("INSERT INTO a VALUES (1) ON DUPLICATE KEY UPDATE b = 2;"));
  EXPECT_TRUE(rest_on_keys("insert ignore into a values (1);"));
  EXPECT_TRUE(rest_on_keys("insert or replace into a values (1);"));
  EXPECT_TRUE(rest_on_keys("merge into a using b on a.c = b.c"));
  EXPECT_FALSE(rest_on_keys("insert into a values ('on confli')"));
  EXPECT_FALSE(rest_on_keys("insert into replacements values (1);"));
  EXPECT_FALSE(rest_on_keys("conflic"));
  EXPECT_FALSE(rest_on_keys(""));
}

// The text is read ahead, and each row must be told what it would be told alone.
TEST(ConflictWords, OfRowsInTurnAreThoseOfEachAlone) {
  std::mt19937 random(17);
  for (int round = 0; round < 50; ++round) {
    std::string text;
    std::vector<std::size_t> ends{0};
    const std::size_t rarity = 1 + random() % 400;
    while (text.size() < 300'000) {
      text += "insert into a values (";
      text.append(random() % 200, 'x');
      if (random() % rarity == 0) text += ") on conflict";
      if (random() % rarity == 0) text += "dupl";  // half a word, the next row goes on with it
      ends.push_back(text.size());
      if (random() % rarity == 0) text += "icate ";
      if (random() % 500 == 0) text.append(100'000, 'c');
    }
    ConflictWords words(text);
    for (std::size_t i = 1; i < ends.size(); ++i) {
      const std::size_t row = random() % 50 == 0 ? 1 + random() % i : i;  // now and again backwards
      const std::string alone = text.substr(ends[row - 1], ends[row] - ends[row - 1]);
      ASSERT_EQ(words.rest_on_keys(ends[row - 1], ends[row]), rest_on_keys(alone)) << alone;
    }
  }
}

TEST(ConflictWords, ATableOfReplacementsIsNotReplaced) {
  EXPECT_TRUE(replaces("REPLACE INTO a VALUES (1)"));
  EXPECT_TRUE(replaces("insert or replace into a values (1)"));
  EXPECT_FALSE(replaces("insert into replacements values (1)"));
  EXPECT_FALSE(replaces("insert into a values ('replace')"));
}

}  // namespace
}  // namespace engine::dependency
