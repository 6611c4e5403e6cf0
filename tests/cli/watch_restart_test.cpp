// A watch, as the built program, that is started again: after an end, a kill, or the loss of its
// store it does what is left to do and nothing twice.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "tests/cli/watch_program.h"

namespace engine::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;

TEST_F(WatchCommand, KilledItLosesNothingOfWhatIsThereAtTheNextStart) {
  for (int i = 0; i < 60; ++i) dir_.write("in/s" + std::to_string(i) + ".sql", table("T"));
  start({"--realtime"});
  ASSERT_TRUE(until_tree("s0"));
  end(SIGKILL);
  dir_.write("in/between.sql", table("Between"));
  start({"--realtime"});
  EXPECT_TRUE(becomes_what_a_load_makes());
  EXPECT_EQ(end().exit_status, 0);
}

TEST_F(WatchCommand, WhatIsDoneIsNotDoneAgainAtTheNextStart) {
  for (int i = 0; i < 20; ++i) dir_.write("in/s" + std::to_string(i) + ".sql", table("T"));
  start({"--watch"});
  ASSERT_TRUE(until_done(20));
  end(SIGKILL);
  dir_.write("in/s3.sql", table("Other"));
  dir_.write("in/new.sql", table("New"));
  start({"--watch", "--debounce-window=0.05"});
  ASSERT_TRUE(until_done(21));
  EXPECT_TRUE(becomes_what_a_load_makes());
  const ProcessResult result = end();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  const json stats = last_line(result.out);
  EXPECT_EQ(stats["watch"]["sources"], 21);
  EXPECT_EQ(stats["watch"]["changed"], 2);
  EXPECT_EQ(stats["load"]["sources_done"], 2);
}

TEST_F(WatchCommand, ALoadAndAWatchKeepTheSameRecords) {
  dir_.write("in/a.sql", table("A"));
  ASSERT_EQ(run({"in", "out"}).exit_status, 0);
  start({"--realtime"});
  dir_.write("in/b.sql", table("B"));
  ASSERT_TRUE(until_done(2));
  EXPECT_EQ(last_line(end().out)["load"]["sources_done"], 1);
  const json stats = json::parse(run({"--stats=json", "in", "out"}).out);
  EXPECT_EQ(stats["load"]["sources_unchanged"], 2);
}

TEST_F(WatchCommand, WhatHappenedWhileNobodyWatchedIsMadeGood) {
  for (const char* name : {"stays", "goes", "is_called"}) {
    dir_.write(std::string("in/") + name + ".sql", table(name));
  }
  start({"--realtime", "--on-delete=remove"});
  ASSERT_TRUE(until_done(3));
  end(SIGKILL);
  fs::remove(dir_ / "in/goes.sql");
  fs::rename(dir_ / "in/is_called.sql", dir_ / "in/otherwise.sql");
  start({"--realtime", "--on-delete=remove"});
  EXPECT_TRUE(becomes_what_a_load_makes());
  ASSERT_TRUE(until([&] { return recorded("sources") == 2 && recorded("done") == 2; }));
  const ProcessResult result = end();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(last_line(result.out)["watch"]["renamed"], 1);
}

// As if it had been killed between the tree and its record.
TEST_F(WatchCommand, ATreeThatAKilledWatchDidNotRecordGoesWithItsSource) {
  for (const char* name : {"stays", "goes"}) {
    dir_.write(std::string("in/") + name + ".sql", table(name));
  }
  start({"--realtime", "--on-delete=remove"});
  ASSERT_TRUE(until_done(2));
  end(SIGKILL);
  for (const char* suffix : {"", "-wal", "-shm"}) {
    fs::remove(dir_ / (std::string("out/.engine/engine.db") + suffix));
  }
  fs::remove(dir_ / "in/goes.sql");
  start({"--realtime", "--on-delete=remove"});
  EXPECT_TRUE(becomes_what_a_load_makes());
  EXPECT_EQ(end().exit_status, 0);
  EXPECT_FALSE(exists("out/.engine/watching"));
}

// As if it had been killed between a rename and the tree of the new name.
TEST_F(WatchCommand, ATreeThatAKilledWatchHadNoRecordOfIsOnRecordAsGone) {
  dir_.write("in/stays.sql", table("stays"));
  ASSERT_EQ(run({"in", "out"}).exit_status, 0);
  fs::copy_file(dir_ / "out/.engine/engine.db", dir_ / "before.db");
  dir_.write("in/goes.sql", table("goes"));
  start({"--realtime"});
  ASSERT_TRUE(until_done(2));
  end(SIGKILL);
  for (const char* suffix : {"", "-wal", "-shm"}) {
    fs::remove(dir_ / (std::string("out/.engine/engine.db") + suffix));
  }
  fs::copy_file(dir_ / "before.db", dir_ / "out/.engine/engine.db");
  fs::remove(dir_ / "in/goes.sql");
  const std::string gone = "goes.sql: is gone; its tree: goes\n";
  for (const char* log : {"log", "log2"}) {
    start({"--realtime", std::string("--log-file=") + log});
    EXPECT_TRUE(until([&] { return run({"status", "--gone", "out"}).out == gone; }));
    ASSERT_TRUE(until([&] {
      return exists(log) && read_file(dir_ / log).find("; watching") != std::string::npos;
    }));
    end(SIGKILL);
  }
  EXPECT_THAT(read_file(dir_ / "log"), HasSubstr("goes.sql: is gone"));
  EXPECT_EQ(read_file(dir_ / "log2").find("goes.sql"), std::string::npos) << "it is told once";
  fs::remove(dir_ / "log");
  start({"--realtime", "--log-file=log"});
  EXPECT_TRUE(until_logged("; watching"));
  EXPECT_EQ(end().exit_status, 0);
  EXPECT_FALSE(exists("out/.engine/watching"));
  EXPECT_EQ(run({"status", "--gone", "out"}).out, gone);
}

// The start that comes after it ends before it has looked at everything.
TEST_F(WatchCommand, WhatAKilledWatchDidNotRecordIsLookedForUntilAStartHasSeenTheWholeFolder) {
  for (const char* name : {"stays", "goes", "closed/other"}) {
    dir_.write(std::string("in/") + name + ".sql", table(name));
  }
  fs::create_directory(dir_ / "out");
  fs::permissions(dir_ / "out", fs::perms::all);
  const auto user = ::geteuid() == 0 ? std::optional(kNobody) : std::nullopt;
  start({"--realtime", "--on-delete=remove"}, user);
  ASSERT_TRUE(until_done(3));
  end(SIGKILL);
  for (const char* suffix : {"", "-wal", "-shm"}) {
    fs::remove(dir_ / (std::string("out/.engine/engine.db") + suffix));
  }
  fs::remove(dir_ / "in/goes.sql");
  fs::permissions(dir_ / "in/closed", fs::perms::none);
  start({"--realtime", "--on-delete=remove", "--log-file=log"}, user);
  EXPECT_TRUE(until_logged("closed: cannot read the directory"));
  EXPECT_TRUE(until_logged("; watching"));
  end();
  EXPECT_TRUE(exists("out/goes/manifest.json"));
  fs::permissions(dir_ / "in/closed", fs::perms::all);
  start({"--realtime", "--on-delete=remove"}, user);
  EXPECT_TRUE(until([&] { return !exists("out/goes"); }));
  EXPECT_EQ(end().exit_status, 0);
  EXPECT_TRUE(exists("out/closed/other/manifest.json"));
  EXPECT_FALSE(exists("out/.engine/watching"));
}

TEST_F(WatchCommand, AGoneSourceWhoseTreeSomebodyDeletedIsForgottenAtTheStart) {
  for (const char* name : {"stays", "goes"}) {
    dir_.write(std::string("in/") + name + ".sql", table(name));
  }
  ASSERT_EQ(run({"in", "out"}).exit_status, 0);
  fs::remove(dir_ / "in/goes.sql");
  ASSERT_EQ(run({"in", "out"}).exit_status, 0);
  fs::remove_all(dir_ / "out/goes");
  ASSERT_EQ(recorded("gone"), 1);
  start({"--realtime"});
  EXPECT_TRUE(until([&] { return recorded("gone") == 0; }));
  EXPECT_EQ(end().exit_status, 0);
}

// A watch tries in the folder whether it hears of a file that is made there.
TEST_F(WatchCommand, WhatAKilledWatchTriedTheFolderWithIsRemoved) {
  const pid_t ended = ::fork();
  if (ended == 0) ::_exit(0);
  ::waitpid(ended, nullptr, 0);
  const std::string own = ".engine-probe-" + std::to_string(ended);
  const std::string running = ".engine-probe-" + std::to_string(::getpid());
  dir_.write("in/" + own, "");
  for (const std::string& other : {own + "x", running}) dir_.write("in/" + other, "");
  dir_.write("in/a.sql", table("a"));
  start({"--realtime"});
  ASSERT_TRUE(until_done(1));
  EXPECT_FALSE(exists("in/" + own));
  EXPECT_TRUE(exists("in/" + own + "x"));
  EXPECT_TRUE(exists("in/" + running));
  EXPECT_EQ(end().exit_status, 0);
}

// What the store knew of trees whose source went meanwhile, the manifests know.
TEST_F(WatchCommand, ADeletedStoreHidesNoDeletedSource) {
  dir_.write("in/a.sql", table("A"));
  dir_.write("in/b.sql", table("B"));
  ASSERT_EQ(run({"in", "out"}).exit_status, 0);
  fs::remove(dir_ / "out/.engine/engine.db");
  fs::remove(dir_ / "in/b.sql");
  start({"--realtime", "--on-delete=remove"});
  EXPECT_TRUE(becomes_what_a_load_makes());
  EXPECT_EQ(end().exit_status, 0);
}

}  // namespace
}  // namespace engine::test
