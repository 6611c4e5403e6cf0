// TreeOwners: the port that says which trees are still somebody's, so that those that are nobody's
// may make way for others; PlacedTree: a tree, and whose it is.
//
// Thread contract: called on the threads that publish trees, one call at a time, while nobody else
// puts a tree into its place: must not call the TreeWriter.
// Errors: none; the methods must not throw.
#pragma once

#include <string>
#include <vector>

namespace engine::io {

struct PlacedTree {
  std::string path;    ///< of the tree, relative to the output root
  std::string source;  ///< its source's path
};

class TreeOwners {
 public:
  virtual ~TreeOwners() = default;
  /// There is such a source, so that nothing but itself takes its tree away.
  virtual bool has(const std::string& source) const = 0;
  /// The tree of a source that is gone is kept elsewhere when it makes way for that of `successor`.
  virtual bool keeps(const std::string& source, const std::string& successor) = 0;
  /// What was at `path` lies in `aside` now, which is for messages, or is deleted where that is
  /// empty: then the trees are told with the places that they had, else with those that they have.
  virtual void made_way(const std::string& path, const std::vector<PlacedTree>& trees,
                        const std::string& successor, const std::string& aside) = 0;
};

}  // namespace engine::io
