#include "io/file/compressed_file.h"

#include <cerrno>
#include <utility>

#include "engine/file_source.h"
#include "io/base/os_error.h"
#include "io/file/decompressor.h"
#include "io/file/mapped_file.h"
#include "io/file/unnamed_file.h"
#include "io/file/write_fully.h"

namespace engine::io {

Result<CompressedFile> CompressedFile::open(const OpenedFile& opened, int directory,
                                            const std::string& path,
                                            const std::string& temp_directory,
                                            const std::stop_token& given_up) {
  CompressedFile file(directory, path);
  file.version_ = opened.version;
  Result<void> done = file.decompress(opened.fd.get(), temp_directory, given_up);
  if (done) return file;
  // A file that is still being written looks like a broken archive: then it is worth another try.
  Result<void> unchanged = file.check_unchanged();
  return tl::make_unexpected(std::move(unchanged ? done.error() : unchanged.error()));
}

Result<void> CompressedFile::decompress(int fd, const std::string& temp_directory,
                                        const std::stop_token& given_up) {
  Result<std::unique_ptr<Decompressor>> stream = Decompressor::open(fd, path_);
  if (!stream) return tl::make_unexpected(std::move(stream.error()));
  small_ = std::make_unique_for_overwrite<char[]>(kInMemoryLimit + kReadablePadding);
  Descriptor file;
  std::uint64_t spilled = 0;
  while (true) {
    if (given_up.stop_requested()) return fail(ErrorCode::kStopped, path_ + ": given up");
    if (small_size_ == kInMemoryLimit) {
      if (!file) file = unnamed_file(temp_directory);
      if (!file || write_fully(file.get(), {small_.get(), small_size_}) != 0) {
        return os_error(ErrorCode::kUnreadable, path_,
                        "cannot write the decompressed text to " + temp_directory, errno);
      }
      spilled += std::exchange(small_size_, 0);
    }
    const Result<std::size_t> count =
        (*stream)->read(small_.get() + small_size_, kInMemoryLimit - small_size_);
    if (!count) return tl::make_unexpected(count.error());
    if (*count == 0) break;
    small_size_ += *count;
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
