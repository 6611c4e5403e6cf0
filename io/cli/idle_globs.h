// idle_globs: globs of the command line that match no source of a folder: a name was mistyped,
// perhaps.
//
// Thread contract: a pure function.
#pragma once

#include <string>
#include <vector>

#include "io/cli/command_line.h"
#include "io/watch/tree_scan.h"

namespace engine::io {

/// One line each.
std::vector<std::string> idle_globs(const CommandLine& line,
                                    const std::vector<FoundSource>& sources);

}  // namespace engine::io
