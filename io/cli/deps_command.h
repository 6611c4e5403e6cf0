// run_deps: shows what depends on what. run_find: shows objects by name.
// parse_deps, parse_find: their arguments and options.
//
// Thread contract: called once.
// Errors: of arguments kInvalid, one line; others on the console, and an ExitStatus.
#pragma once

#include "engine/result.h"
#include "io/cli/command_line.h"
#include "io/cli/console.h"
#include "io/cli/exit_status.h"

namespace engine::io {

Result<CommandLine> parse_deps(int argc, const char* const* argv);
ExitStatus run_deps(const CommandLine& line, Console& console);
Result<CommandLine> parse_find(int argc, const char* const* argv);
ExitStatus run_find(const CommandLine& line, Console& console);

}  // namespace engine::io
