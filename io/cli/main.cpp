// engine: the program. See docs/design.md, "Command line".

#include <csignal>
#include <exception>

#include "io/cli/command_line.h"
#include "io/cli/console.h"
#include "io/cli/deps_command.h"
#include "io/cli/exit_status.h"
#include "io/cli/export_command.h"
#include "io/cli/held_signals.h"
#include "io/cli/inspect_command.h"
#include "io/cli/join_command.h"
#include "io/cli/load_command.h"
#include "io/cli/order_command.h"
#include "io/cli/retry_command.h"
#include "io/cli/status_command.h"
#include "io/cli/verify_command.h"
#include "io/cli/watch_command.h"

namespace engine::io {
namespace {

ExitStatus run(int argc, const char* const* argv, Console& console) {
  HeldSignals signals;  // until it is known who is to hear them
  const Result<CommandLine> line = parse_command_line(argc, argv);
  if (!line || line->command != Command::kWatch) signals.release();
  if (!line) {
    console.line("engine: " + line.error().message);
    return kExitUsage;
  }
  // Who only reads may end when nobody listens; who writes goes on.
  if (line->command == Command::kLoad || line->command == Command::kWatch) {
    std::signal(SIGPIPE, SIG_IGN);
  }
  switch (line->command) {
    case Command::kAnswer:
      return print(line->answer) ? kExitDone : kExitFailed;
    case Command::kLoad:
      return run_load(*line, console);
    case Command::kWatch:
      return run_watch(*line, console, signals);
    case Command::kInspect:
      return run_inspect(*line, console);
    case Command::kJoin:
      return run_join(*line, console);
    case Command::kOrder:
      return run_order(*line, console);
    case Command::kVerify:
      return run_verify(*line, console);
    case Command::kStatus:
      return run_status(*line, console);
    case Command::kRetry:
      return run_retry(*line, console);
    case Command::kDeps:
      return run_deps(*line, console);
    case Command::kFind:
      return run_find(*line, console);
    case Command::kExport:
      return run_export(*line, console);
  }
  return kExitUsage;
}

}  // namespace
}  // namespace engine::io

int main(int argc, char** argv) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file over the limit is an error of one source
  engine::io::Console console;
  try {
    return engine::io::run(argc, argv, console);
  } catch (const std::exception& error) {  // memory ran out, or a defect
    console.line(std::string("engine: stopped: ") + error.what());
    return engine::io::kExitFailed;
  }
}
