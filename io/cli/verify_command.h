// run_verify: every manifest against its tree, and against its source where one is given.
//
// Thread contract: called once. It takes no lock and works beside a running load.
// Errors: differences on standard output, one a line; others on the console; the result is an
// ExitStatus.
#pragma once

#include "io/cli/command_line.h"
#include "io/cli/console.h"
#include "io/cli/exit_status.h"

namespace engine::io {

ExitStatus run_verify(const CommandLine& line, Console& console);

}  // namespace engine::io
