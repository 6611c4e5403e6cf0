#include "io/host/stall_monitor.h"

#include <gtest/gtest.h>

#include "tests/support/host_tree.h"

namespace engine::io {
namespace {

using test::HostTree;

TEST(StallMonitor, ReadsTheGroupsOwnWhereItTells) {
  HostTree host;
  host.cgroup_v2("/a");
  host.write("sys/fs/cgroup/a/cpu.pressure", "some avg10=12.50 avg60=1.00 avg300=0 total=1\n");
  host.write("sys/fs/cgroup/a/io.pressure", "some avg10=3.25 avg60=0 avg300=0 total=1\n");
  host.write("proc/pressure/cpu", "some avg10=99.00 avg60=0 avg300=0 total=1\n");
  const Stalls stalls = StallMonitor(host.root()).stalls();
  EXPECT_DOUBLE_EQ(stalls.cpu_percent, 12.5);
  EXPECT_DOUBLE_EQ(stalls.memory_percent, 0);
  EXPECT_DOUBLE_EQ(stalls.io_percent, 3.25);
}

TEST(StallMonitor, ReadsTheMachinesElse) {
  HostTree host;
  host.write("proc/pressure/memory", "some avg10=7.00 avg60=0 avg300=0 total=1\n");
  EXPECT_DOUBLE_EQ(StallMonitor(host.root()).stalls().memory_percent, 7);
}

TEST(StallMonitor, IsZeroWhereTheKernelDoesNotTell) {
  const HostTree host;
  EXPECT_DOUBLE_EQ(StallMonitor(host.root()).stalls().cpu_percent, 0);
}

}  // namespace
}  // namespace engine::io
