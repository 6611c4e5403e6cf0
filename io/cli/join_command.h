// run_join: a source's exact bytes on standard output, from its tree alone.
// parse_join: its arguments and options.
//
// Thread contract: called once.
// Errors: of arguments kInvalid, one line; others on the console, and an ExitStatus.
#pragma once

#include "engine/result.h"
#include "io/cli/command_line.h"
#include "io/cli/console.h"
#include "io/cli/exit_status.h"

namespace engine::io {

Result<CommandLine> parse_join(int argc, const char* const* argv);
ExitStatus run_join(const CommandLine& line, Console& console);

}  // namespace engine::io
