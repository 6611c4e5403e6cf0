#include "engine/glob.h"

#include <gtest/gtest.h>

#include <string>

namespace engine {
namespace {

TEST(Glob, WithoutASlashItIsHeldAgainstTheLastName) {
  EXPECT_TRUE(glob_match("*.sql", "a.sql"));
  EXPECT_TRUE(glob_match("*.sql", "deep/down/a.sql"));
  EXPECT_FALSE(glob_match("*.sql", "a.sql/b.txt"));
  EXPECT_FALSE(glob_match("a*", "dir/b"));
}

TEST(Glob, LetterCaseIsIgnored) {
  EXPECT_TRUE(glob_match("*.SQL", "a.sql"));
  EXPECT_TRUE(glob_match("[A-C]x", "bX"));
}

TEST(Glob, OneStarStopsAtASlash) {
  EXPECT_TRUE(glob_match("sales/*.sql", "sales/a.sql"));
  EXPECT_FALSE(glob_match("sales/*.sql", "sales/2024/a.sql"));
  EXPECT_TRUE(glob_match("*/a.sql", "sales/a.sql"));
  EXPECT_FALSE(glob_match("*/a.sql", "a.sql"));
}

TEST(Glob, TwoStarsGoAnyDepth) {
  EXPECT_TRUE(glob_match("sales/**", "sales/2024/a.sql"));
  EXPECT_FALSE(glob_match("sales/**", "presales/a.sql"));
  EXPECT_TRUE(glob_match("**/old/**", "x/y/old/z/a.sql"));
  EXPECT_TRUE(glob_match("sales/**/a.sql", "sales/2024/q1/a.sql"));
  EXPECT_TRUE(glob_match("/sales/*", "sales/a.sql"));
}

TEST(Glob, TwoStarsAndASlashAlsoStandForNoDirectory) {
  EXPECT_TRUE(glob_match("**/a.sql", "a.sql"));
  EXPECT_TRUE(glob_match("sales/**/a.sql", "sales/a.sql"));
  EXPECT_TRUE(glob_match("**/old/**", "old/a.sql"));
}

TEST(Glob, TwoStarsAndASlashEndAtAName) {
  EXPECT_FALSE(glob_match("**/a.sql", "ba.sql"));
  EXPECT_FALSE(glob_match("**/a.sql", "x/ba.sql"));
  EXPECT_FALSE(glob_match("sales/**/a.sql", "sales/x/ba.sql"));
  EXPECT_FALSE(glob_match("**/old/**", "x/bold/a.sql"));
}

TEST(Glob, AQuestionMarkIsOneCharacterOfAName) {
  EXPECT_TRUE(glob_match("a?.sql", "ab.sql"));
  EXPECT_FALSE(glob_match("a?.sql", "a.sql"));
  EXPECT_FALSE(glob_match("x/a?b", "x/a/b"));
}

TEST(Glob, ASetIsOneCharacterOfAName) {
  EXPECT_TRUE(glob_match("v[0-9].sql", "v7.sql"));
  EXPECT_FALSE(glob_match("v[!0-9].sql", "v7.sql"));
  EXPECT_TRUE(glob_match("v[!0-9].sql", "vx.sql"));
  EXPECT_TRUE(glob_match("[]a].sql", "].sql"));
  EXPECT_TRUE(glob_match("[!]a].sql", "b.sql"));
  EXPECT_FALSE(glob_match("[!]a].sql", "].sql"));
  EXPECT_FALSE(glob_match("x/a[!b]c", "x/a/c"));
  EXPECT_TRUE(glob_match("[a-].sql", "-.sql"));
}

TEST(Glob, ASetThatIsNeverClosedIsABracket) {
  EXPECT_TRUE(glob_match("[a.sql", "[a.sql"));
  EXPECT_TRUE(glob_match("[", "["));
  EXPECT_TRUE(glob_match("[]", "[]"));
  EXPECT_TRUE(glob_match("[!", "[!"));
  EXPECT_TRUE(glob_match("[!]", "[!]"));
}

TEST(Glob, TheEmptyPatternMatchesOnlyTheEmptyName) {
  EXPECT_FALSE(glob_match("", "a"));
  EXPECT_TRUE(glob_match("", ""));
  EXPECT_TRUE(glob_match("*", ""));
  EXPECT_TRUE(glob_match("**", ""));
  EXPECT_TRUE(glob_match("/", ""));
}

TEST(Glob, MoreStarsThanSense) {
  EXPECT_TRUE(glob_match("a*b*c", "a--b--c"));
  EXPECT_TRUE(glob_match("***/a", "x/y/a"));
  std::string pattern;
  for (int i = 0; i < 30; ++i) pattern += "*a";
  EXPECT_FALSE(glob_match(pattern + "b", std::string(2000, 'a')));
  pattern = "";
  for (int i = 0; i < 20; ++i) pattern += "**/*a";
  EXPECT_FALSE(glob_match(pattern + "b", std::string(200, 'a')));
}

TEST(Glob, OfTheRulesThatMatchTheLastOneSays) {
  const std::vector<std::pair<std::string, int>> rules = {{"*.sql", 1}, {"a*", 2}, {"*.txt", 3}};
  EXPECT_EQ(*last_match(rules, "a.sql"), 2);
  EXPECT_EQ(*last_match(rules, "b.sql"), 1);
  EXPECT_EQ(*last_match(rules, "a.txt"), 3);
  EXPECT_EQ(last_match(rules, "b.ddl"), nullptr);
}

}  // namespace
}  // namespace engine
