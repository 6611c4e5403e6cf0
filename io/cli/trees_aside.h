// TreesAside: the trees that have made way for others in this run, and lie in
// OUTPUT/.engine/made_way until somebody knows what is to become of them.
//
// Thread contract: any thread; the writer must outlive it.
// Errors: of the tree that could not be deleted; it is still known then.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "engine/result.h"
#include "io/file/tree_writer.h"

namespace engine::io {

class TreesAside {
 public:
  /// Where they lie now.
  void add(const std::vector<PlacedTree>& trees) {
    const std::lock_guard lock(mutex_);
    for (const PlacedTree& tree : trees) places_.emplace(tree.source, tree.path);
  }
  bool has(const std::string& source) const {
    const std::lock_guard lock(mutex_);
    return places_.contains(source);
  }
  /// Deletes those of that source.
  Result<void> remove(const std::string& source, TreeWriter& writer) {
    Result<void> removed;
    for (std::string& place : take(source)) {
      Result<void> done = writer.remove_tree(place, source);
      if (done) continue;
      removed = std::move(done);
      const std::lock_guard lock(mutex_);
      places_.emplace(source, std::move(place));
    }
    return removed;
  }

 private:
  std::vector<std::string> take(const std::string& source) {
    const std::lock_guard lock(mutex_);
    const auto [first, last] = places_.equal_range(source);
    std::vector<std::string> places;
    for (auto each = first; each != last; ++each) places.push_back(std::move(each->second));
    places_.erase(first, last);
    return places;
  }

  mutable std::mutex mutex_;
  std::multimap<std::string, std::string> places_;  // guarded by mutex_; by source
};

}  // namespace engine::io
