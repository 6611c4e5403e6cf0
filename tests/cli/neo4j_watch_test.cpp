// A watch that keeps the catalogue, or a Neo4j, up to date in quiet moments.
#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>
#include <atomic>

#include "io/state/database.h"
#include "tests/cli/watch_program.h"
#include "tests/io/neo4j/stand_in_neo4j.h"

namespace engine::test {
namespace {

using io::test::Said;
using io::test::StandInNeo4j;
using Json = nlohmann::json;

class GraphOfAWatch : public WatchCommand {
 protected:
  void start(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "--realtime");
    WatchCommand::start(arguments);
  }
  // Of the tables as they lie there, without a command that would bring them up.
  std::int64_t objects(const std::string& name) const {
    io::Database store;
    const std::string path = (dir_ / "out/.engine/engine.db").string();
    if (store.open(path, SQLITE_OPEN_READONLY) != SQLITE_OK) return -1;
    return store.number("SELECT count(*) FROM objects WHERE name = '" + name + "'");
  }
  std::int64_t recorded_as_done() const {
    io::Database store;
    const std::string path = (dir_ / "out/.engine/engine.db").string();
    if (store.open(path, SQLITE_OPEN_READONLY) != SQLITE_OK) return -1;
    return store.number("SELECT count(*) FROM sources WHERE state = 'done'");
  }
};

TEST_F(GraphOfAWatch, TheCatalogueFollows) {
  dir_.write("in/a.sql", "CREATE TABLE one (i int);\n");
  start({"--catalog", "--on-delete=remove"});
  EXPECT_TRUE(until([&] { return objects("one") == 1; }));
  dir_.write("in/b.sql", "CREATE VIEW two AS SELECT * FROM one;\n");
  EXPECT_TRUE(until([&] { return objects("two") == 1; }));
  std::filesystem::remove(dir_ / "in/a.sql");
  EXPECT_TRUE(until([&] { return objects("one") == 0; }));
  dir_.write("in/c.sql", "CREATE TABLE three (i int);\n");
  EXPECT_TRUE(until_tree("c"));
  EXPECT_EQ(end().exit_status, 0);
  EXPECT_EQ(objects("three"), 1);  // whether it was quiet before the end or not
}

TEST_F(GraphOfAWatch, Neo4jFollows) {
  StandInNeo4j server;
  dir_.write("in/a.sql", "CREATE TABLE one (i int);\n");
  start({"--neo4j=" + server.address().url});
  EXPECT_TRUE(until([&] { return server.has_taken("a: table one"); }));
  dir_.write("in/b.sql", "CREATE VIEW two AS SELECT * FROM one;\n");
  EXPECT_TRUE(until([&] { return server.has_taken("b: view two"); }));
  const ProcessResult result = end();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(last_line(result.out)["neo4j"]["trees"], 2) << result.out;
}

TEST_F(GraphOfAWatch, ANeo4jThatIsDownHoldsUpNoFileAndGetsAllOfItLater) {
  std::atomic<bool> is_down = false;
  std::atomic<int> tries = 0;
  StandInNeo4j server([&](const std::string&, const Json&) -> std::optional<Said> {
    if (!is_down.load(std::memory_order_relaxed)) return std::nullopt;
    ++tries;
    return StandInNeo4j::error(503, "Neo.TransientError.General.DatabaseUnavailable");
  });
  start({"--neo4j=" + server.address().url, "--neo4j-timeout=1"});
  ASSERT_TRUE(until([&] { return exists("out/.engine/engine.db"); }));
  is_down = true;
  dir_.write("in/a.sql", "CREATE TABLE one (i int);\n");
  EXPECT_TRUE(until_tree("a"));
  EXPECT_TRUE(until([&] { return tries >= 2; }));
  EXPECT_FALSE(server.has_taken("a: table one"));
  is_down = false;
  EXPECT_TRUE(until([&] { return server.has_taken("a: table one"); }));
  EXPECT_EQ(end().exit_status, 0);
}

TEST_F(GraphOfAWatch, AWrongNeo4jIsSaidBeforeAnythingIsWatched) {
  StandInNeo4j strict([](const std::string&, const Json&) {
    return StandInNeo4j::error(401, "Neo.ClientError.Security.Unauthorized");
  });
  start({"--neo4j=" + strict.address().url});
  const ProcessResult result = process_->wait();
  process_.reset();
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_FALSE(exists("out"));
}

// Whatever it waits for: here an answer, before anything is watched.
TEST_F(GraphOfAWatch, ASecondSignalIsHeardWhereverTheFirstFindsIt) {
  std::atomic<bool> is_asked = false;
  std::atomic<bool> answers = false;
  StandInNeo4j server([&](const std::string&, const Json&) -> std::optional<Said> {
    is_asked = true;
    static_cast<void>(until([&] { return answers.load(); }));
    return std::nullopt;
  });
  start({"--neo4j=" + server.address().url});
  EXPECT_TRUE(until([&] { return is_asked.load(); }));
  process_->send(SIGINT);
  EXPECT_TRUE(until([&] {  // it has been heard
    const std::string text = read_file("/proc/" + std::to_string(process_->pid()) + "/status");
    const std::size_t line = text.find("ShdPnd:");
    return line != std::string::npos && std::stoull(text.substr(line + 7), nullptr, 16) == 0;
  }));
  EXPECT_EQ(end(SIGTERM).signal, SIGTERM);
  answers = true;
}

// So much for a catalogue and for Neo4j, and one output.
std::string indexes(int count) {
  std::string text = "CREATE TABLE one (i int);\n";
  for (int i = 0; i < count; ++i) {
    text += "CREATE INDEX i" + std::to_string(i) + " ON one (i);\n";
  }
  return text;
}

// Or once more, where the catalogue was quicker than the signal.
TEST_F(GraphOfAWatch, TheEndLeavesOfTheCatalogueWhatItHasNoTimeFor) {
  dir_.write("in/many.sql", indexes(5000));
  ProcessResult ended;
  for (int tries = 0; ended.exit_status != 1 && tries < 10; ++tries) {
    std::filesystem::remove_all(dir_ / "out");
    start({"--catalog", "--layout=compact", "--stop-timeout=0.001"});
    ASSERT_TRUE(until([&] { return recorded_as_done() == 1; }));
    ended = end();
    ASSERT_EQ(ended.signal, 0);
  }
  EXPECT_EQ(ended.exit_status, 1);
  EXPECT_NE(ended.err.find("the catalogue is not up to date"), std::string::npos) << ended.err;
  EXPECT_EQ(objects("i7"), 0);
  start({"--catalog", "--layout=compact"});
  EXPECT_TRUE(until([&] { return objects("i7") == 1; }));
  EXPECT_EQ(end().exit_status, 0);
}

TEST_F(GraphOfAWatch, TheEndLeavesOfNeo4jWhatItHasNoTimeFor) {
  std::atomic<bool> is_slow = true;
  std::atomic<bool> is_asked = false;
  StandInNeo4j server([&](const std::string&, const Json& rows) -> std::optional<Said> {
    if (is_slow && !rows.empty()) {
      is_asked = true;
      static_cast<void>(until([&] { return !is_slow.load(); }));
    }
    return std::nullopt;
  });
  dir_.write("in/many.sql", indexes(5000));  // five requests, of which four are on their way
  const std::string neo4j = "--neo4j=" + server.address().url;
  start({neo4j, "--layout=compact", "--stop-timeout=0.1"});
  EXPECT_TRUE(until([&] { return is_asked.load(); }));
  const ProcessResult ended = end();
  is_slow = false;
  EXPECT_EQ(ended.exit_status, 1);
  EXPECT_NE(ended.err.find("Neo4j is not up to date"), std::string::npos) << ended.err;
  EXPECT_FALSE(server.has_taken("i4999"));
  start({neo4j, "--layout=compact", "--stop-timeout=0"});
  EXPECT_TRUE(until([&] { return server.has_taken("i4999"); }));
  EXPECT_EQ(end().exit_status, 0);
}

}  // namespace
}  // namespace engine::test
