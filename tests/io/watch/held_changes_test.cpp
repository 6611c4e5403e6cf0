#include "io/watch/held_changes.h"

#include <gtest/gtest.h>

#include <string>

namespace engine::io {
namespace {

ChangedSource change(const std::string& path) { return {path, std::nullopt}; }

TEST(HeldChanges, WithNothingUrgentNothingIsHeldAndNothingReadWhileTheClientIsFull) {
  HeldChanges held(/*has_urgent=*/false);
  EXPECT_TRUE(held.has_room());
  held.set_full();
  EXPECT_TRUE(held.is_full());
  EXPECT_FALSE(held.has_room());
  EXPECT_FALSE(held.holds_back()) << "what has been read already is told all the same";
  EXPECT_FALSE(held.has_told_scan());
  held.reopen();
  EXPECT_TRUE(held.has_room());
  EXPECT_TRUE(held.has_told_scan());
}

TEST(HeldChanges, WhatIsHeldComesInOrderAndBeforeWhatIsNotUrgent) {
  HeldChanges held(/*has_urgent=*/true);
  EXPECT_FALSE(held.holds_back());
  held.set_full();
  for (const char* path : {"b.sql", "a.sql", "b.sql"}) {
    EXPECT_TRUE(held.holds_back());
    held.hold(change(path));
  }
  held.reopen();
  for (const char* path : {"b.sql", "a.sql", "b.sql"}) {
    EXPECT_TRUE(held.holds_back()) << "else it would be told before";
    EXPECT_EQ(held.take_first().path, path);
  }
  EXPECT_FALSE(held.holds_back());
}

TEST(HeldChanges, OneThatIsHeldHasATurnAmongManyUrgentOnes) {
  HeldChanges held(/*has_urgent=*/true);
  held.set_full();
  held.hold(change("later.sql"));
  int urgent = 1;
  while (!held.told_urgent()) ++urgent;
  EXPECT_EQ(urgent, 64);
  EXPECT_EQ(held.take_first().path, "later.sql");
  for (int i = 0; i < 200; ++i) EXPECT_FALSE(held.told_urgent()) << "nothing is held";
}

TEST(HeldChanges, WhatWaitsIsBounded) {
  HeldChanges held(/*has_urgent=*/true);
  held.set_full();
  int some = 0;
  for (; held.has_room(); ++some) {
    if (some % 2 == 0) {
      held.hold(change("a.sql"));
    } else {
      held.told_urgent();
    }
    ASSERT_LT(some, 100'000);
  }
  EXPECT_EQ(some, 65'536);
  held.reopen();
  EXPECT_TRUE(held.has_room()) << "the urgent are the client's";
}

TEST(HeldChanges, AScanWaitsForWhatWasHeldWhenItHadListedAll) {
  HeldChanges held(/*has_urgent=*/true);
  held.set_full();
  held.hold(change("found.sql"));
  held.mark_scan();
  EXPECT_FALSE(held.has_told_scan());
  held.hold(change("later.sql"));
  held.take_first();
  EXPECT_TRUE(held.has_told_scan());
  EXPECT_FALSE(held.empty());
}

}  // namespace
}  // namespace engine::io
