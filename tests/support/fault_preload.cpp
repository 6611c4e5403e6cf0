// A library for LD_PRELOAD that makes one system call of a program fail, or counts them.
//
//   ENGINE_FAULT=call:n:errno   the n-th call of that name, counted from 1, fails with this errno;
//                               with n+, so does every one after it
//   ENGINE_FAULT_PATH=PATH      of the calls that open something, only those count that are given
//                               exactly this
//   ENGINE_CLOCK_SET_BACK=FILE  while FILE is there, the time of day is an hour less
//   ENGINE_OLD_IO_URING=1       the kernel does not say which operations of io_uring it has
//   ENGINE_FAULT_COUNTS=FILE    at the end: a line "call count" for each name
//
// Calls on standard input, output and error are left alone, and so is anonymous memory. What a
// library calls past libc is not seen, but for liburing, whose own functions are taken instead.
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <liburing.h>
#include <stdarg.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace {

enum Call {
  kOpenat,
  kRead,
  kWrite,
  kRename,
  kSync,
  kMmap,
  kMkdirat,
  kLinkat,
  kUnlinkat,
  kStat,
  kReaddir,
  kAccess,
  kFlock,
  kFallocate,
  kDup,
  kEventfd,
  kIoUringEnter
};
constexpr std::array<std::string_view, 17> kNames = {
    "openat",  "read",      "write",    "rename",  "sync",          "mmap",
    "mkdirat", "linkat",    "unlinkat", "stat",    "readdir",       "access",
    "flock",   "fallocate", "dup",      "eventfd", "io_uring_enter"};

std::array<std::atomic<long>, kNames.size()> counts;

struct Fault {
  long call = -1;
  long number = 0;
  bool goes_on = false;
  int error = 0;
};

Fault fault_of_environment() {
  Fault fault;
  const char* const text = std::getenv("ENGINE_FAULT");
  if (text == nullptr) return fault;
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    const std::string_view name = kNames[i];
    if (std::strncmp(text, name.data(), name.size()) != 0 || text[name.size()] != ':') continue;
    char* end = nullptr;
    fault.call = static_cast<long>(i);
    fault.number = std::strtol(text + name.size() + 1, &end, 10);
    fault.goes_on = *end == '+';
    if (fault.goes_on) ++end;
    fault.error = static_cast<int>(std::strtol(end + 1, nullptr, 10));
  }
  return fault;
}

bool fails(Call call, const char* path = nullptr) {
  static const Fault fault = fault_of_environment();
  static const char* const only = std::getenv("ENGINE_FAULT_PATH");
  if (only != nullptr && call == kOpenat && std::strcmp(path, only) != 0) return false;
  // Relaxed: each call only needs a number of its own.
  const long number = 1 + counts[call].fetch_add(1, std::memory_order_relaxed);
  if (call != fault.call) return false;
  if (fault.goes_on ? number < fault.number : number != fault.number) return false;
  errno = fault.error;
  return true;
}

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

struct Reporter {
  ~Reporter() {
    const char* const file = std::getenv("ENGINE_FAULT_COUNTS");
    if (file == nullptr) return;
    std::FILE* const out = std::fopen(file, "we");
    if (out == nullptr) return;
    for (std::size_t i = 0; i < kNames.size(); ++i) {
      std::fprintf(out, "%s %ld\n", kNames[i].data(), counts[i].load(std::memory_order_relaxed));
    }
    std::fclose(out);
  }
} reporter;

bool is_standard(int fd) { return fd >= 0 && fd <= 2; }

mode_t mode_of(int flags, va_list arguments) {
  return (flags & (O_CREAT | __O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

}  // namespace

#define REAL(name) real<decltype(::name)>(#name)
// What libc has under two names.
#define SAME_AS(name) __attribute__((alias(#name)))

extern "C" {

int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  static auto* const next = REAL(open);
  return fails(kOpenat, path) ? -1 : next(path, flags, mode);
}
int open64(const char* path, int flags, ...) SAME_AS(open);

int openat(int directory, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  static auto* const next = REAL(openat);
  return fails(kOpenat, path) ? -1 : next(directory, path, flags, mode);
}
int openat64(int directory, const char* path, int flags, ...) SAME_AS(openat);

// openat2 has no function of its own in libc.
long syscall(long number, ...) {
  va_list arguments;
  va_start(arguments, number);
  std::array<long, 6> values;
  for (long& value : values) value = va_arg(arguments, long);
  va_end(arguments);
  static auto* const next = REAL(syscall);
  if (number == SYS_openat2 && fails(kOpenat, reinterpret_cast<const char*>(values[1]))) return -1;
  return next(number, values[0], values[1], values[2], values[3], values[4], values[5]);
}

ssize_t read(int fd, void* to, size_t size) {
  static auto* const next = REAL(read);
  return !is_standard(fd) && fails(kRead) ? -1 : next(fd, to, size);
}
ssize_t pread64(int fd, void* to, size_t size, off64_t offset) {
  static auto* const next = REAL(pread64);
  return fails(kRead) ? -1 : next(fd, to, size, offset);
}
ssize_t write(int fd, const void* from, size_t size) {
  static auto* const next = REAL(write);
  return !is_standard(fd) && fails(kWrite) ? -1 : next(fd, from, size);
}
ssize_t writev(int fd, const iovec* vectors, int count) {
  static auto* const next = REAL(writev);
  return !is_standard(fd) && fails(kWrite) ? -1 : next(fd, vectors, count);
}
ssize_t pwrite(int fd, const void* from, size_t size, off_t offset) {
  static auto* const next = REAL(pwrite);
  return fails(kWrite) ? -1 : next(fd, from, size, offset);
}
ssize_t pwrite64(int fd, const void* from, size_t size, off64_t offset) SAME_AS(pwrite);
int ftruncate64(int fd, off64_t size) {
  static auto* const next = REAL(ftruncate64);
  return fails(kWrite) ? -1 : next(fd, size);
}

int renameat(int from, const char* old_path, int to, const char* new_path) {
  static auto* const next = REAL(renameat);
  return fails(kRename) ? -1 : next(from, old_path, to, new_path);
}
int renameat2(int from, const char* old_path, int to, const char* new_path, unsigned flags) {
  static auto* const next = REAL(renameat2);
  return fails(kRename) ? -1 : next(from, old_path, to, new_path, flags);
}

int rename(const char* old_path, const char* new_path) noexcept {
  static auto* const next = REAL(rename);
  return fails(kRename) ? -1 : next(old_path, new_path);
}

int fsync(int fd) {
  static auto* const next = REAL(fsync);
  return fails(kSync) ? -1 : next(fd);
}
int fdatasync(int fd) {
  static auto* const next = REAL(fdatasync);
  return fails(kSync) ? -1 : next(fd);
}
int syncfs(int fd) noexcept {
  static auto* const next = REAL(syncfs);
  return fails(kSync) ? -1 : next(fd);
}

void* mmap(void* at, size_t size, int protection, int flags, int fd, off_t offset) noexcept {
  static auto* const next = REAL(mmap);
  return fd >= 0 && fails(kMmap) ? MAP_FAILED : next(at, size, protection, flags, fd, offset);
}
void* mmap64(void* at, size_t size, int protection, int flags, int fd, off64_t offset) noexcept
    SAME_AS(mmap);

int mkdirat(int directory, const char* path, mode_t mode) noexcept {
  static auto* const next = REAL(mkdirat);
  return fails(kMkdirat) ? -1 : next(directory, path, mode);
}
int mkdir(const char* path, mode_t mode) noexcept {
  static auto* const next = REAL(mkdir);
  return fails(kMkdirat) ? -1 : next(path, mode);
}
int linkat(int from, const char* old_path, int to, const char* new_path, int flags) noexcept {
  static auto* const next = REAL(linkat);
  return fails(kLinkat) ? -1 : next(from, old_path, to, new_path, flags);
}
int unlinkat(int directory, const char* path, int flags) noexcept {
  static auto* const next = REAL(unlinkat);
  return fails(kUnlinkat) ? -1 : next(directory, path, flags);
}
int unlink(const char* path) noexcept {
  static auto* const next = REAL(unlink);
  return fails(kUnlinkat) ? -1 : next(path);
}
int stat(const char* path, struct stat* status) noexcept {
  static auto* const next = REAL(stat);
  return fails(kStat) ? -1 : next(path, status);
}
int fstat(int fd, struct stat* status) noexcept {
  static auto* const next = REAL(fstat);
  return fails(kStat) ? -1 : next(fd, status);
}
int fstatat(int directory, const char* path, struct stat* status, int flags) noexcept {
  static auto* const next = REAL(fstatat);
  return fails(kStat) ? -1 : next(directory, path, status, flags);
}

int statx(int directory, const char* path, int flags, unsigned mask,
          struct statx* status) noexcept {
  static auto* const next = REAL(statx);
  return fails(kStat) ? -1 : next(directory, path, flags, mask, status);
}

dirent* readdir(DIR* directory) {
  static auto* const next = REAL(readdir);
  return fails(kReaddir) ? nullptr : next(directory);
}
dirent64* readdir64(DIR* directory) {
  static auto* const next = REAL(readdir64);
  return fails(kReaddir) ? nullptr : next(directory);
}
int access(const char* path, int mode) noexcept {
  static auto* const next = REAL(access);
  return fails(kAccess) ? -1 : next(path, mode);
}
int faccessat(int directory, const char* path, int mode, int flags) noexcept {
  static auto* const next = REAL(faccessat);
  return fails(kAccess) ? -1 : next(directory, path, mode, flags);
}
int flock(int fd, int operation) noexcept {
  static auto* const next = REAL(flock);
  return fails(kFlock) ? -1 : next(fd, operation);
}
int posix_fallocate(int fd, off_t offset, off_t size) {
  static auto* const next = REAL(posix_fallocate);
  return fails(kFallocate) ? errno : next(fd, offset, size);
}
int posix_fallocate64(int fd, off64_t offset, off64_t size) SAME_AS(posix_fallocate);
// Locks and leases go through it as well: with those SQLite waits, which is another test.
int fcntl(int fd, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  void* const value = va_arg(arguments, void*);
  va_end(arguments);
  static auto* const next = REAL(fcntl);
  return command == F_DUPFD_CLOEXEC && fails(kDup) ? -1 : next(fd, command, value);
}
int fcntl64(int fd, int command, ...) SAME_AS(fcntl);
int clock_gettime(clockid_t clock, timespec* time) noexcept {
  static auto* const next = REAL(clock_gettime);
  static auto* const real_access = REAL(access);
  static const char* const set_back = std::getenv("ENGINE_CLOCK_SET_BACK");
  const int result = next(clock, time);
  if (set_back == nullptr || clock != CLOCK_REALTIME) return result;
  const int error = errno;
  if (real_access(set_back, F_OK) == 0) time->tv_sec -= 3600;
  errno = error;
  return result;
}
int eventfd(unsigned count, int flags) noexcept {
  static auto* const next = REAL(eventfd);
  return fails(kEventfd) ? -1 : next(count, flags);
}
int signalfd(int fd, const sigset_t* mask, int flags) noexcept {
  static auto* const next = REAL(signalfd);
  return fails(kEventfd) ? -1 : next(fd, mask, flags);
}

io_uring_probe* io_uring_get_probe_ring(io_uring* ring) {
  static auto* const next = REAL(io_uring_get_probe_ring);
  return std::getenv("ENGINE_OLD_IO_URING") != nullptr ? nullptr : next(ring);
}
// Those of liburing answer with the errno.
int io_uring_submit_and_wait(io_uring* ring, unsigned wanted) {
  static auto* const next = REAL(io_uring_submit_and_wait);
  return fails(kIoUringEnter) ? -errno : next(ring, wanted);
}
int io_uring_submit_and_wait_timeout(io_uring* ring, io_uring_cqe** completion, unsigned wanted,
                                     __kernel_timespec* time, sigset_t* mask) {
  static auto* const next = REAL(io_uring_submit_and_wait_timeout);
  return fails(kIoUringEnter) ? -errno : next(ring, completion, wanted, time, mask);
}

}  // extern "C"
