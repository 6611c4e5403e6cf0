// Layout: where in its tree each draft goes.
//
// Thread contract: pure.
// Source: docs/design.md, "The tree".
#pragma once

#include <cstddef>
#include <memory_resource>
#include <string>
#include <vector>

#include "engine/dialect.h"
#include "engine/options.h"
#include "engine/organize/draft.h"

namespace engine::tree {

/// One path for each draft. Drafts with one path are one output (an object and its children in the
/// compact layout, a table and its rows with DataPlacement::kInline); others differ also where
/// letter case and the composition of characters are ignored: who comes second gets "~2". Empty for
/// rows that are dropped.
struct Places {
  explicit Places(std::pmr::memory_resource* memory) : paths(memory) {}

  std::pmr::vector<std::pmr::string> paths;
  std::vector<bool> elsewhere;  ///< the draft is about an object that this source does not define
};

/// Where the rest goes: "other/0001.sql", "Other.0001.sql".
std::string other_path(Layout layout, std::size_t number);

Places places_of(const organize::Drafts& drafts, Dialect dialect, Layout layout = Layout::kNested,
                 DataPlacement data = DataPlacement::kSeparate,
                 std::pmr::memory_resource* memory = std::pmr::get_default_resource());

}  // namespace engine::tree
