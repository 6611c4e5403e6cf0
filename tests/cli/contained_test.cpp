// Promise 8, as the kernel sees it: every system call that makes, changes or removes something of
// the file system stays below OUTPUT; and promise 5, as a reader sees it who never stops reading.
#include <gmock/gmock.h>

#include <atomic>
#include <filesystem>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <thread>

#include "tests/cli/program.h"

namespace engine::test {
namespace {

namespace fs = std::filesystem;

class Contained : public Program {};

TEST_F(Contained, NoSystemCallWritesOutsideTheOutput) {
  if (run_process({"strace", "-o", "/dev/null", "true"}).exit_status != 0) {
    GTEST_SKIP() << "strace cannot be run here";
  }
  dir_.write(
      "in/a.sql",
      "CREATE TABLE [../../../canary/x] (i int)\nGO\nCREATE TABLE [/etc/passwd] (i int)\nGO\n"
      "CREATE INDEX [..] ON [../../../canary/x] (i)\nGO\nINSERT [..] VALUES (1)\nGO\n");
  fs::create_directories(dir_ / "canary");
  const std::string trace = (dir_ / "trace").string();
  RunOptions options;
  options.directory = dir_.str();
  for (const char* sql_of_the_second_run : {"", "DROP TABLE [a/../..]\nGO\n"}) {
    dir_.write("in/b.sql", sql_of_the_second_run);
    std::vector<std::string> traced = {"strace", "-f", "-y", "-o", trace, "-e",
                                       "trace=%file,openat2",
                                       // Nothing that is traced can be looked through for leaks.
                                       "-E", "ASAN_OPTIONS=detect_leaks=0"};
    for (const std::string& word : command({"in", "out"})) traced.push_back(word);
    ASSERT_EQ(run_process(traced, options).exit_status, 0);

    // name(directory<its path>, "path", ...: what changes something must begin below out/.
    const std::string out = fs::canonical(dir_ / "out").string();
    const std::regex changes("^\\d+ +(mkdirat|unlinkat|renameat2?|symlinkat|openat2?)\\((.*)$");
    std::istringstream lines(read_file(trace));
    std::size_t seen = 0;
    // SQLite knows its files by their whole names alone.
    const std::string catalogue = "\"" + out + "/.engine/engine.db";
    for (std::string line; std::getline(lines, line);) {
      if (line.find(catalogue) != std::string::npos) continue;
      if (line.find("/dev/shm/tsan.") != std::string::npos) continue;  // the sanitizer's own
      std::smatch call;
      EXPECT_FALSE(std::regex_search(line, std::regex("^\\d+ +(rename|unlink|rmdir|symlink)\\(")))
          << line;
      if (!std::regex_match(line, call, changes)) continue;
      const bool opens = call[1].str().starts_with("openat");
      if (opens && line.find("O_CREAT") == std::string::npos) continue;
      ++seen;
      const std::string target = call[2];
      const bool below = target.find("<" + out + ">") < target.find(',') ||
                         target.find("<" + out + "/") < target.find(',');
      const bool makes_output =
          call[1] == "mkdirat" && target.find("\"" + out) != std::string::npos;
      const bool makes_by_name = target.find("\"out") != std::string::npos;
      EXPECT_TRUE(below || makes_output || makes_by_name) << line;
    }
    EXPECT_GT(seen, 5u);
  }
  EXPECT_TRUE(fs::is_empty(dir_ / "canary"));
}

// Each version of the source has another number of tables; a reader who opens a tree and walks it
// finds one version, whole.
TEST_F(Contained, AReaderWhoWalksTheTreeFindsOneVersionWhole) {
  const auto script = [](int tables) {
    std::string sql;
    for (int i = 0; i < tables; ++i) {
      sql += "CREATE TABLE t" + std::to_string(tables) + "_" + std::to_string(i) + " (i int)\nGO\n";
    }
    return sql;
  };
  dir_.write("in/a.sql", script(3));
  ASSERT_EQ(run({"--workers=1", "in", "out"}).exit_status, 0);
  std::atomic<bool> stop{false};  // relaxed: nothing else is passed on
  std::size_t walks = 0, torn = 0;
  std::thread reader([&] {
    const std::string tree = (dir_ / "out/a/tables").string();
    while (!stop.load(std::memory_order_relaxed)) {
      std::set<std::string> versions;
      std::size_t count = 0;
      std::error_code gone;  // of a directory that was exchanged while it was open
      for (fs::directory_iterator entry(tree, gone), end; !gone && entry != end;
           entry.increment(gone)) {
        const std::string name = entry->path().filename();
        versions.insert(name.substr(0, name.find('_')));
        ++count;
      }
      if (gone || count == 0) continue;  // the old tree, deleted under the reader's feet
      ++walks;
      torn += versions.size() != 1;
    }
  });
  for (int round = 0; round < 20; ++round) {
    dir_.write("in/a.sql", script(round % 2 == 0 ? 40 : 3));
    EXPECT_EQ(run({"--workers=1", "in", "out"}).exit_status, 0);
  }
  stop.store(true, std::memory_order_relaxed);
  reader.join();
  EXPECT_GT(walks, 20u);
  EXPECT_EQ(torn, 0u);
}

}  // namespace
}  // namespace engine::test
