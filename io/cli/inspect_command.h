// run_inspect: the units and objects of one file, for people or for programs.
//
// Thread contract: called once.
// Errors: on the console; the result is an ExitStatus.
// Source: docs/design.md, "Command line" (`inspect --format=json`).
#pragma once

#include "io/cli/command_line.h"
#include "io/cli/console.h"
#include "io/cli/exit_status.h"

namespace engine::io {

ExitStatus run_inspect(const CommandLine& line, Console& console);

}  // namespace engine::io
