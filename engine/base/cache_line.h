// Padded: a value with cache lines of its own, so that a thread that writes it does not slow the
// thread that uses its neighbour.
//
// Thread contract: that of T.
// Errors: none but those of T.
// Source: std::hardware_destructive_interference_size is missing from clang's libstdc++ build and
// varies with -mtune in gcc, so the size is fixed here; a layout must not depend on a flag.
#pragma once

#include <cstddef>

namespace engine {

inline constexpr std::size_t kCacheLineSize = 64;

template <class T>
struct alignas(kCacheLineSize) Padded {
  T value{};
};

static_assert(sizeof(Padded<char>) == kCacheLineSize);
static_assert(alignof(Padded<char>) == kCacheLineSize);

}  // namespace engine
