// Random: numbers for generated input that are the same on every machine.
//
// Thread contract: one object, one thread.
// Source: splitmix64, Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
// OOPSLA 2014. The distributions of the standard library are not used, because each implementation
// may draw differently.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace engine::bench {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  /// 0 to limit - 1. The bias of the remainder is below 2^-40 for the limits used here.
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(next() % limit); }

  template <class T, std::size_t n>
  const T& pick(const std::array<T, n>& values) {
    return values[below(n)];
  }

 private:
  std::uint64_t state_;
};

}  // namespace engine::bench
