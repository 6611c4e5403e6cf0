// verify: every tree below an output directory against its manifest, and against its source.
//
// Thread contract: a free function. It takes no lock and changes nothing; beside a running
// engine each tree is looked at as it was or as it is.
// Errors: kNotFound, kUnreadable when there is no output or input directory to look at; kInvalid
// when the one is neither an output directory of the engine nor holds a tree. What is
// wrong below it is no error but a difference. Version control's files in OUTPUT are none.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/result.h"

namespace engine::io {

struct Verification {
  bool is_one_tree = false;  ///< what was named is a tree itself, not an OUTPUT with trees
  std::uint64_t trees = 0;
  std::uint64_t outputs = 0;  ///< that the manifests name
  std::uint64_t bytes = 0;    ///< of outputs read
  /// One line each: path, what, what next.
  std::vector<std::string> differences;
  /// Worth a line, but no difference: a source that is gone.
  std::vector<std::string> notes;
  std::uint64_t sources_gone = 0;                ///< of `trees`, where an input directory was given
  std::unordered_set<std::uint64_t> sizes_gone;  ///< of those, in bytes
  /// Directories of `differences` that may be trees and have no manifest, below OUTPUT.
  std::unordered_set<std::string> without_manifest;
  /// Of each source that has a tree, where in OUTPUT that is.
  std::unordered_map<std::string, std::string> tree_of;
};

/// Whether a source that its tree is not of waits for an engine that works on OUTPUT just now: then
/// that is a note and no difference. May be empty.
using IsWaiting = std::function<bool(const std::string& source)>;

Result<Verification> verify(const std::string& output_directory,
                            const std::optional<std::string>& input_directory = std::nullopt,
                            const IsWaiting& is_waiting = {});

}  // namespace engine::io
