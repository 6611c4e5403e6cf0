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

}  // namespace engine::io
