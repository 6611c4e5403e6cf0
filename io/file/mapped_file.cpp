#include "io/file/mapped_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "engine/file_source.h"
#include "io/base/file_version.h"
#include "io/base/os_error.h"
#include "io/file/beneath.h"

namespace engine::io {
namespace {

// Up to here a file is read into memory that the allocator has at hand. Measured for 50 KB: 20 us,
// and 30 to map, fault and unmap it.
constexpr std::size_t kReadLimit = 256 * 1024;

tl::unexpected<Error> cannot_open(const std::string& path, int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return fail(ErrorCode::kNotFound, path + ": no such file");
    case ELOOP:
      return fail(ErrorCode::kNotFound,
                  path + ": is or lies behind a symbolic link, which is not followed");
    case EXDEV:
      return fail(ErrorCode::kUnreadable, path + ": leads out of the input directory");
    case ENXIO:
      return fail(ErrorCode::kNotFound, path + ": is not a regular file");
    default:
      return os_error(ErrorCode::kUnreadable, path, "cannot open", error);
  }
}

// As many bytes as there are, up to `size`; -1 and errno.
ssize_t read_fully(int fd, char* to, std::size_t size) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t count = ::read(fd, to + done, size - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return -1;
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return static_cast<ssize_t>(done);
}

}  // namespace

Result<OpenedFile> open_regular_file(int directory, const std::string& path) {
  // O_NONBLOCK: opening a FIFO would else wait for its writer. It means nothing for regular files.
  Descriptor fd = open_beneath(directory, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  if (!fd) return cannot_open(path, errno);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) {
    return os_error(ErrorCode::kUnreadable, path, "cannot read its size", errno);
  }
  if (S_ISDIR(status.st_mode)) return fail(ErrorCode::kNotFound, path + ": is a directory");
  if (!S_ISREG(status.st_mode)) {
    return fail(ErrorCode::kNotFound, path + ": is not a regular file");
  }
  return OpenedFile{std::move(fd), version_of(status)};
}

Result<void> check_version(int directory, const std::string& path, const SourceVersion& version) {
  // One lookup by path says it all: if it leads to the inode that was opened, which its mapping
  // keeps from being reused, size and times are those of the opened file.
  struct stat status {};
  if (::fstatat(directory, path.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    return fail(ErrorCode::kChanged,
                path + (errno == ENOENT ? ": was removed while it was read"
                                        : ": cannot be reached any more: " + errno_text(errno)));
  }
  if (version_of(status) == version) return {};
  return fail(ErrorCode::kChanged,
              path + (status.st_ino != version.inode ? ": was replaced while it was read"
                                                     : ": changed while it was read"));
}

Result<MappedFile> MappedFile::open(int directory, const std::string& path) {
  Result<OpenedFile> opened = open_regular_file(directory, path);
  if (!opened) return tl::make_unexpected(std::move(opened.error()));
  return open(std::move(*opened), directory, path);
}

Result<MappedFile> MappedFile::open(OpenedFile opened, int directory, const std::string& path) {
  MappedFile file(directory, path, opened.version);
  const auto size = static_cast<std::size_t>(opened.version.size);
  if (size <= kReadLimit) {
    file.small_ = std::make_unique_for_overwrite<char[]>(size + kReadablePadding);
    const ssize_t count = read_fully(opened.fd.get(), file.small_.get(), size);
    if (count < 0) return os_error(ErrorCode::kUnreadable, path, "cannot read", errno);
    if (static_cast<std::size_t>(count) == size) return file;
    return fail(ErrorCode::kChanged, path + ": was truncated while it was read");
  }
  std::optional<Mapping> mapping = Mapping::map(opened.fd.get(), size, MapAccess::kGuarded);
  if (!mapping) return os_error(ErrorCode::kUnreadable, path, "cannot map", errno);
  file.mapping_.emplace(std::move(*mapping));
  file.file_ = std::move(opened.fd);
  return file;
}

Result<void> MappedFile::check_unchanged() const {
  Result<void> unchanged = check_version(directory_, path_, version_);
  if (unchanged && mapping_ && mapping_->faulted()) {
    // The file is as it was, so the pages are there and the disk did not give them.
    return os_error(ErrorCode::kUnreadable, path_, "cannot read", EIO);
  }
  return unchanged;
}

}  // namespace engine::io
