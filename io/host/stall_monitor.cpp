#include "io/host/stall_monitor.h"

#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "io/host/cgroup.h"
#include "io/host/small_file.h"

namespace engine::io {
namespace {

// "some avg10=1.23 avg60=0.50 avg300=0.10 total=123456", and a line "full" like it.
double some_of_last_ten_seconds(std::string_view text) {
  constexpr std::string_view kBefore = "some avg10=";
  if (!text.starts_with(kBefore)) return 0;
  text.remove_prefix(kBefore.size());
  double percent = 0;
  std::from_chars(text.data(), text.data() + text.size(), percent);
  return percent;
}

}  // namespace

StallMonitor::StallMonitor(std::string root) : root_(std::move(root)) {
  for (const CgroupDirectory& directory : cgroup_ancestors(root_, "cpu")) {
    if (directory.version != CgroupVersion::kV2) continue;
    if (!read_small_file(directory.path + "/cpu.pressure")) continue;
    group_ = directory.path;
    return;
  }
}

Stalls StallMonitor::stalls() const { return {percent("cpu"), percent("memory"), percent("io")}; }

double StallMonitor::percent(const std::string& resource) const {
  const std::string file =
      group_.empty() ? root_ + "/proc/pressure/" + resource : group_ + "/" + resource + ".pressure";
  const std::optional<std::string> text = read_small_file(file);
  return text ? some_of_last_ten_seconds(*text) : 0;
}

}  // namespace engine::io
