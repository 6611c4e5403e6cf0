// cypher: the statements that Neo4j is sent. Their text never changes, so that the server plans
// each once; everything of a graph goes as parameters.
//
// Thread contract: constants, and pure functions.
// Source: neo4j.com/docs/cypher-manual/5/.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace engine::io {

/// Made before anything is loaded: what MERGE looks nodes up by, and what finds those of one tree.
inline constexpr std::array<std::string_view, 4> kConstraints = {
    "CREATE CONSTRAINT engine_object IF NOT EXISTS FOR (n:Object) REQUIRE n.key IS UNIQUE",
    "CREATE CONSTRAINT engine_source IF NOT EXISTS FOR (n:Source) REQUIRE n.key IS UNIQUE",
    "CREATE INDEX engine_object_tree IF NOT EXISTS FOR (n:Object) ON (n.output, n.tree)",
    "CREATE INDEX engine_object_name IF NOT EXISTS FOR (n:Object) ON (n.name)"};

}  // namespace engine::io
