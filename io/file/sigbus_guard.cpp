#include "io/file/sigbus_guard.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <mutex>

namespace engine::io {
namespace {

// One guarded range. `sequence` is odd while the range changes, so that the handler, which may look
// at a slot in any state, never pairs the begin of one range with the end of another.
struct Slot {
  std::atomic<bool> taken{false};
  std::atomic<bool> faulted{false};
  std::atomic<std::uint32_t> sequence{0};
  std::atomic<std::uintptr_t> begin{0};
  std::atomic<std::uintptr_t> end{0};
};
static_assert(std::atomic<std::uintptr_t>::is_always_lock_free, "used in a signal handler");
static_assert(std::atomic<bool>::is_always_lock_free, "used in a signal handler");

std::array<Slot, kMaxGuards> slots;
std::atomic<std::size_t> next_slot{0};  // relaxed everywhere: only a hint where to look first
struct sigaction previous_action;       // constant once the handler is installed
std::uintptr_t page_mask;               // likewise

void set_range(Slot& slot, std::uintptr_t begin, std::uintptr_t end) {
  const std::uint32_t sequence = slot.sequence.load(std::memory_order_relaxed);
  slot.sequence.store(sequence + 1, std::memory_order_relaxed);
  // release: pair with the acquire loads in covers(), which then also see the odd sequence.
  slot.begin.store(begin, std::memory_order_release);
  slot.end.store(end, std::memory_order_release);
  // release: pairs with the first acquire in covers().
  slot.sequence.store(sequence + 2, std::memory_order_release);
}

// The end of the slot's range when `address` is in it, else 0. The range a thread faults in stands
// still as long as the fault: its owner unguards it only after the last load.
std::uintptr_t covers(const Slot& slot, std::uintptr_t address) {
  // acquire: pairs with the last release in set_range().
  const std::uint32_t sequence = slot.sequence.load(std::memory_order_acquire);
  // acquire: pair with the release stores of begin and end in set_range().
  const std::uintptr_t begin = slot.begin.load(std::memory_order_acquire);
  const std::uintptr_t end = slot.end.load(std::memory_order_acquire);
  if (sequence % 2 != 0 || slot.sequence.load(std::memory_order_relaxed) != sequence) return 0;
  return begin <= address && address < end ? end : 0;
}

void chain(int signal, siginfo_t* info, void* context) {
  if ((previous_action.sa_flags & SA_SIGINFO) != 0) {
    previous_action.sa_sigaction(signal, info, context);
  } else if (previous_action.sa_handler != SIG_DFL && previous_action.sa_handler != SIG_IGN) {
    previous_action.sa_handler(signal);
  } else {
    // The load is repeated on return and then ends the process, with a core at the right place. A
    // SIGBUS that somebody sent is not repeated: send it again.
    struct sigaction restore {};
    restore.sa_handler = info->si_code > 0 ? SIG_DFL : previous_action.sa_handler;
    ::sigaction(SIGBUS, &restore, nullptr);
    if (info->si_code <= 0) ::raise(SIGBUS);
  }
}

// Async-signal-safe: it uses lock-free atomics and mmap(2). POSIX does not list mmap, but on Linux
// it is a bare system call; it is called as one, so that no library or sanitizer wrapper is in
// between.
void handle_sigbus(int signal, siginfo_t* info, void* context) {
  const int saved_errno = errno;
  const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
  // BUS_ADRERR only: a page lost to broken memory (BUS_MCEERR_*) is not ours to paper over.
  if (info->si_code == BUS_ADRERR) {
    for (Slot& slot : slots) {
      const std::uintptr_t end = covers(slot, address);
      if (end == 0) continue;
      const std::uintptr_t page = address & page_mask;
      const long mapped = ::syscall(SYS_mmap, page, end - page, PROT_READ,
                                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
      if (mapped == -1) break;
      // release: pairs with the acquire in faulted().
      slot.faulted.store(true, std::memory_order_release);
      errno = saved_errno;
      return;
    }
  }
  errno = saved_errno;
  chain(signal, info, context);
}

void install_handler() {
  page_mask = ~(static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE)) - 1);
  struct sigaction action {};
  action.sa_sigaction = handle_sigbus;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  ::sigemptyset(&action.sa_mask);
  // Asked first, set second: the handler may run before the second call has returned.
  ::sigaction(SIGBUS, nullptr, &previous_action);
  ::sigaction(SIGBUS, &action, nullptr);
}

constexpr std::size_t kMoved = kMaxGuards;

}  // namespace

std::optional<SigbusGuard> SigbusGuard::guard(void* address, std::size_t length) {
  static std::once_flag installed;
  std::call_once(installed, install_handler);
  const std::size_t first = next_slot.fetch_add(1, std::memory_order_relaxed);
  for (std::size_t i = 0; i < kMaxGuards; ++i) {
    const std::size_t index = (first + i) % kMaxGuards;
    Slot& slot = slots[index];
    // acquire: pairs with the release in the destructor, so that the slot's last owner is done.
    if (slot.taken.load(std::memory_order_relaxed) ||
        slot.taken.exchange(true, std::memory_order_acquire)) {
      continue;
    }
    slot.faulted.store(false, std::memory_order_relaxed);
    const auto begin = reinterpret_cast<std::uintptr_t>(address);
    set_range(slot, begin, begin + length);
    return SigbusGuard(index);
  }
  return std::nullopt;
}

SigbusGuard::SigbusGuard(SigbusGuard&& other) noexcept : slot_(other.slot_) {
  other.slot_ = kMoved;
}

SigbusGuard::~SigbusGuard() {
  if (slot_ == kMoved) return;
  set_range(slots[slot_], 0, 0);
  // release: pairs with the acquire in guard().
  slots[slot_].taken.store(false, std::memory_order_release);
}

bool SigbusGuard::faulted() const {
  // acquire: pairs with the release in handle_sigbus().
  return slots[slot_].faulted.load(std::memory_order_acquire);
}

}  // namespace engine::io
