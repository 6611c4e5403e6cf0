// GraphSync: makes what a Neo4j database holds of an OUTPUT equal to its graph.
//
// Only trees whose rows changed since the database has seen them are sent; the state store knows
// what it has seen (Neo4jRecord), and a mark in the database tells whether that is still true: a
// database that is empty again, or an older copy, gets everything. Nodes go over several
// connections, relationships over one, in order, because they lock both ends.
//
// Interrupted anywhere, the next run goes on: every statement may be sent twice.
// Thread contract: belongs to one thread; `stop` may be asked for by any.
// Errors: those of BatchSender and Neo4jRecord.
// Source: docs/graph.md.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

#include "io/graph/output_graph.h"
#include "io/neo4j/batch_sender.h"
#include "io/state/neo4j_record.h"

namespace engine::io {

struct SyncCounts {
  std::uint64_t trees = 0;    ///< sent because they are new or changed
  std::uint64_t removed = 0;  ///< trees that are gone
  std::uint64_t nodes = 0;
  std::uint64_t relationships = 0;
  double nodes_seconds = 0;
  double relationships_seconds = 0;
  std::uint64_t rejected = 0;  ///< rows; Neo4jRecord has each with its reason
  std::uint64_t retries = 0;
  std::string first_reason;  ///< of the first rejected row
};

class GraphSync {
 public:
  GraphSync(Neo4jServer& server, Neo4jRecord& record, Patience patience, std::stop_token stop);

  Result<SyncCounts> run(const OutputGraph& graph);

 private:
  struct Plan;
  Result<Plan> plan(const PropertyGraph& graph, BatchSender& sender);
  Result<void> make_constraints(BatchSender& sender);
  Result<void> send_nodes(const PropertyGraph& graph, const Plan& plan, BatchSender& sender);
  Result<void> send_relationships(const PropertyGraph& graph, const Plan& plan,
                                  BatchSender& sender);
  Result<void> sweep(const PropertyGraph& graph, const Plan& plan, BatchSender& sender);
  Result<void> note(const PropertyGraph& graph, const Plan& plan,
                    const std::vector<RejectedRow>& rejected);

  Neo4jServer& server_;
  Neo4jRecord& record_;
  const Patience patience_;
  const std::stop_token stop_;
};

}  // namespace engine::io
