// FileSource: the port through which the engine reads sources.
//
// Thread contract: all from any thread; what they return belongs to the calling
// thread.
// Units: bytes of the source as it lies on disk; of a compressed source, its decompressed bytes.
// Errors: kNotFound, kUnreadable, kChanged, kUnsettled, kStopped; one line, path first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "engine/result.h"
#include "engine/source_version.h"

namespace engine {

/// So many bytes behind the end of SourceText::bytes() may be read (their value is unspecified), so
/// that a scanner can load whole vectors.
inline constexpr std::size_t kReadablePadding = 64;

/// One version of one source. The text stays readable until destruction, even if the file is
/// truncated meanwhile: it then reads as zeros from there on and check_unchanged() fails.
class SourceText {
 public:
  virtual ~SourceText() = default;
  virtual std::string_view bytes() const = 0;
  /// Where the source's tree belongs, relative to the output root (design.md, "The tree").
  virtual const std::string& tree_path() const = 0;
  /// Of the file that was opened.
  virtual const SourceVersion& version() const = 0;
  /// False: the file may be written once more and keep this version, so that nobody who finds the
  /// version again may take it for done.
  virtual bool version_is_certain() const { return true; }
  /// An open descriptor of the file that holds bytes() at the same offsets, for reading; -1 where
  /// there is none, as of what is decompressed.
  virtual int file() const { return -1; }
  /// Fails with kChanged when the file is no longer the version that was opened.
  virtual Result<void> check_unchanged() const = 0;
};

/// Memory for a transcoded text, and for what is kept of a source, in a file without a name where
/// it is large, so that anonymous memory stays bounded. Given back by any thread.
class Scratch {
 public:
  virtual ~Scratch() = default;
  virtual std::span<char>
  bytes() = 0;  ///< aligned to 16, writable, kReadablePadding readable behind it
};

class FileSource {
 public:
  virtual ~FileSource() = default;
  /// `path` as in FileEvent. When `given_up` says so the source is of no use any more: what takes
  /// its time, as decompressing does, may end with kStopped.
  virtual Result<std::unique_ptr<SourceText>> open(const std::string& path,
                                                   const std::stop_token& given_up) = 0;
  virtual Result<std::unique_ptr<Scratch>> scratch(std::size_t size) = 0;
  /// Bytes that are free where scratch lies. The tree may be written there as well.
  virtual std::uint64_t scratch_room() { return std::numeric_limits<std::uint64_t>::max(); }
};

}  // namespace engine
