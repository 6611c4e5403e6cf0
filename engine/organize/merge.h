// merge_outputs(): drafts that have one path become one draft, with all their stretches in the
// order of the source.
//
// Thread contract: pure.
#pragma once

#include <string>
#include <vector>

#include "engine/organize/draft.h"

namespace engine::organize {

/// `paths` has one for each draft, and has so afterwards. The drafts stay in the order of their
/// first stretch. What the output is called by is the draft that is neither child nor change.
void merge_outputs(std::vector<Draft>* drafts, std::vector<std::string>* paths);

}  // namespace engine::organize
