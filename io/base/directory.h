// Directory listing: the entries of an open directory.
//
// Thread contract: free functions, safe from any thread.
// Errors: errno; entries that were found are returned all the same.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace engine::io {

enum class EntryKind : std::uint8_t { kFile, kDirectory, kLink, kOther };

struct DirectoryEntry {
  std::string name;
  EntryKind kind;
  bool operator<(const DirectoryEntry& other) const { return name < other.name; }
};

/// Without "." and "..", in no order. `fd` is read from its begin; 0 or an errno.
int list_directory(int fd, std::vector<DirectoryEntry>& entries);

/// True when both descriptors are of one directory.
bool is_same_directory(int fd, int other);

/// True when the engine has written into the directory at `path` below: it holds a directory of the
/// engine's own. A plain stat, as for holds_manifest(): whoever goes on by a link is refused later.
bool is_output_directory(int fd, const std::string& path = ".");

/// The same of the directory whose entries these are.
bool holds_engine_directory(const std::vector<DirectoryEntry>& entries);

}  // namespace engine::io
