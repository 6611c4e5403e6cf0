#include "io/file/output_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <vector>

#include "io/base/byte_lock.h"
#include "io/base/directory.h"
#include "io/base/os_error.h"
#include "io/base/output_directory.h"

namespace engine::io {
namespace {

// Of .engine/lock: whether flock(2) has locked a file can only be read, and only of processes of
// one's own PID namespace.
constexpr off_t kAskedByte = 0;

int try_lock(int fd) {
  while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EINTR) return errno;
  }
  return 0;
}

// Empty while the other one has not written it yet.
std::string written_pid(int lock) {
  std::array<char, 16> text{};
  const ssize_t count = ::pread(lock, text.data(), text.size(), 0);
  const auto* const begin = text.data();
  const auto* const end = std::find_if_not(begin, begin + std::max<ssize_t>(count, 0),
                                           [](char c) { return c >= '0' && c <= '9'; });
  return {begin, end};
}

std::string in_brackets(const std::string& pid) { return pid.empty() ? "" : " (PID " + pid + ')'; }

// Who has locked the file, as the system lists it ("1: FLOCK ADVISORY WRITE 12 fe:00:131 0 EOF").
// Some file systems are listed under other numbers: there only a process that is known is found.
std::string listed_holder(int fd, std::string_view known_pid) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return {};
  const std::string inode = fmt::format(":{}", status.st_ino);
  const std::string wanted =
      fmt::format("{:02x}:{:02x}", major(status.st_dev), minor(status.st_dev)) + inode;
  std::ifstream locks("/proc/locks");
  std::string number, kind, mode, access, pid, place, rest;
  while (locks >> number >> kind >> mode >> access >> pid >> place && std::getline(locks, rest)) {
    const bool is_known = pid == known_pid && place.ends_with(inode);
    if (kind == "FLOCK" && (place == wanted || is_known)) return pid;
  }
  return {};
}

// What is written may be of an engine before, what is listed leaves out other PID namespaces.
std::string holder(int lock) {
  const std::string written = written_pid(lock);
  const std::string listed = listed_holder(lock, written);
  return in_brackets(listed.empty() ? written : listed);
}

// True when whoever started this process has locked the directory for it: `flock OUTPUT engine ...`
// hands on the descriptor that holds the lock.
bool is_inherited(int directory) {
  const Descriptor own(::open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  std::vector<DirectoryEntry> entries;
  if (own) list_directory(own.get(), entries);
  return std::any_of(entries.begin(), entries.end(), [&](const DirectoryEntry& entry) {
    const int fd = std::atoi(entry.name.c_str());
    const int flags = ::fcntl(fd, F_GETFD);  // this program's own are closed on exec, all of them
    return flags >= 0 && (flags & FD_CLOEXEC) == 0 && is_same_directory(fd, directory) &&
           try_lock(fd) == 0;
  });
}

// Should it not be written, on a full disk, only the message is poorer.
void write_pid(int lock) {
  const std::string pid = std::to_string(::getpid()) + '\n';
  if (::ftruncate(lock, 0) == 0) {
    [[maybe_unused]] const ssize_t count = ::pwrite(lock, pid.data(), pid.size(), 0);
  }
}

}  // namespace

Result<Descriptor> lock_output(int engine_directory, int output, const std::string& shown) {
  Descriptor lock(::openat(engine_directory, kLockName,
                           O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666));
  if (!lock) {
    return os_error(ErrorCode::kUnwritable, shown, "cannot open .engine/lock", errno);
  }
  const int error = try_lock(lock.get());
  if (error == EWOULDBLOCK) {
    return fail(ErrorCode::kUnwritable, shown + ": held by another engine" + holder(lock.get()) +
                                            "; wait for it or stop it");
  }
  // Some file systems lock no directories: then the file alone has to do.
  if (error == 0 && try_lock(output) == EWOULDBLOCK && !is_inherited(output)) {
    return fail(ErrorCode::kUnwritable, shown + ": held by another engine, or locked by somebody" +
                                            in_brackets(listed_holder(output, "")) +
                                            "; wait for it or stop it");
  }
  if (error != 0) {
    return os_error(ErrorCode::kUnwritable, shown, "cannot lock .engine/lock", error);
  }
  lock_byte(lock.get(), kAskedByte);
  write_pid(lock.get());
  return lock;
}

Result<Descriptor> lock_file(const std::string& path, const std::string& shown) {
  Descriptor lock(
      ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666));
  if (!lock) return os_error(ErrorCode::kUnwritable, path, "cannot open", errno);
  const int error = try_lock(lock.get());
  if (error == EWOULDBLOCK) {
    return fail(ErrorCode::kUnwritable,
                shown + ": held by another engine" + in_brackets(listed_holder(lock.get(), "")));
  }
  if (error != 0) return os_error(ErrorCode::kUnwritable, path, "cannot lock", error);
  return lock;
}

bool is_output_locked(const std::string& output_directory) {
  const std::string path = output_directory + '/' + in_engine_directory(kLockName);
  const Descriptor lock(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  return lock && is_byte_locked(lock.get(), kAskedByte);
}

}  // namespace engine::io
