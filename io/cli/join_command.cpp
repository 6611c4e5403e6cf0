#include "io/cli/join_command.h"

#include <sys/resource.h>
#include <unistd.h>

#include "io/cli/command_definition.h"
#include "io/cli/figures.h"
#include "io/file/join.h"

namespace engine::io {

namespace {

// A tree is held open while it is joined, all of its outputs if that may be.
void allow_many_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  static_cast<void>(::setrlimit(RLIMIT_NOFILE, &limit));
}

}  // namespace

Result<CommandLine> parse_join(int argc, const char* const* argv) {
  CommandLine line;
  line.command = Command::kJoin;
  CommandDefinition define("writes a source's exact bytes to standard output, from its tree alone",
                           "Usage: engine join TREE\n", line);
  define.add_argument("TREE", line.input, "A directory with a manifest.json");
  return define.parse(argc, argv, 1);
}

ExitStatus run_join(const CommandLine& line, Console& console) {
  allow_many_descriptors();
  const Result<void> joined = join(line.input, write_to(STDOUT_FILENO, "standard output"));
  if (joined) return kExitDone;
  console.line("engine: " + printable(joined.error().message));
  return joined.error().code == ErrorCode::kNotFound ? kExitUsage : kExitFailed;
}

}  // namespace engine::io
