// DurableTrees: what --durability=power adds to writing trees.
//
//   stage, sync, rename, sync, recorded as done
//
// A tree is synced before it is published, and again, by whoever records it, before it is recorded.
// Only trees that have come so far are trusted: bytes in the page cache that look right prove
// nothing about the disk after a sync has failed. What a published tree replaces is deleted after
// the second sync: until then a power cut may bring it back.
// Thread contract: every method from any thread.
// Source: docs/reliability.md.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_set>
#include <vector>

#include "engine/result.h"
#include "io/base/file_system_sync.h"

namespace engine::io {

class DurableTrees {
 public:
  /// `build` is OUTPUT/.engine/build and must stay open.
  DurableTrees(int output, int build) : sync_(output), build_(build) {}
  DurableTrees(const DurableTrees&) = delete;
  DurableTrees& operator=(const DurableTrees&) = delete;

  std::uint64_t failures() const { return sync_.failures(); }
  /// Before a tree is published, with the failures from before its first byte.
  Result<void> sync_staged(std::uint64_t failures_before) { return sync_.sync(failures_before); }
  /// Before what was published is recorded: fails if any sync has failed since it last was called.
  /// From one thread.
  Result<void> sync_published();

  bool trusts(const std::string& tree_path) const;
  void trust(const std::string& tree_path);
  void distrust(const std::string& tree_path);

  /// Deletes `name` in build/ when that is safe; what never is, the next start does.
  void discard(std::string name);

 private:
  FileSystemSync sync_;
  const int build_;
  std::uint64_t failures_seen_ = 0;  // of who calls sync_published()

  mutable std::mutex mutex_;
  std::unordered_set<std::string> trusted_;  // guarded by mutex_
  std::vector<std::string> discarded_;       // guarded by mutex_
};

}  // namespace engine::io
