// FolderTree: what a watcher knows of INPUT: its directories, and the sources in them.
//
// A directory is known by a number that is never used again, so that whoever remembers one finds
// out that it is gone.
// Thread contract: belongs to one thread.
// Errors: a directory that is not where it was is no error: it has no descriptor.
#pragma once

#include <cerrno>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "engine/source_version.h"
#include "io/base/descriptor.h"
#include "io/watch/event_source.h"
#include "io/watch/other_names.h"
#include "io/watch/tree_scan.h"

namespace engine::io {

struct WatchedSource {
  SourceVersion version;  ///< that was handed on last, if is_seen; else the one that was found
  bool is_seen = false;
  bool is_awaited = false;       ///< not seen, but somebody has heard of it: in an earlier life,
                                 ///< or that it is not ready
  bool is_unready = false;       ///< of the version that waits, and somebody was told
  bool may_be_done = false;      ///< as of UnreadySource, of the version that waits
  bool is_fresh = false;         ///< its version was so young that another could look the same
  bool is_left_alone = false;    ///< it was there before, and nobody wants it until it changes
  bool keeps_full_name = false;  ///< its tree is called by the whole file name
  std::uint64_t scan = 0;        ///< the scan that found it last
};

struct WatchedDirectory {
  DirectoryNumber number = 0;
  DirectoryNumber parent = 0;
  std::string name;
  DirectoryId id;
  std::int64_t born_ns = 0;  ///< 0 where the file system does not say
  bool is_mount = false;     ///< a file system is mounted here
  bool is_polled = false;    ///< nobody tells what happens in it
  std::unordered_map<std::string, WatchedSource> sources;
  std::unordered_map<std::string, DirectoryNumber> directories;
  OtherNames others;  ///< of entries that are not among the sources
};

/// After a directory could not be opened: another thing is at its place, or nothing. With any other
/// errno nobody knows.
constexpr bool is_elsewhere(int error) {
  return error == 0 || error == ENOENT || error == ENOTDIR || error == ELOOP || error == ESTALE;
}

/// The directory, empty where there is none, and the name in it.
struct SplitPath {
  std::string_view directory;
  std::string_view name;
};
constexpr SplitPath split_path(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {{}, path};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

class FolderTree {
 public:
  static constexpr DirectoryNumber kRoot = 0;

  FolderTree(Descriptor root, DirectoryId id);

  WatchedDirectory& root() { return *find(kRoot); }
  /// Another directory is the root now; what is below it stays until a scan says otherwise.
  void replace_root(Descriptor root, DirectoryId id);

  WatchedDirectory* find(DirectoryNumber number);
  WatchedDirectory* find(const DirectoryId& id);
  WatchedDirectory* find_directory(std::string_view path);
  WatchedSource* find_source(std::string_view path);
  std::size_t size() const { return directories_.size(); }
  /// In it or below it.
  bool holds_sources(WatchedDirectory& directory);

  WatchedDirectory& add(WatchedDirectory& parent, const std::string& name, DirectoryId id,
                        std::int64_t born_ns);
  /// Takes the directory, which is not the root, and all below it out; `on_removed` is called for
  /// each of them, the deepest first, while its path is still known.
  void remove(WatchedDirectory& directory,
              const std::function<void(WatchedDirectory&)>& on_removed);
  void move(WatchedDirectory& directory, WatchedDirectory& parent, const std::string& name);
  void each_below(WatchedDirectory& directory, const std::function<void(WatchedDirectory&)>& call);

  /// Relative to the root, '/' between names; empty for the root itself.
  std::string path_of(const WatchedDirectory& directory) const;
  std::string path_of(const WatchedDirectory& directory, std::string_view name) const;
  bool is_below(const WatchedDirectory& directory, const WatchedDirectory& above) const;

  /// The directory, opened with O_PATH; -1 when something else is at its place, and errno is as it
  /// was, or when it cannot be opened. Valid until the next call.
  int descriptor_of(const WatchedDirectory& directory);
  /// It is opened anew the next time.
  void close(DirectoryNumber number);
  /// So is what lies in another mount than the root, which could not be unmounted meanwhile.
  void close_other_mounts();

 private:
  struct Opened {
    DirectoryNumber number;
    Descriptor descriptor;
    bool in_other_mount;
  };
  bool is_in_other_mount(int fd, const DirectoryId& id);
  Descriptor open(const WatchedDirectory& directory) const;

  struct HashId {
    std::size_t operator()(const DirectoryId& id) const {
      return std::hash<std::uint64_t>()(id.inode * 31 + id.device);
    }
  };

  Descriptor root_;
  DirectoryNumber next_ = kRoot + 1;
  std::unordered_map<DirectoryNumber, std::unique_ptr<WatchedDirectory>> directories_;
  std::unordered_map<DirectoryId, DirectoryNumber, HashId> by_id_;
  std::list<Opened> opened_;  // the latest first; events come in runs of one directory
};

/// The number and version of a directory that is open.
std::optional<DirectoryId> directory_id(int fd);

}  // namespace engine::io
