#include "io/file/remove_all.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <vector>

#include "io/base/descriptor.h"
#include "io/base/directory.h"

namespace engine::io {
namespace {

class Removal {
 public:
  Removal(const std::stop_token& hurry, std::chrono::milliseconds grace)
      : hurry_(hurry), grace_(grace) {}

  int remove_directory(int parent, const std::string& name) {
    const Descriptor directory(
        ::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!directory) return errno;
    std::vector<DirectoryEntry> entries;
    int first_error = list_directory(directory.get(), entries);
    for (const DirectoryEntry& entry : entries) {
      if (is_over()) return ECANCELED;
      int error = 0;
      if (entry.kind == EntryKind::kDirectory) {
        error = remove_directory(directory.get(), entry.name);
      } else if (::unlinkat(directory.get(), entry.name.c_str(), 0) != 0) {
        error = errno;
      }
      if (first_error == 0) first_error = error;
    }
    if (::unlinkat(parent, name.c_str(), AT_REMOVEDIR) != 0 && first_error == 0)
      first_error = errno;
    return first_error;
  }

 private:
  using Clock = std::chrono::steady_clock;

  bool is_over() {
    if (!hurry_.stop_requested()) return false;
    if (!end_) end_ = Clock::now() + grace_;
    return Clock::now() >= *end_;
  }

  const std::stop_token& hurry_;
  const std::chrono::milliseconds grace_;
  std::optional<Clock::time_point> end_;  // known when it is in a hurry
};

}  // namespace

int remove_all(int directory, const std::string& name, const std::stop_token& hurry,
               std::chrono::milliseconds grace) {
  if (::unlinkat(directory, name.c_str(), 0) == 0 || errno == ENOENT) return 0;
  // EISDIR on Linux, EPERM by POSIX: it is a directory.
  if (errno != EISDIR && errno != EPERM) return errno;
  return Removal(hurry, grace).remove_directory(directory, name);
}

}  // namespace engine::io
