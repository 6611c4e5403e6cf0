#include "engine/dependency/need_graph.h"

#include <gtest/gtest.h>

namespace engine::dependency {
namespace {

using Strength = NeedGraph::Strength;

class NeedGraphTest : public ::testing::Test {
 protected:
  NeedGraphTest() {
    for (int i = 0; i < 5; ++i) graph_.add_node();
  }
  void need(std::size_t first, std::size_t then, Strength strength = Strength::kHard) {
    graph_.add(first, then, strength, 0);
  }

  NeedGraph graph_;
};

TEST_F(NeedGraphTest, LeadsAlongEveryNeedAndNotAgainstIt) {
  need(0, 1);
  need(1, 2, Strength::kSoft);
  EXPECT_TRUE(graph_.leads_to(0, {2}));
  EXPECT_TRUE(graph_.leads_to(0, {4, 2}));
  EXPECT_FALSE(graph_.leads_to(2, {0}));
  EXPECT_FALSE(graph_.leads_to(0, {}));
}

TEST_F(NeedGraphTest, ANeedOfANodeIsNoneOfItself) {
  need(1, 1);
  EXPECT_TRUE(graph_.needs().empty());
}

TEST_F(NeedGraphTest, TheSameNeedInARowIsOne) {
  need(0, 1);
  need(0, 1);
  EXPECT_EQ(graph_.needs().size(), 1u);
  need(0, 1, Strength::kSoft);
  EXPECT_EQ(graph_.needs().size(), 2u);
}

// 0 before 1 before 2: 0 and 2 as one would be before and behind 1.
TEST_F(NeedGraphTest, TwoWithOneBetweenWouldRingAndNeighboursWouldNot) {
  need(0, 1);
  need(1, 2);
  EXPECT_TRUE(graph_.would_ring(0, 2, Strength::kHard));
  EXPECT_TRUE(graph_.would_ring(2, 0, Strength::kHard)) << "whichever is named first";
  EXPECT_FALSE(graph_.would_ring(0, 1, Strength::kHard));
  EXPECT_FALSE(graph_.would_ring(1, 1, Strength::kHard));
}

TEST_F(NeedGraphTest, ASoftNeedRingsOnlyWhereSoftOnesCount) {
  need(0, 1, Strength::kSoft);
  need(1, 2);
  EXPECT_TRUE(graph_.would_ring(0, 2, Strength::kSoft));
  EXPECT_FALSE(graph_.would_ring(0, 2, Strength::kHard));
}

TEST_F(NeedGraphTest, WhatIsJoinedHasTheNeedsOfBoth) {
  need(0, 1);
  need(2, 3);
  EXPECT_FALSE(graph_.leads_to(0, {3}));
  graph_.join(2, 1);
  EXPECT_EQ(graph_.node(1), graph_.node(2));
  EXPECT_TRUE(graph_.leads_to(0, {3}));
  graph_.join(3, 0);  // by way of what was joined before
  EXPECT_TRUE(graph_.leads_to(2, {0}));
}

TEST_F(NeedGraphTest, ANeedIsToldByItsName) {
  graph_.add(0, 1, Strength::kHard, 0);
  graph_.add(0, 2, Strength::kHard, 1);
  graph_.add(0, 3, Strength::kHard, 7);
  graph_.finish({true, false}, {false, true});
  EXPECT_TRUE(graph_.is_told(graph_.needs()[0]));
  EXPECT_FALSE(graph_.is_told(graph_.needs()[1]));
  EXPECT_TRUE(graph_.is_quiet(graph_.needs()[1]));
  EXPECT_FALSE(graph_.is_told(graph_.needs()[2])) << "a name that came later";
}

}  // namespace
}  // namespace engine::dependency
