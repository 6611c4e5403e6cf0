#include "engine/order/arrange.h"

#include <gmock/gmock.h>

namespace engine::order {
namespace {

using ::testing::ElementsAre;
using enum Need::Strength;

TEST(Arrange, WithoutNeedsThePreferredOrderStays) {
  EXPECT_THAT(arrange(3, {}), ElementsAre(0, 1, 2));
  EXPECT_TRUE(arrange(0, {}).empty());
}

TEST(Arrange, WhatIsNeededComesFirstAndTheRestWaitsNoLongerThanItMust) {
  EXPECT_THAT(arrange(4, {{2, 0}, {0, 3}}), ElementsAre(1, 2, 0, 3));
  EXPECT_THAT(arrange(3, {{1, 1}, {2, 1}, {2, 1}}), ElementsAre(0, 2, 1));
}

TEST(Arrange, WeakNeedsGiveWayInARing) {
  EXPECT_THAT(arrange(2, {{0, 1, kWeak}, {1, 0, kFound}}), ElementsAre(1, 0));
  EXPECT_THAT(arrange(2, {{0, 1, kFound}, {1, 0, kWeak}}), ElementsAre(0, 1));
  EXPECT_THAT(arrange(2, {{1, 0, kWeak}}), ElementsAre(1, 0));
}

TEST(Arrange, ARingThatCannotBeOpenedComesAsPreferredBehindWhatItNeeds) {
  EXPECT_THAT(arrange(4, {{0, 1}, {1, 0}, {3, 1}, {0, 2}}), ElementsAre(3, 0, 1, 2));
}

TEST(Arrange, InARingOfFoundNeedsWhatIsToldHolds) {
  std::vector<std::vector<std::size_t>> rings;
  EXPECT_THAT(arrange(3, {{0, 1, kFound}, {1, 0, kTold}, {1, 2, kFound}}, {1, 2, 0}, &rings),
              ElementsAre(1, 0, 2));
  EXPECT_THAT(rings, ElementsAre(ElementsAre(0, 1)));
  EXPECT_THAT(arrange(2, {{0, 1, kTold}, {1, 0, kTold}}, {1, 0}), ElementsAre(1, 0));
}

TEST(Arrange, AChainOfManyIsFollowedWithoutRecursion) {
  std::vector<Need> needs;
  constexpr std::size_t kMany = 200'000;
  for (std::size_t i = 0; i + 1 < kMany; ++i) needs.push_back({i + 1, i});
  const std::vector<std::size_t> order = arrange(kMany, needs);
  EXPECT_EQ(order.front(), kMany - 1);
  EXPECT_EQ(order.back(), 0u);
  needs.push_back({0, kMany - 1});
  EXPECT_EQ(arrange(kMany, needs).front(), 0u);
}

}  // namespace
}  // namespace engine::order
