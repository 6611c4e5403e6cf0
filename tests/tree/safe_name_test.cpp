#include "engine/tree/safe_name.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace engine::tree {
namespace {

TEST(SafeName, OrdinaryNamesStayAsTheyAre) {
  for (const char* name : {"Product", "dbo.T", "a b", "a-b", "a$b", "a#b", "[x]", "caf\xc3\xa9"}) {
    EXPECT_EQ(safe_name(name), name);
  }
}

TEST(SafeName, NothingIsAPathOrHidden) {
  EXPECT_EQ(safe_name("a/b"), "a%2Fb");
  EXPECT_EQ(safe_name(".."), "%2E%2E");
  EXPECT_EQ(safe_name("."), "%2E");
  EXPECT_EQ(safe_name(".git"), "%2Egit");
  EXPECT_EQ(safe_name(std::string("a\0b", 3)), "a%00b");
  EXPECT_EQ(safe_name("a\nb"), "a%0Ab");
  EXPECT_EQ(safe_name(""), "%");
}

TEST(SafeName, NothingIsLostOnOtherFileSystems) {
  EXPECT_EQ(safe_name("a:b\\c"), "a%3Ab%5Cc");
  EXPECT_EQ(safe_name("trailing."), "trailing%2E");
  EXPECT_EQ(safe_name(" x "), "%20x%20");
  EXPECT_EQ(safe_name("CON"), "%43ON");
  EXPECT_EQ(safe_name("com1.txt"), "%63om1.txt");
  EXPECT_EQ(safe_name("caf\xe9"), "caf%E9");
}

TEST(SafeName, DifferentNamesStayDifferent) {
  std::set<std::string> seen;
  for (const char* name : {"a/b", "a%2Fb", "a%252Fb", "..", "%2E%2E", ".", "%2E", "", "%"}) {
    EXPECT_TRUE(seen.insert(safe_name(name)).second) << name;
  }
}

TEST(SafeName, LongNamesAreCutBetweenCharacters) {
  std::string name;
  while (name.size() < 400) name += "\xe2\x82\xac";
  const std::string safe = safe_name(name);
  EXPECT_LE(safe.size(), kLongestName);
  EXPECT_EQ(safe.size() % 3, 0u);
  EXPECT_LE(safe_name(std::string(400, '/')).size(), kLongestName);
}

}  // namespace
}  // namespace engine::tree
