// Sink: the port through which a source's tree leaves the engine, all of it or nothing.
//
// Thread contract: the Sink from any thread; a StagedTree belongs to the thread that staged it.
// Errors: kUnwritable, kInTheWay, kChanged (a mapped source was truncated under the write).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/file_source.h"
#include "engine/result.h"
#include "engine/team.h"

namespace engine {

/// From so many bytes on, a piece of an output is worth the source's own blocks: to write it takes
/// twice the time, at the least, and the lead-in is small beside it (docs/performance.md).
inline constexpr std::size_t kLeastShared = std::size_t{1} << 20;

/// Borrowed until stage() returns.
struct Output {
  std::string_view path;  ///< relative to the tree; names are safe, no "." or ".."
  std::span<const std::string_view> pieces;  ///< its bytes, in order
};

/// The outputs of one source. `manifest` is the text of manifest.json.
struct Tree {
  std::string source;  ///< the source's path, relative to the input directory
  std::string path;    ///< the tree's path, relative to the output root
  std::vector<Output> outputs;
  std::string_view manifest;  ///< borrowed likewise
  /// The source, where outputs may share its blocks; else null.
  const SourceText* shared = nullptr;
  /// Who may write outputs beside the calling thread; null: nobody.
  Team* team = nullptr;
  /// When it says so the tree is of no use any more: stage() may end with kStopped.
  std::stop_token given_up;
};

struct Published {
  std::uint64_t outputs_written = 0;
  std::uint64_t outputs_unchanged = 0;  ///< same bytes as before: kept with inode and mtime
  std::uint64_t bytes_written = 0;
};

/// A tree that lies ready beside the published ones. Destroying it without commit() discards it.
class StagedTree {
 public:
  virtual ~StagedTree() = default;
  /// Makes the tree visible in one step, instead of the one that was there.
  virtual Result<Published> commit() = 0;
};

class Sink {
 public:
  virtual ~Sink() = default;
  /// True when the tree is there already; asked with Options::no_overwrite, and where an event says
  /// that it is missing.
  virtual bool has_tree(const std::string& tree_path) = 0;
  /// Can the outputs of this source share blocks with it? Of how many bytes: a piece does where its
  /// place in the output and in the source are the same beside that. 0: they cannot. It is the same
  /// whenever it is asked, so that a source has the same outputs whenever it is done.
  virtual Result<std::size_t> block_shared_with(const SourceText& /*source*/) {
    return std::size_t{0};
  }
  virtual Result<std::unique_ptr<StagedTree>> stage(const Tree& tree) = 0;
};

}  // namespace engine
