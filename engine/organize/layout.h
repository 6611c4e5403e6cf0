// Layout: where in its tree each output lies.
//
// Thread contract: pure.
// Source: docs/design.md, "The tree".
#pragma once

#include <string>
#include <vector>

#include "engine/dialect.h"
#include "engine/organize/draft.h"

namespace engine::organize {

/// The nested layout: one folder per object, its children inside. One path for each draft, all
/// different, also where letter case is ignored: who comes second gets "~2".
std::vector<std::string> nested_paths(const std::vector<Draft>& drafts, Dialect dialect);

}  // namespace engine::organize
