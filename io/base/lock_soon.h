// lock_soon(): a lock that is held for some microseconds by whoever has it, as a rule. To fall
// asleep and be woken takes many times that.
//
// Thread contract: any thread.
#pragma once

#include <mutex>
#include <thread>

namespace engine::io {

inline std::unique_lock<std::mutex> lock_soon(std::mutex& mutex) {
  constexpr int kTries = 200;
  std::unique_lock lock(mutex, std::try_to_lock);
  for (int i = 0; i < kTries && !lock.owns_lock(); ++i) {
    std::this_thread::yield();
    if (lock.try_lock()) return lock;
  }
  if (!lock.owns_lock()) lock.lock();
  return lock;
}

}  // namespace engine::io
