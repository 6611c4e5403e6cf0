// SharedBlocks: outputs whose long pieces are the source's own blocks on the disk (FICLONERANGE):
// as on XFS and btrfs, nothing is copied and no room is taken until one of the two is written to.
//
// The kernel shares whole blocks that begin at multiples of their size in both files, and brings to
// the disk first what of them is in memory alone. What is shared stays as it was then, whatever
// becomes of the source. So it is the version that the source has when it is looked at afterwards.
// Thread contract: SharingDisks from any thread; an OutputFile is confined to one thread.
// Units: bytes.
// Source: ioctl_ficlonerange(2); fs/remap_range.c of Linux.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "engine/file_source.h"
#include "engine/result.h"

namespace engine::io {

/// Which sources can share blocks with what is made in one directory.
class SharingDisks {
 public:
  /// The block of Sink::block_shared_with(), told by trying: a block of the source is shared with a
  /// file without a name. A file system that cannot do it at all is asked once.
  Result<std::size_t> block_shared_with(const SourceText& source, const std::string& directory);

 private:
  std::mutex mutex_;
  std::set<std::uint64_t> refused_;  // devices; guarded by mutex_
};

/// Writes an empty file, of a tree that shares blocks with `source` (null: with none).
class OutputFile {
 public:
  OutputFile(int fd, const SourceText* source) : fd_(fd), source_(source) {}

  /// As write_fully(). Where blocks cannot be shared after all, they are written.
  int write(std::span<const std::string_view> pieces);

 private:
  int write_shared(std::string_view piece, std::uint64_t at);

  const int fd_;
  const SourceText* source_;
};

}  // namespace engine::io
