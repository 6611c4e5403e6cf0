#include "io/file/staged_directory.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <mutex>
#include <utility>

#include "io/base/lock_soon.h"
#include "io/base/os_error.h"
#include "io/file/beneath.h"
#include "io/file/remove_all.h"
#include "io/file/shared_blocks.h"

namespace engine::io {
namespace {

// True when the tree lies there already, down to the last byte and with nothing beside it: then
// there is nothing to build. The manifest holds every output's hash, so it differs where they do,
// and a changed tree is told by one file.
bool is_published(const PublishedTree& published, const Tree& tree) {
  const std::string_view manifest = tree.manifest;
  if (!published.open_same(kManifestName, std::span(&manifest, 1))) return false;
  std::atomic<bool> differs{false};  // relaxed: read when all have been compared
  deal(tree.team, tree.outputs.size(), [&](std::size_t i) {
    const Output& output = tree.outputs[i];
    const bool is_wanted = !tree.given_up.stop_requested();
    if (is_wanted && published.open_same(std::string(output.path), output.pieces)) return true;
    differs.store(true, std::memory_order_relaxed);
    return false;
  });
  return !differs.load(std::memory_order_relaxed) && published.holds_only(tree);
}

tl::unexpected<Error> given_up(const Tree& tree) {
  return fail(ErrorCode::kStopped, tree.source + ": given up before it was written");
}

}  // namespace

StagedDirectory::StagedDirectory(const OutputRoot& root, WayMaker& way, const Tree& tree)
    : root_(root),
      way_(way),
      tree_path_(tree.path),
      source_(tree.source),
      shared_(tree.shared),
      given_up_(tree.given_up),
      sync_failures_(root.durable == nullptr ? 0 : root.durable->failures()) {}

Result<std::unique_ptr<StagedDirectory>> StagedDirectory::build(const OutputRoot& root,
                                                                WayMaker& way, const Tree& tree) {
  std::unique_ptr<StagedDirectory> staged(new StagedDirectory(root, way, tree));
  const bool trusted = root.durable == nullptr || root.durable->trusts(tree.path);
  const PublishedTree published = trusted ? PublishedTree(root, tree.path) : PublishedTree();
  if (published && is_published(published, tree)) {
    staged->outputs_unchanged_.store(tree.outputs.size(), std::memory_order_relaxed);
    return staged;
  }
  Result<void> written = staged->write_tree(published, tree);
  if (!written) return tl::make_unexpected(std::move(written.error()));
  return staged;
}

StagedDirectory::~StagedDirectory() {
  // After an exchange it is the old tree that lies here. What will not go, and what there is no
  // time for, is a left-over for the next start.
  if (name_.empty()) return;
  if (replaced_ && root_.durable != nullptr) {
    root_.durable->discard(name_);
  } else {
    remove_all(root_.build.get(), name_, given_up_);
  }
}

Result<void> StagedDirectory::write_tree(const PublishedTree& published, const Tree& tree) {
  Result<void> made = make_build_directory();
  if (made) made = write_files(published, tree);
  directories_.clear();
  return made;
}

Result<void> StagedDirectory::make_build_directory() {
  std::string name = OutputRoot::build_name();
  const auto make = [&] { return ::mkdirat(root_.build.get(), name.c_str(), 0777) == 0; };
  if (!make() && (errno != ENOENT || !root_.mend_build() || !make())) {
    return cannot_write("", "cannot make a directory in .engine/build", errno);
  }
  name_ = std::move(name);
  directory_ = Descriptor(
      ::openat(root_.build.get(), name_.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!directory_) return cannot_write("", "cannot open its directory in .engine/build", errno);
  return {};
}

// Each is independent of the others, but for the directory it lies in. The manifest needs none, so
// it is the first: meanwhile others make the outputs' directories. Of several that fail, the first
// is told, as if they had been written one behind the other.
Result<void> StagedDirectory::write_files(const PublishedTree& published, const Tree& tree) {
  const std::size_t count = tree.outputs.size() + 1;
  std::mutex mutex;
  Result<void> first_failed;      // guarded by mutex
  std::size_t failed_at = count;  // likewise
  deal(tree.team, count, [&](std::size_t i) {
    Result<void> written = tree.given_up.stop_requested() ? given_up(tree)
                           : i == 0                       ? write_manifest(published, tree)
                                                          : write_output(published, tree, i - 1);
    if (written) return true;
    const std::lock_guard lock(mutex);
    if (i < failed_at) {
      failed_at = i;
      first_failed = std::move(written);
    }
    return false;
  });
  return first_failed;
}

Result<void> StagedDirectory::write_manifest(const PublishedTree& published, const Tree& tree) {
  const std::string_view manifest = tree.manifest;
  if (published) {
    const Descriptor same = published.open_same(kManifestName, std::span(&manifest, 1));
    if (same && PublishedTree::link(same, directory_, kManifestName)) return {};
  }
  return write_file(kManifestName, std::span(&manifest, 1));
}

Result<void> StagedDirectory::write_output(const PublishedTree& published, const Tree& tree,
                                           std::size_t number) {
  if (Result<void> made = make_directories(tree, number); !made) return made;
  const Output& output = tree.outputs[number];
  const std::string path(output.path);
  if (published) {
    const Descriptor same = published.open_same(path, output.pieces);
    if (same && PublishedTree::link(same, directory_, path)) {
      outputs_unchanged_.fetch_add(1, std::memory_order_relaxed);
      return {};
    }
  }
  if (Result<void> written = write_file(path, output.pieces); !written) return written;
  std::uint64_t size = 0;
  for (const std::string_view piece : output.pieces) size += piece.size();
  outputs_written_.fetch_add(1, std::memory_order_relaxed);
  bytes_written_.fetch_add(size, std::memory_order_relaxed);
  return {};
}

// By path from the tree's own directory: measured, that costs less than to open and close every
// directory on the way, most of which hold a file or two.
Result<void> StagedDirectory::write_file(const std::string& path,
                                         std::span<const std::string_view> pieces) {
  const Descriptor file =
      open_beneath(directory_.get(), path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0666);
  if (!file) return cannot_write(path, "cannot make the file", errno);
  if (OutputFile(file.get(), shared_).write(pieces) != 0) {
    if (errno == EFAULT) {
      return fail(ErrorCode::kChanged, source_ + ": was truncated while it was written");
    }
    return cannot_write(path, "cannot write", errno);
  }
  return {};
}

// In the order of the outputs, each once, by whichever thread comes first, and those of many more
// at once: the others write into what is made already, and nobody waits for more than his own.
Result<void> StagedDirectory::make_directories(const Tree& tree, std::size_t output) {
  constexpr std::size_t kAhead = 16;
  // acquire: pairs with the release below, though it is the kernel that finds the directory
  const auto is_made = [&] { return directories_.ready.load(std::memory_order_acquire) > output; };
  if (is_made()) return {};
  // A directory is made in some microseconds, where the disk does not hold it up.
  const std::unique_lock lock = lock_unless(is_made, directories_.mutex);
  if (is_made()) return {};
  std::size_t ready = directories_.ready.load(std::memory_order_relaxed);
  const std::size_t end = std::min(output + kAhead, tree.outputs.size());
  for (; ready < end; ++ready) {
    Result<void> made = make_place_of(tree.outputs[ready].path);
    // Of a place behind this one whoever writes there is told.
    if (!made) return ready <= output ? made : Result<void>();
    // release: pairs with the acquire above
    directories_.ready.store(ready + 1, std::memory_order_release);
  }
  return {};
}

Result<void> StagedDirectory::make_place_of(std::string_view path) {
  if (is_plain_path(path)) return make_directory_of(path);
  return fail(ErrorCode::kUnwritable,
              root_.shown(tree_path_) + ": an output has no usable path: " + std::string(path));
}

Result<void> StagedDirectory::make_directory_of(std::string_view path) {
  constexpr std::size_t kMostMade = 4096;
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {};
  const std::string_view directory = path.substr(0, slash);
  if (directories_.made.contains(directory)) return {};
  Result<void> parents = make_directory_of(directory);
  if (!parents) return parents;
  const int parent = parent_of(directory);
  const std::string name(directory.substr(directory.rfind('/') + 1));
  // EEXIST: two names that a case-insensitive file system takes for one, or something that is no
  // directory, over which the next call stumbles.
  if (parent < 0 || (::mkdirat(parent, name.c_str(), 0777) != 0 && errno != EEXIST)) {
    return cannot_write(directory, "cannot make the directory", errno);
  }
  // So many are forgotten at once: one that comes again is there already.
  if (directories_.made.size() == kMostMade) directories_.made.clear();
  directories_.made.insert(directory);
  return {};
}

// mkdirat() would follow a link on the way, so it gets the parent itself, opened without following.
int StagedDirectory::parent_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return directory_.get();
  const std::string_view parent = path.substr(0, slash);
  const auto depth = static_cast<std::size_t>(std::count(parent.begin(), parent.end(), '/'));
  auto& parents = directories_.parents;
  OpenDirectory& kept = parents[std::min(depth, parents.size() - 1)];
  if (kept.path != parent) {
    kept = {parent, open_beneath(directory_.get(), std::string(parent), O_PATH | O_DIRECTORY)};
  }
  return kept.fd.get();
}

Result<Published> StagedDirectory::commit() {
  const Published published{.outputs_written = outputs_written_.load(std::memory_order_relaxed),
                            .outputs_unchanged = outputs_unchanged_.load(std::memory_order_relaxed),
                            .bytes_written = bytes_written_.load(std::memory_order_relaxed)};
  if (name_.empty()) return published;
  if (root_.durable != nullptr) {
    Result<void> synced = root_.durable->sync_staged(sync_failures_);
    if (!synced) {
      synced.error().message.insert(0, root_.shown(tree_path_) + ": ");
      return tl::make_unexpected(std::move(synced.error()));
    }
    root_.durable->distrust(tree_path_);  // until it is recorded
  }
  Result<void> done =
      way_.put(tree_path_, source_, [this](const Place& place) { return publish(place); });
  if (!done) return tl::make_unexpected(std::move(done.error()));
  return published;
}

Result<void> StagedDirectory::publish(const Place& place) {
  const int build = root_.build.get();
  const int parent = place.parent.get();
  const char* leaf = place.leaf.c_str();
  // Another thread may make or take away what is there between two calls, though not for ever.
  for (int attempt = 0; attempt < 16; ++attempt) {
    if (::renameat2(build, name_.c_str(), parent, leaf, RENAME_NOREPLACE) == 0) {
      name_.clear();
      return {};
    }
    if (errno == EINVAL || errno == ENOSYS) return publish_without_flags(place);
    if (errno != EEXIST) return cannot_write("", "cannot publish the tree", errno);

    if (is_tree(parent, place.leaf)) {
      // One step: a reader finds the old tree or the new one. The old one is deleted with `this`.
      if (::renameat2(build, name_.c_str(), parent, leaf, RENAME_EXCHANGE) == 0) {
        replaced_ = true;
        return {};
      }
      if (errno == EINVAL || errno == ENOSYS) return publish_without_flags(place);
    } else if (!is_other(errno)) {
      return cannot_write("", "cannot examine what is there", errno);
    } else if (::renameat(build, name_.c_str(), parent, leaf) == 0) {  // over an empty directory
      name_.clear();
      return {};
    }
    if (is_occupied(errno)) {
      return in_the_way(root_, tree_path_, "something that is no tree");
    }
    if (errno != ENOENT) return cannot_write("", "cannot publish the tree", errno);
  }
  return cannot_write("", "cannot publish the tree", EBUSY);
}

// For file systems without the flags of renameat2, where a reader may for a moment find no tree.
Result<void> StagedDirectory::publish_without_flags(const Place& place) {
  const std::string old_name = OutputRoot::build_name();
  const int build = root_.build.get();
  const bool is_there = is_tree(place.parent.get(), place.leaf);
  if (!is_there && !is_other(errno)) {
    return cannot_write("", "cannot examine what is there", errno);
  }
  const bool replaced =
      is_there && ::renameat(place.parent.get(), place.leaf.c_str(), build, old_name.c_str()) == 0;
  if (::renameat(build, name_.c_str(), place.parent.get(), place.leaf.c_str()) != 0) {
    const int error = errno;
    if (replaced) ::renameat(build, old_name.c_str(), place.parent.get(), place.leaf.c_str());
    if (is_occupied(error)) return in_the_way(root_, tree_path_, "something that is no tree");
    return cannot_write("", "cannot publish the tree", error);
  }
  name_ = replaced ? old_name : std::string();
  replaced_ = replaced;
  return {};
}

tl::unexpected<Error> StagedDirectory::cannot_write(std::string_view path, std::string_view what,
                                                    int error) const {
  std::string shown = root_.shown(tree_path_);
  if (!path.empty()) shown.append("/").append(path);
  tl::unexpected<Error> failed = os_error(ErrorCode::kUnwritable, shown, what, error);
  // Somebody deletes what is being built, or the directory that it goes to: it is built once more.
  failed.value().transient |= error == ENOENT;
  return failed;
}

}  // namespace engine::io
