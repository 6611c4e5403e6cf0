// LineWriter: text for a descriptor at whose other end somebody reads, or has stopped to: a pager,
// a log shipper that hangs, a terminal that is held.
//
// Whoever reads is waited for only so long; then what does not fit is lost, and nobody waits for
// him again before he goes on. The work never depends on who reads about it.
// Thread contract: write() is guarded by the caller; set_patience() from any thread.
// Source: pipe(7), pwritev2(2).
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "engine/clock.h"

namespace engine::io {

class LineWriter {
 public:
  static constexpr Duration kEndless = Duration::max();
  /// Of whoever has something else to do than to write.
  static constexpr Duration kBrief = std::chrono::seconds(1);

  /// The descriptor is another's, and outlives this.
  explicit LineWriter(int fd, Duration patience = kBrief);

  void set_patience(Duration patience) { patience_.store(patience, std::memory_order_relaxed); }

  /// False: lost, all of it or its end.
  bool write(std::string_view text);
  /// The same with a line of a log, where it is said how many have been lost before.
  void log(std::string_view line);

 private:
  bool write_all(std::string_view* text);
  ssize_t write_some(std::string_view text) const;
  bool wait_for_room();

  const int fd_;
  const bool is_pipe_or_socket_;
  std::atomic<Duration> patience_;  // relaxed: nothing else goes with it
  TimePoint begin_{};               // of this write()
  bool is_stalled_ = false;
  bool ends_in_line_ = false;  // what was written last lost its end
  std::uint64_t lost_ = 0;     // of log()
};

}  // namespace engine::io
