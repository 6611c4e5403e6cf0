// Neo4jFeed: brings a Neo4j database up to what OUTPUT holds.
//
// Thread contract: belongs to one thread at a time; `stop` may be asked for by any.
// Errors: one line that says what next. What did not get through is sent by the next bring_up(), of
// this process or another: the state store knows what the database has seen.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "engine/result.h"
#include "io/cli/command_line.h"
#include "io/neo4j/graph_sync.h"

namespace engine::io {

class Neo4jFeed {
 public:
  /// Is it Neo4j, does it know the user, is the database there?
  /// kUnreadable when it does not answer now, kInvalid when that will not change.
  /// REQUIRES: line.neo4j.url. `line` must outlive this.
  static Result<std::unique_ptr<Neo4jFeed>> open(const CommandLine& line);

  /// "Neo4j 5.26.30 at http://host:7474, database neo4j, transactional endpoint"
  std::string description() const;

  /// REQUIRES: OUTPUT has a state store.
  /// `patience`: so long it is waited for when it no longer answers; else --neo4j-timeout.
  Result<SyncCounts> bring_up(std::stop_token stop,
                              std::optional<std::chrono::nanoseconds> patience = {});

 private:
  Neo4jFeed(const CommandLine& line, std::unique_ptr<Neo4jServer> server);

  const CommandLine& line_;
  const std::unique_ptr<Neo4jServer> server_;
};

/// "3 trees, 12 nodes, 30 relationships sent; 1 tree removed"
std::string sync_text(const SyncCounts& counts);

/// One line about the rows that were put aside.
std::string rejected_text(const SyncCounts& counts, const std::string& state);

}  // namespace engine::io
