// Host: what the engine needs of the machine it runs on: time, memory, stalls, places for threads.
//
// One piece for every command that runs an engine, so that none of them can forget a port.
// Thread contract: one thread; the ports that it hands out are safe from any.
// Units: seconds; bytes.
#pragma once

#include "engine/ports.h"
#include "io/cli/command_line.h"
#include "io/cli/summary.h"
#include "io/host/cpu_set.h"
#include "io/host/memory_monitor.h"
#include "io/host/process_memory.h"
#include "io/host/stall_monitor.h"

namespace engine::io {

class Host {
 public:
  explicit Host(const CommandLine& line);

  /// All the ports there are. They live as long as this.
  Ports ports(FileSource& files, Sink& sink, SourceObserver& observer, IntakeObserver& intake);

  const Clock& clock() const { return clock_; }
  double elapsed_seconds() const;
  /// From time to time: the kernel keeps no peak of anonymous memory.
  void sample_memory() { anonymous_.sample(); }
  /// What an outcome says of this machine and of the time since the begin.
  void describe(LoadOutcome* outcome) const;

 private:
  const CommandLine& line_;
  SteadyClock clock_;
  const TimePoint begin_ = clock_.now();
  MemoryMonitor memory_;
  StallMonitor pressure_;
  CpuPlacement placement_;
  PeakAnonymousMemory anonymous_;
};

}  // namespace engine::io
