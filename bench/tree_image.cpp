#include "bench/tree_image.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace engine::bench {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> unwritable(const std::string& path) {
  return fail(ErrorCode::kUnwritable, fmt::format("{}: {}", path, std::strerror(errno)));
}

Result<void> write_file(int directory, const TreeImage::File& file) {
  const int fd = ::openat(directory, file.path.c_str(),
                          O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (fd < 0) return unwritable(file.path);
  std::size_t done = 0;
  while (done < file.bytes.size()) {
    const ssize_t n = ::write(fd, file.bytes.data() + done, file.bytes.size() - done);
    if (n < 0) {
      auto error = unwritable(file.path);
      ::close(fd);
      return error;
    }
    done += static_cast<std::size_t>(n);
  }
  if (::close(fd) != 0) return unwritable(file.path);
  return {};
}

Result<TreeImage> read_tree(const fs::path& root, const fs::path& tree) {
  TreeImage image;
  image.path = fs::relative(tree, root).string();
  for (const auto& entry : fs::recursive_directory_iterator(tree)) {
    const std::string path = fs::relative(entry.path(), tree).string();
    if (entry.is_directory()) {
      image.directories.push_back(path);
      continue;
    }
    std::ifstream stream(entry.path(), std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    if (!stream) {
      return fail(ErrorCode::kUnreadable, entry.path().string() + ": cannot be read");
    }
    image.files.push_back({path, std::move(bytes)});
  }
  std::sort(image.directories.begin(), image.directories.end());
  return image;
}

}  // namespace

Result<std::vector<TreeImage>> read_trees(const std::string& root) {
  std::vector<TreeImage> images;
  std::error_code error;
  fs::recursive_directory_iterator entry(root, error);
  if (error) return fail(ErrorCode::kUnreadable, root + ": " + error.message());
  for (; entry != fs::recursive_directory_iterator(); ++entry) {
    if (!entry->is_directory() || !fs::exists(entry->path() / "manifest.json")) continue;
    entry.disable_recursion_pending();
    Result<TreeImage> image = read_tree(root, entry->path());
    if (!image) return tl::make_unexpected(image.error());
    images.push_back(std::move(*image));
  }
  std::sort(images.begin(), images.end(),
            [](const TreeImage& a, const TreeImage& b) { return a.path < b.path; });
  return images;
}

Result<void> write_image(int root, const std::string& staging, const TreeImage& image) {
  if (::mkdirat(root, staging.c_str(), 0777) != 0) return unwritable(staging);
  const int tree = ::openat(root, staging.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (tree < 0) return unwritable(staging);
  Result<void> result;
  for (const std::string& directory : image.directories) {
    if (::mkdirat(tree, directory.c_str(), 0777) != 0) result = unwritable(directory);
  }
  for (const TreeImage::File& file : image.files) {
    if (result) result = write_file(tree, file);
  }
  ::close(tree);
  if (!result) return result;
  if (::renameat2(root, staging.c_str(), root, image.path.c_str(), RENAME_NOREPLACE) != 0) {
    return unwritable(image.path);
  }
  return {};
}

}  // namespace engine::bench
