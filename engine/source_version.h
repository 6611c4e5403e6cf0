// SourceVersion: what tells one state of a source from another without reading it.
//
// Thread contract: a value.
// Units: nanoseconds since the epoch, bytes.
// Errors: none.
// Source: docs/design.md, "Words".
#pragma once

#include <cstdint>

namespace engine {

struct SourceVersion {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;  ///< as it lies on disk, so of a compressed source its compressed size
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;

  bool operator==(const SourceVersion&) const = default;
};

}  // namespace engine
