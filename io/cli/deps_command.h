// run_deps: shows what depends on what. run_find: shows objects by name.
//
// Thread contract: called once.
// Errors: on the console; the result is an ExitStatus.
#pragma once

#include "io/cli/command_line.h"
#include "io/cli/console.h"
#include "io/cli/exit_status.h"

namespace engine::io {

ExitStatus run_deps(const CommandLine& line, Console& console);
ExitStatus run_find(const CommandLine& line, Console& console);

}  // namespace engine::io
