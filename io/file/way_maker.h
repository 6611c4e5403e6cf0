// WayMaker: puts trees where they belong, and clears their places of trees whose sources are gone.
//
// A tree of `a.sql` lies where a directory of trees of `a/` would, and the other way round. Which
// of them are still somebody's the owners of the trees know. Those make way that are nobody's, and
// nothing else does: whoever comes for such a place waits, or fails.
// Thread contract: set_owners() before the first put(), which any thread may call. The root must
// outlive it. The owners are asked while nobody else puts anything: they must not come back here.
// Errors: kInTheWay, transient where it is the tree of a source, which may move.
#pragma once

#include <functional>
#include <shared_mutex>
#include <string>

#include "engine/result.h"
#include "io/file/output_root.h"
#include "io/file/tree_owners.h"

namespace engine::io {

/// After a directory could not be renamed: something that is not empty is there.
constexpr bool is_occupied(int error) {
  return error == ENOTEMPTY || error == EEXIST || error == ENOTDIR;
}

class WayMaker {
 public:
  explicit WayMaker(const OutputRoot& root) : root_(root) {}
  WayMaker(const WayMaker&) = delete;
  WayMaker& operator=(const WayMaker&) = delete;

  void set_owners(TreeOwners& owners) { owners_ = &owners; }

  /// Calls `put`, which puts the tree of `source` into its place or fails with kInTheWay; once more
  /// when what is there has made way.
  using Put = std::function<Result<void>(const Place&)>;
  Result<void> put(const std::string& path, const std::string& source, const Put& put);

  /// Deletes the tree in one step, if it still lies there, and what remove_above() does.
  Result<void> remove(const std::string& path, const Descriptor& tree);
  /// The directories above it in which nothing else is: they were made for what lay there.
  void remove_above(const std::string& path);

 private:
  Result<void> try_put(const std::string& path, const Put& put);
  Result<void> make_way(const std::string& path, const std::string& source, Error in_the_way);
  std::string obstacle_of(const std::string& path) const;
  Result<void> take(const std::string& path, const std::string& name, bool is_kept);
  void discard(const std::string& name);
  void remove_empty_above(const std::string& path);  // with places_ held
  Descriptor open_made_way() const;

  const OutputRoot& root_;
  TreeOwners* owners_ = nullptr;  // nobody: everything is somebody's
  std::shared_mutex places_;      // shared: somebody puts a tree into a place
};

}  // namespace engine::io
