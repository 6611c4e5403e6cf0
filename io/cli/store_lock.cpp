#include "io/cli/store_lock.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "io/base/byte_lock.h"
#include "io/base/output_directory.h"
#include "io/file/output_lock.h"

namespace engine::io {
namespace {

namespace fs = std::filesystem;

constexpr int kMostLinks = 40;
constexpr off_t kLockedByte = off_t{1} << 62;

// As SQLite finds it: a link that leads to nothing yet says where the file will be made.
fs::path followed(const std::string& path, std::error_code& error) {
  fs::path file = fs::absolute(path, error);
  for (int links = 0; links < kMostLinks && fs::is_symlink(fs::symlink_status(file, error));
       ++links) {
    file = file.parent_path() / fs::read_symlink(file, error);
  }
  return fs::weakly_canonical(file, error);
}

bool is_same_file(int fd, const std::string& path) {
  struct stat open {};
  struct stat named {};
  return ::fstat(fd, &open) == 0 && ::stat(path.c_str(), &named) == 0 &&
         open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

tl::unexpected<Error> with_next(Error error) {
  error.message += "; name another place with --state=PATH, one for each OUTPUT_DIR";
  return tl::make_unexpected(std::move(error));
}

}  // namespace

Result<StoreLock> StoreLock::take(const std::string& path, const std::string& output) {
  std::error_code error;
  const fs::path store = followed(path, error);
  if (error) {
    return with_next({ErrorCode::kUnwritable, path + ": cannot be resolved: " + error.message()});
  }
  StoreLock lock(path);
  if (fs::exists(store, error) && !fs::is_regular_file(store, error)) return lock;
  const fs::path directory = store.parent_path();
  if (!fs::equivalent(directory, fs::path(output) / kEngineDirectory, error)) {
    const bool is_of_an_output = directory.filename() == kEngineDirectory;
    const fs::path beside =
        is_of_an_output ? directory / kLockName : fs::path(store.string() + ".lock");
    Result<Descriptor> locked = lock_file(beside.string(), path);
    if (!locked) return with_next(std::move(locked.error()));
    lock.beside_ = std::move(*locked);
  }
  if (Result<void> taken = lock.take_made(); !taken) return tl::make_unexpected(taken.error());
  return lock;
}

// What cannot be opened for writing SQLite cannot either.
Result<void> StoreLock::take_made() {
  if (file_ && is_same_file(file_.get(), path_)) return {};
  file_ = Descriptor(::open(path_.c_str(), O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!file_ || lock_byte(file_.get(), kLockedByte)) return {};
  return with_next({ErrorCode::kUnwritable, path_ + ": held by another engine"});
}

}  // namespace engine::io
