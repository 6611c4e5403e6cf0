#include "io/watch/vanished_directories.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace engine::io {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Duration kPatience = milliseconds(100);
constexpr TimePoint kVanished = TimePoint() + std::chrono::hours(1);

TEST(VanishedDirectories, AreDueInTheOrderInWhichTheyVanished) {
  VanishedDirectories vanished(kPatience);
  EXPECT_EQ(vanished.next_deadline(), std::nullopt);
  vanished.add(7, kVanished);
  vanished.add(3, kVanished + milliseconds(10));
  vanished.add(5, kVanished + milliseconds(20));
  EXPECT_EQ(vanished.next_deadline(), kVanished + kPatience);
  EXPECT_THAT(vanished.take_due(kVanished + milliseconds(99)), IsEmpty());
  EXPECT_THAT(vanished.take_due(kVanished + milliseconds(110)), ElementsAre(7, 3));
  EXPECT_EQ(vanished.next_deadline(), kVanished + milliseconds(120));
  EXPECT_THAT(vanished.take_due(TimePoint::max()), ElementsAre(5));
  EXPECT_EQ(vanished.next_deadline(), std::nullopt);
}

TEST(VanishedDirectories, OneThatWasToldOfTwiceHasVanishedTheFirstTime) {
  VanishedDirectories vanished(kPatience);
  vanished.add(1, kVanished);
  vanished.add(1, kVanished + milliseconds(50));
  EXPECT_THAT(vanished.take_due(kVanished + kPatience), ElementsAre(1));
  EXPECT_THAT(vanished.take_due(TimePoint::max()), IsEmpty());
}

TEST(VanishedDirectories, OneThatIsFoundAndVanishesAgainHasItsTimeAgain) {
  VanishedDirectories vanished(kPatience);
  vanished.add(1, kVanished);
  vanished.add(2, kVanished);
  vanished.forget(1);
  vanished.forget(9);  // that never vanished
  vanished.add(1, kVanished + milliseconds(50));
  EXPECT_THAT(vanished.take_due(kVanished + kPatience), ElementsAre(2));
  EXPECT_EQ(vanished.next_deadline(), kVanished + milliseconds(150));
}

}  // namespace
}  // namespace engine::io
