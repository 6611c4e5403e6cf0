// OutputRoot: an output directory, open, and the place in it where trees are built.
//
//   OUTPUT/.engine/lock                one engine at a time (output_lock.h)
//   OUTPUT/.engine/build/<r>-<n>/      a tree that is being built, or an old one being deleted
//   OUTPUT/.engine/made_way/<r>-<n>/   kept trees whose place another source's tree needed
//
// Thread contract: constant after open(), but for what the descriptors `build` and `lock` stand
// for; every function from any thread.
// Errors: kUnwritable, and kInTheWay where a tree cannot lie for what lies there; path first.
#pragma once

#include <cerrno>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/result.h"
#include "io/base/descriptor.h"
#include "io/base/durability.h"
#include "io/file/durable_trees.h"

namespace engine::io {

inline constexpr const char* kManifestName = "manifest.json";

struct OutputRoot {
  std::string path;
  Descriptor fd;
  Descriptor build;
  Descriptor lock;
  Descriptor first_build;                 ///< what `build` was at open()
  std::unique_ptr<DurableTrees> durable;  ///< with Durability::kPower alone

  /// Makes what is missing, locks it, and deletes what the engine before left under build/. Errors
  /// say what next.
  static Result<OutputRoot> open(const std::string& output_directory, Durability durability);

  /// After something in build/ was not found. Should somebody have deleted .engine under a running
  /// engine, it is made anew, locked, and `build` is the new one for every thread. True when it is
  /// there now.
  bool mend_build() const;

  /// Fails when somebody has deleted .engine since open(): who deletes a tree that is being built
  /// may go on deleting in it when it has been published.
  Result<void> check_build() const;

  /// Fails when another directory lies at `path` than at open(), or none.
  Result<void> check_place() const;

  /// It is in no directory any more: nothing can be made in it, ever.
  bool is_deleted() const;

  /// A name in build/ that nobody else has: random by process, because two of them in two
  /// containers may have one PID.
  static std::string build_name();

  /// "OUTPUT/.engine/build".
  std::string build_path() const;

  /// "OUTPUT/tree", for messages.
  std::string shown(std::string_view tree_path) const;
};

/// The directory that a path lies in, opened without following links, and its name there.
struct Place {
  Descriptor parent;
  std::string leaf;
};

/// Of what is there; nothing when a directory on the way is not, or is something else.
std::optional<Place> find_place(const OutputRoot& root, const std::string& path);

/// Makes the directories on the way. Fails when the path is none that a tree can have, or leads
/// through a file, a link or the tree of another source.
Result<Place> open_place(const OutputRoot& root, const std::string& tree_path);

/// "OUTPUT/path: what is in the way; ...".
tl::unexpected<Error> in_the_way(const OutputRoot& root, std::string_view path,
                                 std::string_view what);

/// After something below OUTPUT could not be opened: there is nothing, or another thing. With any
/// other errno nobody knows.
constexpr bool is_other(int error) {
  return error == 0 || error == ENOENT || error == ENOTDIR || error == ELOOP || error == EXDEV;
}

/// True when `path` below `directory` holds a manifest that the engine may have written. False, and
/// errno is_other(): it does not.
bool is_tree(int directory, const std::string& path);

/// True when it holds a file of a manifest's name: by one call, which follows links on the way.
bool holds_manifest(int directory, const std::string& path);

}  // namespace engine::io
