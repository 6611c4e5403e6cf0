// placed_trees: which trees lie where below an output directory, by their manifests.
//
// Thread contract: free functions, safe from any thread.
// Errors: a tree whose manifest cannot be read is none.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "io/file/output_root.h"
#include "io/file/tree_owners.h"

namespace engine::io {

/// The tree at `path`, or every tree below it; nothing at all when there is something that is
/// neither such a tree nor a directory on the way to one.
std::optional<std::vector<PlacedTree>> trees_at(const OutputRoot& root, const std::string& path);

/// Every tree below OUTPUT.
std::vector<PlacedTree> all_trees(const OutputRoot& root);

/// Deletes the directory, and those below it, that hold no file.
void remove_empty_directories(const OutputRoot& root, const std::string& path);

}  // namespace engine::io
