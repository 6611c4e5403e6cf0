// open_catalogue: the catalogue of an OUTPUT, brought up to date from the trees that changed.
//
// Thread contract: a free function; it takes no lock and works beside a running engine.
// Errors: one line that says what next.
#pragma once

#include "engine/result.h"
#include "io/cli/command_line.h"
#include "io/state/catalogue.h"

namespace engine::io {

/// REQUIRES: `line` names an OUTPUT. What is read from the result is what the trees say now.
Result<Catalogue> open_catalogue(const CommandLine& line);

}  // namespace engine::io
