#include "io/base/output_directory.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

namespace engine::io {
namespace {

bool is_there(int fd, const std::string& path, mode_t kind) {
  struct stat status {};
  if (::fstatat(fd, path.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return errno == EACCES;
  return (status.st_mode & S_IFMT) == kind;
}

}  // namespace

bool is_output_directory(int fd, const std::string& path) {
  const std::string own = path + '/' + std::string(kEngineDirectory);
  struct stat status {};
  if (::fstatat(fd, own.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return false;
  if (!S_ISDIR(status.st_mode)) return false;
  const int found = int{is_there(fd, own + '/' + kLockName, S_IFREG)} +
                    int{is_there(fd, own + '/' + kBuildName, S_IFDIR)} +
                    int{is_there(fd, own + '/' + kStoreName, S_IFREG)};
  return found >= 2;
}

bool is_output_directory(int fd, const std::vector<DirectoryEntry>& entries) {
  return std::any_of(entries.begin(), entries.end(),
                     [](const DirectoryEntry& entry) { return entry.name == kEngineDirectory; }) &&
         is_output_directory(fd);
}

}  // namespace engine::io
