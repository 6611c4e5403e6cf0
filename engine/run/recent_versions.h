// RecentVersions: which version of a path was processed last, so that an event that changed nothing
// costs nothing: closing a file that was opened for writing, a scan that meets a path whose event
// is on its way.
//
// It may forget (a slot is overwritten by another path's), and then the work is done once more,
// which is harmless. It never takes one version for another: path and version are held as 64 bits
// each of hashes with independent inputs.
//
// Thread contract: any thread.
// Memory: 1 MiB, however many paths.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "engine/source_version.h"

namespace engine::run {

class RecentVersions {
 public:
  /// A version of zeros is none: whoever opened the source does not tell.
  bool is_last(const std::string& path, const SourceVersion& version) const {
    const Slot wanted = slot_of(path, version);
    const std::lock_guard lock(mutex_);
    return version != SourceVersion{} && (*slots_)[index_of(wanted)] == wanted;
  }

  void note(const std::string& path, const SourceVersion& version) {
    const Slot slot = slot_of(path, version);
    const std::lock_guard lock(mutex_);
    (*slots_)[index_of(slot)] = slot;
  }

 private:
  struct Slot {
    std::uint64_t path = 0;
    std::uint64_t version = 0;
    bool operator==(const Slot&) const = default;
  };
  static constexpr std::size_t kSlots = 1 << 16;

  static std::size_t index_of(const Slot& slot) { return slot.path % kSlots; }

  static Slot slot_of(const std::string& path, const SourceVersion& version) {
    std::uint64_t hash = 0;
    for (const std::uint64_t word :
         {version.device, version.inode, version.size, static_cast<std::uint64_t>(version.mtime_ns),
          static_cast<std::uint64_t>(version.ctime_ns)}) {
      hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
      hash ^= hash >> 32;
    }
    return {std::hash<std::string>()(path), hash};
  }

  mutable std::mutex mutex_;
  std::unique_ptr<std::array<Slot, kSlots>> slots_ = std::make_unique<std::array<Slot, kSlots>>();
};

}  // namespace engine::run
