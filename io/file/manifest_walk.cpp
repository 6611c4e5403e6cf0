#include "io/file/manifest_walk.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <optional>
#include <utility>
#include <vector>

#include "io/base/descriptor.h"
#include "io/base/directory.h"
#include "io/base/os_error.h"
#include "io/base/output_directory.h"
#include "io/file/output_root.h"
#include "io/file/read_tree.h"

namespace engine::io {
namespace {

Descriptor open_directory(int parent, const std::string& name) {
  return Descriptor(
      ::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

bool find_manifest(int directory, FoundManifest& found) {
  struct stat status;
  if (::fstatat(directory, kManifestName, &status, AT_SYMLINK_NOFOLLOW) != 0) return false;
  if (!S_ISREG(status.st_mode)) return false;
  found.inode = status.st_ino;
  found.mtime_ns = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
  found.size = static_cast<std::uint64_t>(status.st_size);
  return true;
}

// The directory `name` below `parent`, and its manifest if it has one: a tree that was replaced
// when it had been opened has none any more, so the one that lies there now is looked at.
Descriptor open_and_look(int parent, const std::string& name,
                         std::optional<FoundManifest>& manifest) {
  for (int tries = 0;; ++tries) {
    Descriptor directory = open_directory(parent, name);
    FoundManifest found;
    if (directory && find_manifest(directory.get(), found)) manifest = found;
    if (!directory || manifest || tries == kMostTreeTries) return directory;
    const Descriptor there = open_directory(parent, name);
    if (there && is_same_directory(there.get(), directory.get())) return directory;
  }
}

void walk(int directory, const std::string& path, std::optional<FoundManifest> manifest,
          const std::function<void(FoundManifest&&)>& call, const std::stop_token& stop) {
  if (manifest) {
    manifest->tree = path;
    call(std::move(*manifest));
    return;  // what lies below it is its outputs
  }
  std::vector<DirectoryEntry> entries;
  list_directory(directory, entries);
  if (!path.empty() && is_output_directory(directory, entries)) return;  // another one
  for (const DirectoryEntry& entry : entries) {
    if (stop.stop_requested()) return;
    if (entry.kind != EntryKind::kDirectory) continue;
    if (path.empty() && (entry.name == kEngineDirectory || entry.name.starts_with(".git")))
      continue;
    std::optional<FoundManifest> below;
    const Descriptor child = open_and_look(directory, entry.name, below);
    if (!child) continue;
    walk(child.get(), path.empty() ? entry.name : path + '/' + entry.name, std::move(below), call,
         stop);
  }
}

}  // namespace

Result<void> walk_manifests(const std::string& output_directory,
                            const std::function<void(FoundManifest&&)>& call,
                            const std::stop_token& stop) {
  const Descriptor root(::open(output_directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!root) {
    const int error = errno;
    return fail(error == ENOENT ? ErrorCode::kNotFound : ErrorCode::kUnreadable,
                output_directory + ": cannot open: " + errno_text(error) +
                    "; name what a load has written");
  }
  FoundManifest found;
  const bool is_tree = find_manifest(root.get(), found);
  walk(root.get(), "", is_tree ? std::optional(found) : std::nullopt, call, stop);
  return {};
}

tl::unexpected<Error> not_an_output(const std::string& directory) {
  return fail(ErrorCode::kInvalid,
              directory +
                  ": is not an output directory of engine, and no tree is in it; name the "
                  "OUTPUT_DIR of a load");
}

Result<void> check_output_directory(const std::string& output_directory) {
  const Descriptor root(::open(output_directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (root && is_output_directory(root.get())) return {};
  bool has_tree = false;
  Result<void> walked =
      walk_manifests(output_directory, [&](const FoundManifest&) { has_tree = true; });
  if (!walked || has_tree) return walked;
  return not_an_output(output_directory);
}

std::string read_manifest_text(const std::string& output_directory, const std::string& tree) {
  const std::string path =
      output_directory + '/' + (tree.empty() ? "" : tree + '/') + kManifestName;
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  std::string text;
  struct stat status;
  if (!file || ::fstat(file.get(), &status) != 0) return text;
  text.resize(static_cast<std::size_t>(status.st_size));
  std::size_t have = 0;
  while (have < text.size()) {
    const ssize_t got = ::read(file.get(), text.data() + have, text.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    have += static_cast<std::size_t>(got);
  }
  text.resize(have);
  return text;
}

}  // namespace engine::io
