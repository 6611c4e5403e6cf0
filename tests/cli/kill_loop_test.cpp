// Loads and watches that are killed again and again while the folder changes: at the end the tree
// is what one quiet run makes, nothing is left over, and what was recorded as done was not done
// twice.
//
// ENGINE_KILL_ROUNDS: how often (20); ENGINE_KILL_SEED: which times (1).
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "io/base/file_version.h"
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

  // When each source was done that is recorded as done in the version it has now.
  std::map<std::string, std::int64_t> done() const {
    std::map<std::string, std::int64_t> found;
    io::Database database;
    const std::string path = (dir_ / "out/.engine/engine.db").string();
    if (!std::filesystem::exists(path)) return found;
    EXPECT_EQ(database.open(path, SQLITE_OPEN_READWRITE), SQLITE_OK);
    io::SourcesTable(database).each_source("state = 'done'", [&](const io::SourceRecord& record) {
      struct stat status {};
      if (::stat((dir_ / "in" / record.path).c_str(), &status) != 0) return;
      if (io::version_of(status) == record.version) found[record.path] = record.finished_ns;
    });
    return found;
  }
  // How many sources are on record that are not gone.
  std::size_t open_or_done() const {
    io::Database database;
    const std::string path = (dir_ / "out/.engine/engine.db").string();
    EXPECT_EQ(database.open(path, SQLITE_OPEN_READWRITE), SQLITE_OK);
    return static_cast<std::size_t>(
        database.number("SELECT count(*) FROM sources WHERE state <> 'gone'", -1));
  }
  // What is on record otherwise than the folder says, for people.
  std::string not_done() const {
    std::string found;
    io::Database database;
    EXPECT_EQ(database.open((dir_ / "out/.engine/engine.db").string(), SQLITE_OPEN_READWRITE),
              SQLITE_OK);
    const auto as_it_is = done();
    std::set<std::string> recorded;
    io::SourcesTable(database).each_source("true", [&](const io::SourceRecord& record) {
      recorded.insert(record.path);
      const bool is_gone = record.state == io::SourceState::kGone;
      if (exists("in/" + record.path) ? as_it_is.contains(record.path) : is_gone) return;
      found += record.path + ": " + std::string(io::state_name(record.state)) + ", " +
               record.error + (exists("in/" + record.path) ? "" : ", is not there") + '\n';
    });
    for (const auto& [path, text] : output_files(dir_ / "in")) {
      if (!recorded.contains(path)) found += path + ": not recorded\n";
    }
    return found;
  }
  // Nothing of that has been done again but what is in `changed`. How much there was.
  int expect_kept(const std::map<std::string, std::int64_t>& before,
                  const std::set<std::string>& changed, int round) const {
    const auto after = done();
    int kept = 0;
    for (const auto& [path, finished] : before) {
      if (changed.contains(path)) continue;
      const auto now = after.find(path);
      EXPECT_TRUE(now != after.end()) << "round " << round << ": " << path << " is forgotten";
      if (now == after.end()) continue;
      EXPECT_EQ(now->second, finished) << "round " << round << ": " << path << " done twice";
      ++kept;
    }
    return kept;
  }
  void expect_the_tree_of_a_quiet_run() const {
    ASSERT_EQ(run({"in", "quiet"}).exit_status, 0);
    const auto made = output_files(dir_ / "out"), expected = output_files(dir_ / "quiet");
    for (const auto& [path, text] : made) {
      EXPECT_TRUE(expected.contains(path)) << path << " is too much";
    }
    for (const auto& [path, text] : expected) {
      const auto found = made.find(path);
      ASSERT_TRUE(found != made.end()) << path << " is missing";
      EXPECT_TRUE(found->second == text) << path << " is another";
    }
    EXPECT_TRUE(std::filesystem::is_empty(dir_ / "out/.engine/build"));
    EXPECT_EQ(run({"verify", "out", "--input=in"}).exit_status, 0);
  }

  // Written, deleted, or renamed on top of another one; `changed` gets the names.
  void change_source(int source, int edition, std::set<std::string>* changed) {
    changed->insert(path_of(source));
    const std::filesystem::path path = dir_ / "in" / path_of(source);
    const int kind = below(10);
    std::error_code ignored;
    if (kind == 0) {
      std::filesystem::remove(path, ignored);
    } else if (kind == 1) {
      const int other = below(kSources);
      changed->insert(path_of(other));
      std::filesystem::rename(path, dir_ / "in" / path_of(other), ignored);
    } else {
      write_source(source, edition);
    }
  }
  int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }

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

  std::mt19937 random_{static_cast<unsigned>(number_of_environment("ENGINE_KILL_SEED", 1))};
};

TEST_F(KillLoop, LoadsThatAreKilled) {
  const int rounds = number_of_environment("ENGINE_KILL_ROUNDS", 20);
  for (int i = 0; i < kSources; ++i) write_source(i, 0);
  // Ends come at any time of a load, which is shorter than this one of every source.
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_EQ(run({"in", "timed"}).exit_status, 0);
  const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - begin);
  const int longest = static_cast<int>(whole.count()) * 3 / 4;
  int killed = 0, kept = 0;
  for (int round = 1; round <= rounds; ++round) {
    const auto before = done();
    std::set<std::string> changed;
    for (int change = below(100); change > 0; --change) {
      const int source = below(kSources);
      write_source(source, round);
      changed.insert(path_of(source));
    }
    const bool power = below(4) == 0;
    killed += load_and_kill(std::chrono::microseconds(below(longest)), power ? "power" : "process");
    if (!power) kept += expect_kept(before, changed, round);  // power trusts no record without it
  }
  EXPECT_GT(killed, 0);
  EXPECT_GT(kept, 0);
  std::printf("%d rounds, %d killed, %d records kept\n", rounds, killed, kept);

  ASSERT_EQ(run({"in", "out"}).exit_status, 0);
  expect_the_tree_of_a_quiet_run();
  EXPECT_EQ(done().size(), static_cast<std::size_t>(kSources));
}

TEST_F(KillLoop, WatchesThatAreKilled) {
  const int rounds = number_of_environment("ENGINE_KILL_ROUNDS", 20);
  const std::vector<std::string> watch = {"--realtime", "--on-delete=remove", "--workers=2", "in",
                                          "out"};
  RunOptions options;
  options.directory = dir_.str();
  for (int i = 0; i < kSources; ++i) write_source(i, 0);
  // A watch may be killed before it has done anything; then there is this to keep.
  ASSERT_EQ(run({"in", "out"}).exit_status, 0);
  int kept = 0;
  for (int round = 1; round <= rounds; ++round) {
    const auto before = done();
    std::set<std::string> changed;
    RunningProcess process(command(watch), options);
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(below(200));
    while (std::chrono::steady_clock::now() < end) {
      const int source = below(kSources);
      change_source(source, round, &changed);
      std::this_thread::sleep_for(std::chrono::milliseconds(1 + below(5)));
    }
    process.send(SIGKILL);
    EXPECT_EQ(process.wait().signal, SIGKILL);
    if (below(2) == 0) change_source(below(kSources), round, &changed);  // while nobody watches
    kept += expect_kept(before, changed, round);
  }
  EXPECT_GT(kept, 0);
  std::printf("%d rounds, %d records kept\n", rounds, kept);

  std::size_t expected = 0;
  for (const auto& [path, text] : output_files(dir_ / "in")) expected += path.ends_with(".sql");
  RunningProcess process(command(watch), options);
  const auto is_done = [&] { return done().size() == expected && open_or_done() == expected; };
  for (int i = 0; i < 3000 && !is_done(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  process.send(SIGTERM);
  const ProcessResult result = process.wait();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_TRUE(is_done()) << not_done();
  EXPECT_EQ(output_files(dir_ / "in").size(), expected) << "something is left over in INPUT";
  expect_the_tree_of_a_quiet_run();
}

}  // namespace
}  // namespace engine::test
