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
