#include "io/neo4j/cypher.h"

#include <fmt/format.h>

namespace engine::io {

// Labels and types are words of ours, letters and underscores.
std::string merge_nodes(std::string_view label) {
  if (label == "Source") {
    return "UNWIND $rows AS row MERGE (n:Source {key: row.key}) SET n = row, n.load = $load "
           "RETURN count(n)";
  }
  return fmt::format(
      "UNWIND $rows AS row MERGE (n:Object {{key: row.key}}) SET n = row, n.load = $load, n:{} "
      "RETURN count(n)",
      label);
}

// By everything that tells relationships of one type apart, so that the same row again changes
// nothing.
std::string merge_relationships(std::string_view type) {
  const bool is_of_source = type == "DEFINES";
  const std::string_view properties =
      is_of_source ? ""
      : type == "REFERENCES" || type == "READS"
          ? " {line: row.line, columns: row.columns, target_columns: row.target_columns}"
          : " {line: row.line}";
  return fmt::format(
      "UNWIND $rows AS row MATCH (a:{} {{key: row.from}}) MATCH (b:Object {{key: row.to}}) "
      "MERGE (a)-[r:{}{}]->(b) SET r.load = $load RETURN count(r)",
      is_of_source ? "Source" : "Object", type, properties);
}

}  // namespace engine::io
