// run_order: a tree's files on standard output, one a line, in an order that loads.
// parse_order: its arguments and options.
//
// Thread contract: called once.
// Errors: of arguments kInvalid, one line; others on the console, and an ExitStatus.
#pragma once

#include "engine/result.h"
#include "io/cli/command_line.h"
#include "io/cli/console.h"
#include "io/cli/exit_status.h"

namespace engine::io {

Result<CommandLine> parse_order(int argc, const char* const* argv);
ExitStatus run_order(const CommandLine& line, Console& console);

}  // namespace engine::io
