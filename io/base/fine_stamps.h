// fine_stamps: where no two versions of a file have the same times.
//
// File systems stamp with a clock that ticks every 1 to 10 ms, so that a file can change twice
// within a tick and look the same. Since Linux 6.13 ext4, XFS, Btrfs and tmpfs stamp with the exact
// time what somebody has looked at since its last change. That is tried out, not told by a name.
// Thread contract: a free function, safe from any thread.
// Source: the kernel's Documentation/filesystems/multigrain-ts.rst.
#pragma once

#include <cstdint>
#include <optional>

namespace engine::io {

/// The device of the directory's file system, if that stamps so; nothing when it does not, or when
/// no file can be made there to find out.
std::optional<std::uint64_t> device_with_fine_stamps(int directory);

}  // namespace engine::io
