#include "io/host/cgroup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/host_tree.h"

namespace engine::io {
namespace {

using test::HostTree;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Cgroup, WithoutAnyThereAreNoLimits) {
  HostTree host;
  EXPECT_THAT(cgroup_ancestors(host.root(), "memory"), IsEmpty());
  host.write("proc/self/cgroup", "");
  host.write("proc/self/mountinfo", "22 1 8:1 / / rw - ext4 /dev/sda1 rw\nnot a mount\n");
  EXPECT_THAT(cgroup_ancestors(host.root(), "memory"), IsEmpty());
}

TEST(Cgroup, EveryAncestorOfAV2GroupIsListedFromTheProcessUp) {
  HostTree host;
  host.cgroup_v2("/user.slice/job");
  const std::string top = host.root() + "/sys/fs/cgroup";
  EXPECT_THAT(cgroup_ancestors(host.root(), "memory"),
              ElementsAre(CgroupDirectory{top + "/user.slice/job", CgroupVersion::kV2},
                          CgroupDirectory{top + "/user.slice", CgroupVersion::kV2},
                          CgroupDirectory{top, CgroupVersion::kV2}));
}

TEST(Cgroup, AV1ControllerIsFoundAmongSeveralOfOneMount) {
  HostTree host;
  host.cgroup_v1("/job");
  const std::string top = host.root() + "/sys/fs/cgroup/cpu,cpuacct";
  EXPECT_THAT(cgroup_ancestors(host.root(), "cpu"),
              ElementsAre(CgroupDirectory{top + "/job", CgroupVersion::kV1},
                          CgroupDirectory{top, CgroupVersion::kV1}));
}

TEST(Cgroup, InAContainerThePathBeginsAtWhatIsMounted) {
  HostTree host;
  host.cgroup_v1("/docker/abc/inner", "/docker/abc");
  const std::string top = host.root() + "/sys/fs/cgroup/memory";
  EXPECT_THAT(cgroup_ancestors(host.root(), "memory"),
              ElementsAre(CgroupDirectory{top + "/inner", CgroupVersion::kV1},
                          CgroupDirectory{top, CgroupVersion::kV1}));
}

TEST(Cgroup, AGroupThatCannotBeSeenCountsAsWhatIsMounted) {
  HostTree host;
  host.cgroup_v2("/../elsewhere");
  EXPECT_THAT(cgroup_ancestors(host.root(), "memory"),
              ElementsAre(CgroupDirectory{host.root() + "/sys/fs/cgroup", CgroupVersion::kV2}));
}

TEST(Cgroup, HybridListsBothHierarchies) {
  HostTree host;
  host.write("proc/self/mountinfo",
             "35 31 0:32 / /cg/memory rw - cgroup cgroup rw,memory\n"
             "41 31 0:38 / /cg/uni\\040fied rw - cgroup2 cgroup2 rw\n");
  host.write("proc/self/cgroup", "4:memory:/a\n0::/\n");
  EXPECT_THAT(cgroup_ancestors(host.root(), "memory"),
              ElementsAre(CgroupDirectory{host.root() + "/cg/memory/a", CgroupVersion::kV1},
                          CgroupDirectory{host.root() + "/cg/memory", CgroupVersion::kV1},
                          CgroupDirectory{host.root() + "/cg/uni fied", CgroupVersion::kV2}));
}

}  // namespace
}  // namespace engine::io
