// LoadOutcome: everything that is known of a load or a watch, at its end or while it goes on; and
// how people read it.
//
// Thread contract: a value, and a pure function.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/stats.h"
#include "io/cli/load_report.h"
#include "io/neo4j/graph_sync.h"
#include "io/watch/watch_client.h"

namespace engine::io {

/// Of a watch.
struct WatchOutcome {
  WatchCounts counts;
  std::string event_source;
  std::string event_source_reason;
  std::string event_loop;
  std::string event_loop_reason;
};

/// What Neo4j was sent.
struct Neo4jOutcome {
  SyncCounts counts;
  double elapsed_seconds = 0;
};

struct LoadOutcome {
  Stats stats;  ///< failures outside the sources are counted in
  Findings findings;
  std::string output;  ///< OUTPUT_DIR
  double elapsed_seconds = 0;
  std::uint64_t peak_rss_bytes = 0;
  std::uint64_t peak_anon_bytes = 0;
  unsigned usable_cpus = 1;
  bool pinned = false;
  double memory_usage_percent = 0;
  unsigned memory_threshold = 0;
  std::uint64_t links_not_followed = 0;
  std::uint64_t special_files = 0;  ///< pipes, sockets and devices in INPUT, passed over
  std::uint64_t not_processed = 0;  ///< dropped or given up, because of a signal
  bool dry_run = false;
  std::optional<WatchOutcome> watch;
  std::optional<Neo4jOutcome> neo4j;
};

/// Several lines, each ended.
std::string summary(const LoadOutcome& outcome);

}  // namespace engine::io
