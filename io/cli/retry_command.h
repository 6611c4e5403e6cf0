// run_retry: queues the failed sources of an OUTPUT again.
//
// Thread contract: called once.
// Errors: on the console; the result is an ExitStatus.
#pragma once

#include "io/cli/command_line.h"
#include "io/cli/console.h"
#include "io/cli/exit_status.h"

namespace engine::io {

ExitStatus run_retry(const CommandLine& line, Console& console);

}  // namespace engine::io
