// PathSet: paths that stay apart on every file system.
//
// Thread contract: confined to one thread.
// Source: Unicode case folding and canonical decomposition, by utf8proc: NTFS and APFS ignore
// letter case, APFS and HFS+ how a character is composed as well.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace engine::tree {

class PathSet {
 public:
  /// `path`, or "path~2", "path~3", ... where one like it is taken; taken from now on. Paths that
  /// differ in `suffix` do not meet.
  std::string take(std::string path, std::string_view suffix);
  bool has(const std::string& path, std::string_view suffix) const;

 private:
  std::unordered_set<std::string> taken_;
  std::unordered_map<std::string, std::size_t> next_number_;  // to try for a path that is taken
};

/// The same for all names that some file system takes for one.
std::string folded_path(std::string_view path);

}  // namespace engine::tree
