// cgroup_ancestors: the control groups that bound this process, from its own up to the topmost that
// can be seen from here.
//
// A limit holds for everything below it, so every ancestor must be asked. In a container the
// topmost visible group is often the container's own. Thread contract: a free function without
// state. Errors: no cgroup, no such controller: an empty list. Source: cgroups(7), proc(5) on
// /proc/self/mountinfo; kernel Documentation/admin-guide/cgroup-v2.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace engine::io {

enum class CgroupVersion : std::uint8_t { kV1, kV2 };

struct CgroupDirectory {
  std::string path;  ///< below `root`, without a final '/'
  CgroupVersion version;

  bool operator==(const CgroupDirectory&) const = default;
};

/// `controller` is "memory" or "cpu"; where it lives on v1, the v2 hierarchy (which then does not
/// have it) is listed as well and simply holds no such files. `root` stands for "/".
std::vector<CgroupDirectory> cgroup_ancestors(const std::string& root, std::string_view controller);

}  // namespace engine::io
