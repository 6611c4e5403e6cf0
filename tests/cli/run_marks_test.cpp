#include "io/cli/run_marks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>

#include "io/watch/expected_sources.h"
#include "tests/support/temp_dir.h"

namespace engine::io {
namespace {

using test::TempDir;
using ::testing::Optional;

class RunMarksTest : public ::testing::Test {
 protected:
  RunMarksTest() { std::filesystem::create_directory(output_ / ".engine"); }
  RunMarks next_run() const { return RunMarks(output_.str()); }

  TempDir output_;
};

TEST_F(RunMarksTest, NothingIsMarkedInANewOutput) {
  EXPECT_FALSE(next_run().is_watching());
  EXPECT_EQ(next_run().missing_since_ns(), std::nullopt);
}

TEST_F(RunMarksTest, AWatchThatWasKilledIsKnownToTheNextRun) {
  next_run().set_watching();
  EXPECT_TRUE(next_run().is_watching());
  next_run().clear_watching();
  EXPECT_FALSE(next_run().is_watching());
}

TEST_F(RunMarksTest, SinceWhenSourcesAreMissingIsKnownUntilTheyAreFound) {
  RunMarks marks = next_run();
  marks.set_missing_since(17);
  EXPECT_THAT(marks.missing_since_ns(), Optional(17));
  RunMarks next = next_run();
  EXPECT_THAT(next.missing_since_ns(), Optional(17));
  next.set_missing_since(17);  // still
  EXPECT_THAT(next_run().missing_since_ns(), Optional(17));
  next.set_missing_since(std::nullopt);
  EXPECT_FALSE(next.is_missing());
  EXPECT_FALSE(next_run().is_missing());
}

// Cut short, or no file at all: there was something to tell.
TEST_F(RunMarksTest, AMarkWithoutAWholeTimeIsOneSinceEver) {
  for (const char* text : {"", "12", "x\n"}) {
    output_.write(".engine/missing", text);
    EXPECT_THAT(next_run().missing_since_ns(), Optional(ExpectedSources::kSinceEver)) << text;
  }
  std::filesystem::remove(output_ / ".engine/missing");
  std::filesystem::create_directory(output_ / ".engine/missing");
  EXPECT_THAT(next_run().missing_since_ns(), Optional(ExpectedSources::kSinceEver));
}

// As on a full disk.
TEST_F(RunMarksTest, WhatCouldNotBeWrittenIsWrittenWhenItCanBe) {
  std::filesystem::create_directory(output_ / ".engine/missing.new");  // in the way
  RunMarks marks = next_run();
  marks.set_missing_since(17);
  EXPECT_FALSE(next_run().is_missing());
  std::filesystem::remove(output_ / ".engine/missing.new");
  marks.set_missing_since(17);
  EXPECT_THAT(next_run().missing_since_ns(), Optional(17));
  EXPECT_FALSE(std::filesystem::exists(output_ / ".engine/missing.new"));
}

// The full disk is told by what else is written there.
TEST_F(RunMarksTest, WhatCannotBeWrittenHoldsForThisRunAlone) {
  std::filesystem::remove(output_ / ".engine");
  RunMarks marks = next_run();
  marks.set_watching();
  marks.set_missing_since(17);
  EXPECT_TRUE(marks.is_missing());
  EXPECT_FALSE(next_run().is_missing());
  EXPECT_FALSE(next_run().is_watching());
}

}  // namespace
}  // namespace engine::io
