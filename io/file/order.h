// order: a tree's files in an order that loads.
//
// Thread contract: a free function.
// Errors: what read_tree.h and manifest.h say of the tree; kDifference when an output cannot be
// read. Source: engine/load_order.h.
#pragma once

#include <string>
#include <vector>

#include "engine/load_order.h"
#include "engine/result.h"

namespace engine::io {

/// Paths of the outputs, relative to the tree.
struct OrderedPaths {
  std::vector<std::string> paths;
  std::vector<std::vector<std::string>> rings;  ///< as Loading has them
};

Result<OrderedPaths> order(const std::string& tree_directory, LoadOrder by);

}  // namespace engine::io
