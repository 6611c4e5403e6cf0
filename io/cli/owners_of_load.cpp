#include "io/cli/owners_of_load.h"

#include "io/cli/tree_places.h"

namespace engine::io {

// Where a part of the folder could not be looked at, a source may be there and not be known.
bool OwnersOfLoad::has(const std::string& source) const {
  return find_source(scan_.sources, source) != nullptr ||
         (!scan_.problems.empty() && folder_.has(source));
}

void OwnersOfLoad::made_way(const std::string& path, const std::vector<PlacedTree>& trees,
                            const std::string& successor, const std::string& aside) {
  if (!aside.empty()) report_.warn(made_way_text(path, trees.size(), successor, aside));
}

}  // namespace engine::io
