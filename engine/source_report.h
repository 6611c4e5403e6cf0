// SourceReport: what became of one source; SourceObserver: the port that hears of it.
//
// Thread contract: source_finished() is called on worker threads, possibly several at once.
// Units: line and column count from 1; column is in bytes.
// Errors: none; the methods must not throw.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/dialect.h"
#include "engine/source_version.h"

namespace engine {

struct Warning {
  std::uint64_t line = 0;  ///< 0: about the source as a whole
  std::uint64_t column = 0;
  std::string message;
};

enum class SourceStatus : std::uint8_t {
  kDone,
  kFailed,
  kUnchanged,  ///< an event came, and the version is the one that was done last
  kKept,       ///< it has a tree, of whatever version, and no_overwrite keeps that
  kGone,       ///< an event came, and it is not there any more
};

struct SourceReport {
  std::string path;
  SourceStatus status = SourceStatus::kDone;
  std::string error;       ///< one line, for kFailed
  bool by_output = false;  ///< kFailed for what the output was like: full, not to be written to,
                           ///< something else in its tree's place
  /// Where its tree lies, relative to the output root; empty when it could not be opened.
  std::string tree_path;
  SourceVersion version;           ///< that was read; all zero when it could not be opened
  bool version_is_certain = true;  ///< as SourceText::version_is_certain()
  std::string content_hash;  ///< of its bytes, as in the manifest; empty when they were not read
  std::chrono::nanoseconds elapsed{0};  ///< of its work, all attempts
  Dialect dialect = Dialect::kGeneric;
  bool dialect_uncertain = false;
  std::uint64_t bytes = 0;
  std::uint64_t units = 0;
  std::uint64_t unclassified_units = 0;          ///< units kept under other/
  std::map<std::string, std::uint64_t> objects;  ///< defined objects by type
  std::vector<Warning> warnings;
  unsigned attempts = 1;  ///< how often it was worked on, this time included
};

/// An attempt that came to nothing for a reason that may go away: the source waits for the next
/// one.
struct SourceRetry {
  std::string path;
  std::string error;      ///< one line
  unsigned attempts = 1;  ///< so far
  /// Until the next attempt. Nothing: shutdown() gave it up, and another engine has to do it.
  std::optional<std::chrono::nanoseconds> pause;
};

class SourceObserver {
 public:
  virtual ~SourceObserver() = default;
  /// Once for every source that was taken in. Must not throw, and must not call the engine: it
  /// runs on the engine's own threads.
  virtual void source_finished(const SourceReport& report) = 0;
  /// A worker begins with it; before each attempt. The same rules.
  virtual void source_started(const std::string& path) { (void)path; }
  /// An attempt came to nothing, and there will be another. The same rules.
  virtual void source_waits(const SourceRetry& retry) { (void)retry; }
};

}  // namespace engine
