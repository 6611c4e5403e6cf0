// TreeWriter: the Sink that writes trees below an output directory.
//
// A tree is built in OUTPUT/.engine/build and published by one rename, or one exchange where a tree
// was there before: a reader never sees half of it, and what is no longer defined is gone. An
// output whose bytes did not change is linked into the new tree and keeps its inode and its mtime.
// Thread contract: every method from any thread. The writer must outlive the trees it staged. One
// writer at a time is open below one OUTPUT (output_lock.h).
// Errors: kUnwritable, kInTheWay with path and reason; kChanged when a mapped source was truncated.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/sink.h"
#include "io/base/durability.h"
#include "io/file/tree_owners.h"

namespace engine::io {

class TreeWriter final : public Sink {
 public:
  /// Makes the directory and its parents, and deletes what a killed process left half built. Fails
  /// while another writer, of this process or another, has the OUTPUT.
  static Result<std::unique_ptr<TreeWriter>> open(const std::string& output_directory,
                                                  Durability durability = Durability::kProcess);
  ~TreeWriter() override;
  TreeWriter(const TreeWriter&) = delete;
  TreeWriter& operator=(const TreeWriter&) = delete;

  /// kPower is for whoever records trees as done; kProcess: the next two do nothing.
  Durability durability() const;
  /// Before what was published is recorded: fails if any sync has failed since it last was called.
  /// From one thread.
  Result<void> sync_published();
  /// The tree is recorded as done, so that what it has on the disk may be built upon.
  void trust(const std::string& tree_path);

  /// One call of the system, for a tree that was there before; a link on the way is followed.
  bool holds_manifest(const std::string& tree_path) const;

  /// When the manifest there was written, on the clock of file times; 0 where there is none.
  std::int64_t manifest_time_ns(const std::string& tree_path) const;

  bool has_tree(const std::string& tree_path) override;
  Result<std::size_t> block_shared_with(const SourceText& source) override;
  Result<std::unique_ptr<StagedTree>> stage(const Tree& tree) override;

  /// For a source whose tree belongs elsewhere now: when the tree at `from` is `source`'s, it moves
  /// to `to`. Where a tree of that source is there already, `from` is deleted instead; where
  /// something else is that does not make way, that is kInTheWay and the tree stays. Else nothing
  /// happens: false.
  Result<bool> move_tree(const std::string& from, const std::string& to, const std::string& source);

  /// Whether the tree there is that of the source; an error when nobody can tell.
  Result<bool> belongs_to(const std::string& tree_path, const std::string& source) const;
  /// Deletes the tree at `tree_path` in one step, if it is `source`'s, and the directories above it
  /// in which it was the last, as move_tree() does.
  Result<void> remove_tree(const std::string& tree_path, const std::string& source);

  /// Both are trees, of the same bytes.
  bool are_of_same_bytes(const std::string& tree_path, const std::string& other) const;

  /// Every tree below OUTPUT whose manifest can be read.
  std::vector<PlacedTree> all_trees() const;

  /// From here on, trees that belong to nobody make way for others. Before the first is staged.
  void set_owners(TreeOwners& owners);

  /// For large temporary texts, so that they lie on the output's file system.
  std::string temp_directory() const;
  /// Before the end: fails when somebody has deleted .engine since open(), and may go on deleting.
  Result<void> check_build() const;
  /// Now and again: fails when another directory lies there than at open(), or none.
  Result<void> check_place() const;
  /// Likewise: OUTPUT is in no directory any more, and nothing can be made in it, ever.
  bool is_deleted() const;

 private:
  class Impl;
  explicit TreeWriter(std::unique_ptr<Impl> impl);

  const std::unique_ptr<Impl> impl_;
};

}  // namespace engine::io
