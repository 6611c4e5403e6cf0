// output_directory: is a directory an OUTPUT, whichever engine writes there, and when it did? And
// the names of what an engine has there.
//
//   OUTPUT/.engine/lock        a file: one engine at a time (io/file/output_lock.h)
//   OUTPUT/.engine/build/      where trees are built (io/file/output_root.h)
//   OUTPUT/.engine/engine.db   a file: the state store, where it lies nowhere else (docs/state.md)
//
// The first two are there before anything else is written to OUTPUT. Any two of the three make one:
// people delete a lock or a store, and copies leave empty directories behind. The name alone does
// not, because other programs have directories of that name.
// Thread contract: free functions, safe from any thread.
// Errors: none; what may not be looked into is taken for the engine's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "io/base/directory.h"

namespace engine::io {

/// The directory at the root of OUTPUT that is the engine's own.
inline constexpr std::string_view kEngineDirectory = ".engine";

/// What lies in it, all of it: docs/state.md says who writes it and what it means.
inline constexpr const char* kLockName = "lock";
inline constexpr const char* kBuildName = "build";
inline constexpr const char* kStoreName = "engine.db";
inline constexpr const char* kWatchingName = "watching";
inline constexpr const char* kMissingName = "missing";
inline constexpr const char* kMadeWayName = "made_way";

/// Its entry of that name, relative to OUTPUT: ".engine/NAME".
inline std::string in_engine_directory(std::string_view name) {
  return std::string(kEngineDirectory).append(1, '/').append(name);
}

/// Of the directory at `path` below `fd`. Plain stats, one where there is no kEngineDirectory, as
/// for holds_manifest(): whoever goes on by a link is refused later.
bool is_output_directory(int fd, const std::string& path = ".");

/// The same of a directory whose entries are known: no call where none is kEngineDirectory.
bool is_output_directory(int fd, const std::vector<DirectoryEntry>& entries);

}  // namespace engine::io
