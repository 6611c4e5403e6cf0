// asan_poison() and asan_unpoison(): tell the address sanitizer which bytes of a memory that is
// dealt out here, and not by malloc(), are nobody's. In other builds they are nothing.
//
// Thread contract: any thread.
#pragma once

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#define ENGINE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ENGINE_ASAN 1
#endif
#endif

#ifdef ENGINE_ASAN
#include <sanitizer/asan_interface.h>
#endif

namespace engine {

#ifdef ENGINE_ASAN
inline constexpr bool kHasAsan = true;
inline void asan_poison(const void* begin, std::size_t size) noexcept {
  __asan_poison_memory_region(begin, size);
}
inline void asan_unpoison(const void* begin, std::size_t size) noexcept {
  __asan_unpoison_memory_region(begin, size);
}
#else
inline constexpr bool kHasAsan = false;
inline void asan_poison(const void*, std::size_t) noexcept {}
inline void asan_unpoison(const void*, std::size_t) noexcept {}
#endif

}  // namespace engine
