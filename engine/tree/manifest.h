// manifest_text(): the text of manifest.json.
//
// Thread contract: pure.
// Source: docs/manifest.md, the format.
#pragma once

#include <string>
#include <vector>

#include "engine/options.h"
#include "engine/tree/tree_builder.h"

namespace engine::tree {

std::string manifest_text(const SourceFacts& facts, const Options& options,
                          const std::vector<PlannedOutput>& outputs,
                          const std::vector<organize::Draft>& dropped);

}  // namespace engine::tree
