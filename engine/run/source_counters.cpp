#include "engine/run/source_counters.h"

#include <algorithm>
#include <chrono>

namespace engine::run {
namespace {

std::uint64_t nanoseconds_of(Duration duration) {
  return static_cast<std::uint64_t>(
      std::max<std::int64_t>(0, std::chrono::nanoseconds(duration).count()));
}

double milliseconds_at(const PerThread<Histogram>& histograms, double percent) {
  Histogram all;
  histograms.each([&](const Histogram& one) { all.merge(one); });
  return static_cast<double>(all.percentile(percent)) / 1e6;
}

}  // namespace

void SourceCounters::add(unsigned worker, const JobResult& result) {
  const SourceReport& report = result.report;
  Counts& counts = counts_.worker(worker);
  counts.done.add(report.status == SourceStatus::kDone);
  counts.failed.add(report.status == SourceStatus::kFailed);
  counts.unchanged.add(report.status == SourceStatus::kUnchanged ||
                       report.status == SourceStatus::kKept);
  counts.gone.add(report.status == SourceStatus::kGone);
  counts.bytes_read.add(report.bytes);
  counts.units.add(report.units);
  for (const auto& [type, number] : report.objects) counts.objects.add(number);
  counts.warnings.add(report.warnings.size());
  counts.outputs_written.add(result.published.outputs_written);
  counts.outputs_unchanged.add(result.published.outputs_unchanged);
  counts.bytes_written.add(result.published.bytes_written);
  work_.worker(worker).record(nanoseconds_of(report.elapsed));
}

void SourceCounters::add_event_latency(unsigned worker, Duration latency) {
  from_event_.worker(worker).record(nanoseconds_of(latency));
}

std::uint64_t SourceCounters::sum(Counter Counts::*counter) const {
  return counts_.sum([&](const Counts& slot) { return (slot.*counter).value(); });
}

std::uint64_t SourceCounters::bytes_read() const { return sum(&Counts::bytes_read); }

LoadStats SourceCounters::load_stats() const {
  LoadStats load;
  load.sources_done = sum(&Counts::done);
  load.sources_failed = sum(&Counts::failed);
  load.sources_unchanged = sum(&Counts::unchanged);
  load.sources_gone = sum(&Counts::gone);
  load.bytes_read = sum(&Counts::bytes_read);
  load.units = sum(&Counts::units);
  load.objects = sum(&Counts::objects);
  load.outputs_written = sum(&Counts::outputs_written);
  load.outputs_unchanged = sum(&Counts::outputs_unchanged);
  load.bytes_written = sum(&Counts::bytes_written);
  load.warnings = sum(&Counts::warnings);
  load.retries = sum(&Counts::retries);
  load.latency_p50_ms = milliseconds_at(work_, 50);
  load.latency_p99_ms = milliseconds_at(work_, 99);
  return load;
}

WatchStats SourceCounters::watch_stats() const {
  WatchStats watch;
  watch.latency_p50_ms = milliseconds_at(from_event_, 50);
  watch.latency_p99_ms = milliseconds_at(from_event_, 99);
  return watch;
}

}  // namespace engine::run
