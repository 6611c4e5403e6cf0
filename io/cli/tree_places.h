// tree_places: every source's tree put where it belongs.
//
// Thread contract: free functions, on the thread that loads or watches.
// Errors: failures of the report.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "io/cli/load_report.h"
#include "io/file/source_folder.h"
#include "io/file/tree_writer.h"
#include "io/watch/tree_scan.h"

namespace engine::io {

/// Where its tree lay if, in an earlier run, something else was beside the source, or nothing was.
/// There are no more places than this one and FoundSource::tree_path.
std::string other_place(const FoundSource& source);

/// The source's tree lies at `tree_path` or at the other place, or nobody can tell.
bool may_have_tree(const std::string& source, const std::string& tree_path,
                   const TreeWriter& writer);

enum class TreeMove : std::uint8_t { kNone, kDone, kInTheWay };

/// Moves the source's tree from the other place to where it belongs, if it is there and nothing is
/// in the way that belongs to somebody.
TreeMove put_tree(const FoundSource& source, TreeWriter& writer, LoadReport& report);

/// Tells the folder where trees lie that are not where they would lie by default, and moves those
/// that an earlier run, with other entries beside the source, put elsewhere. Without `writer`
/// nothing is moved. The list is in the order of paths; the trees of sources that are not to be
/// done are where they belong.
void place_trees(const std::vector<FoundSource>& to_do, SourceFolder& folder, TreeWriter* writer,
                 LoadReport& report);

/// Says of so many trees that made way where they are now.
std::string made_way_text(const std::string& path, std::size_t trees, const std::string& successor,
                          const std::string& aside);

}  // namespace engine::io
