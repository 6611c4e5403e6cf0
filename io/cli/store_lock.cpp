#include "io/cli/store_lock.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "io/base/output_directory.h"
#include "io/file/output_lock.h"

namespace engine::io {
namespace {

namespace fs = std::filesystem;

constexpr int kMostLinks = 40;

// As SQLite finds it: a link that leads to nothing yet says where the file will be made.
fs::path followed(const std::string& path, std::error_code& error) {
  fs::path file = fs::absolute(path, error);
  for (int links = 0; links < kMostLinks && fs::is_symlink(fs::symlink_status(file, error));
       ++links) {
    file = file.parent_path() / fs::read_symlink(file, error);
  }
  return fs::weakly_canonical(file, error);
}

}  // namespace

Result<Descriptor> lock_store(const std::string& path, const std::string& output) {
  constexpr const char* kNext = "; name another place with --state=PATH, one for each OUTPUT_DIR";
  std::error_code error;
  const fs::path store = followed(path, error);
  if (error) {
    return fail(ErrorCode::kUnwritable, path + ": cannot be resolved: " + error.message() + kNext);
  }
  if (fs::exists(store, error) && !fs::is_regular_file(store, error)) return Descriptor();
  if (store.parent_path() == fs::weakly_canonical(fs::path(output) / kEngineDirectory, error)) {
    return Descriptor();
  }
  const bool is_of_an_output = store.parent_path().filename() == kEngineDirectory;
  const fs::path lock =
      is_of_an_output ? store.parent_path() / kLockName : fs::path(store.string() + ".lock");
  Result<Descriptor> locked = lock_file(lock.string(), path);
  if (!locked) locked.error().message += kNext;
  return locked;
}

}  // namespace engine::io
