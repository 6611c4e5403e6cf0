// TreeImage: the directories and files of one published tree, in memory, and how to write them out
// again with nothing but the system calls that this takes.
//
// Thread contract: constant once read; write_image() from any thread for different images.
// Errors: kUnreadable, kUnwritable.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/result.h"

namespace engine::bench {

struct TreeImage {
  struct File {
    std::string path;  ///< relative to the tree
    std::string bytes;
  };
  std::string path;                      ///< of the tree, relative to the output root
  std::vector<std::string> directories;  ///< relative to the tree, parents first
  std::vector<File> files;
};

/// Every tree below `root`: a directory that holds a manifest.json.
Result<std::vector<TreeImage>> read_trees(const std::string& root);

/// Makes the tree beside its place and renames it there. `root` is a descriptor of the output root,
/// which holds the parents of the tree already; `staging` a name in it that no one else uses.
Result<void> write_image(int root, const std::string& staging, const TreeImage& image);

}  // namespace engine::bench
