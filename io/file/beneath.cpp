#include "io/file/beneath.h"

#include <linux/openat2.h>
#include <sys/syscall.h>

#include <algorithm>
#include <atomic>
#include <cerrno>

namespace engine::io {
namespace {

// Set once a call has found that the kernel has no openat2. Relaxed: it only saves a system call.
std::atomic<bool> openat2_missing{false};

Descriptor open_by_openat2(int directory, const std::string& path, int flags, mode_t mode) {
  open_how how{};
  how.flags = static_cast<__u64>(flags | O_CLOEXEC);
  how.mode = (flags & O_CREAT) != 0 ? mode : 0;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  // EAGAIN: a rename elsewhere made the kernel unsure about "..".
  for (int attempt = 0; attempt < 64; ++attempt) {
    const long fd = ::syscall(SYS_openat2, directory, path.c_str(), &how, sizeof how);
    if (fd >= 0) return Descriptor(static_cast<int>(fd));
    if (errno != EINTR && errno != EAGAIN) break;
  }
  return {};
}

}  // namespace

Descriptor open_beneath(int directory, const std::string& path, int flags, mode_t mode) {
  if (path.find('\0') != std::string::npos) {
    errno = EINVAL;
    return {};
  }
  if (!openat2_missing.load(std::memory_order_relaxed)) {
    Descriptor opened = open_by_openat2(directory, path, flags, mode);
    // Some sandboxes answer EPERM for system calls they do not know; so does a file that may not be
    // opened, and then the walk says the same again.
    if (opened || (errno != ENOSYS && errno != EPERM)) return opened;
    if (errno == ENOSYS) openat2_missing.store(true, std::memory_order_relaxed);
  }
  return open_beneath_by_walk(directory, path, flags, mode);
}

Descriptor open_beneath_by_walk(int directory, const std::string& path, int flags, mode_t mode) {
  if (!is_plain_path(path)) {
    errno = path.empty() ? ENOENT : EXDEV;
    return {};
  }
  Descriptor held;
  int parent = directory;
  std::size_t begin = 0;
  for (std::size_t slash; (slash = path.find('/', begin)) != std::string::npos; begin = slash + 1) {
    const std::string component = path.substr(begin, slash - begin);
    held = Descriptor(
        ::openat(parent, component.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!held) return {};
    parent = held.get();
  }
  int fd = -1;
  do {
    fd = ::openat(parent, path.c_str() + begin, flags | O_NOFOLLOW | O_CLOEXEC, mode);
  } while (fd < 0 && errno == EINTR);
  return Descriptor(fd);
}

bool is_plain_path(std::string_view path) {
  if (path.empty() || path.find('\0') != std::string_view::npos) return false;
  std::size_t begin = 0;
  while (begin <= path.size()) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view component = path.substr(begin, end - begin);
    if (component.empty() || component == "." || component == "..") return false;
    begin = end + 1;
  }
  return true;
}

}  // namespace engine::io
