#include "io/cli/join_command.h"

#include <unistd.h>

#include "io/cli/figures.h"
#include "io/file/join.h"

namespace engine::io {

ExitStatus run_join(const CommandLine& line, Console& console) {
  const Result<void> joined = join(line.input, write_to(STDOUT_FILENO, "standard output"));
  if (joined) return kExitDone;
  console.line("engine: " + printable(joined.error().message));
  return joined.error().code == ErrorCode::kNotFound ? kExitUsage : kExitFailed;
}

}  // namespace engine::io
