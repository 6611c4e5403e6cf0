#include "io/watch/missing_mounts.h"

#include <algorithm>

namespace engine::io {

// The number of a device says little by itself: it may be that of another one since the last start.
std::optional<MissingMounts::Place> MissingMounts::place_of(
    const SourceVersion& version, const std::vector<Place>& way,
    const HoldsSources& holds_sources) const {
  const auto mount =
      std::find_if(way.rbegin(), way.rend() - 1, [](const Place& each) { return each.is_mount; });
  if (mount != way.rend() - 1 && !holds_sources(*mount)) return *mount;
  const Place& last = way.back();
  const auto recorded = recorded_devices_.find(last.device);
  const std::uint64_t device = recorded == recorded_devices_.end() ? last.device : recorded->second;
  // Of what only its manifest tells nobody knows the device.
  const bool is_on_another = version.device != 0 && version.device != device;
  if (way.size() == 1 || !is_on_another || holds_sources(last)) return std::nullopt;
  return last;
}

Error holds_no_source(const std::string& directory) {
  return fail(ErrorCode::kNotFound,
              directory + ": holds no source, and did: is its file system mounted? The trees stay")
      .value();
}

}  // namespace engine::io
