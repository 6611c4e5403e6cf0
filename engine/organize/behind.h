// outputs_behind(): of each output, which others must be loaded before it although the texts of the
// two do not tell: of the needs of a source, those that are by a name that is used in turn.
//
// Thread contract: pure.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/organize/draft.h"
#include "engine/organize/need_graph.h"

namespace engine::organize {

/// For each draft, in ascending order, indexes of drafts.
std::vector<std::vector<std::size_t>> outputs_behind(const std::vector<Draft>& drafts,
                                                     const NeedGraph& needs);

}  // namespace engine::organize
