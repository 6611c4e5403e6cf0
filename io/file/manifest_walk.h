// walk_manifests: every manifest below an output directory, without reading it.
//
// Thread contract: a free function. It takes no lock; a tree that is being exchanged at that moment
// is seen as it was or as it is.
// Errors: kNotFound, kUnreadable when there is no such directory. A directory that cannot be read
// is passed over: verify names it. kInvalid where no load has written into the directory.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

#include "engine/result.h"

namespace engine::io {

struct FoundManifest {
  std::string tree;  ///< relative to OUTPUT; empty when OUTPUT is a tree itself
  std::uint64_t inode = 0;
  std::int64_t mtime_ns = 0;
  std::uint64_t size = 0;
};

/// In no order. Links are not followed. It ends early when `stop` is requested.
Result<void> walk_manifests(const std::string& output_directory,
                            const std::function<void(FoundManifest&&)>& call,
                            const std::stop_token& stop = {});

/// A load has written into it: it holds the engine's own directory, or, as a copy under version
/// control does, a tree at least.
Result<void> check_output_directory(const std::string& output_directory);
tl::unexpected<Error> not_an_output(const std::string& directory);

/// The text of the manifest of `tree`; empty when it is gone by now.
std::string read_manifest_text(const std::string& output_directory, const std::string& tree);

}  // namespace engine::io
