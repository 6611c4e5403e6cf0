#include "io/watch/source_search.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>

#include "tests/support/temp_dir.h"

namespace engine::io {
namespace {

using test::TempDir;
using Answer = SourceSearch::Answer;

class SourceSearchTest : public testing::Test {
 protected:
  SourceSearch search(std::optional<DirectoryId> left_out = std::nullopt) const {
    return {names_, left_out, Descriptor(::open(place_.path().c_str(), O_RDONLY | O_DIRECTORY)),
            "sub"};
  }
  // To its end.
  Answer answer(std::optional<DirectoryId> left_out = std::nullopt) const {
    return search(left_out).go_on(1'000'000);
  }

  SourceNames names_;
  TempDir place_;
};

TEST_F(SourceSearchTest, OneSourceIsEnoughHoweverDeep) {
  EXPECT_EQ(answer(), Answer::kNone);
  place_.write("README", "");
  place_.write("a/b/notes.txt", "");
  EXPECT_EQ(answer(), Answer::kNone);
  place_.write("a/b/c/d.sql", "");
  EXPECT_EQ(answer(), Answer::kFound);
}

TEST_F(SourceSearchTest, WhatIsLeftOutIsNotThere) {
  names_ = SourceNames({}, {"sub/old/**"});
  place_.write("old/a.sql", "");
  place_.write("out/a.sql", "");
  for (const char* each : {"another/.engine/lock", "another/.engine/build/x", "another/a.sql"}) {
    place_.write(each, "");
  }
  std::filesystem::create_symlink(place_ / "out", place_ / "link");
  const std::optional<DirectoryId> output = directory_id((place_ / "out").string());
  EXPECT_EQ(answer(output), Answer::kNone);
  EXPECT_EQ(answer(), Answer::kFound);
}

TEST_F(SourceSearchTest, APlaceThatIsNotThereHoldsNone) {
  EXPECT_EQ(SourceSearch(names_, std::nullopt, Descriptor(), "sub").go_on(1), Answer::kNone);
}

TEST_F(SourceSearchTest, ABigTreeIsLookedThroughAPartAtATime) {
  for (int i = 0; i < 100; ++i) place_.write("d" + std::to_string(i) + "/README", "");
  SourceSearch searched = search();
  int parts = 1;
  while (searched.go_on(20) == Answer::kUnknown) ++parts;
  EXPECT_EQ(searched.answer(), Answer::kNone);
  EXPECT_GE(parts, 10);
  EXPECT_LE(parts, 15);
}

}  // namespace
}  // namespace engine::io
