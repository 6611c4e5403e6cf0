// SourceCounters: what became of the sources, counted where each worker has its own cache lines.
//
// Thread contract: the methods that add from the worker of that number; the others from any thread.
// Units: latencies in nanoseconds within, milliseconds in LoadStats and WatchStats.
#pragma once

#include "engine/base/counters.h"
#include "engine/base/histogram.h"
#include "engine/clock.h"
#include "engine/run/source_job.h"
#include "engine/stats.h"

namespace engine::run {

class SourceCounters {
 public:
  explicit SourceCounters(unsigned workers)
      : counts_(workers), work_(workers), from_event_(workers) {}

  void add(unsigned worker, const JobResult& result);
  void add_retry(unsigned worker) { counts_.worker(worker).retries.add(); }
  /// From the first event of a path to its published tree.
  void add_event_latency(unsigned worker, Duration latency);

  std::uint64_t bytes_read() const;
  LoadStats load_stats() const;
  WatchStats watch_stats() const;

 private:
  struct Counts {
    Counter done, failed, unchanged, gone, bytes_read, units, objects, warnings, retries;
    Counter outputs_written, outputs_unchanged, bytes_written;
  };
  std::uint64_t sum(Counter Counts::*counter) const;

  PerThread<Counts> counts_;
  PerThread<Histogram> work_;
  PerThread<Histogram> from_event_;
};

}  // namespace engine::run
