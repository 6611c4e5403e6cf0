#include "engine/sql/row_run.h"

#include <gtest/gtest.h>

#include <array>
#include <string_view>

namespace engine::sql {
namespace {

// Three rows behind a first line, the second of two lines.
constexpr std::string_view kText = "--\nINSERT 1;\nINSERT '\n';\r\nINSERT 3;\nINSERT 4;";
constexpr std::array<RowEnd, 3> kEnds = {{{12, 13, 2}, {24, 26, 4}, {35, 36, 5}}};
const RowRun kRun(3, 2, kEnds);

TEST(RowRun, ItsUnitsAndGapsTileIt) {
  constexpr std::string_view kUnits[] = {"INSERT 1;", "INSERT '\n';", "INSERT 3;"};
  constexpr std::string_view kGaps[] = {"\n", "\r\n", "\n"};
  constexpr std::uint64_t kLines[] = {2, 3, 5};
  std::uint64_t end = kRun.offset();
  for (std::size_t i = 0; i < kRun.size(); ++i) {
    const SplitPart unit = kRun.unit(i), gap = kRun.gap(i);
    EXPECT_EQ(unit.offset, end);
    EXPECT_EQ(unit.in(kText), kUnits[i]);
    EXPECT_EQ(unit.kind, PartKind::kUnit);
    EXPECT_EQ(unit.line, kLines[i]);
    EXPECT_EQ(gap.offset, unit.end());
    EXPECT_EQ(gap.in(kText), kGaps[i]);
    EXPECT_EQ(gap.kind, PartKind::kGap);
    end = gap.end();
  }
  EXPECT_EQ(kRun.end(), end);
  EXPECT_EQ(kRun.end_line(), 6u);
}

TEST(RowRun, IsCutBetweenRows) {
  EXPECT_EQ(kRun.first(2).end(), kRun.offset(2));
  EXPECT_EQ(kRun.behind(2).size(), 1u);
  EXPECT_EQ(kRun.behind(2).unit(0).in(kText), kRun.unit(2).in(kText));
  EXPECT_EQ(kRun.behind(2).line(), 5u);
  EXPECT_TRUE(kRun.behind(3).empty());
  EXPECT_EQ(kRun.behind(3).offset(), kRun.end());
}

TEST(RowRun, CountsWhatLiesBeforeAPlace) {
  EXPECT_EQ(kRun.count_ending_by(11), 0u);
  EXPECT_EQ(kRun.count_ending_by(12), 1u);
  EXPECT_EQ(kRun.count_ending_by(100), 3u);
  EXPECT_EQ(kRun.count_beginning_before(3), 0u);
  EXPECT_EQ(kRun.count_beginning_before(4), 1u);
  EXPECT_EQ(kRun.count_beginning_before(13), 1u);
  EXPECT_EQ(kRun.count_beginning_before(14), 2u);
  EXPECT_EQ(kRun.count_beginning_before(100), 3u);
}

std::string_view head(std::string_view insert, std::size_t name_end) {
  return head_of_rows(insert, 0, name_end, insert.size());
}

TEST(RowRun, TheHeadOfRowsIsAllBeforeTheirFirstValue) {
  EXPECT_EQ(head("INSERT INTO t VALUES (1);", 13), "INSERT INTO t VALUES (");
  EXPECT_EQ(head("insert into t(a, b) values(1);", 13), "insert into t(a, b) values(");
  EXPECT_EQ(head("INSERT INTO t\r\n(a)\nVALUES\n(1);", 13), "INSERT INTO t\r\n(a)\nVALUES\n(");
}

TEST(RowRun, WithoutPlainValuesThereIsNoHead) {
  EXPECT_EQ(head("INSERT INTO t SELECT 1;", 13), "");
  EXPECT_EQ(head("INSERT INTO t (a) SELECT 1;", 13), "");
  EXPECT_EQ(head("INSERT INTO t SET a = 1;", 13), "");
  EXPECT_EQ(head("INSERT INTO t /* */ VALUES (1);", 13), "");
  EXPECT_EQ(head("INSERT INTO t DEFAULT VALUES;", 13), "");
  EXPECT_EQ(head("INSERT INTO t (a", 13), "");
  EXPECT_EQ(head("INSERT INTO t VALUES", 13), "");
  EXPECT_EQ(head("INSERT INTO t", 13), "");
}

}  // namespace
}  // namespace engine::sql
