#include "engine/base/cache_line.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace engine {
namespace {

TEST(Padded, NeighboursNeverShareALine) {
  std::vector<Padded<std::uint64_t>> values(3);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto address = reinterpret_cast<std::uintptr_t>(&values[i].value);
    EXPECT_EQ(address % kCacheLineSize, 0u);
  }
  EXPECT_EQ(sizeof(Padded<char[kCacheLineSize + 1]>), 2 * kCacheLineSize);
}

TEST(Padded, ValueStartsAtZero) { EXPECT_EQ(Padded<int>{}.value, 0); }

}  // namespace
}  // namespace engine
