// cypher: the statements that Neo4j is sent. Their text never changes, so that the server plans
// each once; everything of a graph goes as parameters.
//
// What a load brings in it marks with a word of its own, $load; what is not marked afterwards is no
// longer said by anybody and goes.
// Thread contract: constants, and pure functions.
// Source: neo4j.com/docs/cypher-manual/5/.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace engine::io {

/// Made before anything goes into a database of which nothing is known: what MERGE looks nodes up
/// by, and what finds those of one tree.
inline constexpr std::array<std::string_view, 5> kConstraints = {
    "CREATE CONSTRAINT engine_object IF NOT EXISTS FOR (n:Object) REQUIRE n.key IS UNIQUE",
    "CREATE CONSTRAINT engine_source IF NOT EXISTS FOR (n:Source) REQUIRE n.key IS UNIQUE",
    "CREATE INDEX engine_object_tree IF NOT EXISTS FOR (n:Object) ON (n.output, n.tree)",
    "CREATE INDEX engine_source_tree IF NOT EXISTS FOR (n:Source) ON (n.output, n.tree)",
    "CREATE INDEX engine_object_name IF NOT EXISTS FOR (n:Object) ON (n.name)"};

/// The load that the database has seen last of $output.
inline constexpr std::string_view kReadMark =
    "MATCH (n:EngineLoad {output: $output}) RETURN n.load";
inline constexpr std::string_view kWriteMark =
    "MERGE (n:EngineLoad {output: $output}) SET n.load = $load";

/// Of $trees (all: of every tree of $output) what $load has not brought in, kSweepLimit at once.
inline constexpr int kSweepLimit = 10'000;
inline constexpr std::array<std::string_view, 4> kSweeps = {
    "MATCH (n:Object {output: $output}) WHERE $all OR n.tree IN $trees "
    "MATCH (n)-[r]->() WHERE coalesce(r.load, '') <> $load "
    "WITH r LIMIT 10000 DELETE r RETURN count(*)",
    "MATCH (n:Source {output: $output}) WHERE $all OR n.tree IN $trees "
    "MATCH (n)-[r:DEFINES]->() WHERE coalesce(r.load, '') <> $load "
    "WITH r LIMIT 10000 DELETE r RETURN count(*)",
    "MATCH (n:Object {output: $output}) WHERE ($all OR n.tree IN $trees) "
    "AND coalesce(n.load, '') <> $load "
    "WITH n LIMIT 10000 DETACH DELETE n RETURN count(*)",
    "MATCH (n:Source {output: $output}) WHERE ($all OR n.tree IN $trees) "
    "AND coalesce(n.load, '') <> $load "
    "WITH n LIMIT 10000 DETACH DELETE n RETURN count(*)"};

/// $rows are maps of a node's properties, `key` among them.
std::string merge_nodes(std::string_view label);

/// $rows are maps of `from`, `to` and the relationship's properties.
std::string merge_relationships(std::string_view type);

}  // namespace engine::io
