// CompressedFile: a .gz, .zst, .xz or .bz2 file, decompressed as a whole.
//
// Thread contract: open() from any thread; bytes() and check_unchanged() from any thread.
// Units: bytes of the decompressed text; kReadablePadding more may be read behind the last one.
// Errors: kNotFound; kUnreadable for a broken or truncated archive, or when there is no room for
// the text; kChanged, which is about the compressed file; kStopped.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "engine/result.h"
#include "engine/source_version.h"
#include "io/file/mapped_file.h"
#include "io/file/mapping.h"

namespace engine::io {

class CompressedFile {
 public:
  /// A text over kInMemoryLimit lies in a file without a name in `temp_directory`. `directory` must
  /// stay open as long as check_unchanged() is called.
  static Result<CompressedFile> open(const OpenedFile& opened, int directory,
                                     const std::string& path, const std::string& temp_directory,
                                     const std::stop_token& given_up);

  std::string_view view() const {
    return mapping_ ? mapping_->view() : std::string_view(small_.get(), small_size_);
  }
  const SourceVersion& version() const { return version_; }
  Result<void> check_unchanged() const;

 private:
  CompressedFile(int directory, std::string path) : directory_(directory), path_(std::move(path)) {}
  Result<void> decompress(int fd, const std::string& temp_directory,
                          const std::stop_token& given_up);

  int directory_;
  std::string path_;
  SourceVersion version_;
  std::unique_ptr<char[]> small_;
  std::size_t small_size_ = 0;
  std::optional<Mapping> mapping_;
};

}  // namespace engine::io
