#include "io/watch/entry_status.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <cerrno>

namespace engine::io {
namespace {

std::int64_t nanoseconds(const statx_timestamp& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + std::int64_t{time.tv_nsec};
}

EntryKind kind_of(unsigned mode) {
  if (S_ISREG(mode)) return EntryKind::kFile;
  if (S_ISDIR(mode)) return EntryKind::kDirectory;
  return S_ISLNK(mode) ? EntryKind::kLink : EntryKind::kOther;
}

}  // namespace

int status_of(int directory_fd, const std::string& name, EntryStatus& status) {
  struct statx found {};
  if (::statx(directory_fd, name.c_str(), AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS | STATX_BTIME,
              &found) != 0) {
    return errno;
  }
  status.kind = kind_of(found.stx_mode);
  status.id = {makedev(found.stx_dev_major, found.stx_dev_minor), found.stx_ino};
  status.version = {status.id.device, found.stx_ino, found.stx_size, nanoseconds(found.stx_mtime),
                    nanoseconds(found.stx_ctime)};
  status.born_ns = (found.stx_mask & STATX_BTIME) != 0 ? nanoseconds(found.stx_btime) : 0;
  status.links = found.stx_nlink;
  status.is_mount = (found.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
  return 0;
}

}  // namespace engine::io
