// open_catalogue: the catalogue of an OUTPUT, brought up to date from the trees that changed.
//
// Thread contract: a free function; it takes no lock and works beside a running engine.
// Errors: one line that says what next.
#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "engine/result.h"
#include "io/cli/command_line.h"
#include "io/cli/console.h"
#include "io/state/catalogue.h"

namespace engine::io {

/// Told of a tree whose manifest cannot be read, and what next.
using OnDamaged = std::function<void(const std::string& problem)>;

/// One line for each on the console: what it would say is missing from the answer.
OnDamaged damage_told_on(Console& console);

/// REQUIRES: `line` names an OUTPUT. What is read from the result is what the trees say now.
/// kStopped soon after `stop` is requested, also by what is asked of the result: what has been
/// taken in until then stays, and the next call goes on.
Result<Catalogue> open_catalogue(const CommandLine& line, const OnDamaged& on_damaged = {},
                                 const std::stop_token& stop = {});

}  // namespace engine::io
