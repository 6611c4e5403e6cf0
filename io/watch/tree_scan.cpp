#include "io/watch/tree_scan.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "io/base/descriptor.h"
#include "io/base/directory.h"
#include "io/base/file_version.h"
#include "io/base/os_error.h"
#include "io/base/output_directory.h"

namespace engine::io {
namespace {

constexpr int kDirectoryFlags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

Result<DirectoryId> id_of(int fd, const std::string& path) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) {
    return os_error(ErrorCode::kUnreadable, path, "cannot be examined", errno);
  }
  return DirectoryId{status.st_dev, status.st_ino};
}

// A directory on the way from the root to where the scan stands.
struct Level {
  std::size_t path_size;  ///< its path is so much of Scan::path_
  DirectoryId id;
  std::vector<std::string> directories;  ///< still to be entered, the next one last
};

class Scan {
 public:
  Scan(const std::string& root, Descriptor fd, const SourceNames& names,
       const std::optional<DirectoryId>& left_out)
      : root_path_(root),
        root_(std::move(fd)),
        current_(::openat(root_.get(), ".", kDirectoryFlags)),
        names_(names),
        left_out_(left_out) {}

  Result<TreeScan> run(const DirectoryId& root_id) {
    std::vector<DirectoryEntry> entries;
    const int error = list_directory(current_.get(), entries);
    if (error != 0) report(path_, "cannot read the directory", error);
    levels_.push_back({0, root_id, {}});
    note(std::move(entries));
    while (true) {
      if (!levels_.back().directories.empty()) {
        const std::string name = std::move(levels_.back().directories.back());
        levels_.back().directories.pop_back();
        enter(name);
      } else if (levels_.size() > 1) {
        leave();
      } else {
        break;
      }
    }
    std::sort(found_.sources.begin(), found_.sources.end(),
              [](const FoundSource& a, const FoundSource& b) { return a.path < b.path; });
    return std::move(found_);
  }

 private:
  std::string below(std::string_view name) const {
    std::string path = path_;
    if (!path.empty()) path += '/';
    return path.append(name);
  }

  void report(const std::string& path, std::string_view what, int error) {
    const std::string& shown = path.empty() ? root_path_ : path;
    found_.problems.push_back(os_error(ErrorCode::kUnreadable, shown, what, error).value());
  }

  bool is_left_out(const std::string& name) const {
    struct stat status {};
    return left_out_ &&
           ::fstatat(current_.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           DirectoryId{status.st_dev, status.st_ino} == *left_out_;
  }

  // The entries of the current directory: sources are noted, directories remembered.
  void note(std::vector<DirectoryEntry> entries) {
    Level& level = levels_.back();
    // Else it is found out when the directory is entered.
    const TreeNames tree_names = TreeNames::without_output(
        entries, [this](const std::string& name) { return is_left_out(name); });
    for (const DirectoryEntry& entry : entries) {
      switch (entry.kind) {
        case EntryKind::kFile:
          add_source(entry.name, tree_names);
          break;
        case EntryKind::kDirectory:
          if (names_.excludes(below(entry.name))) {
            found_.excluded += !is_left_out(entry.name);
          } else {
            level.directories.push_back(entry.name);
          }
          break;
        case EntryKind::kLink:
          ++found_.links;
          break;
        case EntryKind::kOther:
          ++found_.special_files;
          break;
      }
    }
    std::sort(level.directories.rbegin(), level.directories.rend());
  }

  void add_source(const std::string& name, const TreeNames& tree_names) {
    std::string path = below(name);
    if (!names_.matches(path)) {
      found_.excluded += names_.would_match(path);
      return;
    }
    struct stat status {};
    const bool known = ::fstatat(current_.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
    found_.sources.push_back({std::move(path), below(tree_names.tree_name(name)),
                              known ? version_of(status) : SourceVersion{}});
  }

  void enter(const std::string& name) {
    const std::string path = below(name);
    Descriptor directory(::openat(current_.get(), name.c_str(), kDirectoryFlags));
    if (!directory) {
      if (errno != ENOENT) report(path, "cannot open the directory", errno);
      return;
    }
    const Result<DirectoryId> id = id_of(directory.get(), path);
    if (!id) {
      found_.problems.push_back(id.error());
      return;
    }
    if (*id == left_out_) return;
    std::vector<DirectoryEntry> entries;
    const int error = list_directory(directory.get(), entries);
    if (error == 0 ? is_output_directory(directory.get(), entries)
                   : is_output_directory(directory.get())) {
      found_.outputs.push_back(path);
      return;
    }
    current_ = std::move(directory);
    path_ = path;
    levels_.push_back({path_.size(), *id, {}});
    if (error != 0) report(path_, "cannot read the directory", error);
    note(std::move(entries));
  }

  // Back to the directory above, if that is still where the scan came from. Somebody may have moved
  // the directory that is left; then the way leads from the root.
  void leave() {
    pop();
    Descriptor above(::openat(current_.get(), "..", kDirectoryFlags));
    if (above && id_of(above.get(), "").value_or(DirectoryId{}) == levels_.back().id) {
      current_ = std::move(above);
      return;
    }
    while (!walk_from_root()) {
      if (!levels_.back().directories.empty()) {
        report(path_, "moved while it was scanned, run again", ESTALE);
      }
      pop();
    }
  }

  void pop() {
    levels_.pop_back();
    path_.resize(levels_.back().path_size);
  }

  // The root, which stays open, is always reached.
  bool walk_from_root() {
    Descriptor reached(::openat(root_.get(), ".", kDirectoryFlags));
    std::string_view rest = path_;
    while (reached && !rest.empty()) {
      const std::string name(rest.substr(0, rest.find('/')));
      rest.remove_prefix(std::min(name.size() + 1, rest.size()));
      reached = Descriptor(::openat(reached.get(), name.c_str(), kDirectoryFlags));
    }
    const bool is_root = path_.empty();
    if (!is_root &&
        (!reached || id_of(reached.get(), "").value_or(DirectoryId{}) != levels_.back().id)) {
      return false;
    }
    current_ = std::move(reached);
    return true;
  }

  const std::string& root_path_;
  const Descriptor root_;
  Descriptor current_;
  const SourceNames& names_;
  const std::optional<DirectoryId>& left_out_;
  std::string path_;  // of the current directory, relative to the root
  std::vector<Level> levels_;
  TreeScan found_;
};

}  // namespace

const FoundSource* find_source(const std::vector<FoundSource>& sources, const std::string& path) {
  const auto found = std::lower_bound(
      sources.begin(), sources.end(), path,
      [](const FoundSource& source, const std::string& wanted) { return source.path < wanted; });
  return found != sources.end() && found->path == path ? &*found : nullptr;
}

std::optional<DirectoryId> directory_id(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return std::nullopt;
  return DirectoryId{status.st_dev, status.st_ino};
}

tl::unexpected<Error> is_no_folder_of_sources(const std::string& directory) {
  return fail(ErrorCode::kInvalid, directory +
                                       ": is an output directory of engine, not a folder of "
                                       "sources: INPUT_DIR comes first, OUTPUT_DIR second");
}

Result<TreeScan> scan_tree(const std::string& directory, const SourceNames& names,
                           const std::optional<DirectoryId>& left_out) {
  Descriptor root(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!root) {
    if (errno == ENOENT) return fail(ErrorCode::kNotFound, directory + ": no such directory");
    if (errno == ENOTDIR) return fail(ErrorCode::kInvalid, directory + ": is not a directory");
    return os_error(ErrorCode::kUnreadable, directory, "cannot open the directory", errno);
  }
  const Result<DirectoryId> id = id_of(root.get(), directory);
  if (!id) return tl::make_unexpected(id.error());
  if (is_output_directory(root.get())) return is_no_folder_of_sources(directory);
  return Scan(directory, std::move(root), names, left_out).run(*id);
}

}  // namespace engine::io
