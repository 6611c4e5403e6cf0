// Decompressor: a .gz, .zst, .xz or .bz2 file as a stream of its decompressed bytes.
//
// Thread contract: belongs to one thread.
// Errors: kUnreadable, one line: broken, truncated, or not compressed as the name says.
// Source: libarchive, format "raw"; zlib for .gz, because libarchive does not check gzip's CRC.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "engine/result.h"

namespace engine::io {

class Decompressor {
 public:
  /// `fd` is of a file, read from its begin, and must stay open; the suffix of `path` decides on
  /// the kind.
  static Result<std::unique_ptr<Decompressor>> open(int fd, const std::string& path);

  virtual ~Decompressor() = default;

  /// Some of the next bytes; 0 at the end.
  virtual Result<std::size_t> read(char* to, std::size_t size) = 0;
};

}  // namespace engine::io
