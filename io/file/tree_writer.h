// TreeWriter: the Sink that writes trees below an output directory.
//
// A tree is built in OUTPUT/.engine/build and published by one rename, or one exchange where a tree
// was there before: a reader never sees half of it, and what is no longer defined is gone. An
// output whose bytes did not change is linked into the new tree and keeps its inode and its mtime.
// Thread contract: every method from any thread. The writer must outlive the trees it staged. One
// process at a time writes below one OUTPUT.
// Errors: kUnwritable with path and reason; kChanged when a mapped source was truncated.
#pragma once

#include <memory>
#include <string>

#include "engine/sink.h"
#include "io/file/output_root.h"

namespace engine::io {

class TreeWriter final : public Sink {
 public:
  /// Makes the directory and its parents, and deletes what a killed process left half built.
  static Result<std::unique_ptr<TreeWriter>> open(const std::string& output_directory);

  bool has_tree(const std::string& tree_path) override;
  Result<std::unique_ptr<StagedTree>> stage(const Tree& tree) override;

  /// For a source whose tree belongs elsewhere now: when the tree at `from` is `source`'s, it moves
  /// to `to`; where something is there already, `from` is deleted instead. Else nothing happens.
  Result<void> move_tree(const std::string& from, const std::string& to, const std::string& source);

  /// Deletes the tree at `tree_path` in one step, if it is `source`'s.
  Result<void> remove_tree(const std::string& tree_path, const std::string& source);

  /// For large temporary texts, so that they lie on the output's file system.
  std::string temp_directory() const { return root_.build_path(); }

 private:
  explicit TreeWriter(OutputRoot root) : root_(std::move(root)) {}
  bool belongs_to(const std::string& tree_path, const std::string& source) const;

  OutputRoot root_;
};

}  // namespace engine::io
