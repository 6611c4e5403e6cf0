// manifest_text(): the text of manifest.json.
//
// Thread contract: pure.
// Source: docs/manifest.md, the format.
#pragma once

#include <string>
#include <vector>

#include "engine/options.h"
#include "engine/organize/tree_builder.h"

namespace engine::organize {

std::string manifest_text(const SourceFacts& facts, const Options& options,
                          const std::vector<PlannedOutput>& outputs,
                          const std::vector<Draft>& dropped);

}  // namespace engine::organize
