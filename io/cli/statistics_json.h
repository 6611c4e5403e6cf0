// statistics_json: all statistics of a load as one JSON object, for programs.
//
// Thread contract: a pure function.
// Units: in the names of the members.
// Source: docs/design.md, "Command line" (--stats=json).
#pragma once

#include <string>

#include "io/cli/summary.h"

namespace engine::io {

/// One line, without its end.
std::string statistics_json(const LoadOutcome& outcome);

}  // namespace engine::io
