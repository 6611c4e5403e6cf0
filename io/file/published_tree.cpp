#include "io/file/published_tree.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <unordered_set>
#include <vector>

#include "io/base/directory.h"
#include "io/file/beneath.h"

namespace engine::io {
namespace {

// Reads the file beside the pieces, whose length is `size` as is the file's.
bool same_bytes(int fd, std::span<const std::string_view> pieces, std::uint64_t size) {
  std::array<char, 64 * 1024> buffer;
  std::string_view have;  // read, not compared yet
  for (std::string_view piece : pieces) {
    while (!piece.empty()) {
      if (have.empty()) {
        const ssize_t count =
            ::read(fd, buffer.data(), std::min<std::uint64_t>(buffer.size(), size));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        have = {buffer.data(), static_cast<std::size_t>(count)};
        size -= have.size();
      }
      const std::size_t length = std::min(have.size(), piece.size());
      if (std::memcmp(have.data(), piece.data(), length) != 0) return false;
      have.remove_prefix(length);
      piece.remove_prefix(length);
    }
  }
  return true;
}

struct Count {
  std::size_t files = 0;
  std::size_t directories = 0;
};

bool count_entries(int directory, Count& count) {
  std::vector<DirectoryEntry> entries;
  if (list_directory(directory, entries) != 0) return false;
  for (const DirectoryEntry& entry : entries) {
    if (entry.kind != EntryKind::kDirectory) {
      ++count.files;
      continue;
    }
    ++count.directories;
    const Descriptor below(
        ::openat(directory, entry.name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!below || !count_entries(below.get(), count)) return false;
  }
  return true;
}

}  // namespace

PublishedTree::PublishedTree(const OutputRoot& root, const std::string& tree_path) {
  directory_ = open_beneath(root.fd.get(), tree_path, O_PATH | O_DIRECTORY);
}

Descriptor PublishedTree::open_same(const std::string& path,
                                    std::span<const std::string_view> pieces) const {
  Descriptor file = open_beneath(directory_.get(), path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
  std::uint64_t size = 0;
  for (const std::string_view piece : pieces) size += piece.size();
  const bool same =
      static_cast<std::uint64_t>(status.st_size) == size && same_bytes(file.get(), pieces, size);
  return same ? std::move(file) : Descriptor();
}

bool PublishedTree::holds_only(const Tree& tree) const {
  std::unordered_set<std::string_view> directories;
  for (const Output& output : tree.outputs) {
    std::string_view directory = output.path;
    for (auto slash = directory.rfind('/'); slash != std::string_view::npos;
         slash = directory.rfind('/')) {
      directory = directory.substr(0, slash);
      if (!directories.insert(directory).second) break;
    }
  }
  Count count;
  return count_entries(directory_.get(), count) && count.files == tree.outputs.size() + 1 &&
         count.directories == directories.size();
}

bool PublishedTree::link(const Descriptor& file, const Descriptor& directory,
                         const std::string& path) {
  // By descriptor, so that what was compared is what is linked. (AT_EMPTY_PATH would need a
  // capability.)
  const std::string name = "/proc/self/fd/" + std::to_string(file.get());
  return ::linkat(AT_FDCWD, name.c_str(), directory.get(), path.c_str(), AT_SYMLINK_FOLLOW) == 0;
}

}  // namespace engine::io
