// load_places: INPUT and OUTPUT of a load, checked before anything is touched; and every source's
// tree put where it belongs.
//
// Thread contract: free functions, on the thread that loads.
// Errors: one line: what, where, what next.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/result.h"
#include "io/cli/load_report.h"
#include "io/file/source_folder.h"
#include "io/file/tree_writer.h"
#include "io/watch/tree_scan.h"

namespace engine::io {

/// INPUT is a directory, OUTPUT is one or can become one, and INPUT does not lie in OUTPUT.
Result<void> check_places(const std::string& input, const std::string& output);

/// Where its tree lay if, in an earlier run, something else was beside the source, or nothing was.
std::string other_place(const FoundSource& source);

/// Is there still such a source?
using HasSource = std::function<bool(const std::string& path)>;

/// Moves the source's tree from the other place to where it belongs, if it is there; trees of gone
/// sources that are in the way are moved aside. False while something else is in the way.
bool put_tree(const FoundSource& source, const HasSource& is_source, TreeWriter& writer,
              LoadReport& report);

/// Tells the folder where trees lie that are not where they would lie by default, and moves those
/// that an earlier run, with other entries beside the source, put elsewhere. Trees of sources that
/// are gone are moved aside where a tree has to lie in their place. Without `writer` nothing is
/// moved. Both lists are in the order of paths; the trees of sources that are not to be done are
/// where they belong.
void place_trees(const std::vector<FoundSource>& sources, const std::vector<FoundSource>& to_do,
                 SourceFolder& folder, TreeWriter* writer, LoadReport& report);

}  // namespace engine::io
