#include "io/file/compressed_file.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "engine/file_source.h"
#include "io/base/os_error.h"
#include "io/file/mapped_file.h"
#include "io/file/unnamed_file.h"
#include "io/file/write_fully.h"

namespace engine::io {
namespace {

using Support = int (*)(archive*);
constexpr std::array<std::pair<std::string_view, Support>, 4> kFilters = {{
    {".gz", archive_read_support_filter_gzip},
    {".zst", archive_read_support_filter_zstd},
    {".xz", archive_read_support_filter_xz},
    {".bz2", archive_read_support_filter_bzip2},
}};

char lower(char c) { return 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

Support filter_of(std::string_view path) {
  for (const auto& [suffix, support] : kFilters) {
    if (path.size() >= suffix.size() &&
        std::equal(suffix.begin(), suffix.end(), path.end() - static_cast<long>(suffix.size()),
                   [](char wanted, char c) { return wanted == lower(c); })) {
      return support;
    }
  }
  return nullptr;
}

struct CloseArchive {
  void operator()(archive* reader) const { archive_read_free(reader); }
};
using Archive = std::unique_ptr<archive, CloseArchive>;

tl::unexpected<Error> broken(const std::string& path, archive* reader) {
  const char* reason = archive_error_string(reader);
  std::string text = reason == nullptr ? "unexpected end" : reason;
  std::replace(text.begin(), text.end(), '\n', ' ');
  return fail(ErrorCode::kUnreadable, path + ": cannot decompress: " + text);
}

}  // namespace

bool CompressedFile::has_suffix(std::string_view path) { return filter_of(path) != nullptr; }

Result<CompressedFile> CompressedFile::open(int directory, const std::string& path,
                                            const std::string& temp_directory) {
  Result<OpenedFile> opened = open_regular_file(directory, path);
  if (!opened) return tl::make_unexpected(std::move(opened.error()));
  CompressedFile file(directory, path);
  file.version_ = opened->version;
  Result<void> done = file.decompress(opened->fd.get(), temp_directory);
  if (done) return file;
  // A file that is still being written looks like a broken archive: then it is worth another try.
  Result<void> unchanged = file.check_unchanged();
  return tl::make_unexpected(std::move(unchanged ? done.error() : unchanged.error()));
}

Result<void> CompressedFile::decompress(int fd, const std::string& temp_directory) {
  const Archive reader(archive_read_new());
  if (!reader) return fail(ErrorCode::kUnreadable, path_ + ": cannot decompress: out of memory");
  // "raw": the file is one stream, not a container of files; "empty" lets that stream have no
  // bytes.
  archive_read_support_format_raw(reader.get());
  archive_read_support_format_empty(reader.get());
  const int supported = filter_of(path_)(reader.get());
  if (supported < ARCHIVE_WARN) return broken(path_, reader.get());
  constexpr std::size_t kReadBlock = 128 * 1024;
  if (archive_read_open_fd(reader.get(), fd, kReadBlock) != ARCHIVE_OK) {
    return broken(path_, reader.get());
  }
  archive_entry* entry = nullptr;
  const int header = archive_read_next_header(reader.get(), &entry);
  if (header != ARCHIVE_OK && header != ARCHIVE_EOF) return broken(path_, reader.get());
  // Without a filter that knows the bytes, "raw" hands them through as they are.
  if (archive_filter_count(reader.get()) < 2) {
    return fail(ErrorCode::kUnreadable,
                path_ + ": is not compressed as its name says; rename or repair it");
  }

  small_ = std::make_unique_for_overwrite<char[]>(kInMemoryLimit + kReadablePadding);
  Descriptor file;
  std::uint64_t spilled = 0;
  while (header == ARCHIVE_OK) {
    if (small_size_ == kInMemoryLimit) {
      if (!file) file = unnamed_file(temp_directory);
      if (!file || write_fully(file.get(), {small_.get(), small_size_}) != 0) {
        return os_error(ErrorCode::kUnreadable, path_,
                        "cannot write the decompressed text to " + temp_directory, errno);
      }
      spilled += std::exchange(small_size_, 0);
    }
    const la_ssize_t count =
        archive_read_data(reader.get(), small_.get() + small_size_, kInMemoryLimit - small_size_);
    if (count < 0) return broken(path_, reader.get());
    if (count == 0) break;
    small_size_ += static_cast<std::size_t>(count);
  }
  if (!file) return {};

  if (write_fully(file.get(), {small_.get(), small_size_}) != 0) {
    return os_error(ErrorCode::kUnreadable, path_,
                    "cannot write the decompressed text to " + temp_directory, errno);
  }
  std::optional<Mapping> mapping =
      Mapping::map(file.get(), spilled + std::exchange(small_size_, 0), MapAccess::kShared);
  if (!mapping) return os_error(ErrorCode::kUnreadable, path_, "cannot map", errno);
  mapping_.emplace(std::move(*mapping));
  small_.reset();
  return {};
}

Result<void> CompressedFile::check_unchanged() const {
  return check_version(directory_, path_, version_);
}

}  // namespace engine::io
