// MappedFile: one version of a regular file, in memory: mapped, or read where it is so small that
// mapping costs more.
//
// Every write that begins after it was opened is seen by check_unchanged(), but for a store through
// a shared mapping whose page was dirty before. One that was under way then is not: see
// settled_file.h, for files that others write.
//
// Thread contract: view() and check_unchanged() from any thread.
// Units: bytes; kReadablePadding more may be read behind the last one.
// Errors: kNotFound, kUnreadable, kChanged.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/result.h"
#include "engine/source_version.h"
#include "io/base/descriptor.h"
#include "io/file/mapping.h"

namespace engine::io {

/// A regular file, opened below `directory` (see beneath.h), and the version it had then.
struct OpenedFile {
  Descriptor fd;
  SourceVersion version;
};
Result<OpenedFile> open_regular_file(int directory, const std::string& path);

/// Fails with kChanged when `path` no longer leads to `version`: written, truncated, replaced,
/// gone.
Result<void> check_version(int directory, const std::string& path, const SourceVersion& version);

class MappedFile {
 public:
  /// `directory` must stay open as long as check_unchanged() is called.
  static Result<MappedFile> open(int directory, const std::string& path);
  static Result<MappedFile> open(OpenedFile opened, int directory, const std::string& path);

  /// Truncated meanwhile, it reads as zeros from there on, and check_unchanged() fails.
  std::string_view view() const {
    return mapping_ ? mapping_->view() : std::string_view(small_.get(), version_.size);
  }
  const SourceVersion& version() const { return version_; }
  /// -1 where it was read.
  int descriptor() const { return file_.get(); }
  Result<void> check_unchanged() const;

 private:
  MappedFile(int directory, std::string path, SourceVersion version)
      : directory_(directory), path_(std::move(path)), version_(version) {}

  int directory_;
  std::string path_;
  SourceVersion version_;
  std::unique_ptr<char[]> small_;
  Descriptor file_;  // of what is mapped
  std::optional<Mapping> mapping_;
};

}  // namespace engine::io
