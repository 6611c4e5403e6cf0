#include "io/host/memory_monitor.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "tests/support/host_tree.h"

namespace engine::io {
namespace {

using std::chrono::milliseconds;
using test::HostTree;

class ManualClock final : public Clock {
 public:
  TimePoint now() const override {
    return TimePoint(Duration(now_.load(std::memory_order_relaxed)));
  }
  void advance(Duration by) { now_.fetch_add(by.count(), std::memory_order_relaxed); }

 private:
  std::atomic<Duration::rep> now_{0};
};

TEST(MemoryMonitor, WithoutAnyFileNothingIsUsed) {
  const HostTree host;
  const ManualClock clock;
  const MemoryMonitor monitor(80, clock, host.root());
  EXPECT_EQ(monitor.usage_percent(), 0);
  EXPECT_FALSE(monitor.over_threshold());
}

TEST(MemoryMonitor, WithoutControlGroupsTheHostDecides) {
  HostTree host;
  host.memory(1000, 250);
  const ManualClock clock;
  const MemoryMonitor monitor(80, clock, host.root());
  EXPECT_DOUBLE_EQ(monitor.usage_percent(), 75);
  EXPECT_FALSE(monitor.over_threshold());
}

TEST(MemoryMonitor, AV2LimitOfAnAncestorCounts) {
  HostTree host;
  host.memory(1'000'000, 900'000);
  host.cgroup_v2("/outer/inner");
  host.write("sys/fs/cgroup/outer/inner/memory.max", "max\n");
  host.write("sys/fs/cgroup/outer/inner/memory.current", "900\n");
  host.write("sys/fs/cgroup/outer/memory.max", "1000\n");
  host.write("sys/fs/cgroup/outer/memory.high", "max\n");
  host.write("sys/fs/cgroup/outer/memory.current", "900\n");
  const ManualClock clock;
  const MemoryMonitor monitor(80, clock, host.root());
  EXPECT_DOUBLE_EQ(monitor.usage_percent(), 90);
  EXPECT_TRUE(monitor.over_threshold());
}

TEST(MemoryMonitor, TheLowerOfMaxAndHighIsTheLimit) {
  HostTree host;
  host.cgroup_v2("/job");
  host.write("sys/fs/cgroup/job/memory.max", "1000\n");
  host.write("sys/fs/cgroup/job/memory.high", "500\n");
  host.write("sys/fs/cgroup/job/memory.current", "400\n");
  const ManualClock clock;
  EXPECT_DOUBLE_EQ(MemoryMonitor(80, clock, host.root()).usage_percent(), 80);
}

TEST(MemoryMonitor, WhatTheKernelCanTakeBackIsNotUsage) {
  HostTree host;
  host.cgroup_v2("/job");
  host.write("sys/fs/cgroup/job/memory.max", "1000\n");
  host.write("sys/fs/cgroup/job/memory.current", "950\n");
  host.write("sys/fs/cgroup/job/memory.stat",
             "anon 250\ninactive_file_other 5\ninactive_file 600\nslab_reclaimable 100\n");
  const ManualClock clock;
  EXPECT_DOUBLE_EQ(MemoryMonitor(80, clock, host.root()).usage_percent(), 25);
}

TEST(MemoryMonitor, AV1LimitCounts) {
  HostTree host;
  host.memory(1'000'000, 900'000);
  host.cgroup_v1("/job");
  host.write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  host.write("sys/fs/cgroup/memory/memory.usage_in_bytes", "123456789\n");
  host.write("sys/fs/cgroup/memory/job/memory.limit_in_bytes", "1000\n");
  host.write("sys/fs/cgroup/memory/job/memory.usage_in_bytes", "900\n");
  host.write("sys/fs/cgroup/memory/job/memory.stat",
             "inactive_file 800\ntotal_inactive_file 200\n");
  const ManualClock clock;
  EXPECT_DOUBLE_EQ(MemoryMonitor(80, clock, host.root()).usage_percent(), 70);
}

TEST(MemoryMonitor, TheFullestOfHostAndGroupsDecides) {
  HostTree host;
  host.memory(1000, 50);
  host.cgroup_v2("/job");
  host.write("sys/fs/cgroup/job/memory.max", "1000\n");
  host.write("sys/fs/cgroup/job/memory.current", "100\n");
  const ManualClock clock;
  EXPECT_DOUBLE_EQ(MemoryMonitor(80, clock, host.root()).usage_percent(), 95);
}

TEST(MemoryMonitor, PressureEndsTenPointsBelowWhereItBegan) {
  HostTree host;
  ManualClock clock;
  host.memory(1000, 210);
  const MemoryMonitor monitor(80, clock, host.root());
  const auto over_at = [&](std::uint64_t used) {
    host.memory(1000, 1000 - used);
    clock.advance(MemoryMonitor::kSampleInterval);
    return monitor.over_threshold();
  };
  EXPECT_FALSE(over_at(799));
  EXPECT_TRUE(over_at(800));
  EXPECT_TRUE(over_at(750));
  EXPECT_TRUE(over_at(701));
  EXPECT_FALSE(over_at(700));
  EXPECT_FALSE(over_at(799));
  EXPECT_TRUE(over_at(1000));
}

TEST(MemoryMonitor, BetweenTwoSamplesTheFilesAreNotRead) {
  HostTree host;
  ManualClock clock;
  host.memory(1000, 500);
  const MemoryMonitor monitor(80, clock, host.root());
  EXPECT_DOUBLE_EQ(monitor.usage_percent(), 50);
  host.memory(1000, 100);
  clock.advance(MemoryMonitor::kSampleInterval - milliseconds(1));
  EXPECT_DOUBLE_EQ(monitor.usage_percent(), 50);
  clock.advance(milliseconds(1));
  EXPECT_DOUBLE_EQ(monitor.usage_percent(), 90);
}

TEST(MemoryMonitor, ManyThreadsMayAsk) {
  HostTree host;
  host.memory(1000, 100);
  ManualClock clock;
  const MemoryMonitor monitor(80, clock, host.root());
  EXPECT_TRUE(monitor.over_threshold());
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 200; ++round) {
        clock.advance(milliseconds(10));
        EXPECT_DOUBLE_EQ(monitor.usage_percent(), 90);
        EXPECT_TRUE(monitor.over_threshold());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(MemoryMonitor, ThisMachineHasAPlausibleFigure) {
  const SteadyClock clock;
  const MemoryMonitor monitor(80, clock);
  EXPECT_GT(monitor.usage_percent(), 0);
  EXPECT_LE(monitor.usage_percent(), 100);
}

}  // namespace
}  // namespace engine::io
