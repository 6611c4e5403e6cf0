// run_export: writes the graph of an OUTPUT as files for other programs.
//
// Thread contract: called once.
// Errors: on the console; the result is an ExitStatus.
#pragma once

#include "io/cli/command_line.h"
#include "io/cli/console.h"
#include "io/cli/exit_status.h"

namespace engine::io {

ExitStatus run_export(const CommandLine& line, Console& console);

}  // namespace engine::io
