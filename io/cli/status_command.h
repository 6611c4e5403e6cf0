// run_status: shows what the state store says of an OUTPUT.
// parse_status: its arguments and options.
//
// Thread contract: called once.
// Errors: of arguments kInvalid, one line; others on the console, and an ExitStatus.
#pragma once

#include "engine/result.h"
#include "io/cli/command_line.h"
#include "io/cli/console.h"
#include "io/cli/exit_status.h"

namespace engine::io {

Result<CommandLine> parse_status(int argc, const char* const* argv);
ExitStatus run_status(const CommandLine& line, Console& console);

}  // namespace engine::io
