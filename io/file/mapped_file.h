// MappedFile: one version of a regular file, in memory: mapped, or read where it is so small that
// mapping costs more.
//
// Torn reads: a write stamps mtime and ctime before it copies its bytes, so a write under way at
// open() cannot be told by the version. Hence the rule git has for its index: a file whose ctime is
// less than 10 ms ago is waited for, at most 50 times, then open() fails with kChanged. Every write
// that begins after open() is seen by check_unchanged(). What stays unseen is one write call that
// takes longer than 10 ms from its stamp to its last byte, and a store through a shared mapping
// whose page was dirty before.
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

/// A regular file, opened below `directory` (see beneath.h), and the version it had then, after no
/// write was seen for 10 ms.
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

  /// Truncated meanwhile, it reads as zeros from there on, and check_unchanged() fails.
  std::string_view view() const {
    return mapping_ ? mapping_->view() : std::string_view(small_.get(), version_.size);
  }
  const SourceVersion& version() const { return version_; }
  Result<void> check_unchanged() const;

 private:
  MappedFile(int directory, std::string path, SourceVersion version)
      : directory_(directory), path_(std::move(path)), version_(version) {}

  int directory_;
  std::string path_;
  SourceVersion version_;
  std::unique_ptr<char[]> small_;
  std::optional<Mapping> mapping_;
};

}  // namespace engine::io
