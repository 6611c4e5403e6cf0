#include "io/watch/missing_mounts.h"

#include <algorithm>

namespace engine::io {

// The number of a device says little by itself: it may be that of another one since the last start.
bool MissingMounts::is_on_another(const SourceVersion& version, const Place& place) const {
  if (version.device == 0) return false;  // of what only its manifest tells nobody knows
  const auto recorded = recorded_devices_.find(place.device);
  return version.device != (recorded == recorded_devices_.end() ? place.device : recorded->second);
}

std::optional<MissingMounts::Place> MissingMounts::place_of(
    const SourceVersion& version, const std::vector<Place>& way,
    const HoldsSources& holds_sources) const {
  const auto mount =
      std::find_if(way.rbegin(), way.rend() - 1, [](const Place& each) { return each.is_mount; });
  if (mount != way.rend() - 1 && !holds_sources(*mount)) return *mount;
  const Place& last = way.back();
  if (way.size() == 1 || !is_on_another(version, last) || holds_sources(last)) return std::nullopt;
  return last;
}

std::optional<MissingMounts::Place> MissingMounts::renamed_place_of(
    const std::string& source, const SourceVersion& version, const std::vector<Place>& way,
    const std::vector<Place>& without_sources) const {
  const std::size_t begin = way.back().path.empty() ? 0 : way.back().path.size() + 1;
  const std::string missing = '/' + source.substr(begin);  // "/a/b/c.sql": a is not there
  if (missing.rfind('/') == 0) return std::nullopt;        // its directory is
  const bool may_be_unmounted = is_on_another(version, way.back());
  const auto place =
      std::find_if(without_sources.begin(), without_sources.end(), [&](const Place& each) {
        if (!each.is_mount && !may_be_unmounted) return false;
        const std::string name = each.path.substr(each.path.rfind('/') + 1);
        return missing.find('/' + name + '/') != std::string::npos;
      });
  return place == without_sources.end() ? std::nullopt : std::optional(*place);
}

Error holds_no_source(const std::string& directory) {
  return fail(ErrorCode::kNotFound,
              directory + ": holds no source, and did: is its file system mounted? The trees stay")
      .value();
}

}  // namespace engine::io
