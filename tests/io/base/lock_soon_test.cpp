#include "io/base/lock_soon.h"

#include <gtest/gtest.h>

#include <chrono>

namespace engine::io {
namespace {

TEST(LockSoon, TakesWhatIsFree) {
  std::mutex mutex;
  EXPECT_TRUE(lock_soon(mutex).owns_lock());
  EXPECT_TRUE(lock_soon(mutex).owns_lock());  // and gave it back
}

TEST(LockSoon, WaitsForWhoHasItHoweverLong) {
  for (const auto held : {std::chrono::microseconds(0), std::chrono::microseconds(50'000)}) {
    std::mutex mutex;
    std::unique_lock first(mutex);
    bool is_free = false;  // guarded by the mutex
    std::thread other([&] {
      const std::unique_lock lock = lock_soon(mutex);
      EXPECT_TRUE(lock.owns_lock());
      EXPECT_TRUE(is_free);
    });
    std::this_thread::sleep_for(held);
    is_free = true;
    first.unlock();
    other.join();
  }
}

TEST(LockUnless, IsNotWaitedForWhereItsHolderDoesWhatItIsFor) {
  std::mutex mutex;
  const std::unique_lock held(mutex);
  int looks = 0;
  EXPECT_FALSE(lock_unless([&] { return ++looks == 3; }, mutex).owns_lock());
  EXPECT_EQ(looks, 3);
}

TEST(LockUnless, TakesWhatIsFreeWithoutALook) {
  std::mutex mutex;
  EXPECT_TRUE(lock_unless([] { return true; }, mutex).owns_lock());
}

}  // namespace
}  // namespace engine::io
