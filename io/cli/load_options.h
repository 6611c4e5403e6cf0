// load_options: the options of a load and of a watch.
//
// Thread contract: a free function, called once.
// Errors: kInvalid: one line that names the argument, what is wrong and what is allowed.
// Source: docs/design.md, "Command line".
#pragma once

#include "engine/result.h"
#include "io/cli/command_line.h"

namespace engine::io {

Result<CommandLine> parse_load(int argc, const char* const* argv);

}  // namespace engine::io
