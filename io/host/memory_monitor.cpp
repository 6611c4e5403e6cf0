#include "io/host/memory_monitor.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "io/host/small_file.h"

namespace engine::io {
namespace {

double percent(std::uint64_t used, std::uint64_t limit) {
  if (limit == 0) return 100;
  return 100.0 * static_cast<double>(std::min(used, limit)) / static_cast<double>(limit);
}

std::optional<std::uint64_t> read_number(const std::string& path) {
  const std::optional<std::string> text = read_small_file(path);
  return text ? leading_number(*text) : std::nullopt;  // "max" is no number, so no limit
}

// A group's lowest limit; nothing where it has none. v1 writes "none" as a number close to 2^63.
std::optional<std::uint64_t> limit_of(const CgroupDirectory& group) {
  constexpr std::uint64_t kNoLimitV1 = std::uint64_t{1} << 62;
  if (group.version == CgroupVersion::kV1) {
    const auto limit = read_number(group.path + "/memory.limit_in_bytes");
    return limit && *limit < kNoLimitV1 ? limit : std::nullopt;
  }
  const auto max = read_number(group.path + "/memory.max");
  const auto high = read_number(group.path + "/memory.high");
  if (max && high) return std::min(*max, *high);
  return max ? max : high;
}

double usage_of(const CgroupDirectory& group) {
  const std::optional<std::uint64_t> limit = limit_of(group);
  if (!limit) return 0;
  const bool is_v1 = group.version == CgroupVersion::kV1;
  const auto used =
      read_number(group.path + (is_v1 ? "/memory.usage_in_bytes" : "/memory.current"));
  if (!used) return 0;
  const std::string stat = read_small_file(group.path + "/memory.stat").value_or("");
  // Of v1, the figures that include the groups below, as the usage does.
  const std::uint64_t reclaimable =
      number_of(stat, is_v1 ? "total_inactive_file" : "inactive_file").value_or(0) +
      number_of(stat, "slab_reclaimable").value_or(0);
  return percent(*used - std::min(*used, reclaimable), *limit);
}

}  // namespace

MemoryMonitor::MemoryMonitor(unsigned threshold_percent, const Clock& clock, std::string root)
    : threshold_(threshold_percent),
      clock_(clock),
      root_(std::move(root)),
      groups_(cgroup_ancestors(root_, "memory")),
      next_sample_(std::numeric_limits<Duration::rep>::min()) {}

double MemoryMonitor::usage_percent() const {
  refresh();
  return usage_.load(std::memory_order_relaxed);
}

bool MemoryMonitor::over_threshold() const {
  refresh();
  return over_.load(std::memory_order_relaxed);
}

void MemoryMonitor::refresh() const {
  const Duration::rep now = clock_.now().time_since_epoch().count();
  Duration::rep due = next_sample_.load(std::memory_order_relaxed);
  if (now < due) return;
  // Of all who find a sample due, one takes it.
  if (!next_sample_.compare_exchange_strong(due, now + kSampleInterval.count(),
                                            std::memory_order_relaxed)) {
    return;
  }
  const double usage = measure();
  const bool was_over = over_.load(std::memory_order_relaxed);
  const double line = was_over ? threshold_ - kHysteresisPoints : threshold_;
  usage_.store(usage, std::memory_order_relaxed);
  over_.store(was_over ? usage > line : usage >= line, std::memory_order_relaxed);
}

double MemoryMonitor::measure() const {
  double fullest = 0;
  if (const auto meminfo = read_small_file(root_ + "/proc/meminfo")) {
    const auto total = number_of(*meminfo, "MemTotal:");
    const auto available = number_of(*meminfo, "MemAvailable:");
    if (total && available) fullest = percent(*total - std::min(*total, *available), *total);
  }
  for (const CgroupDirectory& group : groups_) fullest = std::max(fullest, usage_of(group));
  return fullest;
}

}  // namespace engine::io
