// SourceJob: what a worker does with one source, from its bytes to its published tree.
//
// Thread contract: run() from any worker, several at once; the ports are shared.
// Errors: a source that changed while it was read is done again, a few times; every other error is
// the source's own and ends up in its report.
#pragma once

#include <cstdint>
#include <string>

#include "engine/options.h"
#include "engine/ports.h"
#include "engine/result.h"
#include "engine/sink.h"
#include "engine/source_report.h"

namespace engine::run {

/// What one source came to.
struct JobResult {
  SourceReport report;
  Published published;
  std::uint64_t retries = 0;
};

class SourceJob {
 public:
  SourceJob(const Options& options, const Ports& ports) : options_(options), ports_(ports) {}

  JobResult run(const std::string& path) const;

 private:
  Result<void> attempt_safely(const std::string& path, JobResult* result) const;
  Result<void> attempt(const std::string& path, JobResult* result) const;

  const Options& options_;
  const Ports& ports_;
};

}  // namespace engine::run
