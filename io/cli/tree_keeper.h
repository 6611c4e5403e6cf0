// TreeKeeper: what becomes of trees while a folder is followed: when what lies beside a source
// gives its tree another name, when a source is renamed, and when it is gone.
//
// Thread contract: place() and renamed() on the watcher's thread; finished() on the engine's, where
// no two threads have the same source at once.
// Errors: told to the LoadReport.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>

#include "engine/source_report.h"
#include "io/cli/load_report.h"
#include "io/cli/on_delete.h"
#include "io/file/source_folder.h"
#include "io/file/tree_writer.h"

namespace engine::io {

class TreeKeeper {
 public:
  /// Without `writer` nothing is moved or deleted.
  TreeKeeper(SourceFolder& folder, TreeWriter* writer, OnDelete on_delete, LoadReport& report)
      : folder_(folder), writer_(writer), on_delete_(on_delete), report_(report) {}

  void place(const std::string& source, const std::string& tree_path);
  void renamed(const std::string& from, const std::string& to);
  void finished(const SourceReport& report);

 private:
  void put(const std::string& source);
  void gone(const std::string& source);
  void drop_former(const std::string& source);
  void drop(const std::string& source);
  void tell(const Result<void>& done);

  SourceFolder& folder_;
  TreeWriter* const writer_;
  const OnDelete on_delete_;
  LoadReport& report_;

  std::mutex mutex_;
  // Their trees may lie at the other place: they did, or somebody may just be writing them there.
  std::set<std::string> misplaced_;             // guarded by mutex_
  std::map<std::string, std::string> renamed_;  // guarded by mutex_; until the engine gets there
  // What a source was called before, while the tree of that name is still there.
  std::multimap<std::string, std::string> former_;  // guarded by mutex_
};

}  // namespace engine::io
