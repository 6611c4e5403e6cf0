// EntryStatus: what an entry of a directory is.
//
// Thread contract: a free function, safe from any thread.
// Errors: an errno.
// Source: statx(2).
#pragma once

#include <cstdint>
#include <string>

#include "engine/source_version.h"
#include "io/base/directory.h"
#include "io/watch/tree_scan.h"

namespace engine::io {

struct EntryStatus {
  EntryKind kind = EntryKind::kOther;
  SourceVersion version;
  DirectoryId id;
  /// When it was made; 0 where the file system does not say. The number of a deleted directory is
  /// soon given to another one, and this tells the two apart.
  std::int64_t born_ns = 0;
  std::uint32_t links = 0;
  bool is_mount = false;  ///< a file system is mounted here (Linux 5.8)
};

/// Of the entry itself, should it be a link. 0 or an errno.
int status_of(int directory_fd, const std::string& name, EntryStatus& status);

}  // namespace engine::io
