// SigbusGuard: a mapped file that is truncated meanwhile reads as zeros instead of ending the
// process.
//
// A load from a mapped page behind the end of its file raises SIGBUS. A handler, installed once for
// the process, looks the address up in a fixed table of guarded ranges; there it maps zero pages
// over the rest of the range and marks it. Any other SIGBUS goes to the handler that was there
// before, or takes the default action.
//
// Thread contract: guard() from any thread; a guard belongs to the owner of the mapping. Faults may
// come on any thread. The table is lock-free; it has kMaxGuards entries.
// Units: addresses; the range begins and ends at a page.
#pragma once

#include <cstddef>
#include <optional>

namespace engine::io {

inline constexpr std::size_t kMaxGuards = 4096;

class SigbusGuard {
 public:
  /// Guards a private, read-only mapping until destruction, which must come before munmap(); empty
  /// when the table is full.
  static std::optional<SigbusGuard> guard(void* address, std::size_t length);

  SigbusGuard(SigbusGuard&& other) noexcept;
  SigbusGuard& operator=(SigbusGuard&&) = delete;
  ~SigbusGuard();

  /// True once a load from the range has failed; what was read since then may be zeros.
  bool faulted() const;

 private:
  explicit SigbusGuard(std::size_t slot) : slot_(slot) {}
  std::size_t slot_;
};

}  // namespace engine::io
