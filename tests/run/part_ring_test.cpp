#include "engine/run/part_ring.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/file_source.h"
#include "engine/sql/classifier.h"
#include "engine/sql/splitter.h"

namespace engine::run {
namespace {

// Batches of one view each, which is long enough for that, or of rows.
class PartRingTest : public ::testing::Test {
 protected:
  void fill(const std::string& text) {
    text_ = text + std::string(kReadablePadding, '\n');
    sql::Splitter splitter(text_, Dialect::kPostgresql);
    sql::Classifier classifier(text_, Dialect::kPostgresql);
    while (ring_.has_room() && ring_.to_fill().fill(&splitter, &classifier)) ring_.fill();
  }

  static std::string views(int count) {
    std::string all;
    for (int i = 0; i < count; ++i) {
      all += "CREATE VIEW v" + std::to_string(i) + " AS SELECT '" + std::string(5000, 'x') +
             "' FROM t;\n";
    }
    return all;
  }

  std::string text_;
  PartRing ring_;
};

TEST_F(PartRingTest, AQuestionIsTakenOnceAndTheOldestFirst) {
  fill(views(3));
  for (const std::uint64_t number : {0u, 1u, 2u}) EXPECT_EQ(ring_.take_question(), number);
  EXPECT_EQ(&ring_.to_answer(0), &ring_.to_empty());
  EXPECT_FALSE(ring_.has_question());
  EXPECT_EQ(ring_.take_question(), std::nullopt);
}

TEST_F(PartRingTest, WhatIsAnsweredEarlyWaitsForWhatCameBefore) {
  fill(views(2));
  const auto first = ring_.take_question(), second = ring_.take_question();
  ASSERT_TRUE(first && second);
  ring_.answered(*second);
  EXPECT_FALSE(ring_.has_batch(true));
  ring_.answered(*first);
  EXPECT_TRUE(ring_.has_batch(true));
  ring_.pop();
  EXPECT_TRUE(ring_.has_batch(true));
}

TEST_F(PartRingTest, RowsAskNothing) {
  std::string rows;
  for (int i = 0; i < 5000; ++i) rows += "INSERT INTO t VALUES (1);\n";
  fill(rows);
  EXPECT_FALSE(ring_.has_question());
  EXPECT_TRUE(ring_.has_batch(true));
}

// So that a helper is never deep in one while a task waits.
TEST_F(PartRingTest, AVeryLongStatementIsForTheOwnerOfTheJobAlone) {
  fill("CREATE VIEW v AS SELECT '" + std::string(100'000, 'x') + "' FROM t;\n");
  EXPECT_FALSE(ring_.has_question());
  EXPECT_FALSE(ring_.has_batch(false));
  EXPECT_TRUE(ring_.has_batch(true));
}

TEST_F(PartRingTest, AFullRingHasNoRoomUntilABatchLeaves) {
  fill(views(40));
  EXPECT_FALSE(ring_.has_room());
  EXPECT_TRUE(ring_.is_high());
  ring_.answered(ring_.take_question().value());
  ring_.pop();
  EXPECT_TRUE(ring_.has_room());
}

}  // namespace
}  // namespace engine::run
