// merge_outputs(): drafts that have one path become one draft, with all their stretches in the
// order of the source. Where that would have to be loaded both before and behind another one, it is
// several drafts, each with a path of its own.
//
// Thread contract: pure.
#pragma once

#include <string>
#include <vector>

#include "engine/dependency/need_graph.h"
#include "engine/options.h"
#include "engine/organize/draft.h"

namespace engine::tree {

/// `paths` has one for each draft, and has so afterwards. The drafts stay in the order of their
/// first stretch. What the output is called by is the draft that is neither child nor change; where
/// there are several, the last one's keeps the path.
void merge_outputs(Layout layout, dependency::NeedGraph* needs, organize::Drafts* drafts,
                   std::pmr::vector<std::pmr::string>* paths);

}  // namespace engine::tree
