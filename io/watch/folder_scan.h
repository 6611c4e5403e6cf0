// FolderScan: how far a look through INPUT has come: what is to be listed, and what was seen.
//
// Some directories are looked at now and then, where nobody tells what happens in them; a scan is
// of everything, has a begin and an end, and says things of INPUT that no single look can say.
// Thread contract: belongs to one thread.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "io/base/directory.h"
#include "io/watch/event_source.h"

namespace engine::io {

class FolderScan {
 public:
  enum class Phase : std::uint8_t {
    kNone,     ///< what is to be listed, if anything is, is no scan of everything
    kListing,  ///< something is still to be listed
    kTelling,  ///< all was listed, and not all of what was found has been told
  };

  /// Of everything. `distrustful`: events may have been lost.
  void begin(bool distrustful) {
    phase_ = Phase::kListing;
    is_distrustful_ = distrustful;
    saw_everything_ = true;
    links_ = special_files_ = 0;
    to_list_.clear();
  }
  /// True the first time after something was listed.
  bool has_listed_all() { return std::exchange(phase_, Phase::kTelling) != Phase::kTelling; }
  /// Something else is to be listed.
  void goes_on() { phase_ = Phase::kListing; }
  /// True: it was the first one.
  bool end() {
    phase_ = Phase::kNone;
    is_distrustful_ = false;
    return std::exchange(is_first_, false);
  }
  Phase phase() const { return phase_; }
  bool is_of_everything() const { return phase_ != Phase::kNone; }
  bool is_distrustful() const { return is_distrustful_; }
  /// None has ended yet.
  bool is_first() const { return is_first_; }

  void push(DirectoryNumber directory, bool recursive) {
    bool& is_recursive = to_list_[directory];
    is_recursive = is_recursive || recursive;
  }
  void drop(DirectoryNumber directory) { to_list_.erase(directory); }
  bool has_directories() const { return !to_list_.empty(); }
  /// The directory, and whether all below it is to be listed too.
  std::pair<DirectoryNumber, bool> take_directory() {
    const std::pair<DirectoryNumber, bool> first = *to_list_.begin();
    to_list_.erase(to_list_.begin());
    return first;
  }

  /// Something could not be looked at: what was not found may be there.
  void missed_some() { saw_everything_ = false; }
  /// Since it began.
  bool saw_everything() const { return saw_everything_; }
  void count(const std::vector<DirectoryEntry>& entries) {
    for (const DirectoryEntry& entry : entries) {
      links_ += entry.kind == EntryKind::kLink;
      special_files_ += entry.kind == EntryKind::kOther;
    }
  }
  std::uint64_t links() const { return links_; }
  std::uint64_t special_files() const { return special_files_; }

 private:
  Phase phase_ = Phase::kNone;
  bool is_first_ = true;
  bool is_distrustful_ = false;
  bool saw_everything_ = false;
  std::uint64_t links_ = 0;
  std::uint64_t special_files_ = 0;
  std::map<DirectoryNumber, bool> to_list_;  // and whether all below it too
};

}  // namespace engine::io
