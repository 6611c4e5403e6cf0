// RollCall: the sources that were in INPUT before, by the records of earlier runs or in the
// directory that INPUT was until it was replaced, held against what is found there now: which of
// them are gone, and of which nobody can say so yet.
//
// It looks at what a scan has not found, and says what a user should know of INPUT: that it holds
// none of the sources, or that a file system inside is not mounted.
// Thread contract: belongs to one thread.
// Errors: what cannot be looked at is not gone.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/source_version.h"
#include "io/watch/expected_sources.h"
#include "io/watch/folder_tree.h"
#include "io/watch/missing_mounts.h"
#include "io/watch/watch_client.h"

namespace engine::io {

class RollCall {
 public:
  /// What it is about; all but `earlier`, which may be null, outlive this and are not null.
  struct Parts {
    const SourceNames& names;
    const std::string& root;  ///< INPUT, for messages
    EarlierRuns* earlier;
    FolderTree& tree;
    WatchClient& client;
  };
  /// INPUT is looked at from `now_ns` on.
  RollCall(const Parts& parts, std::int64_t now_ns);

  /// The source is there, with that version. What was known of it; nothing where it is new.
  std::optional<EarlierRuns::Source> take(const std::string& path, const SourceVersion& version);
  /// INPUT is another directory now, and expect() tells what was found in the one before.
  void look_elsewhere(std::int64_t now_ns);
  void expect(const std::string& path, const SourceVersion& version) {
    expected_.expect({path, version, expects_what_was_found_});
  }

  /// All of INPUT has been looked through; `saw_everything`: no part of it could not be read. Those
  /// that are gone, which it forgets. `has_arrived` tells whether the file of a version is there
  /// under a new name.
  std::vector<ExpectedSources::Source> take_gone(
      bool saw_everything, const std::function<bool(const SourceVersion&)>& has_arrived);

  FolderState state() const { return expected_.state(); }
  bool has(const std::string& path) const { return expected_.has(path); }
  bool empty() const { return expected_.empty(); }

 private:
  void expect_recorded();
  bool knows_all() const;
  bool is_there(const std::string& path, std::set<std::string>* unknown);
  void tell_state(FolderState state);
  std::vector<MissingMounts::Place> way_to(const std::string& path);
  bool may_lie_in_a_mount(const ExpectedSources::Source& source);
  const std::vector<MissingMounts::Place>& without_sources();

  const Parts parts_;
  ExpectedSources expected_;
  bool took_recorded_ = false;  // all of them, into expected_
  bool expects_what_was_found_ = false;
  MissingMounts missing_mounts_;
  std::set<std::string> told_places_;                                 // of missing mounts
  std::optional<std::vector<MissingMounts::Place>> without_sources_;  // as of this roll call
  bool told_of_missing_ = false;  // that not one of them was found
};

}  // namespace engine::io
