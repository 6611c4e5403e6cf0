#include "io/cli/statistics_json.h"

#include <nlohmann/json.hpp>

namespace engine::io {
namespace {

using Json = nlohmann::ordered_json;

Json load_json(const LoadOutcome& outcome) {
  const LoadStats& load = outcome.stats.load;
  return {{"sources", load.sources},
          {"sources_done", load.sources_done},
          {"sources_failed", load.sources_failed},
          {"sources_unchanged", load.sources_unchanged},
          {"sources_kept", outcome.findings.kept.count()},
          {"sources_gone", load.sources_gone},
          {"requests_merged", load.requests_merged},
          {"sources_not_processed", outcome.not_processed},
          {"bytes_read", load.bytes_read},
          {"units", load.units},
          {"objects", load.objects},
          {"outputs_written", load.outputs_written},
          {"outputs_unchanged", load.outputs_unchanged},
          {"bytes_written", load.bytes_written},
          {"warnings", load.warnings},
          {"failures", outcome.findings.failures.count()},
          {"retries", load.retries},
          {"elapsed_seconds", outcome.elapsed_seconds},
          {"latency_p50_ms", load.latency_p50_ms},
          {"latency_p99_ms", load.latency_p99_ms},
          {"peak_rss_bytes", outcome.peak_rss_bytes},
          {"peak_anon_bytes", outcome.peak_anon_bytes}};
}

Json batch_json(const BatchStats& batch) {
  return {{"events_received", batch.events_received},
          {"events_deduplicated", batch.events_deduplicated},
          {"events_processed", batch.events_processed},
          {"pending_files", batch.pending_files},
          {"batches_processed", batch.batches_processed},
          {"deduplication_rate_percent", batch.deduplication_rate_percent},
          {"hit_rate_percent", batch.hit_rate_percent},
          {"debounce_window_seconds", batch.debounce_window_seconds},
          {"batch_size_threshold", batch.batch_size_threshold},
          {"batching_enabled", batch.batching_enabled}};
}

Json pool_json(const PoolStats& pool) {
  return {{"num_workers", pool.num_workers},
          {"queue_size", pool.queue_size},
          {"max_queue_size", pool.max_queue_size},
          {"tasks_submitted", pool.tasks_submitted},
          {"tasks_completed", pool.tasks_completed},
          {"tasks_failed", pool.tasks_failed},
          {"tasks_pending", pool.tasks_pending},
          {"back_pressure_events", pool.back_pressure_events},
          {"success_rate_percent", pool.success_rate_percent},
          {"memory_usage_percent", pool.memory_usage_percent},
          {"running", pool.running}};
}

Json watch_json(const LoadOutcome& outcome) {
  if (!outcome.watch) return Json::object();
  const WatchOutcome& watch = *outcome.watch;
  const WatchCounts& counts = watch.counts;
  return {{"event_source", watch.event_source},
          {"event_source_reason", watch.event_source_reason},
          {"event_loop", watch.event_loop},
          {"event_loop_reason", watch.event_loop_reason},
          {"directories", counts.directories},
          {"directories_polled", counts.polled_directories},
          {"sources", counts.sources},
          {"sources_settling", counts.settling},
          {"events", counts.notices},
          {"events_filtered", counts.filtered},
          {"events_looked_at", counts.looked_at},
          {"changed", counts.changed},
          {"unchanged", counts.unchanged},
          {"gone", counts.gone},
          {"renamed", counts.renamed},
          {"overflows", counts.overflows},
          {"rescans", counts.rescans},
          {"pauses", counts.pauses},
          {"latency_p50_ms", outcome.stats.watch.latency_p50_ms},
          {"latency_p99_ms", outcome.stats.watch.latency_p99_ms}};
}

Json neo4j_json(const LoadOutcome& outcome) {
  if (!outcome.neo4j) return Json::object();
  const SyncCounts& counts = outcome.neo4j->counts;
  return {{"trees", counts.trees},
          {"trees_removed", counts.removed},
          {"nodes", counts.nodes},
          {"nodes_seconds", counts.nodes_seconds},
          {"relationships", counts.relationships},
          {"relationships_seconds", counts.relationships_seconds},
          {"rejected", counts.rejected},
          {"retries", counts.retries},
          {"elapsed_seconds", outcome.neo4j->elapsed_seconds}};
}

}  // namespace

std::string statistics_json(const LoadOutcome& outcome) {
  const Json json = {{"load", load_json(outcome)},
                     {"batch", batch_json(outcome.stats.batch)},
                     {"pool", pool_json(outcome.stats.pool)},
                     {"watch", watch_json(outcome)},
                     {"neo4j", neo4j_json(outcome)},
                     {"host",
                      {{"usable_cpus", outcome.usable_cpus},
                       {"workers_pinned", outcome.pinned},
                       {"memory_usage_percent", outcome.memory_usage_percent},
                       {"memory_threshold", outcome.memory_threshold},
                       {"links_not_followed", outcome.links_not_followed},
                       {"special_files_passed_over", outcome.special_files}}}};
  return json.dump();
}

}  // namespace engine::io
