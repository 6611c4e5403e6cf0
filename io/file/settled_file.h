// SettledFile: a source, opened while nobody was writing it.
//
// A write stamps the times before it copies its bytes, so the version cannot tell a write that is
// under way. What tells is, in this order:
//
//   1. the last write began 30 ms ago, 2 s where stamps are whole seconds: it is over
//   2. nobody has the file open for writing (io/base/open_writers.h): no write is under way
//
// By the second rule alone a file may change once more within the tick of the clock of stamps, and
// keep its version. Where the stamps are fine that cannot be; where an event will tell of the
// change it does no harm, but the version is not certain. Else, and where nobody can tell who
// writes, open_settled() fails with kUnsettled: look again in a moment. It never waits for that.
// Nobody waits for seconds either: where stamps are coarse, what is 30 ms old and not open for
// writing is read, and its version is not certain.
//
// What stays unseen: one write call that takes longer than 30 ms from its stamp to its last byte,
// by somebody whose open file the kernel does not tell of.
// Thread contract: any thread.
// Errors: as open_regular_file(); kUnsettled, kChanged.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/file/mapped_file.h"

namespace engine::io {

struct SettlingRules {
  std::vector<std::uint64_t> fine_devices;  ///< where no two versions have the same times
  bool later_writes_are_told = false;       ///< by an event, after which the source is read again
};

struct SettledFile {
  OpenedFile file;
  /// No later content can have this version.
  bool version_is_certain = true;
};

Result<SettledFile> open_settled(int directory, const std::string& path,
                                 const SettlingRules& rules);

}  // namespace engine::io
