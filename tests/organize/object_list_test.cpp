#include "engine/organize/object_list.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace engine::organize {
namespace {

ObjectRef object(Action action, std::string name) {
  ObjectRef ref;
  ref.action = action;
  ref.type = "table";
  ref.name = std::move(name);
  return ref;
}

TEST(ObjectList, WhatIsSaidAgainIsListedOnceUnlessItWasDroppedMeanwhile) {
  ObjectList list;
  EXPECT_EQ(list.note(object(Action::kCreate, "a")), 0u);
  EXPECT_EQ(list.note(object(Action::kComment, "a")), 1u);
  EXPECT_EQ(list.note(object(Action::kCreate, "a")), 0u);
  EXPECT_EQ(list.note(object(Action::kDrop, "a")), 2u);
  EXPECT_EQ(list.note(object(Action::kCreate, "a")), 3u);
  EXPECT_EQ(list.note(object(Action::kCreate, "a")), 3u);
  EXPECT_EQ(list.size(), 4u);
}

TEST(ObjectList, WhatHasNoNameIsNeverTheSame) {
  ObjectList list;
  ObjectRef check = object(Action::kCreate, "");
  check.name.reset();
  EXPECT_NE(list.note(check), list.note(check));
}

TEST(ObjectList, WhatDiffersInLittleIsFoundAgainAmongMany) {
  ObjectList list;
  for (int i = 0; i < 20; ++i) list.note(object(Action::kData, std::to_string(i)));
  const ObjectRef plain = object(Action::kData, "t");
  ObjectRef elsewhere = plain, conditional = plain, dynamic = plain;
  elsewhere.database = "other";
  conditional.conditional = true;
  dynamic.dynamic = true;
  for (int turn = 0; turn < 2; ++turn) {
    EXPECT_EQ(list.note(plain), 20u);
    EXPECT_EQ(list.note(elsewhere), 21u);
    EXPECT_EQ(list.note(conditional), 22u);
    EXPECT_EQ(list.note(dynamic), 23u);
  }
}

// As many as one statement may name: a look through all of them for each would take minutes.
TEST(ObjectList, VeryManyAreFoundAgain) {
  constexpr std::size_t kMany = 200'000;
  ObjectList list;
  for (int turn = 0; turn < 2; ++turn) {
    for (std::size_t i = 0; i < kMany; ++i) {
      ASSERT_EQ(list.note(object(Action::kComment, std::to_string(i))), i);
    }
  }
  EXPECT_EQ(list.size(), kMany);
}

}  // namespace
}  // namespace engine::organize
