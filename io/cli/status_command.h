// run_status: shows what the state store says of an OUTPUT.
//
// Thread contract: called once.
// Errors: on the console; the result is an ExitStatus.
#pragma once

#include "io/cli/command_line.h"
#include "io/cli/console.h"
#include "io/cli/exit_status.h"

namespace engine::io {

ExitStatus run_status(const CommandLine& line, Console& console);

}  // namespace engine::io
