#include "engine/sql/line_cursor.h"

#include <gtest/gtest.h>

#include <string_view>

namespace engine::sql {
namespace {

constexpr std::string_view kLines = "a\nb\nc\nd\ne\nf\n";

TEST(LineCursor, CountsFromOnePlaceToTheNext) {
  LineCursor lines(kLines, '\n');
  EXPECT_EQ(lines.line_at(0), 1u);
  EXPECT_EQ(lines.line_at(3), 2u);
  EXPECT_EQ(lines.line_at(kLines.size()), 7u);
}

// The lines that are said here are not those of the text, to tell them from what was counted.
TEST(LineCursor, GoesOnFromTheLastPlaceThatIsKnown) {
  LineCursor lines(kLines, '\n');
  lines.know({2, 100});
  lines.know({4, 200});
  lines.know({10, 300});
  EXPECT_EQ(lines.line_at(1), 1u);
  EXPECT_EQ(lines.line_at(6), 201u);
  EXPECT_EQ(lines.line_at(10), 300u);
  EXPECT_EQ(lines.line_at(12), 301u);
}

TEST(LineCursor, APlaceThatItHasPassedIsNoneToGoBackTo) {
  LineCursor lines(kLines, '\n');
  lines.move_to(6, 4);
  lines.know({4, 100});
  EXPECT_EQ(lines.line_at(8), 5u);
}

}  // namespace
}  // namespace engine::sql
