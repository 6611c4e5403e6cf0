// export_csv(): a PropertyGraph as files that `neo4j-admin database import full` takes.
//
//   DIR/sources.csv, objects.csv       nodes
//   DIR/relationships.csv
//   DIR/import.args                    the arguments: neo4j-admin database import full @import.args
//   DIR/constraints.cypher             for cypher-shell afterwards: an import makes none
//
// Thread contract: a free function.
// Errors: kUnwritable: one line, file first. Files that are there are written anew.
// Source: neo4j.com/docs/operations-manual/5/import/.
#pragma once

#include <filesystem>

#include "engine/result.h"
#include "io/graph/property_graph.h"

namespace engine::io {

Result<void> export_csv(const PropertyGraph& graph, const std::filesystem::path& directory);

}  // namespace engine::io
