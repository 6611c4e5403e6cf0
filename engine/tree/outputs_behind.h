// outputs_behind(): of each output, which others must be loaded before it although the texts of the
// two do not tell: of the needs of a source, those that are by a name that is used in turn.
//
// Thread contract: pure.
#pragma once

#include <cstddef>
#include <memory_resource>
#include <vector>

#include "engine/dependency/need_graph.h"
#include "engine/organize/draft.h"

namespace engine::tree {

/// For each draft, in ascending order, indexes of drafts; in `memory`.
std::pmr::vector<std::pmr::vector<std::size_t>> outputs_behind(const organize::Drafts& drafts,
                                                               const dependency::NeedGraph& needs,
                                                               std::pmr::memory_resource* memory);

}  // namespace engine::tree
