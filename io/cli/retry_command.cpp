#include "io/cli/retry_command.h"

#include <fmt/format.h>

#include "io/cli/figures.h"
#include "io/cli/source_records.h"
#include "io/state/state_reader.h"

namespace engine::io {

ExitStatus run_retry(const CommandLine& line, Console& console) {
  const Result<std::uint64_t> queued = line.sources.empty()
                                           ? request_failed(state_path(line))
                                           : request_sources(state_path(line), line.sources);
  if (!queued) {
    console.line("engine: " + printable(queued.error().message));
    return kExitUsage;
  }
  const std::string text =
      *queued == 0 ? "no source has failed\n"
                   : fmt::format("{} queued again, for the running watch or the next load\n",
                                 counted(*queued, "source"));
  return print(text) ? kExitDone : kExitFailed;
}

}  // namespace engine::io
