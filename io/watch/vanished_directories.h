// VanishedDirectories: directories that are not at their places, each for as long as it may be
// found elsewhere.
//
// Thread contract: belongs to one thread.
#pragma once

#include <iterator>
#include <list>
#include <optional>
#include <unordered_map>
#include <vector>

#include "engine/clock.h"
#include "io/watch/event_source.h"

namespace engine::io {

class VanishedDirectories {
 public:
  explicit VanishedDirectories(Duration patience) : patience_(patience) {}

  /// Where that was known already, it has vanished when that was.
  void add(DirectoryNumber directory, TimePoint now) {
    if (by_number_.contains(directory)) return;
    in_order_.push_back({directory, now + patience_});
    by_number_.emplace(directory, std::prev(in_order_.end()));
  }

  /// It has been found, or nobody looks for it any more.
  void forget(DirectoryNumber directory) {
    const auto found = by_number_.find(directory);
    if (found == by_number_.end()) return;
    in_order_.erase(found->second);
    by_number_.erase(found);
  }

  /// Those that have been looked for long enough, and forgets them.
  std::vector<DirectoryNumber> take_due(TimePoint now) {
    std::vector<DirectoryNumber> due;
    while (!in_order_.empty() && in_order_.front().until <= now) {
      due.push_back(in_order_.front().directory);
      forget(due.back());
    }
    return due;
  }

  std::optional<TimePoint> next_deadline() const {
    if (in_order_.empty()) return std::nullopt;
    return in_order_.front().until;
  }

 private:
  struct Vanished {
    DirectoryNumber directory = 0;
    TimePoint until;
  };

  const Duration patience_;
  std::list<Vanished> in_order_;  // of time, which is that of their ends too
  std::unordered_map<DirectoryNumber, std::list<Vanished>::iterator> by_number_;
};

}  // namespace engine::io
