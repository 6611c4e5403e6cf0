// What waits for another try: RetryPolicy, DelayQueue, FullOutput, RecentVersions.
#include <gmock/gmock.h>

#include <chrono>

#include "engine/run/delay_queue.h"
#include "engine/run/full_output.h"
#include "engine/run/recent_versions.h"
#include "engine/run/retry_policy.h"

namespace engine::run {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

TimePoint at(int ms) { return TimePoint(milliseconds(ms)); }

TEST(RetryPolicy, PausesDoubleUpToTheLimit) {
  Options options;
  options.retry_limit = 3;
  options.retry_pause = milliseconds(50);
  const RetryPolicy policy(options);
  const Error error{ErrorCode::kUnwritable, "", true};
  EXPECT_EQ(policy.pause_after(error, 1), milliseconds(50));
  EXPECT_EQ(policy.pause_after(error, 2), milliseconds(100));
  EXPECT_EQ(policy.pause_after(error, 3), milliseconds(200));
  EXPECT_EQ(policy.pause_after(error, 4), std::nullopt);
}

TEST(RetryPolicy, AChangedSourceIsTriedSooner) {
  const RetryPolicy policy{Options()};
  EXPECT_EQ(policy.pause_after({ErrorCode::kChanged, "", true}, 1), milliseconds(10));
  EXPECT_EQ(policy.pause_after({ErrorCode::kChanged, "", true}, 8), milliseconds(1280));
}

TEST(RetryPolicy, AnUnsettledSourceIsLookedAtSoonAndNotForEver) {
  EXPECT_EQ(RetryPolicy::pause_until_settled(1), milliseconds(1));
  EXPECT_EQ(RetryPolicy::pause_until_settled(4), milliseconds(8));
  EXPECT_EQ(RetryPolicy::pause_until_settled(6), milliseconds(30));
  EXPECT_EQ(RetryPolicy::pause_until_settled(25), milliseconds(30));
  EXPECT_EQ(RetryPolicy::pause_until_settled(26), std::nullopt);
}

TEST(RetryPolicy, NoPauseIsLongerThanTenSeconds) {
  Options options;
  options.retry_limit = 1000;
  options.retry_pause = seconds(1);
  EXPECT_EQ(RetryPolicy(options).pause_after({ErrorCode::kNoSpace, "", true}, 1000), seconds(10));
}

TEST(RetryPolicy, WhatDoesNotGoAwayFailsAtOnce) {
  EXPECT_EQ(RetryPolicy(Options()).pause_after({ErrorCode::kUnreadable, "", false}, 1),
            std::nullopt);
}

TEST(DelayQueue, GivesPathsInTheOrderOfTheirTimes) {
  DelayQueue queue;
  queue.push("late", at(30));
  queue.push("early", at(10));
  queue.push("second", at(10));
  EXPECT_EQ(queue.next_deadline(), at(10));
  EXPECT_EQ(queue.take_due(at(9)), std::nullopt);
  EXPECT_EQ(queue.take_due(at(10)), "early");
  EXPECT_EQ(queue.take_due(at(10)), "second");
  EXPECT_EQ(queue.take_due(at(29)), std::nullopt);
  EXPECT_EQ(queue.take_due(at(30)), "late");
  EXPECT_EQ(queue.next_deadline(), std::nullopt);
}

TEST(FullOutput, OneSourceAtATimeFindsOutWhetherThereIsRoom) {
  FullOutput output(milliseconds(10));
  EXPECT_TRUE(output.found_full(at(0)));
  EXPECT_FALSE(output.found_full(at(1)));  // said once
  output.hold("a");
  output.hold("b");
  EXPECT_EQ(output.next_deadline(), at(10));
  EXPECT_EQ(output.take_probe(at(9)), std::nullopt);
  EXPECT_EQ(output.take_probe(at(10)), "a");
  EXPECT_EQ(output.take_probe(at(10)), std::nullopt);
  output.probe_failed(at(12));
  output.hold("a");
  EXPECT_EQ(output.next_deadline(), at(32));  // the pause has doubled
  EXPECT_EQ(output.take_probe(at(32)), "b");  // they take turns: one may be too big for the disk
  EXPECT_THAT(output.found_room(), ElementsAre("a"));
  EXPECT_FALSE(output.full());
  EXPECT_FALSE(output.doubtful());
}

TEST(FullOutput, WithNobodyToFindOutItIsStuckAndTheNextSourceFindsOut) {
  FullOutput output(milliseconds(10));
  EXPECT_TRUE(output.found_full(at(0)));
  EXPECT_TRUE(output.stuck());
  EXPECT_THAT(output.release(), IsEmpty());
  EXPECT_FALSE(output.full());
  EXPECT_TRUE(output.doubtful());
  EXPECT_FALSE(output.found_full(at(1)));  // nothing has been written since: nothing new to say
}

TEST(RecentVersions, KnowTheLastVersionOfAPathOnly) {
  RecentVersions versions;
  const SourceVersion first{.inode = 1, .size = 10, .ctime_ns = 5};
  SourceVersion second = first;
  second.ctime_ns = 6;
  EXPECT_FALSE(versions.is_last("a", first));
  versions.note("a", first);
  EXPECT_TRUE(versions.is_last("a", first));
  EXPECT_FALSE(versions.is_last("b", first));
  versions.note("a", second);
  EXPECT_FALSE(versions.is_last("a", first));
  EXPECT_TRUE(versions.is_last("a", second));
}

TEST(RecentVersions, AVersionOfZerosIsNone) {
  RecentVersions versions;
  versions.note("a", SourceVersion{});
  EXPECT_FALSE(versions.is_last("a", SourceVersion{}));
}

}  // namespace
}  // namespace engine::run
