// run_verify: every manifest against its tree, and against its source where one is given.
// parse_verify: its arguments and options.
//
// Thread contract: called once. It takes no lock and works beside a running load.
// Errors: differences on standard output, one a line; others on the console; the result is an
// ExitStatus.
#pragma once

#include "engine/result.h"
#include "io/cli/command_line.h"
#include "io/cli/console.h"
#include "io/cli/exit_status.h"

namespace engine::io {

Result<CommandLine> parse_verify(int argc, const char* const* argv);
ExitStatus run_verify(const CommandLine& line, Console& console);

}  // namespace engine::io
