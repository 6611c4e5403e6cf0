// PathSet: paths that stay apart on every file system.
//
// Thread contract: confined to one thread.
// Source: Unicode case folding and canonical decomposition, by utf8proc: NTFS and APFS ignore
// letter case, APFS and HFS+ how a character is composed as well.
#pragma once

#include <cstddef>
#include <memory_resource>
#include <string>
#include <string_view>

#include "engine/base/name_map.h"

namespace engine::tree {

class PathSet {
 public:
  explicit PathSet(std::pmr::memory_resource* memory = std::pmr::get_default_resource())
      : taken_(memory), next_number_(memory) {}

  /// `path`, or "path~2", "path~3", ... where one like it is taken; taken from now on. Paths that
  /// differ in `suffix` do not meet.
  std::string take(std::string path, std::string_view suffix);
  bool has(const std::string& path, std::string_view suffix) const;

 private:
  NameSet taken_;
  NameMap<std::size_t> next_number_;  // to try for a path that is taken
};

/// The same for all names that some file system takes for one.
std::string folded_path(std::string_view path);

}  // namespace engine::tree
