// CrashReplay: what a directory may hold after a power cut, given what was done to it before.
//
// The model is harsher than any journaling file system. Before the cut only this is certain: what
// was done before a syncfs(); a file's bytes that were written before its fsync(); the names in a
// directory that were made, moved or removed before the fsync() of that directory. Of everything
// else, each step by itself may have happened or not, in any order, and a write may be torn.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace engine::test {

enum class TraceKind : std::uint64_t {
  kCreate,         ///< inode, path: it has this name too, if it had not
  kWrite,          ///< inode, offset, second: bytes
  kTruncate,       ///< inode, offset: size
  kRename,         ///< path, second: to; offset: flags of renameat2
  kMakeDirectory,  ///< path
  kRemove,         ///< path, inode or 0 of a directory
  kSync,           ///< inode, or 0 and the path of a directory
  kSyncAll,
};

struct TraceStep {
  TraceKind kind = TraceKind::kSyncAll;
  std::uint64_t inode = 0;
  std::uint64_t offset = 0;
  std::string path;
  std::string second;
};

/// As trace_preload.cpp writes it: kind, inode, offset, and the sizes of path and second, each as
/// 64 bits; then the two.
std::vector<TraceStep> read_trace(const std::filesystem::path& file);

/// What becomes of a step that is not certain.
enum class Fate : std::uint8_t { kHappens, kDoesNot, kTorn };

class CrashReplay {
 public:
  explicit CrashReplay(std::vector<TraceStep> steps) : steps_(std::move(steps)) {}

  std::size_t size() const { return steps_.size(); }

  /// Makes in `target`, which is empty, what is there after a cut behind the first `count` steps.
  /// `fate` is asked for each step that is not certain.
  void make(std::size_t count, const std::function<Fate(const TraceStep&)>& fate,
            const std::filesystem::path& target) const;

 private:
  std::vector<bool> certain(std::size_t count) const;

  std::vector<TraceStep> steps_;
};

}  // namespace engine::test
