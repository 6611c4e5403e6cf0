#include "engine/queue/event_count.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <climits>

namespace engine {
namespace {

// The kernel compares these four bytes itself.
static_assert(sizeof(std::atomic<std::uint32_t>) == sizeof(std::uint32_t));
static_assert(std::atomic<std::uint32_t>::is_always_lock_free);

timespec to_timespec(TimePoint deadline) {
  using std::chrono::nanoseconds;
  using std::chrono::seconds;
  const auto since = std::chrono::duration_cast<nanoseconds>(deadline.time_since_epoch());
  if (since < nanoseconds::zero()) return {};
  const auto whole = std::chrono::duration_cast<seconds>(since);
  timespec time{};
  time.tv_sec = static_cast<time_t>(whole.count());
  time.tv_nsec = static_cast<long>((since - whole).count());
  return time;
}

}  // namespace

bool EventCount::sleep(std::uint32_t key, TimePoint deadline) noexcept {
  const timespec time = to_timespec(deadline);
  const timespec* limit = deadline == TimePoint::max() ? nullptr : &time;
  // FUTEX_WAIT_BITSET, because its deadline is absolute; FUTEX_WAIT would count from now.
  const long status = syscall(SYS_futex, &epoch_, FUTEX_WAIT_BITSET_PRIVATE, key, limit, nullptr,
                              FUTEX_BITSET_MATCH_ANY);
  return status == 0 || errno != ETIMEDOUT;
}

void EventCount::wake(std::uint32_t sleepers) noexcept {
  epoch_.fetch_add(1, std::memory_order_release);  // step C: pairs with the acquire in prepare()
  const int count = sleepers > INT_MAX ? INT_MAX : static_cast<int>(sleepers);
  syscall(SYS_futex, &epoch_, FUTEX_WAKE_PRIVATE, count, nullptr, nullptr, 0);
}

}  // namespace engine
