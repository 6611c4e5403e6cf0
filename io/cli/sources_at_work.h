// SourcesAtWork: which sources an engine that works on OUTPUT just now is to do, does or has just
// done, as the state store has it.
//
// A watch records that a source has changed a second later at most, so it is waited for: for some
// seconds in all, for what no event tells is recorded by nobody until the next rescan.
// Thread contract: confined to one thread.
#pragma once

#include <chrono>
#include <string>

#include "io/cli/command_line.h"

namespace engine::io {

class SourcesAtWork {
 public:
  /// `line` outlives this.
  explicit SourcesAtWork(const CommandLine& line) : line_(line) {}

  /// `source` is of another version than its tree. Also true of one that has been done meanwhile.
  bool has(const std::string& source);

 private:
  const CommandLine& line_;
  const std::chrono::system_clock::time_point begin_ = std::chrono::system_clock::now();
  std::chrono::milliseconds patience_{3000};
};

}  // namespace engine::io
