// ExpectedSources: what there was when nobody watched INPUT, or in the directory that had its name
// before, and has not been found since.
//
// That a source is not where it was says that it is gone only where others are: a folder that holds
// not one of them is likelier the place of a file system that is not mounted, or another folder.
// Thread contract: belongs to one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/source_version.h"
#include "io/watch/watch_client.h"

namespace engine::io {

class ExpectedSources {
 public:
  using Source = RecordedVersions::Source;

  /// `recorded` may be null, and else outlives this.
  explicit ExpectedSources(RecordedVersions* recorded);

  /// The folder is another one now, in which nothing has been found.
  void look_elsewhere();
  void expect(Source source) {
    std::string path = source.path;
    sources_.insert_or_assign(std::move(path), std::move(source));
  }
  /// Everything has been looked at for the first time: what is on record and was not taken.
  void add_recorded();

  /// It is there. Nothing where nobody has expected it.
  std::optional<Source> take(const std::string& path);
  /// One of them is there, under another name.
  void found_one() { found_one_ = true; }

  bool has(const std::string& path) const { return sources_.contains(path); }
  bool empty() const { return sources_.empty(); }
  /// So many should be there, and not one of them has been found; else 0.
  std::size_t all_missing() const;
  /// That is to be known at the next start.
  void note_what_is_missing() const;

  /// Calls it for each, and forgets those for which it returns true.
  template <class Call>
  void erase_if(const Call& call) {
    std::erase_if(sources_, [&](const auto& each) { return call(each.second); });
  }

 private:
  RecordedVersions* const recorded_;
  bool added_recorded_ = false;
  std::map<std::string, Source> sources_;
  bool found_one_ = false;
  std::int64_t since_ns_;  // the folder is this one
};

/// One line: what is missing, what that means, what next.
std::string holds_none_of(const std::string& folder, std::uint64_t sources);

}  // namespace engine::io
