// LineWriter: text for a descriptor at whose other end somebody reads, or has stopped to: a pager,
// a log shipper that hangs, a terminal that is held.
//
// Whoever reads is waited for only so long; then what does not fit is lost, and nobody waits for
// him again before he goes on. The work never depends on who reads about it.
// Thread contract: write() is guarded by the caller; a ReaderPatience may be changed by any thread.
// Source: pipe(7), fifo(7), proc(5): another open file description of a pipe or terminal.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "engine/clock.h"
#include "io/base/descriptor.h"

namespace engine::io {

/// How long a reader who stands still is waited for: without end, until somebody is in a hurry.
class ReaderPatience {
 public:
  /// From here on as whoever has something else to do than to write.
  void hurry() { is_brief_.store(true, std::memory_order_relaxed); }
  bool is_over(Duration waited) const {
    return is_brief_.load(std::memory_order_relaxed) && waited >= kBrief;
  }

 private:
  static constexpr Duration kBrief = std::chrono::seconds(1);
  std::atomic<bool> is_brief_{false};  // relaxed: nothing else goes with it
};

class LineWriter {
 public:
  /// Both are another's, and outlive this.
  LineWriter(int fd, const ReaderPatience& patience);
  ~LineWriter();  ///< says how many lines are lost, if that can be said without waiting
  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;

  /// False: lost, all of it or its end.
  bool write(std::string_view text);
  /// The same, without waiting: what is of this moment.
  bool write_now(std::string_view text);
  /// The same with a line of a log, where it is said how many have been lost before.
  void log(std::string_view line);

 private:
  bool write_all(std::string_view* text);
  ssize_t write_some(std::string_view text) const;
  bool wait_for_room();
  bool may_wait();
  bool tell_lost();

  const int fd_;
  const Descriptor own_;  // of the same pipe or terminal; none where the system gives none
  const bool is_socket_;
  const ReaderPatience& patience_;
  TimePoint begin_{};  // of this write()
  bool is_stalled_ = false;
  bool ends_in_line_ = false;  // what was written last lost its end
  std::uint64_t lost_ = 0;     // of log()
};

}  // namespace engine::io
