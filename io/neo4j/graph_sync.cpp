#include "io/neo4j/graph_sync.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <chrono>
#include <map>
#include <random>
#include <unordered_set>
#include <utility>

#include "io/neo4j/cypher.h"

namespace engine::io {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kNodesAtOnce = 1000;
constexpr std::size_t kRelationshipsAtOnce = 2000;
constexpr std::size_t kNodeLanes = HttpClient::kConnections;
constexpr std::size_t kRelationshipLanes = 1;  // more of them deadlock more than they speed up

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string node_row(const PropertyGraph& graph, const PropertyNode& node) {
  Json row = graph.properties(node);
  row["key"] = node.key;
  return dumped(row);
}

std::string edge_row(const PropertyGraph& graph, const PropertyEdge& edge) {
  Json row = PropertyGraph::properties(edge);
  row["from"] = graph.nodes()[edge.from].key;
  row["to"] = graph.nodes()[edge.to].key;
  return dumped(row);
}

// Of a set of rows, whatever their order: the sum of their hashes.
struct Fingerprint {
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  void add(std::string_view row, std::string_view kind) {
    const XXH128_hash_t hash =
        XXH3_128bits_withSeed(row.data(), row.size(), XXH3_64bits(kind.data(), kind.size()));
    low += hash.low64;
    high += hash.high64;
  }
  std::string text() const { return fmt::format("{:016x}{:016x}", high, low); }
};

std::unordered_map<std::string, std::string> fingerprints(const PropertyGraph& graph) {
  std::unordered_map<std::string_view, Fingerprint> sums;
  for (const PropertyNode& node : graph.nodes()) {
    sums[PropertyGraph::tree_of(node)].add(node_row(graph, node), node_label(node));
  }
  for (const PropertyEdge& edge : graph.edges()) {
    sums[PropertyGraph::tree_of(graph.nodes()[edge.from])].add(edge_row(graph, edge), edge.type);
  }
  std::unordered_map<std::string, std::string> texts;
  for (const auto& [tree, sum] : sums) texts.emplace(tree, sum.text());
  return texts;
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::string new_load() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

// Rows of one statement after the other, cut into batches.
class Rows {
 public:
  using RowText = std::function<std::string(std::uint32_t index)>;
  Rows(std::size_t at_once, RowText text) : at_once_(at_once), text_(std::move(text)) {}

  void add(std::string statement, std::uint32_t index) {
    groups_[std::move(statement)].push_back(index);
  }

  bool next(Batch& batch) {
    if (group_ == groups_.end()) group_ = groups_.begin();
    while (place_ == group_size()) {
      if (groups_.empty() || std::next(group_) == groups_.end()) return false;
      ++group_;
      place_ = 0;
    }
    batch.statement = group_->first;
    while (place_ < group_size() && batch.rows.size() < at_once_) {
      batch.rows.push_back(text_(group_->second[place_++]));
    }
    return true;
  }

 private:
  using Groups = std::map<std::string, std::vector<std::uint32_t>>;
  std::size_t group_size() const { return groups_.empty() ? 0 : group_->second.size(); }

  const std::size_t at_once_;
  const RowText text_;
  Groups groups_;
  Groups::iterator group_ = groups_.end();
  std::size_t place_ = 0;
};

}  // namespace

// What is to be done, told by what the database has seen.
struct GraphSync::Plan {
  std::string load;
  bool everything = false;  ///< nothing is known of what is there
  std::unordered_map<std::string, std::string> fingerprints;
  std::unordered_set<std::string_view> changed;
  std::vector<std::string> removed;

  bool concerns(const PropertyNode& node) const {
    return changed.count(PropertyGraph::tree_of(node)) != 0;
  }
  std::vector<std::string> trees() const {
    std::vector<std::string> all(removed);
    all.insert(all.end(), changed.begin(), changed.end());
    return all;
  }
};

GraphSync::GraphSync(Neo4jServer& server, Neo4jRecord& record, Patience patience,
                     std::stop_token stop)
    : server_(server), record_(record), patience_(patience), stop_(std::move(stop)) {}

Result<SyncCounts> GraphSync::run(const OutputGraph& output_graph) {
  const PropertyGraph& graph = output_graph.properties();
  SyncCounts counts;
  std::vector<RejectedRow> rejected;
  const std::string load = new_load();
  BatchSender sender(server_, load, patience_, stop_,
                     [&](RejectedRow&& row) { rejected.push_back(std::move(row)); });
  Result<Plan> planned = plan(graph, sender);
  if (!planned) return tl::make_unexpected(planned.error());
  Plan& plan = *planned;
  plan.load = load;
  if (plan.changed.empty() && plan.removed.empty()) return counts;
  if (plan.everything) {
    if (Result<void> made = make_constraints(sender); !made)
      return tl::make_unexpected(made.error());
  }
  counts.trees = plan.changed.size() - plan.changed.count("");
  for (const std::string& tree : plan.removed) counts.removed += tree.empty() ? 0 : 1;

  // Beyond this point these trees are in doubt until all of them are there, or gone.
  const std::string mark = dumped({{"output", graph.output()}, {"load", load}});
  if (auto marked = sender.insist(kWriteMark, mark); !marked) {
    return tl::make_unexpected(marked.error());
  }
  if (Result<void> begun = record_.begin(load, plan.trees()); !begun) {
    return tl::make_unexpected(begun.error());
  }
  const auto begin = std::chrono::steady_clock::now();
  Result<void> sent = send_nodes(graph, plan, sender);
  counts.nodes = sender.counts().rows;
  counts.nodes_seconds = seconds_since(begin);
  if (sent) sent = send_relationships(graph, plan, sender);
  counts.relationships = sender.counts().rows - counts.nodes;
  counts.relationships_seconds = seconds_since(begin) - counts.nodes_seconds;
  if (sent) sent = sweep(graph, plan, sender);
  if (!sent) return tl::make_unexpected(sent.error());
  counts.retries = sender.counts().retries;
  counts.rejected = sender.counts().rejected;
  if (!rejected.empty()) counts.first_reason = rejected.front().reason;
  if (Result<void> noted = note(graph, plan, rejected); !noted) {
    return tl::make_unexpected(noted.error());
  }
  return counts;
}

Result<GraphSync::Plan> GraphSync::plan(const PropertyGraph& graph, BatchSender& sender) {
  const auto mark = sender.insist(kReadMark, dumped({{"output", graph.output()}}));
  if (!mark) return tl::make_unexpected(mark.error());
  Result<Neo4jRecord::Seen> seen = record_.seen();
  if (!seen) return tl::make_unexpected(seen.error());
  Plan plan;
  const bool is_known = mark->first_row.is_array() && !mark->first_row.empty() &&
                        mark->first_row[0] == seen->load && !seen->load.empty();
  plan.everything = !is_known;
  plan.fingerprints = fingerprints(graph);
  for (const auto& [tree, fingerprint] : plan.fingerprints) {
    const auto known = seen->trees.find(tree);
    const bool same = is_known && known != seen->trees.end() && known->second == fingerprint;
    if (!same) plan.changed.insert(tree);
  }
  for (const auto& [tree, fingerprint] : seen->trees) {
    if (plan.fingerprints.count(tree) == 0) plan.removed.push_back(tree);
  }
  return plan;
}

// Each takes as long as the rows of several scripts, so they are not asked for again where a mark
// says that they are there.
Result<void> GraphSync::make_constraints(BatchSender& sender) {
  for (const std::string_view constraint : kConstraints) {
    if (const auto made = sender.insist(constraint, "{}"); !made) {
      return fail(made.error().code, made.error().message + " (making a constraint)");
    }
  }
  return {};
}

Result<void> GraphSync::send_nodes(const PropertyGraph& graph, const Plan& plan,
                                   BatchSender& sender) {
  Rows rows(kNodesAtOnce,
            [&](std::uint32_t index) { return node_row(graph, graph.nodes()[index]); });
  for (std::uint32_t i = 0; i < graph.nodes().size(); ++i) {
    const PropertyNode& node = graph.nodes()[i];
    if (plan.concerns(node)) rows.add(merge_nodes(node_label(node)), i);
  }
  return sender.send(kNodeLanes, [&](Batch& batch) { return rows.next(batch); });
}

Result<void> GraphSync::send_relationships(const PropertyGraph& graph, const Plan& plan,
                                           BatchSender& sender) {
  Rows rows(kRelationshipsAtOnce,
            [&](std::uint32_t index) { return edge_row(graph, graph.edges()[index]); });
  for (std::uint32_t i = 0; i < graph.edges().size(); ++i) {
    const PropertyEdge& edge = graph.edges()[i];
    if (plan.concerns(graph.nodes()[edge.from])) rows.add(merge_relationships(edge.type), i);
  }
  return sender.send(kRelationshipLanes, [&](Batch& batch) { return rows.next(batch); });
}

Result<void> GraphSync::sweep(const PropertyGraph& graph, const Plan& plan, BatchSender& sender) {
  Json parameters = {{"output", graph.output()}, {"load", plan.load}, {"all", plan.everything}};
  parameters["trees"] = Json::array();
  if (!plan.everything) {
    for (const std::string& tree : plan.trees()) parameters["trees"].push_back(valid_utf8(tree));
  }
  const std::string text = dumped(parameters);
  for (const std::string_view statement : kSweeps) {
    if (Result<void> swept = sender.repeat(statement, text, kSweepLimit); !swept) return swept;
  }
  return {};
}

// A tree of which a row was put aside stays in doubt, so that the next run tries it once more.
Result<void> GraphSync::note(const PropertyGraph& graph, const Plan& plan,
                             const std::vector<RejectedRow>& rejected) {
  std::unordered_map<std::string_view, std::string_view> trees_by_key;
  if (!rejected.empty()) {
    for (const PropertyNode& node : graph.nodes()) {
      trees_by_key.emplace(node.key, PropertyGraph::tree_of(node));
    }
  }
  std::vector<Neo4jRecord::Rejected> records;
  std::unordered_set<std::string_view> unsure;
  for (const RejectedRow& row : rejected) {
    const Json parsed = Json::parse(row.row);
    const std::string key = parsed.value(parsed.contains("key") ? "key" : "from", "");
    const std::string_view tree = trees_by_key[key];
    unsure.insert(tree);
    records.push_back({std::string(tree), row.row, row.reason});
  }
  std::vector<Neo4jRecord::SeenTree> seen;
  for (const std::string_view tree : plan.changed) {
    if (unsure.count(tree) != 0) continue;
    seen.push_back({std::string(tree), plan.fingerprints.at(std::string(tree))});
  }
  return record_.finish(seen, plan.removed, records);
}

}  // namespace engine::io
