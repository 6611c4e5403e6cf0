// SourceJob: what a worker does with one source, from its bytes to its published tree.
//
// A large source is shared with whoever of its worker's team is idle: see engine/team.h.
//
// Thread contract: run() from any worker, several at once; the ports are shared.
// Errors: in the result; whether there will be another attempt is decided elsewhere. kStopped: the
// source was given up, and nothing of it is published.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include "engine/base/source_memory.h"
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

enum class Passed : std::uint8_t;

/// What one source came to.
struct JobResult {
  SourceReport report;
  Published published;
  std::optional<Error> error;  ///< why the report says failed or gone
};

class SourceJob {
 public:
  /// `given_up` is asked again and again, wherever a source may take its time.
  SourceJob(const Options& options, const Ports& ports, std::stop_token given_up)
      : options_(options), ports_(ports), given_up_(std::move(given_up)) {}

  /// One attempt. A version that was the last one done is skipped unless the request is forced.
  JobResult run(const std::string& path, const Turn& turn, Team& team);

 private:
  Result<void> attempt_safely(const std::string& path, const Turn& turn, Team& team,
                              JobResult* result);
  struct Text;
  Result<Text> read(const std::string& path, std::string_view bytes, source::Look look, Team* team,
                    SourceReport* report, SourceMemory* memory);
  Passed pass_over(Text* made, bool is_guess, Team* team, SourceReport* report,
                   SourceMemory* memory);
  Result<void> attempt(const std::string& path, const Turn& turn, Team& team, JobResult* result);
  Result<Published> publish(const SourceText& source, Text text, Team* team, SourceMemory* memory);

  Result<void> check_wanted(const std::string& path) const;

  const Options& options_;
  const Ports& ports_;
  const std::stop_token given_up_;
  RecentVersions versions_;
};

}  // namespace engine::run
