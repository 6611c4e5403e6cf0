// Stats: counters of a running engine, under the names of the system it succeeds.
//
// Thread contract: values, read at one moment; counters that belong together may be a task apart.
// Units: in the member names; percentages are 0 to 100.
// Errors: none.
// Source: docs/design.md, "Command line" (--stats=json).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace engine {

/// Of the debouncer (the predecessor's BatchProcessor). At any moment events_received is the sum of
/// events_deduplicated, events_processed, events_forgotten and pending_files.
struct BatchStats {
  std::uint64_t events_received = 0;
  std::uint64_t events_deduplicated = 0;
  std::uint64_t events_processed = 0;  ///< paths handed on
  std::uint64_t events_forgotten = 0;  ///< paths taken back
  std::uint64_t pending_files = 0;
  std::uint64_t batches_processed = 0;
  double deduplication_rate_percent = 0;
  double hit_rate_percent = 0;  ///< events that found their path waiting
  double debounce_window_seconds = 0;
  std::uint64_t batch_size_threshold = 0;
  bool batching_enabled = true;
};

/// Of the worker pool.
struct PoolStats {
  unsigned num_workers = 0;
  std::uint64_t queue_size = 0;
  std::uint64_t max_queue_size = 0;
  std::uint64_t tasks_submitted = 0;
  std::uint64_t tasks_completed = 0;
  std::uint64_t tasks_failed = 0;
  std::uint64_t tasks_pending = 0;
  std::uint64_t back_pressure_events = 0;
  double success_rate_percent = 100;
  double memory_usage_percent = 0;
  bool running = false;
};

/// Of the sources. Each one that was taken in ends as done, failed, unchanged, gone or left.
struct LoadStats {
  std::uint64_t sources = 0;
  std::uint64_t sources_done = 0;
  std::uint64_t sources_failed = 0;
  std::uint64_t sources_unchanged = 0;  ///< those among them that SourceStatus calls kept
  std::uint64_t sources_gone = 0;       ///< observed, and not there any more when their turn came
  std::uint64_t sources_left = 0;       ///< dropped or given up by shutdown()
  std::uint64_t requests_merged = 0;    ///< for a path that was waiting already
  std::uint64_t bytes_read = 0;
  std::uint64_t units = 0;
  std::uint64_t objects = 0;
  std::uint64_t outputs_written = 0;
  std::uint64_t outputs_unchanged = 0;
  std::uint64_t bytes_written = 0;
  std::uint64_t warnings = 0;
  std::uint64_t retries = 0;  ///< attempts that failed and were followed by another
  double latency_p50_ms = 0;  ///< one source, from the start of its work to its published tree
  double latency_p99_ms = 0;
};

/// Of the events.
struct WatchStats {
  double latency_p50_ms = 0;  ///< from a path's first event of a batch to its published tree
  double latency_p99_ms = 0;
};

struct Stats {
  LoadStats load;
  BatchStats batch;
  PoolStats pool;
  WatchStats watch;
};

}  // namespace engine
