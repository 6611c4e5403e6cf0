#include "io/cli/retry_command.h"

#include <fmt/format.h>

#include "io/cli/command_definition.h"
#include "io/cli/figures.h"
#include "io/cli/source_records.h"
#include "io/state/source_requests.h"

namespace engine::io {

Result<CommandLine> parse_retry(int argc, const char* const* argv) {
  CommandLine line;
  line.command = Command::kRetry;
  CommandDefinition define(
      "queues the failed sources, or those that are named, again, for a running watch or the next "
      "load",
      "Usage: engine retry [OPTIONS] OUTPUT_DIR [SOURCE...]\n", line);
  define.add_output();
  define.add_arguments(
      "SOURCE", line.sources,
      "A source, by its path below INPUT_DIR, done or failed (one that has a tree keeps "
      "it with --no-overwrite)");
  define.add_state();
  return define.parse(argc, argv, 1);
}

// Those that nobody can ask for are named, and keep the others from nothing.
ExitStatus run_retry(const CommandLine& line, Console& console) {
  const Result<SourceRequests> requests = line.sources.empty()
                                              ? request_failed(state_path(line))
                                              : request_sources(state_path(line), line.sources);
  if (!requests) {
    console.line("engine: " + printable(requests.error().message));
    return kExitUsage;
  }
  for (const Error& error : requests->not_queued) {
    console.line("engine: " + printable(error.message));
  }
  std::string text;
  if (requests->queued != 0) {
    text = fmt::format("{} queued again, for the running watch or the next load\n",
                       counted(requests->queued, "source"));
  } else if (line.sources.empty()) {
    text = "no source has failed\n";
  }
  if (!print(text)) return kExitFailed;
  return requests->not_queued.empty() ? kExitDone : kExitUsage;
}

}  // namespace engine::io
