#include "io/watch/look_again.h"

#include <gtest/gtest.h>

#include <chrono>

namespace engine::io {
namespace {

constexpr TimePoint kBegin = TimePoint() + std::chrono::hours(1);

TEST(LookAgain, PausesDoubleUntilALookHasSeenEverything) {
  LookAgain again;
  TimePoint now = kBegin;
  EXPECT_FALSE(again.is_due(TimePoint::max()));
  EXPECT_EQ(again.due(), std::nullopt);
  Duration pause = LookAgain::kFirstPause;
  for (int looks = 0; looks != 20; ++looks) {
    again.ask(now);
    ASSERT_EQ(again.due(), now + pause);
    EXPECT_FALSE(again.is_due(now));
    now += pause;
    EXPECT_TRUE(again.is_due(now));
    again.begun();
    EXPECT_EQ(again.due(), std::nullopt);
    pause = std::min(2 * pause, LookAgain::kLastPause);
  }
  EXPECT_EQ(pause, LookAgain::kLastPause);
  again.saw_everything();
  again.ask(now);
  EXPECT_EQ(again.due(), now + LookAgain::kFirstPause);
}

TEST(LookAgain, WhatIsAskedMeanwhileDoesNotPutItOff) {
  LookAgain again;
  again.ask(kBegin);
  again.ask(kBegin + LookAgain::kFirstPause / 2);
  EXPECT_EQ(again.due(), kBegin + LookAgain::kFirstPause);
}

}  // namespace
}  // namespace engine::io
