#include "io/host/cpu_set.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <sched.h>

#include <array>
#include <string>
#include <thread>

#include "tests/support/host_tree.h"

namespace engine::io {
namespace {

using test::HostTree;

int cpus_of_this_thread() {
  cpu_set_t mask;
  EXPECT_EQ(::sched_getaffinity(0, sizeof mask, &mask), 0);
  return CPU_COUNT(&mask);
}

TEST(CpuSet, HoldsTheAffinityMaskOfTheProcess) {
  const HostTree host;
  const CpuSet set = CpuSet::of_this_process(host.root());
  EXPECT_EQ(static_cast<int>(set.cpus.size()), cpus_of_this_thread());
  EXPECT_FALSE(set.quota);
  EXPECT_EQ(set.usable(), set.cpus.size());
}

TEST(CpuSet, ANarrowerMaskIsSeen) {
  const HostTree host;
  std::thread([&] {
    const CpuSet all = CpuSet::of_this_process(host.root());
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(all.cpus.back()), &one);
    ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);
    const CpuSet set = CpuSet::of_this_process(host.root());
    EXPECT_EQ(set.cpus, std::vector<int>{all.cpus.back()});
    EXPECT_EQ(set.usable(), 1u);
  }).join();
}

TEST(CpuSet, ABegunCpuOfTheQuotaCountsAsOne) {
  EXPECT_EQ((CpuSet{{0, 1, 2, 3}, 1.5}.usable()), 2u);
  EXPECT_EQ((CpuSet{{0, 1, 2, 3}, 2.0}.usable()), 2u);
  EXPECT_EQ((CpuSet{{0, 1, 2, 3}, 64.0}.usable()), 4u);
  EXPECT_EQ((CpuSet{{0, 1, 2, 3}, 0.1}.usable()), 1u);
  EXPECT_EQ((CpuSet{{}, std::nullopt}.usable()), 1u);
}

TEST(CpuSet, TheLowestV2QuotaOfAllAncestorsCounts) {
  HostTree host;
  host.cgroup_v2("/outer/inner");
  host.write("sys/fs/cgroup/outer/inner/cpu.max", "max 100000\n");
  host.write("sys/fs/cgroup/outer/cpu.max", "50000 100000\n");
  host.write("sys/fs/cgroup/cpu.max", "300000 100000\n");
  EXPECT_EQ(CpuSet::of_this_process(host.root()).quota, 0.5);
}

TEST(CpuSet, AV1QuotaCountsAndMinusOneIsNone) {
  HostTree host;
  host.cgroup_v1("/job");
  host.write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
  host.write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
  EXPECT_FALSE(CpuSet::of_this_process(host.root()).quota);
  host.write("sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us", "250000\n");
  host.write("sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(CpuSet::of_this_process(host.root()).quota, 2.5);
}

TEST(CpuPlacement, PinsOnlyWhereEveryWorkerHasACpuAndNoQuotaThrottles) {
  const CpuSet two{{0, 1}, std::nullopt};
  EXPECT_TRUE(CpuPlacement(two, true).pins(1));
  EXPECT_TRUE(CpuPlacement(two, true).pins(2));
  EXPECT_FALSE(CpuPlacement(two, true).pins(3));
  EXPECT_FALSE(CpuPlacement(two, false).pins(1));
  EXPECT_FALSE(CpuPlacement(CpuSet{{0, 1}, 2.0}, true).pins(1));
}

TEST(CpuPlacement, NamesAndPinsTheWorkersThread) {
  const HostTree host;
  const CpuSet set = CpuSet::of_this_process(host.root());
  CpuPlacement placement(set, true);
  std::thread([&] {
    placement.place_worker(0, 1);
    std::array<char, 16> name{};
    ASSERT_EQ(::pthread_getname_np(::pthread_self(), name.data(), name.size()), 0);
    EXPECT_EQ(std::string(name.data()), "engine-w0");
    EXPECT_EQ(cpus_of_this_thread(), 1);
    EXPECT_EQ(::sched_getcpu(), set.cpus.front());
  }).join();
}

TEST(CpuPlacement, WithoutPinningTheThreadKeepsItsMask) {
  const HostTree host;
  CpuPlacement placement(CpuSet::of_this_process(host.root()), false);
  std::thread([&] {
    const int before = cpus_of_this_thread();
    placement.place_worker(1'234'567'890, 1);
    std::array<char, 16> name{};
    ASSERT_EQ(::pthread_getname_np(::pthread_self(), name.data(), name.size()), 0);
    EXPECT_EQ(std::string(name.data()), "engine-w1234567");
    EXPECT_EQ(cpus_of_this_thread(), before);
  }).join();
}

}  // namespace
}  // namespace engine::io
