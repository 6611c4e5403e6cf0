// A watch, as the built program, and what others do to its OUTPUT, or keep there: in the way,
// deleted, replaced, full of trees that stay.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/watch_program.h"

namespace engine::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;

TEST_F(WatchCommand, AnOutputInsideTheInputDoesNotFeedItself) {
  output_ = "in/out";
  dir_.write("in/a.sql", table("A"));
  start({"--realtime"});
  ASSERT_TRUE(until_tree("a"));
  dir_.write("in/b.sql", table("B"));
  ASSERT_TRUE(until_tree("b"));
  dir_.write("in/last.sql", table("Last"));  // its event comes behind those that b's tree made
  ASSERT_TRUE(until_tree("last"));
  const json stats = last_line(end().out);
  EXPECT_EQ(stats["watch"]["sources"], 3);
  EXPECT_EQ(stats["load"]["sources"], 3);
}

// Kept trees, however long ago their sources have gone.
TEST_F(WatchCommand, AKeptTreeMakesWayForThatOfASource) {
  dir_.write("in/a.sql", table("A"));
  dir_.write("in/b/x.sql", table("B"));
  start({"--realtime", "--log-file=log"});
  ASSERT_TRUE(until_done(2));
  fs::remove(dir_ / "in/a.sql");
  fs::remove_all(dir_ / "in/b");
  ASSERT_TRUE(until([&] { return recorded("gone") == 2; }));
  EXPECT_TRUE(exists("out/a/manifest.json"));
  EXPECT_TRUE(exists("out/b/x/manifest.json"));
  for (int i = 0; i < 20; ++i) dir_.write("in/a/x" + std::to_string(i) + ".sql", table("A"));
  dir_.write("in/b.sql", table("B"));
  EXPECT_TRUE(becomes_what_a_load_makes());
  EXPECT_EQ(end().exit_status, 0);
  EXPECT_THAT(
      read_file(dir_ / "log"),
      HasSubstr(
          "a: 1 tree of sources that are not there, or left out, made way for the tree of a/x"));
  EXPECT_THAT(
      read_file(dir_ / "log"),
      HasSubstr(
          "b: 1 tree of sources that are not there, or left out, made way for the tree of b.sql"));
}

// Before anybody can say that its source is gone, and not renamed.
TEST_F(WatchCommand, WhatMadeWayIsDeletedWhenItsSourceIsGone) {
  for (const char* each : {"in/a.sql", "in/b/x.sql", "in/b/y.sql"}) dir_.write(each, table("A"));
  start({"--realtime", "--on-delete=remove", "--log-file=log"});
  ASSERT_TRUE(until_done(3));
  const auto lies_aside = [&] {
    std::error_code gone;  // it goes with the last tree in it
    const bool is_empty = fs::is_empty(dir_ / "out/.engine/made_way", gone);
    return !gone && !is_empty;
  };
  for (int i = 0; i < 5; ++i) {
    fs::remove(dir_ / "in/a.sql");
    fs::remove_all(dir_ / "in/b");
    dir_.write("in/a/x.sql", table("A"));
    dir_.write("in/b.sql", table("B"));
    EXPECT_TRUE(becomes_what_a_load_makes());
    EXPECT_TRUE(until([&] { return !lies_aside(); })) << i;
    fs::remove_all(dir_ / "in/a");
    fs::remove(dir_ / "in/b.sql");
    dir_.write("in/a.sql", table("A"));
    for (const char* each : {"in/b/x.sql", "in/b/y.sql"}) dir_.write(each, table("A"));
    EXPECT_TRUE(becomes_what_a_load_makes());
    EXPECT_TRUE(until([&] { return !lies_aside(); })) << i;
  }
  EXPECT_EQ(end().exit_status, 0);
  const std::string log = read_file(dir_ / "log");
  EXPECT_THAT(log, HasSubstr("a.sql: is gone; its tree is deleted"));
  EXPECT_THAT(log, Not(HasSubstr("warning")));
}

// It is not told gone: nobody has looked whether it is there.
TEST_F(WatchCommand, WhatMadeWayOfASourceThatIsLeftOutStays) {
  dir_.write("in/a.sql", table("A"));
  ASSERT_EQ(run({"in", "out"}).exit_status, 0);
  start({"--realtime", "--on-delete=remove", "--exclude=a.sql", "--log-file=log"});
  ASSERT_TRUE(until_logged("loaded 0 sources"));
  dir_.write("in/a/x.sql", table("A"));
  EXPECT_TRUE(until_tree("a/x"));
  process_->send(SIGHUP);
  EXPECT_TRUE(until_logged("looked through the folder"));
  EXPECT_EQ(end().exit_status, 0);
  EXPECT_FALSE(fs::is_empty(dir_ / "out/.engine/made_way"));
}

// Nobody tells when it goes, so that it is tried again.
TEST_F(WatchCommand, WhatAnOutputDidNotTakeForAWhileIsDoneWhenItDoes) {
  if (::getuid() != 0) GTEST_SKIP() << "it takes somebody who may not write there";
  dir_.write("in/a.sql", table("A"));
  dir_.write("in/z.sql", table("Z"));
  start({"--watch", "--realtime", "--on-delete=remove", "--log-file=log"}, kNobody);
  ASSERT_TRUE(until_tree("a") && until_tree("z"));
  const fs::path output = dir_ / "out";
  ASSERT_EQ(::chmod(output.c_str(), 0555), 0);
  dir_.write("in/b.sql", table("B"));
  fs::remove(dir_ / "in/z.sql");
  ASSERT_TRUE(until_logged("out/b: cannot"));
  ASSERT_TRUE(until_logged("out/z"));
  ASSERT_EQ(::chmod(output.c_str(), 0755), 0);
  process_->send(SIGHUP);
  EXPECT_TRUE(until_tree("b"));
  EXPECT_TRUE(until([&] { return !exists("out/z"); }));
  EXPECT_EQ(end().exit_status, 0) << "nothing is failed any more";
}

TEST_F(WatchCommand, AnOutputThatIsReplacedIsToldOf) {
  dir_.write("in/a.sql", table("A"));
  start({"--watch", "--realtime", "--log-file=log"});
  ASSERT_TRUE(until_tree("a"));
  fs::rename(dir_ / "out", dir_ / "elsewhere");
  dir_.write("in/b.sql", table("B"));
  ASSERT_TRUE(until_logged("out: was moved or replaced"));
  EXPECT_TRUE(until([&] { return exists("elsewhere/b/manifest.json"); }));
  EXPECT_EQ(end().exit_status, 1);
}

// Nothing can be written any more: whoever starts it again has it all.
TEST_F(WatchCommand, AnOutputThatIsDeletedEndsTheWatchAndTheNextStartMakesItAnew) {
  dir_.write("in/a.sql", table("A"));
  start({"--watch", "--realtime", "--log-file=log"});
  ASSERT_TRUE(until_done(1));
  ASSERT_TRUE(until_logged("; watching"));
  ASSERT_TRUE(until([&] {  // it may write there still
    std::error_code error;
    fs::remove_all(dir_ / "out", error);
    return !exists("out");
  }));
  dir_.write("in/b.sql", table("B"));
  ASSERT_TRUE(until([&] { return !process_->runs(); }));
  const ProcessResult result = end(0);
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_EQ(
      result.err,
      "engine: out: was deleted while the engine ran: start it again, and it makes every tree "
      "anew\n");
  EXPECT_FALSE(exists("out"));
  start({"--watch", "--realtime"});
  EXPECT_TRUE(until_done(2));
  EXPECT_TRUE(becomes_what_a_load_makes());
  EXPECT_EQ(end().exit_status, 0);
}

TEST_F(WatchCommand, WhatNoOverwriteKeepsIsToldOnceAndCounted) {
  dir_.write("in/a.sql", table("A"));
  dir_.write("in/b.sql", table("B"));
  start({"--realtime", "--no-overwrite", "--workers=1", "--log-file=log"});
  ASSERT_TRUE(until_done(2));
  for (const char* name : {"Second", "Third"}) {
    dir_.write("in/a.sql", table(name));
    ASSERT_TRUE(until_logged("a.sql: its tree stays as it is (--no-overwrite)"));
    dir_.write("in/" + std::string(name) + ".sql", table(name));
    ASSERT_TRUE(until_tree(name));  // by the worker that had a.sql before
  }
  ASSERT_EQ(run({"retry", "out", "b.sql"}).exit_status, 0);
  EXPECT_TRUE(
      until_logged("b.sql: its tree stays as it is (--no-overwrite), however often it is "
                   "saved or engine retry asks for it"));
  const ProcessResult result = end();
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(last_line(result.out)["load"]["sources_kept"], 2);
  EXPECT_EQ(last_line(result.out)["load"]["sources_done"], 4);
  const std::string log = read_file(dir_ / "log");
  EXPECT_EQ(log.find("a.sql: its tree stays"), log.rfind("a.sql: its tree stays"));
  EXPECT_EQ(read_file(dir_ / "out/a/tables/dbo.A/dbo.A.sql").find("Third"), std::string::npos);
}

TEST_F(WatchCommand, WhatIsNotTheEnginesIsInTheWayUntilItGoes) {
  dir_.write("out/a/notes.txt", "mine");
  dir_.write("in/a.sql", table("A"));
  start({"--realtime", "--retry-limit=0", "--retry-pause=0.001", "--log-file=log"});
  ASSERT_TRUE(until_logged("out/a: something that is no tree is in the way"));
  EXPECT_EQ(read_file(dir_ / "out/a/notes.txt"), "mine");
  fs::remove(dir_ / "out/a/notes.txt");
  ASSERT_TRUE(until_tree("a"));
  EXPECT_EQ(end().exit_status, 0);
}

TEST_F(WatchCommand, ARescanMissesWhatSomebodyHasDeletedInTheOutput) {
  for (const char* name : {"a", "b", "c"})
    dir_.write(std::string("in/") + name + ".sql", table(name));
  dir_.write("in/broken.sql.gz", "no archive");
  start({"--realtime", "--retry-limit=0", "--log-file=log"});
  ASSERT_TRUE(until([&] { return recorded("done") == 3 && recorded("failed") == 1; }));
  fs::remove_all(dir_ / "out/a");
  fs::remove_all(dir_ / "out/b");
  process_->send(SIGHUP);
  ASSERT_TRUE(until_tree("a"));
  ASSERT_TRUE(until_tree("b"));
  const ProcessResult result = end();
  EXPECT_EQ(result.exit_status, 1);  // the broken one is, and has been left alone
  EXPECT_EQ(last_line(result.out)["load"]["sources_done"], 5);
  EXPECT_EQ(last_line(result.out)["load"]["sources_failed"], 1);
}

// Then it has no place where trees are built, until it makes one.
TEST_F(WatchCommand, ADeletedDirectoryOfItsOwnIsMadeAnewAndSaid) {
  dir_.write("in/a.sql", table("A"));
  dir_.write("in/b.sql", table("B"));
  start({"--realtime", "--on-delete=remove"});
  ASSERT_TRUE(until_done(2));
  fs::remove_all(dir_ / "out/.engine");
  dir_.write("in/a.sql", table("Changed"));
  EXPECT_TRUE(becomes_what_a_load_makes());
  fs::remove_all(dir_ / "out/.engine");
  fs::remove(dir_ / "in/b.sql");
  EXPECT_TRUE(becomes_what_a_load_makes());
  EXPECT_EQ(run({"in", "out"}).exit_status, 2);  // it has the lock still
  const ProcessResult result = end();
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, ::testing::HasSubstr("was deleted while the engine ran"));
  EXPECT_EQ(last_line(result.out)["load"]["sources_failed"], 0);
}

// Hard links and bind mounts, by which nothing beside the file is the same; and where the file was
// there when the watch began, and where that has made it.
TEST_F(WatchCommand, ItsStoreIsItsOwnUnderEveryName) {
  dir_.write("in/a.sql", table("A"));
  const auto is_refused = [&](const std::string& store) {
    const ProcessResult result = run({"--state=" + store, "in", "second"});
    EXPECT_EQ(result.exit_status, 2);
    EXPECT_THAT(result.err, HasSubstr("engine: " + store + ": held by another engine"));
  };
  for (const char* link : {"made.db", "there.db"}) {
    start({"--realtime", "--state=one.db", "--log-file=log"});
    ASSERT_TRUE(until_logged("; watching"));
    fs::create_hard_link(dir_ / "one.db", dir_ / link);
    is_refused(link);
    EXPECT_EQ(end().exit_status, 0);
    fs::remove(dir_ / "log");
  }
  start({"--realtime", "--log-file=log"});
  ASSERT_TRUE(until_logged("; watching"));
  fs::create_hard_link(dir_ / "out/.engine/engine.db", dir_ / "own.db");
  is_refused("own.db");
  EXPECT_EQ(end().exit_status, 0);
}

// It has locked that with its OUTPUT.
TEST_F(WatchCommand, AStoreInItsOutputByAnotherWayIsItsOwn) {
  fs::create_directories(dir_ / "out/.engine");
  fs::create_directory(dir_ / "way");
  if (::getuid() != 0 ||
      ::mount((dir_ / "out").c_str(), (dir_ / "way").c_str(), nullptr, MS_BIND, nullptr) != 0) {
    GTEST_SKIP() << "mounting needs privilege";
  }
  const ProcessResult result = run({"--state=way/.engine/engine.db", "in", "out"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  ASSERT_EQ(::umount2((dir_ / "way").c_str(), MNT_DETACH), 0);
}

}  // namespace
}  // namespace engine::test
