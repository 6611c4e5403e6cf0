// load_places: INPUT and OUTPUT of a load, checked before anything is touched; and every source's
// tree put where it belongs.
//
// Thread contract: free functions, on the thread that loads.
// Errors: one line: what, where, what next.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/result.h"
#include "io/cli/load_report.h"
#include "io/file/source_folder.h"
#include "io/file/tree_writer.h"
#include "io/watch/tree_scan.h"

namespace engine::io {

/// INPUT is a directory that lies in no output directory of any load; OUTPUT is one or can become
/// one, and lies in no tree and no other OUTPUT, unless it was one before.
Result<void> check_places(const std::string& input, const std::string& output);

/// Where its tree lay if, in an earlier run, something else was beside the source, or nothing was.
/// There are no more places than this one and FoundSource::tree_path.
std::string other_place(const FoundSource& source);

enum class TreeMove : std::uint8_t { kNone, kDone, kInTheWay };

/// Moves the source's tree from the other place to where it belongs, if it is there and nothing is
/// in the way that belongs to somebody.
TreeMove put_tree(const FoundSource& source, TreeWriter& writer, LoadReport& report);

/// Says of trees that made way where they are now; nothing of those that were deleted.
void warn_of_made_way(const std::string& path, const std::vector<PlacedTree>& trees,
                      const std::string& successor, const std::string& aside, LoadReport& report);

/// Whose trees stay where they are while a load goes on: those of the sources that it found. All
/// others that are in the way are kept elsewhere.
class OwnersOfLoad final : public TreeOwners {
 public:
  /// All of them outlive this, and are constant but for the report.
  OwnersOfLoad(const TreeScan& scan, const SourceFolder& folder, LoadReport& report)
      : scan_(scan), folder_(folder), report_(report) {}

  bool has(const std::string& source) const override;
  bool keeps(const std::string& /*source*/, const std::string& /*successor*/) override {
    return true;
  }
  void made_way(const std::string& path, const std::vector<PlacedTree>& trees,
                const std::string& successor, const std::string& aside) override;

 private:
  const TreeScan& scan_;
  const SourceFolder& folder_;
  LoadReport& report_;
};

/// Tells the folder where trees lie that are not where they would lie by default, and moves those
/// that an earlier run, with other entries beside the source, put elsewhere. Without `writer`
/// nothing is moved. The list is in the order of paths; the trees of sources that are not to be
/// done are where they belong.
void place_trees(const std::vector<FoundSource>& to_do, SourceFolder& folder, TreeWriter* writer,
                 LoadReport& report);

}  // namespace engine::io
