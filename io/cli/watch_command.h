// run_watch: the engine on a folder, until a signal ends it.
//
// SIGTERM and SIGINT end it in order: what has been told is processed, published, reported; a
// second one at once, and the next start finds the rest. SIGHUP looks through the whole folder,
// SIGUSR1 prints the statistics. What came while `signals` were held is heard as if it came now.
// Thread contract: called once, before any other thread runs. Errors: on the console and in the
// log; the result is an ExitStatus.
#pragma once

#include "io/cli/command_line.h"
#include "io/cli/console.h"
#include "io/cli/exit_status.h"
#include "io/cli/held_signals.h"

namespace engine::io {

ExitStatus run_watch(const CommandLine& line, Console& console, HeldSignals& signals);

}  // namespace engine::io
