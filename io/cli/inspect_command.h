// run_inspect: the units and objects of one file, for people or for programs.
// parse_inspect: its arguments and options.
//
// Thread contract: called once.
// Errors: of arguments kInvalid, one line; others on the console, and an ExitStatus.
// Source: docs/design.md, "Command line" (`inspect --format=json`).
#pragma once

#include "engine/result.h"
#include "io/cli/command_line.h"
#include "io/cli/console.h"
#include "io/cli/exit_status.h"

namespace engine::io {

Result<CommandLine> parse_inspect(int argc, const char* const* argv);
ExitStatus run_inspect(const CommandLine& line, Console& console);

}  // namespace engine::io
