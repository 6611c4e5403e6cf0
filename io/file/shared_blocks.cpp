#include "io/file/shared_blocks.h"

#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "engine/sink.h"
#include "io/base/os_error.h"
#include "io/file/unnamed_file.h"
#include "io/file/write_fully.h"

namespace engine::io {
namespace {

// Of nearly all file systems, or a multiple of theirs.
constexpr std::size_t kBlock = 4096;
// Beyond it a file system speaks of something else, as NFS does.
constexpr std::size_t kLargestBlock = 64 << 10;

// 0, or -1 and errno.
int share_range(int from, std::uint64_t offset, std::uint64_t length, int to, std::uint64_t at) {
  file_clone_range range{};
  range.src_fd = from;
  range.src_offset = offset;
  range.src_length = length;
  range.dest_offset = at;
  return ::ioctl(to, FICLONERANGE, &range);
}

// What offsets have to agree by in a file that shares blocks; 0 and errno when nobody can tell.
std::size_t block_of(int file) {
  struct statfs status {};
  if (::fstatfs(file, &status) != 0) return 0;
  const auto own = static_cast<std::size_t>(status.f_bsize);
  return own > kLargestBlock ? kBlock : std::max(own, kBlock);
}

bool is_about_the_file_system(int error) {
  return error == EXDEV || error == EOPNOTSUPP || error == ENOTTY || error == ENOSYS;
}

}  // namespace

Result<std::size_t> SharingDisks::block_shared_with(const SourceText& source,
                                                    const std::string& directory) {
  if (source.file() < 0) return std::size_t{0};
  const std::uint64_t device = source.version().device;
  {
    const std::lock_guard lock(mutex_);
    if (refused_.contains(device)) return std::size_t{0};
  }
  const Descriptor file = unnamed_file(directory);
  const std::size_t block = file ? block_of(file.get()) : 0;
  if (block == 0) {
    return os_error(ErrorCode::kUnwritable, directory, "cannot make a temporary file", errno);
  }
  if (share_range(source.file(), 0, block, file.get(), 0) == 0) return block;
  // A full disk is no answer: asked again, when there is room, the same source would have others.
  if (is_no_space(errno)) {
    return os_error(ErrorCode::kUnwritable, directory, "cannot share a block", errno);
  }
  if (is_about_the_file_system(errno)) {
    const std::lock_guard lock(mutex_);
    refused_.insert(device);
  }
  return std::size_t{0};
}

int OutputFile::write(std::span<const std::string_view> pieces) {
  std::size_t written = 0;  // pieces
  std::uint64_t end = 0;    // of what is written, or stands in `pieces` before this one
  for (std::size_t i = 0; source_ != nullptr && i < pieces.size(); ++i) {
    const std::string_view piece = pieces[i];
    end += piece.size();
    if (piece.size() < kLeastShared) continue;
    if (write_fully(fd_, pieces.subspan(written, i - written)) != 0) return -1;
    if (write_shared(piece, end - piece.size()) != 0) return -1;
    written = i + 1;
  }
  return write_fully(fd_, pieces.subspan(written));
}

// What lies behind the last block's end, and before the first's begin, is written.
int OutputFile::write_shared(std::string_view piece, std::uint64_t at) {
  const std::string_view source = source_->bytes();
  const bool is_part =
      piece.data() >= source.data() && piece.data() + piece.size() <= source.data() + source.size();
  const std::size_t block = is_part ? block_of(fd_) : 0;
  if (block == 0) return write_fully(fd_, piece);
  const auto offset = static_cast<std::uint64_t>(piece.data() - source.data());
  if (offset % block != at % block) return write_fully(fd_, piece);
  const std::size_t head = static_cast<std::size_t>((block - at % block) % block);
  const std::size_t length = (piece.size() - head) / block * block;
  if (write_fully(fd_, piece.substr(0, head)) != 0) return -1;
  if (share_range(source_->file(), offset + head, length, fd_, at + head) != 0) {
    source_ = nullptr;
    return write_fully(fd_, piece.substr(head));
  }
  const auto end = static_cast<off_t>(at + head + length);
  if (::lseek(fd_, end, SEEK_SET) != end) return -1;
  return write_fully(fd_, piece.substr(head + length));
}

}  // namespace engine::io
