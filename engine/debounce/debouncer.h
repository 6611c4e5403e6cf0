// Debouncer: events in, each path out once when it has fallen quiet.
//
//   debouncer.observe({"a.sql"}, now);
//   ... wait until debouncer.next_deadline(), or the next event ...
//   debouncer.take_due(now, &batch);
//
// It is passive: no thread, no clock, no timer and no lock inside. Whoever owns it tells it what
// happened and when, asks for the next deadline and sleeps however it likes.
//
// Thread contract: confined to one thread, or guarded by the caller.
// Units: TimePoint and Duration of engine/clock.h. A time before the latest one seen counts as the
// latest: threads that read the clock before they take the caller's lock may arrive out of order.
// Cost: an event is one hash look-up and O(1) list work, a path that leaves O(log n) amortised (the
// sort of its batch). Memory grows with the paths that wait, not with the events.
// Errors: none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/clock.h"
#include "engine/file_event.h"
#include "engine/stats.h"

namespace engine {

struct DebouncerOptions {
  Duration window = std::chrono::seconds(5);      ///< quiet time after the last event of a path
  std::size_t batch_size_threshold = 50;          ///< so many waiting paths are all due at once
  Duration max_delay = std::chrono::seconds(30);  ///< a path that never falls quiet waits so long
  bool enabled = true;                            ///< false: every path is due at once
};

class Debouncer {
 public:
  explicit Debouncer(DebouncerOptions options);
  Debouncer(const Debouncer&) = delete;
  Debouncer& operator=(const Debouncer&) = delete;

  /// The path of the event waits from now on, or goes on waiting: its window starts again, and it
  /// keeps the highest priority seen. What comes out says when the first event was observed: at
  /// `now`, unless the event itself says so. After a settled event it is due at once, if no other
  /// one comes before. An event for a missing tree, which tells of no change, leaves its window as
  /// it is.
  void observe(const FileEvent& event, TimePoint now);

  /// Appends the paths that are due, in the order of their first events, and forgets them. Due are
  /// those quiet for the window or waiting for max_delay; or all of them when batch_size_threshold
  /// are waiting, after flush_now(), or with batching off. Returns how many.
  std::size_t take_due(TimePoint now, std::vector<FileEvent>* out);

  /// When take_due() next has something to give, if no event comes before; possibly a moment that
  /// has passed. Nothing while nothing waits.
  std::optional<TimePoint> next_deadline() const;

  /// Makes everything that waits now due.
  void flush_now();

  /// The path waits no longer; false when it did not.
  bool forget(const std::string& path);

  /// How many paths wait.
  std::size_t waiting() const { return paths_.size(); }

  BatchStats stats() const;

 private:
  struct Waiting {
    FileEvent event;
    std::uint64_t order;  // counts first events
    TimePoint first;
    TimePoint last;
    std::list<Waiting*>::iterator by_last;
  };

  TimePoint advance_to(TimePoint now);
  bool all_due() const;
  void collect_due(TimePoint now);
  bool remove(const std::string& path, FileEvent* out);
  TimePoint quiet_at(const Waiting& waiting) const;

  const DebouncerOptions options_;

  // The window and the delay are the same for all paths, so whoever had the earliest event has the
  // earliest deadline: two lists in order of time do what a heap would. The settled are before all
  // others in by_last_.
  std::list<Waiting> by_first_;
  std::list<Waiting*> by_last_;
  std::unordered_map<std::string_view, std::list<Waiting>::iterator> paths_;  // keys: in by_first_

  TimePoint latest_ = TimePoint::min();
  std::uint64_t next_order_ = 0;
  bool flush_ = false;
  std::vector<const Waiting*> due_;  // of one take_due(); kept for its memory

  std::uint64_t events_received_ = 0;
  std::uint64_t events_deduplicated_ = 0;
  std::uint64_t events_processed_ = 0;
  std::uint64_t events_forgotten_ = 0;
  std::uint64_t batches_processed_ = 0;
};

}  // namespace engine
