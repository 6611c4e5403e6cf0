// A watch, as the built program: its log and statistics, what has failed, and what is asked of it
// while it runs.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>

#include "io/state/database.h"
#include "tests/cli/watch_program.h"

namespace engine::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::HasSubstr;

TEST_F(WatchCommand, ASourceOfUncertainDialectIsNamedOnceHoweverOftenItIsSaved) {
  RunOptions options;
  options.directory = dir_.str();
  dir_.write("in/a.sql", "SELECT 0;\n");
  process_ = std::make_unique<RunningProcess>(command({"--realtime", "in", "out"}), options);
  for (int i = 1; i < 4; ++i) {
    ASSERT_TRUE(until_tree("a"));
    const std::string text = "SELECT " + std::to_string(i) + ";\n";
    dir_.write("in/a.sql", text);
    ASSERT_TRUE(until([&] {
      const std::string path = (dir_ / "out/a/other/0001.sql").string();
      std::ifstream stream(path);
      const std::string now{std::istreambuf_iterator<char>(stream), {}};
      return now.find(text) != std::string::npos;
    }));
  }
  const ProcessResult result = end();
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_THAT(result.out + result.err, HasSubstr("uncertain     1 source "));
}

TEST_F(WatchCommand, TheLogSaysWhatBecameOfTheFirstLoadAndOfASourceThatHadFailed) {
  dir_.write("in/a.sql", table("A"));
  dir_.write("in/b.sql", "CREATE TABLE dbo.B (Id int DEFAULT 'open);\nGO\n");
  dir_.write("in/c.sql", table("C"));
  dir_.write("out/c", "somebody's");
  std::this_thread::sleep_for(50ms);  // what is younger settles first
  start({"--realtime", "--dialect=tsql", "--log-file=log"});
  ASSERT_TRUE(until_logged("loaded 2 sources, 1 failed; watching"));
  EXPECT_TRUE(until_logged("b.sql:1:"));
  fs::remove(dir_ / "out/c");
  process_->send(SIGHUP);
  EXPECT_TRUE(until_logged("c.sql: had failed, and is done now"));
  EXPECT_TRUE(until_logged("looked through the folder: loaded 0 sources, 0 failed, 3 unchanged"));
  EXPECT_EQ(end().exit_status, 0);
}

TEST_F(WatchCommand, LinesOfItsLogBearTheirTime) {
  dir_.write("in/a.sql", table("A"));
  start({"--realtime"});
  ASSERT_TRUE(until_done(1));
  EXPECT_THAT(end().err, ::testing::ContainsRegex("engine: [0-9]+-[0-9]+-[0-9]+ "
                                                  "[0-9]+:[0-9]+:[0-9]+\\.[0-9]+ watching in: "));
}

TEST_F(WatchCommand, WhatAWatchDoesNotGoByIsSaid) {
  start({"--realtime", "--debounce-window=1", "--log-file=log"});
  EXPECT_TRUE(until_logged("--debounce-window: has no effect with --realtime"));
}

TEST_F(WatchCommand, VerifyNotesASourceThatWaitsForItsWindow) {
  dir_.write("in/a.sql", table("A"));
  start({"--watch", "--debounce-window=600", "--max-delay=600"});
  ASSERT_TRUE(until_done(1));
  dir_.write("in/a.sql", table("Changed"));
  ASSERT_TRUE(until([&] { return recorded("pending") == 1; }));
  const ProcessResult verified = run({"verify", "out", "--input=in"});
  EXPECT_EQ(verified.exit_status, 0) << verified.out;
  EXPECT_THAT(verified.out, HasSubstr("note: out/a: its source a.sql changed since, and the engine "
                                      "that runs is at it"));
  EXPECT_EQ(end().exit_status, 0);
  EXPECT_THAT(run({"verify", "out", "--input=in"}).out, ::testing::Not(HasSubstr("note")));
}

TEST_F(WatchCommand, WhatVerifyFindsIsMendedByARetryOfThatSource) {
  dir_.write("in/a.sql", table("A"));
  dir_.write("in/b.sql", table("B"));
  start({"--realtime", "--log-file=log"});
  ASSERT_TRUE(until_done(2));
  dir_.write("out/a/tables/dbo.A/dbo.A.sql", "changed");
  EXPECT_THAT(run({"verify", "out"}).out, HasSubstr("; engine retry out a.sql has it "));
  const ProcessResult asked = run({"retry", "out", "a.sql", "c.sql"});
  EXPECT_EQ(asked.exit_status, 2);  // c.sql is not on record
  EXPECT_THAT(asked.out, HasSubstr("1 source queued again"));
  EXPECT_TRUE(until([&] { return run({"verify", "out"}).exit_status == 0; }));
  EXPECT_TRUE(until_logged("a.sql: engine retry asks for it"));
  EXPECT_EQ(last_line(end().out)["load"]["sources_done"], 3);
}

TEST_F(WatchCommand, LinksAndSpecialFilesAreToldAsByALoad) {
  const std::string text = "not followed: 1 link; passed over: 1 special file\n";
  dir_.write("in/a.sql", table("A"));
  fs::create_symlink("a.sql", dir_ / "in/link.sql");
  ASSERT_EQ(::mkfifo((dir_ / "in/pipe.sql").c_str(), 0600), 0);
  EXPECT_THAT(run({"in", "quiet"}).err, HasSubstr(text));
  start({"--realtime", "--log-file=log"});
  ASSERT_TRUE(until_logged(text));
  fs::create_symlink("a.sql", dir_ / "in/more.sql");
  EXPECT_TRUE(until_logged("more.sql: not followed: it is a link"));
  ASSERT_EQ(::mkfifo((dir_ / "in/second.sql").c_str(), 0600), 0);
  EXPECT_TRUE(until_logged("second.sql: passed over: it is a special file"));
  process_->send(SIGHUP);
  EXPECT_TRUE(until_logged("not followed: 2 links; passed over: 2 special files"));
  const ProcessResult result = end();
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(last_line(result.out)["host"]["special_files_passed_over"], 2);
}

// By a job that makes its pipe anew each time, say.
TEST_F(WatchCommand, WhatIsPassedOverAgainAndAgainIsNamedOnce) {
  start({"--realtime", "--log-file=log"});
  const fs::path pipe = dir_ / "in/pipe.sql";
  int markers = 0;
  const auto remake = [&] {
    for (int i = 0; i < 3; ++i) {
      ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
      // What comes behind it is told behind it.
      const std::string marker = "m" + std::to_string(++markers);
      dir_.write("in/" + marker + ".sql", table("M"));
      ASSERT_TRUE(until_tree(marker));
      fs::remove(pipe);
    }
  };
  const auto named = [&](const std::string& how) {
    const std::string log = read_file(dir_ / "log");
    int count = 0;
    for (std::size_t at = 0; (at = log.find("pipe.sql: " + how, at)) != std::string::npos; ++at)
      ++count;
    return count;
  };
  ASSERT_TRUE(until_logged("loaded 0 sources"));
  remake();
  EXPECT_EQ(named("passed over: it is a special file"), 1);
  fs::create_symlink("m1.sql", pipe);
  EXPECT_TRUE(until_logged("pipe.sql: not followed: it is a link"));
  fs::remove(pipe);
  dir_.write("in/pipe.sql", table("P"));
  ASSERT_TRUE(until_tree("pipe"));
  fs::remove(pipe);
  remake();
  EXPECT_EQ(named("passed over: it is a special file"), 2);
  EXPECT_EQ(end().exit_status, 0);
}

TEST_F(WatchCommand, AFailedSourceIsToldByTheExitStatusUntilItIsMended) {
  dir_.write("in/a.sql.gz", "this is no gzip");
  start({"--realtime"});
  dir_.write("in/b.sql", table("B"));
  ASSERT_TRUE(until_tree("b"));
  EXPECT_EQ(end().exit_status, 1);
  start({"--realtime"});
  ASSERT_TRUE(until([&] { return recorded("failed") == 1; }));
  fs::remove(dir_ / "in/a.sql.gz");
  ASSERT_TRUE(until([&] { return recorded("sources") == 1; }));
  EXPECT_EQ(end().exit_status, 0);
}

TEST_F(WatchCommand, AFailureThatWasMendedIsNoneOfTheSummarys) {
  dir_.write("in/a.sql.gz", "this is no gzip");
  dir_.write("in/b.sql.gz", "nor is this");
  RunOptions options;
  options.directory = dir_.str();
  process_ = std::make_unique<RunningProcess>(command({"--realtime", "in", "out"}), options);
  ASSERT_TRUE(until([&] { return recorded("failed") == 2; }));
  fs::remove(dir_ / "in/a.sql.gz");
  ASSERT_TRUE(until([&] { return recorded("sources") == 1; }));
  const ProcessResult result = end();
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.out, HasSubstr("b.sql.gz: "));
  EXPECT_EQ(result.out.find("a.sql.gz: "), std::string::npos) << result.out;
}

TEST_F(WatchCommand, StatisticsComeWhenAskedForAndNowAndThen) {
  start({"--realtime", "--stats-interval=0.1", "--log-file=log"});
  dir_.write("in/a.sql", table("A"));
  ASSERT_TRUE(until_tree("a"));
  const auto lines = [&] {
    const std::string& out = process_->out_so_far();
    return std::count(out.begin(), out.end(), '\n');
  };
  ASSERT_TRUE(until([&] { return lines() >= 3; }));
  process_->send(SIGUSR1);
  process_->send(SIGHUP);
  ASSERT_TRUE(until_logged("looking through the folder"));
  dir_.write("in/b.sql", table("B"));  // what is told of it comes behind that
  ASSERT_TRUE(until_tree("b"));
  const ProcessResult result = end();
  EXPECT_GE(std::count(result.out.begin(), result.out.end(), '\n'), 4);
  std::size_t begin = 0;
  while (begin < result.out.size()) {
    const std::size_t end = result.out.find('\n', begin);
    EXPECT_TRUE(json::accept(result.out.substr(begin, end - begin)));
    begin = end + 1;
  }
  EXPECT_EQ(last_line(result.out)["watch"]["rescans"], 2);
}

TEST_F(WatchCommand, ARunningWatchHearsRetry) {
  dir_.write("in/bad.sql.gz", "this is no gzip");
  start({"--realtime"});
  ASSERT_TRUE(until([&] { return recorded("failed") == 1; }));
  const std::string failed = run({"status", "--failed", "--format=json", "out"}).out;
  EXPECT_THAT(run({"retry", "out"}).out, HasSubstr("1 source queued again"));
  // Tried again, it has failed at another time.
  EXPECT_TRUE(until([&] {
    const std::string now = run({"status", "--failed", "--format=json", "out"}).out;
    return !now.empty() && now != failed;
  }));
  EXPECT_EQ(end().exit_status, 1);
}

// Nothing is polled: its thread sleeps until something happens; in this folder, for which inotify
// is asked, because others write to the file system as well.
TEST_F(WatchCommand, WithNothingToDoItIsNotWoken) {
  dir_.write("in/a.sql", table("a"));
  start({"--realtime", "--rescan-interval=0", "--retry-pause=0.001", "--log-file=log",
         "--event-source=inotify"});
  ASSERT_TRUE(until_done(1));
  ASSERT_TRUE(until_logged("1 source in"));
  const auto sleeps = [&] {
    std::ifstream status("/proc/" + std::to_string(process_->pid()) + "/status");
    for (std::string line; std::getline(status, line);) {
      if (line.rfind("voluntary_ctxt_switches:", 0) == 0) return std::stol(line.substr(24));
    }
    return -1L;
  };
  ASSERT_GT(sleeps(), 0);
  EXPECT_TRUE(until([&] {  // after what the start has left to do
    const long before = sleeps();
    std::this_thread::sleep_for(1s);  // five times the pause for a disk that is full
    return sleeps() - before <= 1;
  }));
  EXPECT_EQ(end().exit_status, 0);
}

TEST_F(WatchCommand, NoExistingLeavesWhatWasThere) {
  dir_.write("in/a.sql", table("A"));
  std::this_thread::sleep_for(50ms);
  start({"--realtime", "--no-existing", "--log-file=log"});
  ASSERT_TRUE(until_logged("loaded 0 sources, 0 failed, 1 left alone (--no-existing); watching"));
  dir_.write("in/b.sql", table("B"));
  ASSERT_TRUE(until_tree("b"));
  EXPECT_EQ(end().exit_status, 0);
  EXPECT_FALSE(exists("out/a"));
}

TEST_F(WatchCommand, WhatItCouldNotReadIsAFailureAtTheEnd) {
  dir_.write("in/a.sql", table("A"));
  dir_.write("in/closed/b.sql", table("B"));
  fs::permissions(dir_ / "in/closed", fs::perms::none);
  fs::create_directory(dir_ / "out");
  fs::permissions(dir_ / "out", fs::perms::all);
  start({"--realtime"}, ::geteuid() == 0 ? std::optional(kNobody) : std::nullopt);
  const bool begun = until_done(1);
  const ProcessResult result = end();
  fs::permissions(dir_ / "in/closed", fs::perms::owner_all);
  if (result.exit_status == 127) GTEST_SKIP() << "nobody may not run the program where it lies";
  EXPECT_TRUE(begun);
  EXPECT_EQ(result.exit_status, 1) << result.err;
  EXPECT_EQ(last_line(result.out)["load"]["failures"], 1);
}

// No event tells that it may be read now.
TEST_F(WatchCommand, ADirectoryThatCanBeReadLaterIsFoundAsTheLogSays) {
  dir_.write("in/closed/b.sql", table("B"));
  fs::permissions(dir_ / "in/closed", fs::perms::none);
  fs::create_directory(dir_ / "out");
  fs::permissions(dir_ / "out", fs::perms::all);
  const bool is_root = ::geteuid() == 0;
  start({"--realtime", "--log-file=log"}, is_root ? std::optional(kNobody) : std::nullopt);
  const bool is_said = until_logged(
      "closed: cannot read the directory: Permission denied; looked at again every 2 s");
  fs::permissions(dir_ / "in/closed", fs::perms::all);
  const bool is_found =
      is_said && until_logged("closed: can be read now") && until_tree("closed/b");
  const ProcessResult result = end();
  if (result.exit_status == 127) GTEST_SKIP() << "nobody may not run the program where it lies";
  EXPECT_TRUE(is_said);
  EXPECT_TRUE(is_found);
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(read_file(dir_ / "log"), ::testing::Not(HasSubstr("closed: has no events")));
}

TEST_F(WatchCommand, TheServiceManagerIsTold) {
  const std::string path = (dir_ / "notify").string();
  const int listener = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  start({"--watch"});
  ::unsetenv("NOTIFY_SOCKET");
  std::array<char, 64> text{};
  ASSERT_EQ(::recv(listener, text.data(), text.size(), 0), 7);
  EXPECT_STREQ(text.data(), "READY=1");
  EXPECT_EQ(end().exit_status, 0);
  text = {};
  ASSERT_GT(::recv(listener, text.data(), text.size(), 0), 0);
  EXPECT_STREQ(text.data(), "STOPPING=1");
  ::close(listener);
}

// From within a container, say: what the system lists of its locks leaves out those of others.
TEST_F(WatchCommand, StatusKnowsOfAnEngineInAnotherPidNamespace) {
  dir_.write("in/a.sql", table("A"));
  start({"--realtime", "--log-file=log"});
  ASSERT_TRUE(until_done(1));
  io::Database store;
  ASSERT_EQ(store.open((dir_ / "out/.engine/engine.db").string(), SQLITE_OPEN_READWRITE),
            SQLITE_OK);
  ASSERT_EQ(store.execute("PRAGMA busy_timeout = 10000"), SQLITE_OK);
  ASSERT_EQ(store.execute("UPDATE sources SET state = 'running' WHERE path = 'a.sql'"), SQLITE_OK);
  store.close();
  EXPECT_EQ(recorded("running"), 1);
  RunOptions options;
  options.directory = dir_.str();
  std::vector<std::string> elsewhere = {"unshare", "--pid", "--fork", "--mount-proc"};
  std::vector<std::string> nothing = elsewhere;
  nothing.emplace_back("true");
  if (::geteuid() == 0 && run_process(nothing, options).exit_status == 0) {
    elsewhere.insert(elsewhere.end(), {ENGINE_PROGRAM, "status", "--format=json", "out"});
    EXPECT_THAT(run_process(elsewhere, options).out, HasSubstr("\"running\":1"));
  }
  end();
  EXPECT_EQ(recorded("running"), 0);
}

}  // namespace
}  // namespace engine::test
