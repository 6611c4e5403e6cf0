#include "io/file/verify.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <set>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "io/base/directory.h"
#include "io/base/os_error.h"
#include "io/base/output_directory.h"
#include "io/base/temp_directory.h"
#include "io/file/hash.h"
#include "io/file/join.h"
#include "io/file/manifest.h"
#include "io/file/manifest_walk.h"
#include "io/file/mapped_file.h"
#include "io/file/output_root.h"
#include "io/file/read_tree.h"
#include "io/file/source_folder.h"

namespace engine::io {
namespace {

// Of what no manifest names. It is somebody's, so it is not said to be superfluous.
constexpr const char* kForeign = "is not engine's; move it elsewhere";
constexpr const char* kNoManifest =
    "has no manifest.json: remove it if it was a tree, and the next load makes it anew; move it "
    "elsewhere if it was not";

// What a tree should hold, by path relative to it.
struct Expected {
  std::unordered_set<std::string> files{kManifestName};
  std::unordered_set<std::string> directories;
};

Expected expected_entries(const Manifest& manifest) {
  Expected expected;
  for (const Manifest::Output& output : manifest.outputs) {
    expected.files.insert(output.path);
    for (auto slash = output.path.rfind('/'); slash != std::string::npos && slash > 0;
         slash = output.path.rfind('/', slash - 1)) {
      if (!expected.directories.insert(output.path.substr(0, slash)).second) break;
    }
  }
  return expected;
}

std::string below(const std::string& directory, const std::string& name) {
  return directory.empty() ? name : directory + '/' + name;
}

// Nothing at all is there: what is no regular file is said.
bool is_missing(const Error& error) {
  return error.code == ErrorCode::kNotFound && error.message.ends_with(": no such file");
}

class Verifying {
 public:
  Verifying(std::string output_directory, SourceFolder* input, const IsWaiting& is_waiting)
      : root_(std::move(output_directory)), input_(input), is_waiting_(is_waiting) {
    while (root_.size() > 1 && root_.back() == '/') root_.pop_back();
    output_ = root_;
  }

  // `output` holds trees, or is one itself.
  Verification run(int output, bool is_tree) {
    if (is_tree) {
      output_ = "OUTPUT_DIR";  // where that begins above a tree, nothing says
      const auto reopen = [this] {
        return Descriptor(::open(root_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
      };
      look_while_it_stays("", reopen, [this](int tree) {
        check_tree(tree, "");
        return true;
      });
    } else {
      walk(output, "");
    }
    return std::move(found_);
  }

 private:
  // What was found before a directory was looked at, to be found again if another tree takes the
  // place of that one meanwhile.
  struct Mark {
    std::uint64_t trees, outputs, bytes, sources_gone;
    std::size_t differences, notes;
  };
  Mark mark() const {
    return {found_.trees,
            found_.outputs,
            found_.bytes,
            found_.sources_gone,
            found_.differences.size(),
            found_.notes.size()};
  }
  void go_back_to(const Mark& mark);

  /// `reopen` gives the directory that lies at `path` now, empty where there is none.
  template <class Reopen, class Look>
  bool look_while_it_stays(const std::string& path, Reopen reopen, Look look);
  bool walk(int directory, const std::string& path);
  void check_tree(int tree, const std::string& path);
  void check_outputs(int tree, const std::string& path, const Manifest& manifest);
  void check_entries(int directory, const std::string& tree, const std::string& inside,
                     const Expected& expected);
  void check_source(const std::string& path, const Manifest& manifest);
  Descriptor open_directory(int parent, const std::string& name, const std::string& path);
  std::vector<DirectoryEntry> entries_of(int directory, const std::string& path);
  std::string shown(const std::string& path) const {
    return path.empty() ? root_ : below(root_, path);
  }
  void differ(const std::string& path, const std::string& what) {
    found_.differences.push_back(shown(path) + ": " + what);
  }

  // A load passes over a source that has not changed.
  std::string loaded_again(const Manifest& manifest) const {
    return "; engine retry " + output_ + ' ' + manifest.source.path + " has it loaded again";
  }

  std::string root_;
  std::string output_;  // as a command is told of it
  SourceFolder* input_;
  const IsWaiting& is_waiting_;
  Verification found_;
};

std::vector<DirectoryEntry> Verifying::entries_of(int directory, const std::string& path) {
  std::vector<DirectoryEntry> entries;
  const int error = list_directory(directory, entries);
  if (error != 0) differ(path, "cannot list the directory: " + errno_text(error));
  std::sort(entries.begin(), entries.end());
  return entries;
}

Descriptor Verifying::open_directory(int parent, const std::string& name, const std::string& path) {
  Descriptor directory(
      ::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  // It was among the entries, and has gone since: nothing is there that could be otherwise.
  if (!directory && errno != ENOENT) {
    differ(path, "cannot open the directory: " + errno_text(errno));
  }
  return directory;
}

void Verifying::go_back_to(const Mark& mark) {
  found_.trees = mark.trees;
  found_.outputs = mark.outputs;
  found_.bytes = mark.bytes;
  found_.sources_gone = mark.sources_gone;
  found_.differences.resize(mark.differences);
  found_.notes.resize(mark.notes);
}

// An engine that runs replaces trees, and deletes those that were there: what is found of one that
// has been replaced by then is found of nothing. What `look` says; true where it cannot.
template <class Reopen, class Look>
bool Verifying::look_while_it_stays(const std::string& path, Reopen reopen, Look look) {
  const Mark before = mark();
  for (int tries = 0; tries < kMostTreeTries; ++tries) {
    const Descriptor directory = reopen();
    if (!directory) return true;
    const bool has_tree = look(directory.get());
    const std::size_t found = found_.differences.size();
    // Of one that was replaced so little may be left that nothing in it differs.
    if (found == before.differences && found_.trees != before.trees) return has_tree;
    const Descriptor there = reopen();
    if (there && is_same_directory(there.get(), directory.get())) return has_tree;
    if (there || found_.differences.size() == found) go_back_to(before);
    if (!there) return true;
  }
  found_.notes.push_back(replaced_too_fast(shown(path)).value().message);
  return true;
}

// Of what is at the top of OUTPUT itself: it may be under version control.
bool is_version_control(const DirectoryEntry& entry) {
  return entry.kind == EntryKind::kDirectory ? entry.name == ".git"
                                             : entry.name.starts_with(".git");
}

// Is there a tree at or below `path`? Where there is none but something else, that is told once.
bool Verifying::walk(int directory, const std::string& path) {
  const std::vector<DirectoryEntry> entries = entries_of(directory, path);
  const bool tree = std::any_of(entries.begin(), entries.end(), [](const DirectoryEntry& entry) {
    return entry.name == kManifestName && entry.kind == EntryKind::kFile;
  });
  if (tree && !path.empty()) {
    check_tree(directory, path);
    return true;
  }
  if (!path.empty() && is_output_directory(directory)) {
    found_.notes.push_back(shown(path) + ": is another OUTPUT_DIR, left out; engine verify " +
                           shown(path) + " looks at it");
    return true;
  }
  const std::size_t before = found_.differences.size();
  bool has_tree = false, has_directory = false;
  for (const DirectoryEntry& entry : entries) {
    const std::string entry_path = below(path, entry.name);
    if (entry_path == kEngineDirectory) continue;
    if (path.empty() && is_version_control(entry)) continue;
    if (entry.kind != EntryKind::kDirectory) {
      differ(entry_path, kForeign);
      continue;
    }
    has_directory = true;
    const auto reopen = [&] { return open_directory(directory, entry.name, entry_path); };
    if (look_while_it_stays(entry_path, reopen,
                            [&](int child) { return walk(child, entry_path); })) {
      has_tree = true;
    }
  }
  if (!path.empty() && !has_tree && has_directory && found_.differences.size() > before) {
    found_.differences.resize(before);
    differ(path, kNoManifest);
    found_.without_manifest.insert(path);
  }
  return has_tree;
}

void Verifying::check_tree(int tree, const std::string& path) {
  ++found_.trees;
  const Result<Manifest> manifest = read_manifest(tree, shown(path));
  if (!manifest) {
    found_.differences.push_back(manifest.error().message);
    return;
  }
  const auto [first, is_first] = found_.tree_of.emplace(manifest->source.path, path);
  if (!is_first && first->second != path) {
    differ(path, "is a second tree of " + manifest->source.path + ", beside " + first->second +
                     "; remove the one that is out of date");
  }
  const std::size_t before = found_.differences.size();
  check_outputs(tree, path, *manifest);
  check_entries(tree, path, "", expected_entries(*manifest));
  // What the outputs give together is of interest only where each is what it should be.
  if (found_.differences.size() == before && !manifest->data_dropped) {
    const Result<void> joined =
        join(tree, *manifest, shown(path), [](std::string_view) { return Result<void>(); });
    if (!joined) found_.differences.push_back(joined.error().message);
  }
  if (input_ != nullptr) check_source(path, *manifest);
}

void Verifying::check_outputs(int tree, const std::string& path, const Manifest& manifest) {
  const std::string again = loaded_again(manifest);
  for (const Manifest::Output& output : manifest.outputs) {
    ++found_.outputs;
    const std::string output_path = below(path, output.path);
    const Result<MappedFile> file = MappedFile::open(tree, output.path);
    if (!file) {
      differ(output_path, is_missing(file.error())
                              ? "is missing" + again
                              : "cannot be read (" + file.error().message + ")" + again);
      continue;
    }
    const std::string_view bytes = file->view();
    found_.bytes += bytes.size();
    if (bytes.size() != output.size) {
      differ(output_path, "has " + std::to_string(bytes.size()) + " bytes, the manifest says " +
                              std::to_string(output.size) + again);
    } else if (Hash::of(bytes) != output.hash) {
      differ(output_path, "was changed (its hash is not the manifest's)" + again);
    }
  }
}

void Verifying::check_entries(int directory, const std::string& tree, const std::string& inside,
                              const Expected& expected) {
  for (const DirectoryEntry& entry : entries_of(directory, below(tree, inside))) {
    const std::string path = below(inside, entry.name);
    if (entry.kind == EntryKind::kDirectory && expected.directories.contains(path)) {
      const Descriptor child = open_directory(directory, entry.name, below(tree, path));
      if (child) check_entries(child.get(), tree, path, expected);
    } else if (entry.kind == EntryKind::kDirectory) {
      differ(below(tree, path), kForeign);
    } else if (!expected.files.contains(path)) {
      differ(below(tree, path), kForeign);
    }
  }
}

void Verifying::check_source(const std::string& path, const Manifest& manifest) {
  const Manifest::Source& wanted = manifest.source;
  const Result<std::unique_ptr<SourceText>> source = input_->open_when_settled(wanted.path);
  if (!source) {
    if (source.error().code == ErrorCode::kNotFound) {
      ++found_.sources_gone;
      found_.sizes_gone.insert(wanted.size);
      found_.notes.push_back(shown(path) + ": its source " + wanted.path + " is gone");
    } else {
      differ(path, "its source cannot be read: " + source.error().message);
    }
    return;
  }
  const std::string_view bytes = (*source)->bytes();
  const bool same = bytes.size() == wanted.size && Hash::of(bytes) == wanted.hash;
  if (same && (*source)->check_unchanged()) return;
  if (is_waiting_ && is_waiting_(wanted.path)) {
    found_.notes.push_back(shown(path) + ": its source " + wanted.path +
                           " changed since, and the engine that runs is at it");
  } else {
    differ(path, "its source " + wanted.path + " changed since" + loaded_again(manifest));
  }
}

// What is to be verified: an output directory, a tree, or a copy of an output directory, which
// under version control comes without the directory that it is known by.
struct Opened {
  Descriptor directory;
  bool is_output = false;
  bool is_tree = false;
};

Result<Opened> open_what_is_there(const std::string& path) {
  for (int tries = 1;; ++tries) {
    Opened opened{Descriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC))};
    if (!opened.directory) {
      if (errno == ENOENT) return fail(ErrorCode::kNotFound, path + ": no such directory");
      return os_error(ErrorCode::kUnreadable, path, "cannot open", errno);
    }
    const int fd = opened.directory.get();
    opened.is_output = is_output_directory(fd);
    opened.is_tree = !opened.is_output && is_tree(fd, ".");
    // A tree that has been replaced meanwhile is none any more.
    const bool is_known = opened.is_output || opened.is_tree;
    if (is_known || tries == kMostTreeTries || !was_replaced(path, fd)) return opened;
  }
}

}  // namespace

Result<Verification> verify(const std::string& output_directory,
                            const std::optional<std::string>& input_directory,
                            const IsWaiting& is_waiting) {
  const Result<Opened> output = open_what_is_there(output_directory);
  if (!output) return tl::make_unexpected(output.error());
  std::unique_ptr<SourceFolder> input;
  if (input_directory) {
    Result<std::unique_ptr<SourceFolder>> opened =
        SourceFolder::open(*input_directory, temp_directory());
    if (!opened) return tl::make_unexpected(std::move(opened.error()));
    input = std::move(*opened);
  }
  Verification found = Verifying(output_directory, input.get(), is_waiting)
                           .run(output->directory.get(), output->is_tree);
  found.is_one_tree = output->is_tree;
  if (!output->is_output && found.trees == 0) {
    return not_an_output(output_directory);
  }
  return found;
}

}  // namespace engine::io
