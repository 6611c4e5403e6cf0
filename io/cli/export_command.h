// run_export: writes the graph of an OUTPUT as files for other programs.
// parse_export: its arguments and options.
//
// Thread contract: called once.
// Errors: of arguments kInvalid, one line; others on the console, and an ExitStatus.
#pragma once

#include "engine/result.h"
#include "io/cli/command_line.h"
#include "io/cli/console.h"
#include "io/cli/exit_status.h"

namespace engine::io {

Result<CommandLine> parse_export(int argc, const char* const* argv);
ExitStatus run_export(const CommandLine& line, Console& console);

}  // namespace engine::io
