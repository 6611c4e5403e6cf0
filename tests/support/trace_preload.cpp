// A library for LD_PRELOAD that writes down what a program does to the files below a directory, and
// in which order: what a power cut may undo, and what it may not.
//
//   ENGINE_TRACE=FILE        records are appended to it (crash_replay.h has their form)
//   ENGINE_TRACE_ROOT=DIR    absolute, without links
//
// A call and its record are one step: calls of several threads are told in the order they were
// made. What is stored through a mapping is not seen; the program has nothing durable behind one.
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <string>

#include "tests/support/crash_replay.h"

namespace {

using engine::test::TraceKind;

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}
#define REAL(name) real<decltype(::name)>(#name)

std::recursive_mutex& mutex() {
  static std::recursive_mutex* const made = new std::recursive_mutex;  // outlives every thread
  return *made;
}

const std::string& root() {
  static const std::string* const made = [] {
    const char* const text = std::getenv("ENGINE_TRACE_ROOT");
    return new std::string(text == nullptr ? "" : text);
  }();
  return *made;
}

int trace_file() {
  static const int fd = [] {
    const char* const file = std::getenv("ENGINE_TRACE");
    return file == nullptr ? -1 : REAL(open)(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  }();
  return fd;
}

// Relative to the root; nothing for what lies elsewhere. The root itself is empty.
std::optional<std::string> below_root(std::string path) {
  if (root().empty() || path.compare(0, root().size(), root()) != 0) return std::nullopt;
  path.erase(0, root().size());
  if (path.empty()) return path;
  if (path.front() != '/') return std::nullopt;
  path.erase(0, 1);
  return path;
}

std::string path_of(int fd) {
  std::array<char, 4096> text;
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  const ssize_t count = ::readlink(link.c_str(), text.data(), text.size());
  return count < 0 ? "" : std::string(text.data(), static_cast<std::size_t>(count));
}

std::optional<std::string> resolve(int directory, const char* path) {
  if (path[0] == '/') return below_root(path);
  std::string base = directory == AT_FDCWD ? path_of(::open(".", O_PATH)) : path_of(directory);
  return below_root(std::string(path) == "." ? base : base + '/' + path);
}

std::uint64_t inode_of(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 && !S_ISDIR(status.st_mode) ? status.st_ino : 0;
}

void put(TraceKind kind, std::uint64_t inode, std::uint64_t offset, const std::string& path,
         const std::string& second) {
  if (trace_file() < 0) return;
  const std::array<std::uint64_t, 5> head = {static_cast<std::uint64_t>(kind), inode, offset,
                                             path.size(), second.size()};
  std::string record(reinterpret_cast<const char*>(head.data()), sizeof head);
  record += path;
  record += second;
  REAL(write)(trace_file(), record.data(), record.size());
}

bool is_traced(int fd) { return below_root(path_of(fd)).has_value(); }

void opened(int fd, int flags, const std::optional<std::string>& path) {
  if (fd < 0 || (flags & O_CREAT) == 0 || !path) return;
  put(TraceKind::kCreate, inode_of(fd), 0, *path, "");
}

void wrote(int fd, std::uint64_t offset, const char* bytes, ssize_t count) {
  if (count <= 0 || !is_traced(fd)) return;
  put(TraceKind::kWrite, inode_of(fd), offset, "",
      std::string(bytes, static_cast<std::size_t>(count)));
}

void synced(int fd, int result) {
  if (result != 0) return;
  const std::optional<std::string> path = below_root(path_of(fd));
  if (path) put(TraceKind::kSync, inode_of(fd), 0, *path, "");
}

mode_t mode_of(int flags, va_list arguments) {
  return (flags & (O_CREAT | __O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

using Lock = std::lock_guard<std::recursive_mutex>;

}  // namespace

extern "C" {

#define TRACED_OPEN(name)                                       \
  int name(const char* path, int flags, ...) {                  \
    va_list arguments;                                          \
    va_start(arguments, flags);                                 \
    const mode_t mode = mode_of(flags, arguments);              \
    va_end(arguments);                                          \
    static auto* const next = REAL(name);                       \
    if ((flags & O_CREAT) == 0) return next(path, flags, mode); \
    const Lock lock(mutex());                                   \
    const int fd = next(path, flags, mode);                     \
    opened(fd, flags, resolve(AT_FDCWD, path));                 \
    return fd;                                                  \
  }
TRACED_OPEN(open)
TRACED_OPEN(open64)

#define TRACED_OPENAT(name)                                                \
  int name(int directory, const char* path, int flags, ...) {              \
    va_list arguments;                                                     \
    va_start(arguments, flags);                                            \
    const mode_t mode = mode_of(flags, arguments);                         \
    va_end(arguments);                                                     \
    static auto* const next = REAL(name);                                  \
    if ((flags & O_CREAT) == 0) return next(directory, path, flags, mode); \
    const Lock lock(mutex());                                              \
    const int fd = next(directory, path, flags, mode);                     \
    opened(fd, flags, resolve(directory, path));                           \
    return fd;                                                             \
  }
TRACED_OPENAT(openat)
TRACED_OPENAT(openat64)

// openat2 has no function of its own in libc; its third argument begins with the flags.
long syscall(long number, ...) {
  va_list arguments;
  va_start(arguments, number);
  std::array<long, 6> values;
  for (long& value : values) value = va_arg(arguments, long);
  va_end(arguments);
  static auto* const next = REAL(syscall);
  const auto call = [&] {
    return next(number, values[0], values[1], values[2], values[3], values[4], values[5]);
  };
  if (number != SYS_openat2) return call();
  const auto flags = static_cast<int>(*reinterpret_cast<const std::uint64_t*>(values[2]));
  if ((flags & O_CREAT) == 0) return call();
  const Lock lock(mutex());
  const long fd = call();
  opened(static_cast<int>(fd), flags,
         resolve(static_cast<int>(values[0]), reinterpret_cast<const char*>(values[1])));
  return fd;
}

ssize_t write(int fd, const void* from, size_t size) {
  static auto* const next = REAL(write);
  const Lock lock(mutex());
  const off_t offset = ::lseek(fd, 0, SEEK_CUR);
  const ssize_t count = next(fd, from, size);
  if (offset >= 0) {
    wrote(fd, static_cast<std::uint64_t>(offset), static_cast<const char*>(from), count);
  }
  return count;
}
ssize_t writev(int fd, const iovec* vectors, int number) {
  static auto* const next = REAL(writev);
  const Lock lock(mutex());
  const off_t offset = ::lseek(fd, 0, SEEK_CUR);
  const ssize_t count = next(fd, vectors, number);
  std::string bytes;
  for (int i = 0; i < number; ++i) {
    bytes.append(static_cast<const char*>(vectors[i].iov_base), vectors[i].iov_len);
  }
  if (offset >= 0) wrote(fd, static_cast<std::uint64_t>(offset), bytes.data(), count);
  return count;
}
ssize_t pwrite64(int fd, const void* from, size_t size, off64_t offset) {
  static auto* const next = REAL(pwrite64);
  const Lock lock(mutex());
  const ssize_t count = next(fd, from, size, offset);
  wrote(fd, static_cast<std::uint64_t>(offset), static_cast<const char*>(from), count);
  return count;
}
ssize_t pwrite(int fd, const void* from, size_t size, off_t offset) {
  return ::pwrite64(fd, from, size, offset);
}
int ftruncate64(int fd, off64_t size) noexcept {
  static auto* const next = REAL(ftruncate64);
  const Lock lock(mutex());
  const int result = next(fd, size);
  if (result == 0 && is_traced(fd)) {
    put(TraceKind::kTruncate, inode_of(fd), static_cast<std::uint64_t>(size), "", "");
  }
  return result;
}
int ftruncate(int fd, off_t size) noexcept { return ::ftruncate64(fd, size); }

int renameat2(int from, const char* old_path, int to, const char* new_path,
              unsigned flags) noexcept {
  static auto* const next = REAL(renameat2);
  const Lock lock(mutex());
  const auto before = resolve(from, old_path), after = resolve(to, new_path);
  const int result = next(from, old_path, to, new_path, flags);
  if (result == 0 && before && after) put(TraceKind::kRename, 0, flags, *before, *after);
  return result;
}
int renameat(int from, const char* old_path, int to, const char* new_path) noexcept {
  return ::renameat2(from, old_path, to, new_path, 0);
}
int linkat(int from, const char* old_path, int to, const char* new_path, int flags) noexcept {
  static auto* const next = REAL(linkat);
  const Lock lock(mutex());
  const int result = next(from, old_path, to, new_path, flags);
  const auto path = resolve(to, new_path);
  struct stat status {};
  if (result == 0 && path && ::fstatat(to, new_path, &status, AT_SYMLINK_NOFOLLOW) == 0) {
    put(TraceKind::kCreate, status.st_ino, 0, *path, "");
  }
  return result;
}

int mkdirat(int directory, const char* path, mode_t mode) noexcept {
  static auto* const next = REAL(mkdirat);
  const Lock lock(mutex());
  const int result = next(directory, path, mode);
  const auto below = resolve(directory, path);
  if (result == 0 && below) put(TraceKind::kMakeDirectory, 0, 0, *below, "");
  return result;
}
int mkdir(const char* path, mode_t mode) noexcept { return ::mkdirat(AT_FDCWD, path, mode); }

int unlinkat(int directory, const char* path, int flags) noexcept {
  static auto* const next = REAL(unlinkat);
  const Lock lock(mutex());
  const auto below = resolve(directory, path);
  struct stat status {};
  const bool is_file =
      ::fstatat(directory, path, &status, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISDIR(status.st_mode);
  const int result = next(directory, path, flags);
  if (result == 0 && below) {
    put(TraceKind::kRemove, is_file ? status.st_ino : 0, 0, *below, "");
  }
  return result;
}
int unlink(const char* path) noexcept { return ::unlinkat(AT_FDCWD, path, 0); }

int fsync(int fd) {
  static auto* const next = REAL(fsync);
  const Lock lock(mutex());
  const int result = next(fd);
  synced(fd, result);
  return result;
}
int fdatasync(int fd) {
  static auto* const next = REAL(fdatasync);
  const Lock lock(mutex());
  const int result = next(fd);
  synced(fd, result);
  return result;
}
int syncfs(int fd) noexcept {
  static auto* const next = REAL(syncfs);
  const Lock lock(mutex());
  const int result = next(fd);
  if (result == 0) put(TraceKind::kSyncAll, 0, 0, "", "");
  return result;
}

}  // extern "C"
