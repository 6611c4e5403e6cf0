#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "engine/tree/metadata_header.h"

namespace engine::tree {
namespace {

constexpr std::size_t kBlock = 4096;

TEST(LeadIn, HasTheLengthOrABlockMore) {
  for (const std::string line_end : {"\n", "\r\n"}) {
    EXPECT_EQ(lead_in(0, kBlock, line_end), "");
    for (std::size_t length = 1; length < kBlock; ++length) {
      const std::size_t size = lead_in(length, kBlock, line_end).size();
      EXPECT_EQ(size, length < 4 + line_end.size() ? length + kBlock : length);
    }
  }
}

TEST(LeadIn, EveryLineIsAShortCommentThatDoesNotGoOn) {
  for (const std::string line_end : {"\n", "\r\n"}) {
    for (std::size_t length = 1; length < kBlock; ++length) {
      const std::string text = lead_in(length, kBlock, line_end);
      ASSERT_TRUE(text.ends_with(line_end));
      std::istringstream lines(text);
      for (std::string line; std::getline(lines, line);) {
        ASSERT_TRUE(line.starts_with("-- "));
        ASSERT_TRUE((line + '\n').ends_with('.' + line_end));
        ASSERT_LT(line.size(), 80);
      }
    }
  }
}

}  // namespace
}  // namespace engine::tree
