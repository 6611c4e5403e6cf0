// log: the program's log lines, on the console or in a file.
//
// Thread contract: the logger may be used from any thread; it must not outlive the console.
// Errors: kUnwritable when the file cannot be opened.
// Source: spdlog.
#pragma once

#include <spdlog/logger.h>

#include <memory>

#include "engine/result.h"

namespace engine::io {

class Console;
struct CommandLine;

using Logger = std::shared_ptr<spdlog::logger>;

/// Lines from --log-level on. With --log-file, everything goes there, and to the console only
/// errors. Those of a watch bear their time.
Result<Logger> open_log(const CommandLine& line, Console& console);

}  // namespace engine::io
