// run_order: a tree's files on standard output, one a line, in an order that loads.
//
// Thread contract: called once.
// Errors: on the console; the result is an ExitStatus.
#pragma once

#include "io/cli/command_line.h"
#include "io/cli/console.h"
#include "io/cli/exit_status.h"

namespace engine::io {

ExitStatus run_order(const CommandLine& line, Console& console);

}  // namespace engine::io
