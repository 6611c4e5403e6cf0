#include "io/neo4j/graph_sync.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "tests/io/graph/scripted_catalogue.h"
#include "tests/io/neo4j/stand_in_neo4j.h"
#include "tests/support/temp_dir.h"

namespace engine::io {
namespace {

using test::catalogue_of;
using test::Said;
using test::Script;
using test::StandInNeo4j;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

class Sync : public ::testing::Test {
 protected:
  static Script tables(std::string column_table = "u") {
    return Script("a", Dialect::kPostgresql)
        .object("table", {}, "t")
        .object("constraint", {}, "fk", "t", "foreign_key")
        .says(ReferenceKind::kReferences, {}, std::move(column_table));
  }
  static Script views() {
    return Script("b", Dialect::kPostgresql)
        .object("view", {}, "v")
        .says(ReferenceKind::kReads, {}, "t");
  }

  SyncCounts sync(const std::vector<Script>& scripts) {
    const std::string path = (dir_ / "engine.db").string();
    EXPECT_TRUE(Catalogue::open(path));  // makes the file
    auto record = Neo4jRecord::open(path, stand_in_.address().url, "neo4j");
    EXPECT_TRUE(record) << record.error().message;
    auto server = Neo4jServer::connect(stand_in_.address(), std::chrono::seconds(20));
    EXPECT_TRUE(server) << server.error().message;
    Catalogue catalogue = catalogue_of(scripts);
    const auto graph = OutputGraph::load(catalogue, "/nowhere/out");
    EXPECT_TRUE(graph);
    const Patience patience{std::chrono::milliseconds(1), std::chrono::milliseconds(2), 3,
                            std::chrono::milliseconds(1)};
    auto counts = GraphSync(**server, *record, patience, {}).run(**graph);
    error_ = counts ? "" : counts.error().message;
    return counts ? *counts : SyncCounts();
  }

  engine::test::TempDir dir_;
  std::string refused_;   // rows that have this in them are
  bool is_down_ = false;  // for rows
  bool is_forgetful_ = false;
  bool deletes_nothing_ = false;
  bool refuses_constraints_ = false;
  std::string error_;
  StandInNeo4j stand_in_{
      [this](const std::string& statement, const Json& rows) { return script(statement, rows); }};

 private:
  std::optional<Said> script(const std::string& statement, const Json& rows) const {
    if (is_forgetful_ && statement.find("RETURN n.load") != std::string::npos) {
      return Said{200, R"({"results":[{"data":[]}],"errors":[]})"};
    }
    if (refuses_constraints_ && statement.find("CONSTRAINT") != std::string::npos) {
      return StandInNeo4j::error(200, "Neo.ClientError.Security.Forbidden");
    }
    if (is_down_ && !rows.empty()) return Said{503, "down"};
    if (deletes_nothing_ && statement.find("DELETE") != std::string::npos) return Said{503, "down"};
    if (!refused_.empty() && rows.dump().find(refused_) != std::string::npos) {
      return StandInNeo4j::error(200, "Neo.ClientError.Statement.TypeError");
    }
    return std::nullopt;
  }
};

TEST_F(Sync, SendsWhatTheDatabaseHasNotSeen) {
  const SyncCounts first = sync({tables(), views()});
  EXPECT_EQ(first.trees, 2u);
  EXPECT_EQ(first.nodes, 6u) << "two sources, a table, a key, a view, and u, which nobody defines";
  EXPECT_EQ(first.relationships, 6u);
  const SyncCounts again = sync({tables(), views()});
  EXPECT_EQ(again.trees, 0u);
  EXPECT_EQ(again.nodes, 0u);
  const SyncCounts changed = sync({tables("w"), views()});
  EXPECT_EQ(changed.trees, 1u);
  const SyncCounts removed = sync({tables("w")});
  EXPECT_EQ(removed.removed, 1u);
  EXPECT_EQ(removed.nodes, 0u);
}

TEST_F(Sync, ADatabaseThatIsEmptyAgainGetsEverything) {
  sync({tables(), views()});
  stand_in_.change([this] { is_forgetful_ = true; });
  EXPECT_EQ(sync({tables(), views()}).trees, 2u);
}

TEST_F(Sync, WhatDidNotGetThroughIsSentByTheNext) {
  stand_in_.change([this] { is_down_ = true; });
  sync({tables(), views()});
  EXPECT_THAT(error_, HasSubstr("what is missing is sent next time"));
  stand_in_.change([this] { is_down_ = false; });
  EXPECT_EQ(sync({tables(), views()}).trees, 2u);
  EXPECT_EQ(sync({tables(), views()}).trees, 0u);
}

TEST_F(Sync, ATreeWithARefusedRowIsTriedOnceMoreByTheNext) {
  stand_in_.change([this] { refused_ = "view v"; });
  const SyncCounts counts = sync({tables(), views()});
  EXPECT_EQ(counts.rejected, 3u) << "the node, and what begins or ends there";
  EXPECT_THAT(counts.first_reason, HasSubstr("TypeError"));
  Database store;
  ASSERT_EQ(store.open((dir_ / "engine.db").string(), SQLITE_OPEN_READONLY), SQLITE_OK);
  EXPECT_EQ(store.number("SELECT count(*) FROM neo4j_rejected WHERE tree = 'b'"), 3);
  stand_in_.change([this] { refused_.clear(); });
  EXPECT_EQ(sync({tables(), views()}).trees, 1u);
  EXPECT_EQ(store.number("SELECT count(*) FROM neo4j_rejected"), 0);
  EXPECT_EQ(sync({tables(), views()}).trees, 0u);
}

TEST_F(Sync, ARemovalThatDidNotGetThroughIsDoneByTheNext) {
  sync({tables(), views()});
  stand_in_.change([this] { deletes_nothing_ = true; });
  sync({tables()});
  EXPECT_THAT(error_, HasSubstr("what is missing is sent next time"));
  stand_in_.change([this] { deletes_nothing_ = false; });
  EXPECT_EQ(sync({tables()}).removed, 1u);
  EXPECT_EQ(sync({tables()}).removed, 0u);
}

TEST_F(Sync, ATreeWithARefusedRowIsRemovedLikeAnyOther) {
  stand_in_.change([this] { refused_ = "view v"; });
  sync({tables(), views()});
  EXPECT_EQ(sync({tables()}).removed, 1u);
  Database store;
  ASSERT_EQ(store.open((dir_ / "engine.db").string(), SQLITE_OPEN_READONLY), SQLITE_OK);
  EXPECT_EQ(store.number("SELECT count(*) FROM neo4j_rejected"), 0);
  EXPECT_EQ(sync({tables()}).removed, 0u);
}

TEST_F(Sync, AConstraintThatIsRefusedIsOneLineAndNothingIsSent) {
  refuses_constraints_ = true;
  sync({tables()});
  EXPECT_THAT(error_, HasSubstr("Forbidden"));
  EXPECT_THAT(error_, HasSubstr("constraint"));
  for (const std::string& statement : stand_in_.statements()) {
    EXPECT_THAT(statement, Not(HasSubstr("MERGE")));
  }
}

TEST_F(Sync, ConstraintsAreMadeOnceForADatabase) {
  sync({tables()});
  const auto made = [&] {
    const std::vector<std::string> all = stand_in_.statements();
    return std::count_if(all.begin(), all.end(), [](const std::string& statement) {
      return statement.find("CREATE CONSTRAINT") != std::string::npos;
    });
  };
  EXPECT_EQ(made(), 2);
  sync({tables("w")});
  EXPECT_EQ(made(), 2);
}

TEST_F(Sync, ConstraintsComeFirstNodesBeforeRelationshipsAndWhatIsGoneLast) {
  sync({tables()});
  std::vector<std::string> kinds;
  for (const std::string& statement : stand_in_.statements()) {
    const std::string kind = statement.find("CREATE CON") != std::string::npos ? "constraints"
                             : statement.find("MERGE (n:Object") != std::string::npos ? "nodes"
                             : statement.find("MERGE (a)-") != std::string::npos      ? "edges"
                             : statement.find("DELETE") != std::string::npos          ? "sweep"
                                                                                      : "";
    if (!kind.empty() && (kinds.empty() || kinds.back() != kind)) kinds.push_back(kind);
  }
  EXPECT_THAT(kinds, ElementsAre("constraints", "nodes", "edges", "sweep"));
}

}  // namespace
}  // namespace engine::io
