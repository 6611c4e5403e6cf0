#include "engine/base/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace engine {

// The highest kSubBucketBits + 1 bits of a value select its bucket: `shift` of the others are
// dropped. The first two rows (shift 0) together hold the values that lose nothing.
std::size_t Histogram::bucket_of(std::uint64_t value) noexcept {
  if (value < kSubBuckets) return static_cast<std::size_t>(value);
  const unsigned shift = static_cast<unsigned>(std::bit_width(value)) - 1 - kSubBucketBits;
  return shift * kSubBuckets + static_cast<std::size_t>(value >> shift);
}

std::uint64_t Histogram::middle_of(std::size_t bucket) noexcept {
  if (bucket < 2 * kSubBuckets) return bucket;
  const std::size_t shift = bucket / kSubBuckets - 1;
  const std::uint64_t first = std::uint64_t{bucket % kSubBuckets + kSubBuckets} << shift;
  return first + (std::uint64_t{1} << (shift - 1));
}

void Histogram::record(std::uint64_t value) noexcept {
  buckets_[bucket_of(value)].fetch_add(1, std::memory_order_relaxed);
}

void Histogram::merge(const Histogram& other) noexcept {
  for (std::size_t i = 0; i < kBuckets; ++i) {
    const std::uint64_t count = other.buckets_[i].load(std::memory_order_relaxed);
    if (count != 0) buckets_[i].fetch_add(count, std::memory_order_relaxed);
  }
}

std::uint64_t Histogram::count() const noexcept {
  std::uint64_t total = 0;
  for (const auto& bucket : buckets_) total += bucket.load(std::memory_order_relaxed);
  return total;
}

std::uint64_t Histogram::percentile(double percent) const noexcept {
  // One copy, so that the rank and the search see the same values though others record meanwhile.
  std::array<std::uint64_t, kBuckets> counts;
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    counts[i] = buckets_[i].load(std::memory_order_relaxed);
    total += counts[i];
  }
  if (total == 0) return 0;

  const double share = std::clamp(percent, 0.0, 100.0) / 100.0 * static_cast<double>(total);
  const std::uint64_t rank = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(std::ceil(share)),
                                                       std::uint64_t{1}, total);
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    seen += counts[i];
    if (seen >= rank) return middle_of(i);
  }
  return 0;  // not reached: seen ends at total, and rank is at most that
}

}  // namespace engine
