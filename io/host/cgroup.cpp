#include "io/host/cgroup.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "io/host/small_file.h"

namespace engine::io {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

bool lists(std::string_view names, std::string_view name) {
  const std::vector<std::string_view> all = split(names, ',');
  return std::find(all.begin(), all.end(), name) != all.end();
}

// mountinfo writes space, tab, newline and backslash as \040 and so on.
std::string unescape(std::string_view text) {
  const auto digit = [&](std::size_t at) {
    return at < text.size() && text[at] >= '0' && text[at] <= '7' ? text[at] - '0' : -1;
  };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && digit(i + 1) >= 0 && digit(i + 2) >= 0 && digit(i + 3) >= 0) {
      out += static_cast<char>(digit(i + 1) * 64 + digit(i + 2) * 8 + digit(i + 3));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

struct Hierarchy {
  std::string mount_point;
  std::string mounted;  ///< which of its groups is mounted there
  CgroupVersion version;
};

// A line: "36 35 98:0 /mounted /mount/point rw,noatime shared:1 - cgroup cgroup rw,memory".
std::optional<Hierarchy> parse_mount(std::string_view line, std::string_view controller) {
  const std::size_t dash = line.find(" - ");
  if (dash == std::string_view::npos) return std::nullopt;
  const std::vector<std::string_view> before = split(line.substr(0, dash), ' ');
  const std::vector<std::string_view> after = split(line.substr(dash + 3), ' ');
  if (before.size() < 5 || after.size() < 3) return std::nullopt;
  const bool is_v2 = after[0] == "cgroup2";
  if (!is_v2 && !(after[0] == "cgroup" && lists(after[2], controller))) return std::nullopt;
  return Hierarchy{unescape(before[4]), unescape(before[3]),
                   is_v2 ? CgroupVersion::kV2 : CgroupVersion::kV1};
}

// A line: "4:memory:/group/of/the/process"; of v2: "0::/group".
std::optional<std::string> own_group(std::string_view groups, CgroupVersion version,
                                     std::string_view controller) {
  for (const std::string_view line : split(groups, '\n')) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first == std::string_view::npos ? first : first + 1);
    if (second == std::string_view::npos) continue;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    const bool matches = version == CgroupVersion::kV2
                             ? controllers.empty() && line.substr(0, first) == "0"
                             : lists(controllers, controller);
    if (matches) return std::string(line.substr(second + 1));
  }
  return std::nullopt;
}

// The group's path below the mount point: "" where the group itself, or one that cannot be seen
// from here ("/../other"), is what is mounted.
std::string below_mount(std::string_view group, std::string_view mounted) {
  if (mounted == "/") mounted = "";
  if (!group.starts_with(mounted) || group.find("/..") != std::string_view::npos) return "";
  std::string_view rest = group.substr(mounted.size());
  if (!rest.starts_with('/')) return "";
  while (rest.ends_with('/')) rest.remove_suffix(1);
  return std::string(rest);
}

void add_ancestors(const std::string& root, const Hierarchy& hierarchy, std::string below,
                   std::vector<CgroupDirectory>& directories) {
  const std::string top =
      root.ends_with('/') ? root + hierarchy.mount_point.substr(1) : root + hierarchy.mount_point;
  while (true) {
    directories.push_back({top + below, hierarchy.version});
    if (below.empty()) return;
    below.erase(below.rfind('/'));
  }
}

}  // namespace

std::vector<CgroupDirectory> cgroup_ancestors(const std::string& root,
                                              std::string_view controller) {
  std::vector<CgroupDirectory> directories;
  const auto mounts = read_small_file(root + "/proc/self/mountinfo");
  const auto groups = read_small_file(root + "/proc/self/cgroup");
  if (!mounts || !groups) return directories;
  for (const std::string_view line : split(*mounts, '\n')) {
    const std::optional<Hierarchy> hierarchy = parse_mount(line, controller);
    if (!hierarchy) continue;
    const std::optional<std::string> group = own_group(*groups, hierarchy->version, controller);
    if (!group) continue;
    add_ancestors(root, *hierarchy, below_mount(*group, hierarchy->mounted), directories);
  }
  return directories;
}

}  // namespace engine::io
