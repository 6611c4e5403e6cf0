#include "io/host/cpu_set.h"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstddef>
#include <memory>
#include <string_view>

#include "io/host/cgroup.h"
#include "io/host/small_file.h"

namespace engine::io {
namespace {

struct FreeCpuMask {
  void operator()(cpu_set_t* mask) const { CPU_FREE(mask); }
};
using CpuMask = std::unique_ptr<cpu_set_t, FreeCpuMask>;

std::vector<int> affinity() {
  // The kernel refuses a mask smaller than its own, so ask with larger ones.
  for (int count = CPU_SETSIZE; count <= (1 << 20); count *= 2) {
    const CpuMask mask(CPU_ALLOC(static_cast<std::size_t>(count)));
    const std::size_t size = CPU_ALLOC_SIZE(static_cast<std::size_t>(count));
    if (!mask) break;
    CPU_ZERO_S(size, mask.get());
    if (::sched_getaffinity(0, size, mask.get()) == 0) {
      std::vector<int> cpus;
      for (int cpu = 0; cpu < count; ++cpu) {
        if (CPU_ISSET_S(static_cast<std::size_t>(cpu), size, mask.get())) cpus.push_back(cpu);
      }
      return cpus;
    }
    if (errno != EINVAL) break;
  }
  return {0};
}

std::optional<double> quota_of(std::optional<std::uint64_t> quota,
                               std::optional<std::uint64_t> period) {
  if (!quota || !period || *period == 0) return std::nullopt;
  return static_cast<double>(*quota) / static_cast<double>(*period);
}

std::optional<double> quota_of(const CgroupDirectory& group) {
  if (group.version == CgroupVersion::kV2) {  // "150000 100000", "max 100000"
    const std::string text = read_small_file(group.path + "/cpu.max").value_or("");
    const std::size_t space = text.find(' ');
    if (space == std::string::npos) return std::nullopt;
    return quota_of(leading_number(text), leading_number(std::string_view(text).substr(space)));
  }
  // -1, which is no number here, means none.
  const std::string quota = read_small_file(group.path + "/cpu.cfs_quota_us").value_or("");
  const std::string period = read_small_file(group.path + "/cpu.cfs_period_us").value_or("");
  return quota_of(leading_number(quota), leading_number(period));
}

void pin_to(int cpu) {
  const std::size_t count = static_cast<std::size_t>(cpu) + 1;
  const CpuMask mask(CPU_ALLOC(count));
  if (!mask) return;
  const std::size_t size = CPU_ALLOC_SIZE(count);
  CPU_ZERO_S(size, mask.get());
  CPU_SET_S(static_cast<std::size_t>(cpu), size, mask.get());
  // Refused (the mask has shrunk meanwhile): the thread stays where the scheduler puts it.
  static_cast<void>(::sched_setaffinity(0, size, mask.get()));
}

}  // namespace

CpuSet CpuSet::of_this_process(const std::string& root) {
  CpuSet set{affinity(), std::nullopt};
  for (const CgroupDirectory& group : cgroup_ancestors(root, "cpu")) {
    const std::optional<double> quota = quota_of(group);
    if (quota && (!set.quota || *quota < *set.quota)) set.quota = quota;
  }
  return set;
}

unsigned CpuSet::usable() const {
  double usable = static_cast<double>(cpus.size());
  if (quota) usable = std::min(usable, std::ceil(*quota));
  return static_cast<unsigned>(std::max(usable, 1.0));
}

bool CpuPlacement::pins(unsigned worker_count) const {
  return pin_wanted_ && !cpus_.quota && worker_count <= cpus_.cpus.size();
}

void CpuPlacement::place_worker(unsigned worker, unsigned worker_count) {
  std::string name = "engine-w" + std::to_string(worker);
  name.resize(std::min<std::size_t>(name.size(), 15));  // the kernel's limit
  static_cast<void>(::pthread_setname_np(::pthread_self(), name.c_str()));
  if (pins(worker_count) && worker < cpus_.cpus.size()) pin_to(cpus_.cpus[worker]);
}

}  // namespace engine::io
