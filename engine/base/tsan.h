// tsan_release() and tsan_acquire(): tell the thread sanitizer of an order that it cannot see.
//
// It does not follow std::atomic_thread_fence. Where a library orders memory by fences alone, a
// pair of these calls on one address stands for them: what came before the release happened before
// what comes after the acquire. In other builds they are nothing.
//
// Thread contract: any thread.
// Errors: none.
#pragma once

#if defined(__SANITIZE_THREAD__)
#define ENGINE_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define ENGINE_TSAN 1
#endif
#endif

#ifdef ENGINE_TSAN
#include <sanitizer/tsan_interface.h>
#endif

namespace engine {

#ifdef ENGINE_TSAN
inline void tsan_release(void* address) noexcept { __tsan_release(address); }
inline void tsan_acquire(void* address) noexcept { __tsan_acquire(address); }
#else
inline void tsan_release(void*) noexcept {}
inline void tsan_acquire(void*) noexcept {}
#endif

}  // namespace engine
