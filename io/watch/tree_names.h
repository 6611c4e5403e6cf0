// tree_names: which names are a source's, and what the tree of each source in a directory is
// called.
//
// A source's tree has its name without a final ".sql" (any letter case), if nothing else in the
// same directory comes to that name: no entry that is called so, and no other ".sql" that would be
// shortened to it. Else it keeps the full name. So the name depends on the folder's state alone.
// Thread contract: SourceNames is constant; TreeNames belongs to one thread.
// Errors: none.
// Source: docs/design.md, "The tree".
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/base/directory.h"

namespace engine::io {

/// Which paths are sources: by suffix or an include glob, and by no exclude glob (engine/glob.h).
class SourceNames {
 public:
  SourceNames() = default;
  SourceNames(std::vector<std::string> include, std::vector<std::string> exclude)
      : include_(std::move(include)), exclude_(std::move(exclude)) {}

  bool matches(std::string_view path) const { return would_match(path) && !excludes(path); }
  /// If no glob excluded it.
  bool would_match(std::string_view path) const;
  bool excludes(std::string_view path) const;
  /// A scan would find the source, if it were there: it matches, and no directory above it is left
  /// out. Of any other nobody knows whether it is gone.
  bool covers(std::string_view path) const;

  /// .sql .ddl .dml .prc .fnc .trg .vw .pks .pkb .pkg .pls .tab .dump, and each of them with .gz
  /// .zst .xz .bz2 behind it; in any letter case.
  static bool has_source_suffix(std::string_view path);

 private:
  std::vector<std::string> include_;
  std::vector<std::string> exclude_;
};

/// The tree names of one directory.
class TreeNames {
 public:
  TreeNames() = default;
  /// Every entry of the directory but OUTPUT, sources or not; each once.
  explicit TreeNames(const std::vector<DirectoryEntry>& entries);

  /// OUTPUT claims no name. Whether a directory is OUTPUT is asked only where its name is another
  /// entry's too; if so, it is taken out of the entries.
  static TreeNames without_output(std::vector<DirectoryEntry>& entries,
                                  const std::function<bool(const std::string&)>& is_output);

  /// What the tree of the source `name`, which is one of them, is called.
  std::string_view tree_name(std::string_view name) const;

 private:
  /// Of all entries but this one the names would be others.
  bool depend_on(std::string_view name) const;

  // What more than one entry comes to, as it is or shortened. Few do, so most are not kept.
  std::set<std::string, std::less<>> shared_;
};

}  // namespace engine::io
