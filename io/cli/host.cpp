#include "io/cli/host.h"

#include <chrono>

namespace engine::io {

Host::Host(const CommandLine& line)
    : line_(line),
      memory_(line.options.memory_threshold, clock_),
      placement_(CpuSet::of_this_process(), !line.no_pin) {}

Ports Host::ports(FileSource& files, Sink& sink, SourceObserver& observer, IntakeObserver& intake) {
  return {.files = &files,
          .sink = &sink,
          .observer = &observer,
          .intake = &intake,
          .clock = &clock_,
          .memory = &memory_,
          .pressure = &pressure_,
          .placement = &placement_};
}

double Host::elapsed_seconds() const {
  return std::chrono::duration<double>(clock_.now() - begin_).count();
}

void Host::describe(LoadOutcome* outcome) const {
  const unsigned workers = outcome->stats.pool.num_workers;
  outcome->output = line_.output;
  outcome->elapsed_seconds = elapsed_seconds();
  outcome->peak_rss_bytes = peak_rss_bytes();
  outcome->peak_anon_bytes = anonymous_.bytes();
  outcome->usable_cpus = placement_.usable_cpus();
  outcome->pinned = placement_.pins(workers) && workers != 0;
  outcome->memory_usage_percent = memory_.usage_percent();
  outcome->memory_threshold = line_.options.memory_threshold;
  outcome->dry_run = line_.options.dry_run;
}

}  // namespace engine::io
