// run_load: the engine on a folder, until everything in it has been processed.
//
// Thread contract: called once, before any other thread runs (it takes SIGINT and SIGTERM).
// Errors: on the console and in the log; the result is an ExitStatus.
#pragma once

#include "io/cli/command_line.h"
#include "io/cli/console.h"
#include "io/cli/exit_status.h"

namespace engine::io {

ExitStatus run_load(const CommandLine& line, Console& console);

}  // namespace engine::io
