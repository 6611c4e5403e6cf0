// SourceJob: what a worker does with one source, from its bytes to its published tree.
//
// A large source is shared with whoever of its worker's team is idle: see engine/team.h.
//
// Thread contract: run() from any worker, several at once; the ports are shared.
// Errors: in the result; whether there will be another attempt is decided elsewhere.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/options.h"
#include "engine/ports.h"
#include "engine/result.h"
#include "engine/run/path_states.h"
#include "engine/run/recent_versions.h"
#include "engine/sink.h"
#include "engine/source/source_text.h"
#include "engine/source_report.h"
#include "engine/team.h"

namespace engine::run {

/// What one source came to.
struct JobResult {
  SourceReport report;
  Published published;
  std::optional<Error> error;  ///< why the report says failed or gone
};

class SourceJob {
 public:
  SourceJob(const Options& options, const Ports& ports) : options_(options), ports_(ports) {}

  /// One attempt. A version that was the last one done is skipped unless the request is forced.
  JobResult run(const std::string& path, const Request& request, Team& team);

 private:
  Result<void> attempt_safely(const std::string& path, const Request& request, Team& team,
                              JobResult* result);
  struct Text;
  Result<Text> read(const std::string& path, std::string_view bytes, source::Look look, Team* team,
                    SourceReport* report);
  Result<void> attempt(const std::string& path, const Request& request, Team& team,
                       JobResult* result);
  Result<Published> publish(const SourceText& source, Text text, Team* team);

  const Options& options_;
  const Ports& ports_;
  RecentVersions versions_;
};

}  // namespace engine::run
