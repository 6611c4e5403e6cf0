#include "io/cli/doubtful_sources.h"

#include <gtest/gtest.h>

namespace engine::io {
namespace {

class SteppedClock final : public Clock {
 public:
  TimePoint now() const override { return now_; }
  void advance(Duration by) { now_ += by; }

 private:
  TimePoint now_{};
};

class Doubts : public ::testing::Test {
 protected:
  static SourceReport report(SourceStatus status) {
    SourceReport report;
    report.path = "a.sql";
    report.status = status;
    return report;
  }

  SteppedClock clock_;
  int wakes_ = 0;
  DoubtfulSources doubts_{clock_, [this] { ++wakes_; }};
};

TEST_F(Doubts, WhoWaitsIsWokenForTheFirst) {
  doubts_.told_gone("a.sql");
  EXPECT_EQ(doubts_.due(), std::nullopt);
  EXPECT_TRUE(doubts_.finished(report(SourceStatus::kDone)));
  EXPECT_EQ(wakes_, 1);
  ASSERT_NE(doubts_.due(), std::nullopt);
  EXPECT_TRUE(doubts_.take_due().empty());
  clock_.advance(*doubts_.due() - clock_.now());
  EXPECT_EQ(doubts_.take_due().found, std::set<std::string>{"a.sql"});
  EXPECT_EQ(doubts_.due(), std::nullopt);
  EXPECT_TRUE(doubts_.finished(report(SourceStatus::kDone))) << "until the two agree";
  EXPECT_EQ(wakes_, 2);
}

TEST_F(Doubts, WhatIsThereAgainTheWatcherLooksForUnlessItTellsFirst) {
  doubts_.found_again("a.sql");
  EXPECT_EQ(wakes_, 1);
  clock_.advance(*doubts_.due() - clock_.now());
  EXPECT_EQ(doubts_.take_due().missed, std::set<std::string>{"a.sql"});
  doubts_.found_again("a.sql");
  doubts_.told_there("a.sql");
  EXPECT_EQ(doubts_.due(), std::nullopt);
}

TEST_F(Doubts, WhatTheEngineMissedTheWatcherLooksForUnlessItTellsFirst) {
  EXPECT_TRUE(doubts_.finished(report(SourceStatus::kGone)));
  EXPECT_EQ(wakes_, 1);
  clock_.advance(*doubts_.due() - clock_.now());
  const DoubtfulSources::Due due = doubts_.take_due();
  EXPECT_EQ(due.missed, std::set<std::string>{"a.sql"});
  EXPECT_TRUE(due.found.empty());

  EXPECT_TRUE(doubts_.finished(report(SourceStatus::kGone)));
  doubts_.told_there("a.sql");
  EXPECT_EQ(doubts_.due(), std::nullopt);
  EXPECT_TRUE(doubts_.finished(report(SourceStatus::kGone)));
  doubts_.told_gone("a.sql");
  EXPECT_EQ(doubts_.due(), std::nullopt);
  EXPECT_FALSE(doubts_.finished(report(SourceStatus::kGone)));
}

TEST_F(Doubts, HaveAnEndWhereTheTwoNeverAgree) {
  doubts_.told_gone("a.sql");
  int looks = 0;
  while (doubts_.finished(report(SourceStatus::kDone)) && doubts_.due() && looks < 100) {
    clock_.advance(*doubts_.due() - clock_.now());
    EXPECT_EQ(doubts_.take_due().found.size(), 1u);
    ++looks;
  }
  EXPECT_EQ(looks, 8);
  EXPECT_FALSE(doubts_.finished(report(SourceStatus::kDone)));
}

// The watcher tells that it is there each time that it looks.
TEST_F(Doubts, HaveAnEndWhereTheEngineNeverFindsIt) {
  int looks = 0;
  while (doubts_.finished(report(SourceStatus::kGone)) && doubts_.due() && looks < 100) {
    clock_.advance(*doubts_.due() - clock_.now());
    EXPECT_EQ(doubts_.take_due().missed.size(), 1u);
    doubts_.told_there("a.sql");
    ++looks;
  }
  EXPECT_EQ(looks, 8);
  EXPECT_FALSE(doubts_.finished(report(SourceStatus::kDone)));
  EXPECT_TRUE(doubts_.finished(report(SourceStatus::kGone)));
  EXPECT_NE(doubts_.due(), std::nullopt) << "it was found in between";
}

// Only who finds nothing there agrees that it is gone.
TEST_F(Doubts, WhatIsToldGoneAndFailsIsLookedAtAgain) {
  EXPECT_FALSE(doubts_.finished(report(SourceStatus::kFailed)));
  doubts_.told_gone("a.sql");
  EXPECT_TRUE(doubts_.finished(report(SourceStatus::kFailed)));
  EXPECT_NE(doubts_.due(), std::nullopt);
}

TEST_F(Doubts, ThereIsNoneWhereTheTwoAgree) {
  EXPECT_FALSE(doubts_.finished(report(SourceStatus::kDone)));
  doubts_.told_gone("a.sql");
  EXPECT_FALSE(doubts_.finished(report(SourceStatus::kGone)));
  doubts_.told_gone("a.sql");
  EXPECT_TRUE(doubts_.finished(report(SourceStatus::kDone)));
  doubts_.told_there("a.sql");
  EXPECT_EQ(doubts_.due(), std::nullopt);
}

}  // namespace
}  // namespace engine::io
