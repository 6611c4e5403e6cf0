// MissingMounts: whether a source that is not where it was may lie in a file system that is not
// mounted now, or below one that is mounted over it: then nobody can say that it is gone.
//
// A directory on which a file system is mounted, or was, and in which no source is, is likelier the
// place of that than a folder that somebody has emptied.
//
// It is passive: whoever has looked through INPUT tells it what lies on the way to the source.
// Thread contract: belongs to one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/result.h"
#include "engine/source_version.h"

namespace engine::io {

class MissingMounts {
 public:
  /// A directory that is there.
  struct Place {
    std::string path;  ///< relative to INPUT; of INPUT itself empty
    std::uint64_t device = 0;
    bool is_mount = false;  ///< a file system is mounted here
  };
  using HoldsSources = std::function<bool(const Place&)>;  ///< in it or below it

  /// A source that is done is on this device now, by its record on that: many get another number
  /// with each mount.
  void found_on(std::uint64_t device, std::uint64_t recorded) {
    if (recorded != 0) recorded_devices_.emplace(device, recorded);
  }

  /// The place that may hide a source of that version, or from which its file system is missing.
  /// `way` leads to where it was, as far as there are directories; INPUT is the first.
  std::optional<Place> place_of(const SourceVersion& version, const std::vector<Place>& way,
                                const HoldsSources& holds_sources) const;
  /// The same where a directory above the place has been renamed, so that the way ends before it: a
  /// mount keeps its own name. `without_sources`: directories in and below which none is.
  std::optional<Place> renamed_place_of(const std::string& source, const SourceVersion& version,
                                        const std::vector<Place>& way,
                                        const std::vector<Place>& without_sources) const;

 private:
  bool is_on_another(const SourceVersion& version, const Place& place) const;

  // As it is now, as an earlier run recorded it.
  std::unordered_map<std::uint64_t, std::uint64_t> recorded_devices_;
};

/// One line: what is missing, what that means.
Error holds_no_source(const std::string& directory);

}  // namespace engine::io
