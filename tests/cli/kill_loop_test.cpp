// Killed again and again while the folder changes: at the end the tree is what one quiet run makes,
// nothing is left over, and what was recorded as done was not done twice.
//
// ENGINE_KILL_ROUNDS: how often (20); ENGINE_KILL_SEED: which times (1).
#include <gmock/gmock.h>
#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "io/state/sources_table.h"
#include "tests/cli/program.h"
#include "tests/support/in_memory.h"
#include "tests/support/output_files.h"

namespace engine::test {
namespace {

int number_of_environment(const char* name, int otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::atoi(text);
}

class KillLoop : public Program {
 protected:
  static constexpr int kSources = 300;

  std::string path_of(int source) const {
    return std::to_string(source % 7) + "/s" + std::to_string(source) + ".sql";
  }
  void write_source(int source, int edition) const {
    const std::string name = "dbo.t" + std::to_string(source);
    std::string text = "CREATE TABLE " + name + " (i int)\nGO\nINSERT " + name + " VALUES (" +
                       std::to_string(edition) + ")\nGO\n";
    for (int i = 0; i < edition % 4; ++i) {
      text += "CREATE INDEX ix" + std::to_string(i) + " ON " + name + " (i)\nGO\n";
    }
    dir_.write("in/" + path_of(source), text);
  }

  // When each source was done that is recorded so.
  std::map<std::string, std::int64_t> done() const {
    std::map<std::string, std::int64_t> found;
    io::Database database;
    const std::string path = (dir_ / "out/.engine/engine.db").string();
    if (!std::filesystem::exists(path)) return found;
    EXPECT_EQ(database.open(path, SQLITE_OPEN_READWRITE), SQLITE_OK);
    io::SourcesTable(database).each_source("state = 'done'", [&](const io::SourceRecord& record) {
      found[record.path] = record.finished_ns;
    });
    return found;
  }

  // True when the end came before the load's own.
  bool load_and_kill(std::chrono::microseconds after, const std::string& durability) const {
    RunOptions options;
    options.directory = dir_.str();
    RunningProcess process(command({"--workers=2", "--durability=" + durability, "in", "out"}),
                           options);
    std::this_thread::sleep_for(after);
    process.send(SIGKILL);
    return process.wait().signal == SIGKILL;
  }
};

TEST_F(KillLoop, LoadsThatAreKilled) {
  const int rounds = number_of_environment("ENGINE_KILL_ROUNDS", 20);
  std::mt19937 random(static_cast<unsigned>(number_of_environment("ENGINE_KILL_SEED", 1)));
  const auto below = [&](int limit) {
    return std::uniform_int_distribution<int>(0, limit - 1)(random);
  };
  for (int i = 0; i < kSources; ++i) write_source(i, 0);
  // Ends come at any time of a load, which is shorter than this one of every source.
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_EQ(run({"in", "timed"}).exit_status, 0);
  const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - begin);
  const int longest = static_cast<int>(whole.count()) * 3 / 4;
  int killed = 0, kept = 0;
  std::set<std::string> changed;  // since they were recorded as done
  for (int round = 1; round <= rounds; ++round) {
    const auto before = done();
    for (int change = below(100); change > 0; --change) {
      const int source = below(kSources);
      write_source(source, round);
      changed.insert(path_of(source));
    }
    const bool power = below(4) == 0;
    killed += load_and_kill(std::chrono::microseconds(below(longest)), power ? "power" : "process");
    const auto after = done();
    for (const auto& [path, finished] : before) {
      if (power || changed.contains(path)) continue;  // power trusts no record without it
      ASSERT_TRUE(after.contains(path)) << "round " << round << ": " << path << " is forgotten";
      EXPECT_EQ(after.at(path), finished) << "round " << round << ": " << path << " done twice";
      ++kept;
    }
    std::erase_if(changed, [&](const std::string& path) {
      const auto now = after.find(path), then = before.find(path);
      return now != after.end() && (then == before.end() || now->second != then->second);
    });
  }
  EXPECT_GT(killed, 0);
  EXPECT_GT(kept, 0);
  std::printf("%d rounds, %d killed, %d records kept\n", rounds, killed, kept);

  ASSERT_EQ(run({"in", "out"}).exit_status, 0);
  ASSERT_EQ(run({"in", "quiet"}).exit_status, 0);
  EXPECT_TRUE(output_files(dir_ / "out") == output_files(dir_ / "quiet"));
  EXPECT_TRUE(std::filesystem::is_empty(dir_ / "out/.engine/build"));
  EXPECT_EQ(run({"verify", "out", "--input=in"}).exit_status, 0);
  EXPECT_EQ(done().size(), static_cast<std::size_t>(kSources));
}

}  // namespace
}  // namespace engine::test
