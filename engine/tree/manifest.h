// manifest_text(): the text of manifest.json.
//
// Thread contract: pure.
// Source: docs/manifest.md, the format.
#pragma once

#include <deque>
#include <memory_resource>
#include <string>

#include "engine/options.h"
#include "engine/tree/tree_builder.h"

namespace engine::tree {

/// In `memory`.
std::pmr::string manifest_text(const SourceFacts& facts, const Options& options,
                               const std::pmr::deque<PlannedOutput>& outputs,
                               const organize::Drafts& dropped, std::pmr::memory_resource* memory);

}  // namespace engine::tree
