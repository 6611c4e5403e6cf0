// lock_soon(): a lock that is held for some microseconds by whoever has it, as a rule. To fall
// asleep and be woken takes many times that.
// lock_unless(): the same, where meanwhile its holder may do what the lock is wanted for.
//
// Thread contract: any thread.
#pragma once

#include <mutex>
#include <thread>

namespace engine::io {

/// Owns nothing where `is_done()` came first.
template <class IsDone>
std::unique_lock<std::mutex> lock_unless(IsDone is_done, std::mutex& mutex) {
  constexpr int kTries = 200;
  std::unique_lock lock(mutex, std::try_to_lock);
  for (int i = 0; i < kTries && !lock.owns_lock(); ++i) {
    std::this_thread::yield();
    if (is_done() || lock.try_lock()) return lock;
  }
  if (!lock.owns_lock()) lock.lock();
  return lock;
}

inline std::unique_lock<std::mutex> lock_soon(std::mutex& mutex) {
  return lock_unless([] { return false; }, mutex);
}

}  // namespace engine::io
