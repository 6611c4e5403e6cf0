// RenamePairs: a source that is gone here and one that is new there may be the same file.
//
// Told by device, inode, size and mtime, which a rename leaves as they are, so it does not matter
// how the two were noticed, nor which first. What finds no partner is gone after a while.
// Thread contract: belongs to one thread.
#pragma once

#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "engine/clock.h"
#include "engine/source_version.h"

namespace engine::io {

class RenamePairs {
 public:
  explicit RenamePairs(Duration patience) : patience_(patience) {}

  Duration patience() const { return patience_; }

  /// `path` is no longer there. The path that the file has now, if that is known.
  std::optional<std::string> departed(const std::string& path, const SourceVersion& version,
                                      TimePoint now);
  /// `path` is new. The path that the file had before, if that is known. What departed from `path`
  /// is forgotten: whoever needs to know asks before.
  std::optional<std::string> arrived(const std::string& path, const SourceVersion& version,
                                     TimePoint now);

  /// The file of that version is new somewhere, and nobody has missed it yet.
  bool has_arrived(const SourceVersion& version) const { return arrived_.has(file_of(version)); }
  /// Whatever was new was so in another folder.
  void forget_arrived() { arrived_ = {}; }

  /// It has departed, and nobody was told.
  bool has_departed(const std::string& path) const { return departed_.has(path); }

  /// The departed that nobody has missed any longer, and forgets them.
  std::vector<std::string> take_gone(TimePoint now);
  std::optional<TimePoint> next_deadline() const;

 private:
  // A rename changes the ctime and nothing else.
  using File = std::tuple<std::uint64_t, std::uint64_t, std::uint64_t, std::int64_t>;
  static File file_of(const SourceVersion& version) {
    return {version.device, version.inode, version.size, version.mtime_ns};
  }
  struct Seen {
    File file;
    std::string path;
    TimePoint until;
  };
  // In order of time, which is that of their ends too.
  class Waiting {
   public:
    void add(Seen seen);
    std::optional<std::string> take(const File& file);
    void forget(const std::string& path);
    bool has(const std::string& path) const { return by_path_.count(path) != 0; }
    bool has(const File& file) const { return by_file_.count(file) != 0; }
    std::optional<Seen> take_due(TimePoint now);
    std::optional<TimePoint> next_deadline() const;

   private:
    void erase(std::list<Seen>::iterator seen);

    std::list<Seen> in_order_;
    std::multimap<File, std::list<Seen>::iterator> by_file_;  // links share a file
    std::unordered_map<std::string_view, std::list<Seen>::iterator> by_path_;
  };

  const Duration patience_;
  Waiting departed_;
  Waiting arrived_;
};

}  // namespace engine::io
