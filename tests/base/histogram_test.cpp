#include "engine/base/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <memory>
#include <random>
#include <thread>
#include <vector>

namespace engine {
namespace {

constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();

// What percentile() promises: the middle of a bucket that is at most 1/32 of its values wide.
void expect_close(std::uint64_t value, std::uint64_t expected) {
  const double error = std::abs(static_cast<double>(value) - static_cast<double>(expected));
  EXPECT_LE(error, static_cast<double>(expected) / 64.0) << value << " for " << expected;
}

TEST(Histogram, EmptyHasNoPercentiles) {
  Histogram histogram;
  EXPECT_EQ(histogram.count(), 0u);
  EXPECT_EQ(histogram.percentile(50), 0u);
}

TEST(Histogram, SmallValuesAreExact) {
  for (std::uint64_t value = 0; value < 64; ++value) {
    Histogram histogram;
    histogram.record(value);
    EXPECT_EQ(histogram.percentile(100), value);
  }
}

TEST(Histogram, EveryMagnitudeKeepsItsRelativeError) {
  for (unsigned bit = 0; bit < 64; ++bit) {
    const std::uint64_t power = std::uint64_t{1} << bit;
    for (const std::uint64_t value : {power, power - 1, power + power / 2, power + power / 3}) {
      Histogram histogram;
      histogram.record(value);
      expect_close(histogram.percentile(50), value);
    }
  }
  Histogram histogram;
  histogram.record(kMax);
  expect_close(histogram.percentile(50), kMax);
}

TEST(Histogram, PercentilesFollowTheSortedValues) {
  std::mt19937_64 random(7);
  std::lognormal_distribution<double> latency(14, 2);  // around a millisecond in nanoseconds
  Histogram histogram;
  std::vector<std::uint64_t> values;
  for (int i = 0; i < 20'000; ++i) {
    values.push_back(static_cast<std::uint64_t>(latency(random)));
    histogram.record(values.back());
  }
  std::sort(values.begin(), values.end());
  EXPECT_EQ(histogram.count(), values.size());
  for (const double percent : {0.0, 1.0, 50.0, 90.0, 99.0, 99.9, 100.0}) {
    const double share = percent / 100 * static_cast<double>(values.size());
    const auto rank = std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(share)));
    expect_close(histogram.percentile(percent), values[rank - 1]);
  }
}

TEST(Histogram, PercentOutsideItsRangeIsHeldToIt) {
  Histogram histogram;
  histogram.record(1);
  histogram.record(60);
  EXPECT_EQ(histogram.percentile(-5), 1u);
  EXPECT_EQ(histogram.percentile(500), 60u);
}

TEST(Histogram, MergeAddsWhatTheOtherRecorded) {
  Histogram a;
  Histogram b;
  for (int i = 0; i < 10; ++i) a.record(5);
  for (int i = 0; i < 30; ++i) b.record(50);
  a.merge(b);
  EXPECT_EQ(a.count(), 40u);
  EXPECT_EQ(a.percentile(25), 5u);
  EXPECT_EQ(a.percentile(26), 50u);
  EXPECT_EQ(b.count(), 30u);
}

TEST(Histogram, IsReadWhileItIsWritten) {
  constexpr std::uint64_t kValues = 20'000;
  auto histogram = std::make_unique<Histogram>();
  std::vector<std::thread> writers;
  std::atomic<int> writing{2};
  for (int i = 0; i < 2; ++i) {
    writers.emplace_back([&] {
      for (std::uint64_t value = 0; value < kValues; ++value) histogram->record(value % 50);
      writing.fetch_sub(1, std::memory_order_relaxed);
    });
  }
  std::uint64_t last = 0;
  while (writing.load(std::memory_order_relaxed) != 0) {
    const std::uint64_t count = histogram->count();
    EXPECT_GE(count, last);
    last = count;
    EXPECT_LT(histogram->percentile(99), 50u);
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(histogram->count(), 2 * kValues);
}

}  // namespace
}  // namespace engine
