// log: the program's log lines, on the console or in a file.
//
// Thread contract: the logger may be used from any thread; it must not outlive the console.
// Errors: kUnwritable when the file cannot be opened.
// Source: spdlog.
#pragma once

#include <spdlog/logger.h>

#include <memory>
#include <optional>
#include <string>

#include "engine/result.h"

namespace engine::io {

class Console;

using Logger = std::shared_ptr<spdlog::logger>;

/// Lines from `level` on. With a file, everything goes there, and to the console only errors.
Result<Logger> open_log(const std::string& level, const std::optional<std::string>& file,
                        Console& console);

}  // namespace engine::io
