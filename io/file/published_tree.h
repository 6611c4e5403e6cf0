// PublishedTree: the tree that lies where a new one goes, to see what of it stays as it is.
//
// Thread contract: belongs to one thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/sink.h"
#include "io/base/descriptor.h"
#include "io/file/output_root.h"

namespace engine::io {

class PublishedTree {
 public:
  /// None.
  PublishedTree() = default;
  /// Empty when no tree is there.
  PublishedTree(const OutputRoot& root, const std::string& tree_path);

  explicit operator bool() const { return static_cast<bool>(directory_); }

  /// The file, open, when it holds exactly these bytes; compared, not hashed.
  Descriptor open_same(const std::string& path, std::span<const std::string_view> pieces) const;

  /// True when the tree has no entry beside its manifest, the outputs and their directories, given
  /// that it has all of these.
  bool holds_only(const Tree& tree) const;

  /// The file under one more name; false when the file system will not have it.
  static bool link(const Descriptor& file, const Descriptor& directory, const std::string& path);

 private:
  Descriptor directory_;
};

}  // namespace engine::io
