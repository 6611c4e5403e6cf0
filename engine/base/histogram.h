// Histogram: how long things took, in fixed memory, to within 1.6 %.
//
// Values below 64 have a bucket each. From there on every power of two is cut into 32 buckets of
// one width, so a bucket is never wider than 1/32 of the values in it, and its middle never further
// than 1/64 from any of them. The whole range of 64 bits takes 1,920 buckets, 15 KiB.
//
// Thread contract: record() from any thread; everything else may run meanwhile and sees some of
// the values recorded meanwhile. Many threads that record should have one each (see PerThread) and
// merge() them.
// Units: the caller's; nanoseconds everywhere in engine.
// Source: the log-linear layout of HdrHistogram.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace engine {

class Histogram {
 public:
  void record(std::uint64_t value) noexcept;

  /// Adds what `other` has recorded.
  void merge(const Histogram& other) noexcept;

  std::uint64_t count() const noexcept;

  /// The value that `percent` of the recorded values do not exceed; 0 when nothing was recorded.
  /// `percent` is held to 0 to 100; 0 gives the least value.
  std::uint64_t percentile(double percent) const noexcept;

 private:
  static constexpr unsigned kSubBucketBits = 5;
  static constexpr std::size_t kSubBuckets = std::size_t{1} << kSubBucketBits;
  static constexpr std::size_t kBuckets = (64 - kSubBucketBits + 1) * kSubBuckets;

  static std::size_t bucket_of(std::uint64_t value) noexcept;
  static std::uint64_t middle_of(std::size_t bucket) noexcept;

  std::array<std::atomic<std::uint64_t>, kBuckets> buckets_{};
};

}  // namespace engine
