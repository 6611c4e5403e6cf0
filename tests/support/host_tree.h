// HostTree: the files under /proc and /sys that tell a process its limits, as a test wants them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tests/support/temp_dir.h"

namespace engine::test {

class HostTree {
 public:
  std::string root() const { return files_.str(); }
  void write(std::string_view path, std::string_view text) { files_.write(path, text); }

  void memory(std::uint64_t total_kb, std::uint64_t available_kb) {
    write("proc/meminfo",
          "MemTotal:       " + std::to_string(total_kb) +
              " kB\nMemFree:   1 kB\nMemAvailable:   " + std::to_string(available_kb) + " kB\n");
  }
  /// The process is in `group` of the one v2 hierarchy.
  void cgroup_v2(std::string_view group) {
    write("proc/self/mountinfo", "30 23 0:27 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n");
    write("proc/self/cgroup", "0::" + std::string(group) + "\n");
  }
  /// The process is in `group` of the v1 hierarchies memory and cpu (mounted with cpuacct).
  void cgroup_v1(std::string_view group, std::string_view mounted = "/") {
    const std::string from(mounted), of(group);
    write("proc/self/mountinfo",
          "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
          "35 31 0:32 " +
              from +
              " /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup "
              "rw,memory\n"
              "36 31 0:33 " +
              from + " /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n");
    write("proc/self/cgroup", "5:memory:" + of + "\n2:cpu,cpuacct:" + of + "\n0::/\n");
  }

 private:
  TempDir files_;
};

}  // namespace engine::test
