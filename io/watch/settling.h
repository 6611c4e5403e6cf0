// Settling: files that have appeared and that nobody has said to be complete.
//
// Thread contract: belongs to one thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "engine/clock.h"
#include "engine/source_version.h"
#include "io/watch/event_source.h"

namespace engine::io {

/// A file, by where it is.
struct EntryKey {
  DirectoryNumber directory = 0;
  std::string name;
  auto operator<=>(const EntryKey&) const = default;
};

class Settling {
 public:
  /// The file waits until then; since when it has had this version stays known.
  void wait_until(const EntryKey& file, const SourceVersion& version, TimePoint now,
                  TimePoint until);
  void forget(const EntryKey& file);

  /// That it was found with last; nothing when it does not wait.
  std::optional<SourceVersion> version_of(const EntryKey& file) const;
  /// How long the file has had this version; nothing when it does not wait.
  std::optional<Duration> quiet_for(const EntryKey& file, const SourceVersion& version,
                                    TimePoint now) const;
  /// One that has waited long enough. It still waits: look at it, then wait_until() or forget().
  std::optional<EntryKey> due(TimePoint now) const;
  std::optional<TimePoint> next_deadline() const;
  std::size_t size() const { return files_.size(); }
  /// Each that waits, and the version that it was found with last.
  template <class Call>
  void each(Call call) const {
    for (const auto& [file, waiting] : files_) call(file, waiting.version);
  }

 private:
  struct Waiting {
    SourceVersion version;
    TimePoint since;
    std::multimap<TimePoint, EntryKey>::iterator deadline;
  };
  std::map<EntryKey, Waiting> files_;
  std::multimap<TimePoint, EntryKey> deadlines_;
};

}  // namespace engine::io
