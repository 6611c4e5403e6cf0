// ExpectedSources: the sources that were in INPUT when it was looked at before, and have not been
// found since; and whether INPUT is still the folder that they were in.
//
// That a source is not where it was says that it is gone only where others are: a folder that holds
// not one of those that should be there is likelier the place of a file system that is not mounted,
// or another folder. What comes there says nothing of the others, at later starts either: only what
// was seen before that time should be there.
//
// It is passive: a load and a watch look, tell it what was there and what of that they have found,
// and ask what that means.
// Thread contract: belongs to one thread.
// Units: nanoseconds since the epoch, of the clock of file times.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "engine/source_version.h"

namespace engine::io {

/// What INPUT is, seen from the sources that should be there.
enum class FolderState : std::uint8_t {
  kUnknown,  ///< none has been found yet
  kSame,     ///< the folder that they were in: one has been found, or there was none to find
  kOther,    ///< all of it was looked through, and none has been found
};

class ExpectedSources {
 public:
  struct Source {
    std::string path;
    SourceVersion version;
    /// It was there when somebody looked last, and to take it for gone may cost something.
    bool should_be_there = false;
  };

  /// In place of a time: INPUT has been another folder, and nobody knows since when.
  static constexpr std::int64_t kSinceEver = 0;

  /// INPUT is looked at from `now_ns` on; `missing_since_ns` is what the run before has concluded.
  ExpectedSources(std::optional<std::int64_t> missing_since_ns, std::int64_t now_ns)
      : missing_since_ns_(missing_since_ns), since_ns_(now_ns) {}

  /// Of a source that was seen in INPUT at that time, or is known to be gone.
  bool should_be_there(std::optional<std::int64_t> seen_ns) const {
    if (!seen_ns) return false;
    return !missing_since_ns_ || is_since_ever() || *seen_ns < *missing_since_ns_;
  }
  /// Of a source that has been found in the folder that is looked at. `knows_all` as in conclude().
  bool should_be_there_again(bool knows_all) const {
    return state_ == FolderState::kSame || (knows_all && all_missing() == 0);
  }

  void expect(Source source) {
    std::string path = source.path;
    sources_.insert_or_assign(std::move(path), std::move(source));
  }
  /// It is there. Nothing where nobody has expected it.
  std::optional<Source> take(const std::string& path);
  /// One of those that should be there is: under another name, or it was never told here. Since
  /// ever, each may have come to the other folder: only all of them say that it is the right one.
  void found_one();
  /// INPUT is another directory from `now_ns` on, in which nothing has been found.
  void look_elsewhere(std::int64_t now_ns);

  /// INPUT has been looked through. `knows_all`: expect() has told all that should be there and is
  /// not. Where it could not, for want of a look at some part, say, INPUT may be another folder:
  /// what comes says nothing until that is known.
  FolderState conclude(bool knows_all);
  FolderState state() const { return state_; }
  /// So many should be there, and not one of them has been found; else 0.
  std::size_t all_missing() const;
  /// One line of them: what that means, what next.
  std::string missing_text(const std::string& folder) const;
  /// From this time on INPUT has been another folder, or may have been, to be known at the next
  /// start.
  std::optional<std::int64_t> missing_since_ns() const { return missing_since_ns_; }

  bool has(const std::string& path) const { return sources_.contains(path); }
  bool empty() const { return sources_.empty(); }
  /// Calls it for each, and forgets those for which it returns true.
  template <class Call>
  void erase_if(const Call& call) {
    std::erase_if(sources_, [&](const auto& each) { return call(each.second); });
  }

 private:
  bool is_since_ever() const { return missing_since_ns_ == kSinceEver; }

  std::map<std::string, Source> sources_;
  FolderState state_ = FolderState::kUnknown;
  std::optional<std::int64_t> missing_since_ns_;
  std::int64_t since_ns_;  // what is looked at now is in the place of the folder
};

}  // namespace engine::io
