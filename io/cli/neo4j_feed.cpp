#include "io/cli/neo4j_feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "io/cli/catalogue_update.h"
#include "io/cli/figures.h"
#include "io/cli/load_records.h"

namespace engine::io {
namespace {

// A batch takes a tenth of a second; a server that collects garbage, some.
constexpr std::chrono::seconds kRequestTimeout{60};

}  // namespace

Neo4jFeed::Neo4jFeed(const CommandLine& line, std::unique_ptr<Neo4jServer> server)
    : line_(line), server_(std::move(server)) {}

Result<std::unique_ptr<Neo4jFeed>> Neo4jFeed::open(const CommandLine& line) {
  const Result<Neo4jAddress> address =
      neo4j_address(*line.neo4j.url, line.neo4j.database, line.neo4j.credentials);
  if (!address) return tl::make_unexpected(address.error());
  const auto timeout = std::clamp<std::chrono::nanoseconds>(
      line.neo4j.timeout, std::chrono::seconds(1), kRequestTimeout);
  Result<std::unique_ptr<Neo4jServer>> server = Neo4jServer::connect(
      *address, std::chrono::duration_cast<std::chrono::milliseconds>(timeout));
  if (!server) return tl::make_unexpected(server.error());
  return std::unique_ptr<Neo4jFeed>(new Neo4jFeed(line, std::move(*server)));
}

std::string Neo4jFeed::description() const {
  return fmt::format("Neo4j {} at {}, database {}, {}", server_->version(), server_->address().url,
                     server_->address().database,
                     server_->is_transactional() ? "transactional endpoint" : "Query API");
}

Result<SyncCounts> Neo4jFeed::bring_up(std::stop_token stop,
                                       std::optional<std::chrono::nanoseconds> waits) {
  Result<Catalogue> catalogue = open_catalogue(line_, {}, stop);
  if (!catalogue) return tl::make_unexpected(catalogue.error());
  const auto graph = OutputGraph::load(*catalogue, line_.output);
  if (!graph) return tl::make_unexpected(graph.error());
  Result<Neo4jRecord> record =
      Neo4jRecord::open(state_path(line_), server_->address().url, server_->address().database);
  if (!record) return tl::make_unexpected(record.error());
  Patience patience;
  patience.unavailable = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::min<std::chrono::nanoseconds>(waits.value_or(line_.neo4j.timeout), line_.neo4j.timeout));
  return GraphSync(*server_, *record, patience, std::move(stop)).run(**graph);
}

std::string sync_text(const SyncCounts& counts) {
  std::string text =
      fmt::format("{}, {}, {} sent", counted(counts.trees, "tree"), counted(counts.nodes, "node"),
                  counted(counts.relationships, "relationship"));
  if (counts.removed != 0) text += fmt::format("; {} removed", counted(counts.removed, "tree"));
  if (counts.retries != 0) text += fmt::format("; {} tried again", grouped(counts.retries));
  if (counts.rejected != 0) {
    text += fmt::format("; {} refused", counted(counts.rejected, "row"));
  }
  return text;
}

std::string rejected_text(const SyncCounts& counts, const std::string& state) {
  return fmt::format(
      "Neo4j: {} refused, the first: {}; all of them are in the table neo4j_rejected of {}",
      counted(counts.rejected, "row"), counts.first_reason, state);
}

}  // namespace engine::io
