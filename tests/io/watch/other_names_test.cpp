#include "io/watch/other_names.h"

#include <gtest/gtest.h>

#include <string>

namespace engine::io {
namespace {

TEST(OtherNames, BeforeTheFirstListingAnythingMayBeClaimed) {
  OtherNames names;
  EXPECT_TRUE(names.may_claim("x"));
  names.add("y");
  EXPECT_TRUE(names.may_claim("x"));
}

TEST(OtherNames, AnEntryClaimsItsNameAndTheShorterOne) {
  OtherNames names;
  names.begin();
  EXPECT_FALSE(names.may_claim("x"));
  names.add("x.SQL");
  EXPECT_TRUE(names.may_claim("x"));
  EXPECT_TRUE(names.may_claim("x.SQL"));
  EXPECT_FALSE(names.may_claim("x.sql"));
  names.begin();
  EXPECT_FALSE(names.may_claim("x"));
}

TEST(OtherNames, WhereThereAreVeryManyAnythingMayBeClaimed) {
  OtherNames names;
  names.begin();
  for (int i = 0; i < 10'000; ++i) names.add("picture" + std::to_string(i));
  EXPECT_TRUE(names.may_claim("x"));
  names.begin();
  EXPECT_FALSE(names.may_claim("x"));
}

}  // namespace
}  // namespace engine::io
