// tree_scan: every source below a directory, in the order of the bytes of their paths.
//
// Links are not followed, whatever they point at; fifos, sockets and devices are passed over, and
// so is a directory that a load has written into. A file that cannot be read is listed: whoever
// opens it finds out. Two directories are open at a time, however deep the tree is, and no path is
// longer than one name, so no depth is too deep.
//
// Thread contract: a free function; one thread a call.
// Units: bytes.
// Errors: kNotFound, kInvalid, kUnreadable when the directory itself cannot be scanned; what is
// wrong below it is a problem in the result.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/result.h"
#include "engine/source_version.h"
#include "io/watch/tree_names.h"

namespace engine::io {

struct FoundSource {
  std::string path;       ///< relative to the directory, '/' between names
  std::string tree_path;  ///< of its tree, relative to OUTPUT
  SourceVersion version;  ///< all zero when it could not be examined
};

struct TreeScan {
  std::vector<FoundSource> sources;
  std::vector<Error> problems;       ///< directories that could not be read, path first
  std::vector<std::string> outputs;  ///< output directories of the engine, left out
  std::uint64_t excluded = 0;        ///< directories, and files that would else be sources
  std::uint64_t links = 0;           ///< not followed
  std::uint64_t special_files = 0;
};

/// In the order of paths, as a scan lists them; null when it is none of them.
const FoundSource* find_source(const std::vector<FoundSource>& sources, const std::string& path);

/// A directory, whatever it is called.
struct DirectoryId {
  dev_t device = 0;
  ino_t inode = 0;
  bool operator==(const DirectoryId&) const = default;
};

/// Nothing where there is none.
std::optional<DirectoryId> directory_id(const std::string& path);

/// The error of scan_tree() where `directory` is an output directory of the engine.
tl::unexpected<Error> is_no_folder_of_sources(const std::string& directory);

/// `left_out` is OUTPUT, which may lie inside. An exclude glob that matches a directory leaves out
/// what is below it.
Result<TreeScan> scan_tree(const std::string& directory, const SourceNames& names,
                           const std::optional<DirectoryId>& left_out = std::nullopt);

}  // namespace engine::io
