// A watch, as the built program: whatever happens in the folder, the tree becomes what one quiet
// load of it makes.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>

#include "io/base/descriptor.h"
#include "io/state/database.h"
#include "tests/cli/watch_program.h"

namespace engine::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using io::Descriptor;
using nlohmann::json;
using ::testing::HasSubstr;

TEST_F(WatchCommand, TheTreeOfADeletedSourceIsKept) {
  dir_.write("in/a.sql", table("A"));
  start({"--realtime", "--log-file=log"});
  ASSERT_TRUE(until_tree("a"));
  fs::remove(dir_ / "in/a.sql");
  ASSERT_TRUE(until_logged("a.sql: is gone; its tree stays"));
  EXPECT_EQ(end().exit_status, 0);
  EXPECT_TRUE(exists("out/a/manifest.json"));
}

TEST_F(WatchCommand, WhatWasAskedForRightBeforeTheEndIsDone) {
  dir_.write("in/a.sql", table("A"));
  dir_.write("in/b.sql", table("B"));
  start({"--realtime", "--log-file=log"});
  ASSERT_TRUE(until_done(2));
  ASSERT_TRUE(until_logged("; watching"));
  EXPECT_THAT(run({"retry", "out", "a.sql", "b.sql"}).out, HasSubstr("2 sources queued again"));
  const ProcessResult result = end();
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(last_line(result.out)["load"]["sources_done"], 4) << result.out;
  EXPECT_THAT(read_file(dir_ / "log"), HasSubstr("b.sql: engine retry asks for it"));
  EXPECT_EQ(recorded("pending"), 0);
  EXPECT_EQ(recorded("done"), 2);
}

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

TEST_F(WatchCommand, WhatIsGoneIsToldWithWhatBecomesOfItsTree) {
  dir_.write("in/a.sql", table("A"));
  dir_.write("in/b.sql", table("B"));
  start({"--watch", "--debounce-window=600", "--max-delay=600", "--log-file=log"});
  ASSERT_TRUE(until_done(2));
  dir_.write("in/new.tmp.sql", table("A"));  // and gone before it has a tree
  ASSERT_TRUE(until([&] { return recorded("pending") == 1; }));
  fs::remove(dir_ / "in/new.tmp.sql");
  fs::remove(dir_ / "in/a.sql");
  EXPECT_EQ(end().exit_status, 0);
  const std::string log = read_file(dir_ / "log");
  EXPECT_THAT(log, HasSubstr("a.sql: is gone; its tree stays"));
  EXPECT_THAT(log, ::testing::Not(HasSubstr("new.tmp.sql: is gone")));
  EXPECT_EQ(run({"status", "--gone", "out"}).out, "a.sql: is gone; its tree: a\n");

  start({"--realtime", "--on-delete=remove", "--log-file=log"});
  EXPECT_TRUE(until_logged("a.sql: is gone; its tree is deleted"));
  EXPECT_EQ(end().exit_status, 0);
  EXPECT_FALSE(exists("out/a"));
  EXPECT_TRUE(exists("out/b/manifest.json"));
  EXPECT_EQ(run({"status", "--gone", "out"}).out, "");
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
  EXPECT_THAT(run({"verify", "out"}).out, HasSubstr("; engine retry OUTPUT_DIR a.sql has it "));
  EXPECT_EQ(run({"retry", "out", "a.sql", "c.sql"}).exit_status, 2);
  EXPECT_THAT(run({"retry", "out", "a.sql"}).out, HasSubstr("1 source queued again"));
  EXPECT_TRUE(until([&] { return run({"verify", "out"}).exit_status == 0; }));
  EXPECT_TRUE(until_logged("a.sql: engine retry asks for it"));
  EXPECT_EQ(last_line(end().out)["load"]["sources_done"], 3);
}

// Its sources have the versions that were processed before, and their trees are gone all the same.
// Whatever it was called when there was a tree of it.
TEST_F(WatchCommand, ARenamedSourceThatGoesBeforeItIsPublishedKeepsItsTree) {
  for (const char* name : {"a", "b", "c"})
    dir_.write(std::string("in/") + name + ".sql", table(name));
  ASSERT_EQ(run({"in", "out"}).exit_status, 0);
  start({"--watch", "--debounce-window=1", "--log-file=log"});
  ASSERT_TRUE(until_logged("3 sources"));
  fs::rename(dir_ / "in/a.sql", dir_ / "in/x.sql");
  fs::rename(dir_ / "in/b.sql", dir_ / "in/y.sql");
  ASSERT_TRUE(until_logged("a.sql: is called x.sql now"));
  ASSERT_TRUE(until_logged("b.sql: is called y.sql now"));
  fs::remove(dir_ / "in/x.sql");
  fs::rename(dir_ / "in/y.sql", dir_ / "in/z.sql");
  ASSERT_TRUE(until_tree("z"));
  EXPECT_EQ(end().exit_status, 0);
  EXPECT_TRUE(exists("out/a/manifest.json"));
  EXPECT_FALSE(exists("out/b/manifest.json"));
  EXPECT_TRUE(exists("out/c/manifest.json"));
  EXPECT_EQ(run({"status", "--gone", "out"}).out, "a.sql: is gone; its tree: a\n");
  EXPECT_THAT(read_file(dir_ / "log"), HasSubstr("a.sql: is gone; its tree stays"));
}

TEST_F(WatchCommand, WhatWasRenamedWhileNobodyWatchedIsSaidToBeRenamed) {
  for (const char* name : {"a", "b", "c"})
    dir_.write(std::string("in/") + name + ".sql", table(name));
  ASSERT_EQ(run({"in", "out"}).exit_status, 0);
  fs::rename(dir_ / "in/a.sql", dir_ / "in/x.sql");
  fs::remove(dir_ / "in/b.sql");
  std::this_thread::sleep_for(50ms);  // what is younger settles first
  start({"--realtime", "--log-file=log"});
  EXPECT_TRUE(until_logged("a.sql: is called x.sql now"));
  EXPECT_TRUE(until_logged("b.sql: is gone; its tree stays"));
  EXPECT_EQ(end().exit_status, 0);
  const std::string log = read_file(dir_ / "log");
  EXPECT_THAT(log, HasSubstr("loaded 1 source, 0 failed, 1 unchanged, 1 renamed"));
  EXPECT_THAT(log, ::testing::Not(HasSubstr("2 gone")));
}

// Its sources are what they were, and the engine, which saw them gone in between or not, does not
// make their trees again while it knows of any.
TEST_F(WatchCommand, ADirectoryThatIsRenamedAwayAndBackKeepsItsTrees) {
  constexpr int kCount = 8;  // a pause of 0 to 175 ms, below and above what a rename may take
  const auto place = [](int i, const char* name) { return name + std::to_string(i); };
  for (int i = 0; i < kCount; ++i) dir_.write("in/" + place(i, "z") + "/a.sql", table("A"));
  start({"--watch", "--debounce-window=1", "--log-file=log"});
  ASSERT_TRUE(until_done(kCount));
  for (int i = 0; i < kCount; ++i) {
    fs::rename(dir_ / ("in/" + place(i, "z")), dir_ / ("in/" + place(i, "t")));
    std::this_thread::sleep_for(i * 25ms);
    fs::rename(dir_ / ("in/" + place(i, "t")), dir_ / ("in/" + place(i, "z")));
  }
  dir_.write("in/last.sql", table("Last"));  // whatever came before has been told when it is done
  ASSERT_TRUE(until_tree("last"));
  ASSERT_TRUE(until_done(kCount + 1));
  EXPECT_EQ(end().exit_status, 0);
  for (int i = 0; i < kCount; ++i) {
    EXPECT_TRUE(exists("out/" + place(i, "z") + "/a/manifest.json")) << i;
    EXPECT_FALSE(exists("out/" + place(i, "t") + "/a/manifest.json")) << i;
  }
}

// A source that cannot be read under its new name gives its old tree up to nobody.
TEST_F(WatchCommand, NoTreeIsTakenForOneOfAnotherName) {
  dir_.write("in/a.sql", table("A"));
  dir_.write("in/b.sql", table("B"));
  start({"--watch", "--realtime", "--retry-limit=0", "--log-file=log"});
  ASSERT_TRUE(until_done(2));
  fs::rename(dir_ / "in/a.sql", dir_ / "in/c.sql.gz");
  ASSERT_TRUE(until([&] { return recorded("failed") == 1; }));
  dir_.write("in/a.sql", table("Again"));
  ASSERT_TRUE(until_done(2));
  fs::remove(dir_ / "in/a.sql");
  ASSERT_TRUE(until([&] { return recorded("gone") == 1; }));
  fs::rename(dir_ / "in/b.sql", dir_ / "in/d.sql.gz");
  ASSERT_TRUE(until([&] { return recorded("failed") == 2; }));
  fs::remove(dir_ / "in/c.sql.gz");
  fs::remove(dir_ / "in/d.sql.gz");
  ASSERT_TRUE(until([&] { return recorded("failed") == 0; }));
  EXPECT_EQ(end().exit_status, 0);
  EXPECT_TRUE(exists("out/a/manifest.json"));
  EXPECT_TRUE(exists("out/b/manifest.json"));
}

TEST_F(WatchCommand, ATreeOfAFormerNameGoesThoughTheWatchEndsBefore) {
  dir_.write("in/a.sql", table("A"));
  dir_.write("in/y.sql", table("Y"));
  const std::vector<std::string> options = {"--watch", "--realtime", "--retry-limit=0",
                                            "--on-delete=remove"};
  start(options);
  ASSERT_TRUE(until_done(2));
  fs::rename(dir_ / "in/a.sql", dir_ / "in/b.sql.gz");
  ASSERT_TRUE(until([&] { return recorded("failed") == 1; }));
  EXPECT_EQ(end().exit_status, 1);
  fs::remove(dir_ / "in/b.sql.gz");
  dir_.write("in/c.sql", table("C"));
  start(options);
  EXPECT_TRUE(becomes_what_a_load_makes());
  EXPECT_EQ(end().exit_status, 0);
}

TEST_F(WatchCommand, ADirectoryThatIsMovedAwayAndBackIsNew) {
  dir_.write("in/d/a.sql", table("A"));
  start({"--realtime", "--on-delete=remove"});
  ASSERT_TRUE(until_tree("d/a"));
  fs::rename(dir_ / "in/d", dir_ / "away");
  ASSERT_TRUE(until([&] { return !exists("out/d/a"); }));
  fs::rename(dir_ / "away", dir_ / "in/d");
  ASSERT_TRUE(until_tree("d/a"));
  fs::rename(dir_ / "in/d", dir_ / "in/e");
  ASSERT_TRUE(until([&] { return exists("out/e/a") && !exists("out/d/a"); }));
  fs::rename(dir_ / "in/e", dir_ / "in/d");
  EXPECT_TRUE(becomes_what_a_load_makes());
  EXPECT_EQ(end().exit_status, 0);
}

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
    const fs::path aside = dir_ / "out/.engine/made_way";
    return fs::exists(aside) && !fs::is_empty(aside);
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

TEST_F(WatchCommand, ATreeThatCouldNotBeDeletedIsAFailureUntilItIs) {
  if (::getuid() != 0) GTEST_SKIP() << "it takes somebody who may not write there";
  dir_.write("in/a.sql", table("A"));
  dir_.write("in/z.sql", table("Z"));
  start({"--watch", "--realtime", "--on-delete=remove", "--log-file=log"}, kNobody);
  ASSERT_TRUE(until_tree("a") && until_tree("z"));
  ASSERT_EQ(::chmod((dir_ / "out").c_str(), 0555), 0);
  fs::remove(dir_ / "in/z.sql");
  ASSERT_TRUE(until_logged("out/z"));
  EXPECT_EQ(end().exit_status, 1);
  ASSERT_EQ(::chmod((dir_ / "out").c_str(), 0755), 0);
  start({"--watch", "--realtime", "--on-delete=remove"}, kNobody);
  EXPECT_TRUE(becomes_what_a_load_makes());
  EXPECT_EQ(end().exit_status, 0);
}

// What is beside a source says where its tree lies; when it is gone nobody says so any more.
TEST_F(WatchCommand, ATreeThatHasMovedGoesWithItsSourceWhoeverMovedIt) {
  const std::vector<std::string> options = {"--watch", "--realtime", "--on-delete=remove"};
  for (const char* name : {"moved_by_a_watch", "moved_by_a_load", "moved_back"})
    dir_.write(std::string("in/") + name + ".sql", table(name));
  dir_.write("in/moved_back/x.sql", table("X"));
  ASSERT_EQ(run({"in", "out"}).exit_status, 0);
  dir_.write("in/moved_by_a_load/x.sql", table("X"));
  ASSERT_EQ(run({"in", "out"}).exit_status, 0);
  ASSERT_TRUE(exists("out/moved_by_a_load.sql"));
  start(options);
  ASSERT_TRUE(until_done(5));
  dir_.write("in/moved_by_a_watch/x.sql", table("X"));
  fs::remove_all(dir_ / "in/moved_back");
  EXPECT_TRUE(becomes_what_a_load_makes());
  ASSERT_TRUE(until_done(5));
  EXPECT_EQ(end().exit_status, 0);
  const json again = json::parse(run({"--stats=json", "in", "out"}).out);
  EXPECT_EQ(again["load"]["sources_unchanged"], 5) << "its records know where trees have moved";
  for (const char* name : {"moved_by_a_watch", "moved_by_a_load", "moved_back"})
    fs::remove(dir_ / "in" / (std::string(name) + ".sql"));
  start(options);
  EXPECT_TRUE(becomes_what_a_load_makes());
  EXPECT_EQ(end().exit_status, 0);
}

// Whatever it was called: it takes the tree of its name along.
TEST_F(WatchCommand, ATreeThatHasMovedIsThatOfTheRenamedSource) {
  dir_.write("in/a.sql", table("A"));
  dir_.write("in/a/x.sql", table("X"));
  ASSERT_EQ(run({"in", "out"}).exit_status, 0);
  fs::rename(dir_ / "in/a.sql", dir_ / "in/b.sql");
  start({"--watch", "--realtime"});  // it keeps the trees of deleted ones
  EXPECT_TRUE(becomes_what_a_load_makes());
  EXPECT_EQ(end().exit_status, 0);
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

TEST_F(WatchCommand, WhatBecameSomethingElseWhileNobodyWatchedIsGone) {
  for (const char* name : {"a", "b", "c", "d"})
    dir_.write(std::string("in/") + name + ".sql", table(name));
  start({"--watch", "--realtime", "--on-delete=remove"});
  ASSERT_TRUE(until_done(4));
  EXPECT_EQ(end().exit_status, 0);
  for (const char* name : {"a", "b", "c"}) fs::remove(dir_ / "in" / (std::string(name) + ".sql"));
  fs::create_directory(dir_ / "in/a.sql");
  fs::create_symlink("x", dir_ / "in/b.sql");
  ASSERT_EQ(::mkfifo((dir_ / "in/c.sql").c_str(), 0666), 0);
  start({"--watch", "--realtime", "--on-delete=remove"});
  for (const char* name : {"a", "b", "c"})
    EXPECT_TRUE(until([&] { return !exists(std::string("out/") + name); })) << name;
  EXPECT_EQ(end().exit_status, 0);
  EXPECT_TRUE(exists("out/d/manifest.json"));
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

// The file comes back where it was, and goes again before it is ready: it is gone all the same.
TEST_F(WatchCommand, WhatComesBackUnreadyAndGoesAgainIsGone) {
  for (const char* name : {"b", "c", "other"})
    dir_.write(std::string("in/") + name + ".sql", table(name));
  dir_.write("in/other.txt", "no source");
  start({"--realtime", "--on-delete=remove", "--settle-time=600", "--log-file=log"});
  ASSERT_TRUE(until_done(3));
  // That it is gone is told a tenth of a second after it was missed. Whoever was not back by then
  // tries it with another.
  std::string back;
  for (int i = 0; back.empty() && i < 50; ++i) {
    const std::string name = "a" + std::to_string(i) + ".sql";
    dir_.write("in/" + name, table("A"));
    ASSERT_TRUE(until_done(4));
    fs::remove(dir_ / "in" / name);
    ASSERT_TRUE(until_counted("sources", 3));
    fs::create_hard_link(dir_ / "in/other.txt", dir_ / "in" / name);
    ASSERT_TRUE(until_counted("sources_settling", 1));
    if (read_file(dir_ / "log").find(name + ": is gone") == std::string::npos) back = name;
    if (back.empty()) fs::remove(dir_ / "in" / name);
    ASSERT_TRUE(until_counted("sources_settling", back.empty() ? 0 : 1));
  }
  ASSERT_FALSE(back.empty());
  fs::create_hard_link(dir_ / "in/b.sql", dir_ / "in/moved.sql");
  fs::remove(dir_ / "in/b.sql");
  fs::create_hard_link(dir_ / "in/c.sql", dir_ / "in/there.sql");
  fs::remove(dir_ / "in/c.sql");
  ASSERT_TRUE(until_counted("sources_settling", 3));
  fs::remove(dir_ / "in/other.sql");  // missed last, so told last
  ASSERT_TRUE(until_logged("other.sql: is gone"));
  fs::remove(dir_ / "in" / back);
  fs::remove(dir_ / "in/moved.sql");
  fs::rename(dir_ / "in/there.sql", dir_ / "in/d.sql");
  EXPECT_TRUE(becomes_what_a_load_makes());
  EXPECT_EQ(end().exit_status, 0);
}

// The same where that it was gone has been told, and the engine has not come to it: not before so
// many wait for their window.
TEST_F(WatchCommand, WhatComesBackBeforeTheEngineHasLookedIsGoneAgain) {
  constexpr int kThreshold = 10;
  for (const char* name : {"a", "b"}) dir_.write(std::string("in/") + name + ".sql", table(name));
  dir_.write("in/other.txt", "no source");
  start({"--watch", "--debounce-window=600", "--max-delay=600", "--settle-time=600",
         "--batch-size-threshold=" + std::to_string(kThreshold), "--on-delete=remove",
         "--log-file=log"});
  ASSERT_TRUE(until_done(2));
  fs::rename(dir_ / "in/a.sql", dir_ / "in/c.sql");
  ASSERT_TRUE(until_logged("a.sql: is called c.sql now"));
  fs::remove(dir_ / "in/b.sql");
  ASSERT_TRUE(until_counted("gone", 2));
  for (const char* name : {"a", "b"})
    fs::create_hard_link(dir_ / "in/other.txt", dir_ / "in" / (std::string(name) + ".sql"));
  ASSERT_TRUE(until_counted("sources_settling", 2));
  for (const char* name : {"a", "b", "c"}) fs::remove(dir_ / "in" / (std::string(name) + ".sql"));
  ASSERT_TRUE(until_counted("gone", 5));
  EXPECT_THAT(read_file(dir_ / "log"), ::testing::Not(HasSubstr("is gone")));
  EXPECT_TRUE(exists("out/a") && exists("out/b"));
  for (int i = 0; i < kThreshold; ++i) dir_.write("in/s" + std::to_string(i) + ".sql", table("S"));
  EXPECT_TRUE(until([&] { return !exists("out/a") && !exists("out/b"); }));
  EXPECT_EQ(end().exit_status, 0);  // which does the others, too
  EXPECT_EQ(recorded("sources"), kThreshold);
  EXPECT_TRUE(becomes_what_a_load_makes());
}

// The watcher never heard of it, so it cannot tell that it is gone.
TEST_F(WatchCommand, WhatNobodyKnowsAndTheEngineDoesNotFindIsGone) {
  using namespace std::string_literals;
  const std::string kArchive =
      "\x1f\x8b\x08\0\0\0\0\0\x02\x03\x73\x0e\x72\x75\x0c\x71\x55\x08\x71\x74\xf2\x71\x55\x28\x51"
      "\xd0\xc8\x4c\x51\xc8\xcc\x2b\xd1\xb4\xe6\x02\0\xaf\xa9\x01\xb4\x19\0\0\0"s;
  dir_.write("in/a.sql.gz", kArchive);
  ASSERT_EQ(run({"in", "out"}).exit_status, 0);
  dir_.write("in/a.sql.gz", "no archive");
  ASSERT_EQ(run({"in", "out"}).exit_status, 1);
  ASSERT_TRUE(exists("out/a.sql.gz/manifest.json"));
  start({"--watch", "--realtime", "--on-delete=remove", "--exclude=a*", "--log-file=log"});
  ASSERT_TRUE(until_logged("0 sources"));
  fs::remove(dir_ / "in/a.sql.gz");
  EXPECT_EQ(run({"retry", "out"}).exit_status, 0);
  EXPECT_TRUE(until([&] { return !exists("out/a.sql.gz"); }));
  EXPECT_EQ(end().exit_status, 0);
}

// It is full, and what has happened waits in the kernel.
TEST_F(WatchCommand, WhatTheKernelHasKeptIsDoneBeforeTheEnd) {
  constexpr int kCount = 400;
  const auto path = [](int i) { return "in/s" + std::to_string(i) + ".sql"; };
  for (int i = 0; i < kCount; ++i) dir_.write(path(i), table("Old"));
  start({"--realtime", "--max-queue-size=10", "--batch-size-threshold=1", "--log-file=log"});
  ASSERT_TRUE(until_done(kCount));
  for (int i = 0; i < kCount; ++i) dir_.write(path(i), table("New"));
  const ProcessResult result = end();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(read_file(dir_ / "log").find("next start"), std::string::npos);
  EXPECT_TRUE(becomes_what_a_load_makes());
}

// Links are not followed, so it is a source no longer; and neither is a directory or a pipe.
TEST_F(WatchCommand, ASourceThatBecomesSomethingElseIsGone) {
  for (const char* name : {"link", "pipe", "directory", "stays"}) {
    dir_.write(std::string("in/") + name + ".sql", table(name));
  }
  start({"--realtime", "--on-delete=remove"});
  ASSERT_TRUE(until_done(4));
  for (const char* name : {"link", "pipe", "directory"}) {
    fs::remove(dir_ / (std::string("in/") + name + ".sql"));
  }
  fs::create_symlink("stays.sql", dir_ / "in/link.sql");
  ASSERT_EQ(::mkfifo((dir_ / "in/pipe.sql").c_str(), 0600), 0);
  dir_.write("in/directory.sql/inside.sql", table("Inside"));
  EXPECT_TRUE(becomes_what_a_load_makes());
  const ProcessResult result = end();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(last_line(result.out)["load"]["sources_failed"], 0);
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

// The options are in a pipe that nobody writes to yet, so it stands still before it has begun.
TEST_F(WatchCommand, ASignalThatComesBeforeTheWatchHasBegunIsHeard) {
  dir_.write("in/a.sql", table("A"));
  ASSERT_EQ(::mkfifo((dir_ / "options").c_str(), 0600), 0);
  start({"--realtime", "--config=options"});
  const std::string status = "/proc/" + std::to_string(process_->pid()) + "/status";
  ASSERT_TRUE(until([&] {
    const std::string text = read_file(status);
    const std::size_t line = text.find("SigBlk:");
    if (line == std::string::npos) return false;
    const unsigned long long held = std::stoull(text.substr(line + 7), nullptr, 16);
    // A sanitizer's runtime holds all signals while it starts.
    return (held >> (SIGTERM - 1) & 1) != 0 && (held >> (SIGUSR2 - 1) & 1) == 0;
  }));
  process_->send(SIGTERM);
  // To open it otherwise is to wait for a reader, for ever where the program has ended.
  int options = -1;
  EXPECT_TRUE(until([&] {
    options = ::open((dir_ / "options").c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    return options >= 0 || !process_->runs();
  }));
  const std::string text = "workers = 1\n";
  EXPECT_EQ(::write(options, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  ::close(options);
  const ProcessResult result = process_->wait();
  process_.reset();
  EXPECT_EQ(result.signal, 0);
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_TRUE(last_line(result.out).contains("watch"));
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

TEST_F(WatchCommand, WhatWaitsForItsWindowIsPublishedBeforeTheEnd) {
  dir_.write("in/there.sql", table("T"));  // fresh, and it waits for no window all the same
  start({"--watch", "--debounce-window=600", "--max-delay=600"});
  ASSERT_TRUE(until_tree("there"));  // the folder has been looked through
  dir_.write("in/a.sql", table("A"));
  ASSERT_TRUE(until([&] { return recorded("pending") == 1; }));
  EXPECT_FALSE(exists("out/a"));
  EXPECT_EQ(end(SIGINT).exit_status, 0);
  EXPECT_TRUE(exists("out/a/manifest.json"));
}

// One that is new, one that was there at the start, and one of which no event has told.
TEST_F(WatchCommand, WhatIsBeingWrittenAtTheEndIsToldAndLeftToTheNextStart) {
  const auto begin_to_write = [&](const char* name) {
    Descriptor file(::open((dir_ / "in" / name).c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644));
    EXPECT_EQ(::write(file.get(), "CREATE ", 7), 7);
    return file;
  };
  const auto end_writing = [](Descriptor& file) {
    EXPECT_EQ(::write(file.get(), "TABLE dbo.B (Id int);\n", 22), 22);
    file.reset();
  };
  Descriptor there = begin_to_write("there.sql");
  dir_.write("in/done.sql", table("Done"));
  std::this_thread::sleep_for(50ms);  // what is younger settles, too
  start({"--realtime", "--settle-time=600", "--log-file=log"});
  ASSERT_TRUE(until_logged(" not ready yet; watching"));
  ASSERT_TRUE(until_done(1));
  Descriptor fresh = begin_to_write("fresh.sql");
  Descriptor done = begin_to_write("done.sql");
  const ProcessResult result = end();
  EXPECT_EQ(result.exit_status, 0);  // what could be done is
  const json load = last_line(result.out)["load"];
  EXPECT_EQ(load["sources_not_processed"], 3);
  EXPECT_EQ(load["sources_done"], 1);
  EXPECT_EQ(load["sources"], 4);
  EXPECT_NE(read_file(dir_ / "log")
                .find("not processed: 3 sources, 3 of them not ready "
                      "(done.sql, fresh.sql, there.sql)"),
            std::string::npos);
  EXPECT_EQ(recorded("pending"), 3);
  for (Descriptor* file : {&there, &fresh, &done}) end_writing(*file);
  start({"--realtime"});
  EXPECT_TRUE(until_done(3));
  EXPECT_TRUE(becomes_what_a_load_makes());
  EXPECT_EQ(end().exit_status, 0);
}

TEST_F(WatchCommand, TheSummaryNamesTheFirstOfThoseThatAreBeingWritten) {
  std::vector<Descriptor> files;
  for (int i = 10; i < 35; ++i) {
    const std::string name = "in/s" + std::to_string(i) + ".sql";
    files.emplace_back(::open((dir_ / name).c_str(), O_WRONLY | O_CREAT, 0644));
  }
  RunOptions options;
  options.directory = dir_.str();
  process_ = std::make_unique<RunningProcess>(
      command({"--realtime", "--log-file=log", "in", "out"}), options);
  ASSERT_TRUE(until_logged("loaded 0 sources, 0 failed, 25 not ready yet; watching"));
  const ProcessResult result = end();
  EXPECT_THAT(result.out,
              HasSubstr("not ready     25 sources, being written or just written\n  s10.sql\n"));
  EXPECT_THAT(result.out, HasSubstr("  s29.sql\n  ... and 5 more\n"));
  EXPECT_THAT(read_file(dir_ / "log"), HasSubstr("s17.sql and 17 more)"));
}

// What only seems to settle is done: nobody writes it.
TEST_F(WatchCommand, WhatHasSettledIsDoneBeforeTheEnd) {
  dir_.write("in/other.txt", table("T"));
  start({"--realtime", "--settle-time=600", "--log-file=log"});
  ASSERT_TRUE(until_logged("loaded 0 sources"));
  fs::create_hard_link(dir_ / "in/other.txt", dir_ / "in/a.sql");
  ASSERT_TRUE(until_counted("sources_settling", 1));
  EXPECT_FALSE(exists("out/a"));
  EXPECT_EQ(end().exit_status, 0);
  EXPECT_TRUE(exists("out/a/manifest.json"));
}

TEST_F(WatchCommand, WhatIsBeingWrittenForLongIsPendingAndForgottenWhenItGoes) {
  start({"--realtime", "--settle-time=0.1"});
  ASSERT_TRUE(until([&] { return recorded("sources") == 0; }));
  const Descriptor file(::open((dir_ / "in/a.sql").c_str(), O_WRONLY | O_CREAT, 0644));
  EXPECT_TRUE(until([&] { return recorded("pending") == 1; }));
  fs::remove(dir_ / "in/a.sql");
  EXPECT_TRUE(until([&] { return recorded("sources") == 0; }));
  EXPECT_EQ(end().exit_status, 0);
}

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

TEST_F(WatchCommand, TheInputIsReplaced) {
  dir_.write("in/a.sql", table("Old"));
  start({"--realtime", "--on-delete=remove", "--log-file=log"});
  ASSERT_TRUE(until_tree("a"));
  fs::rename(dir_ / "in", dir_ / "away");
  ASSERT_TRUE(until_logged("in: is gone"));
  EXPECT_TRUE(exists("out/a/manifest.json"));  // an INPUT that is away is no deletion
  dir_.write("next/a.sql", table("New"));
  dir_.write("next/b.sql", table("B"));
  fs::rename(dir_ / "next", dir_ / "in");
  EXPECT_TRUE(becomes_what_a_load_makes());
  EXPECT_TRUE(until_logged("in: is another directory now"));
  EXPECT_EQ(end().exit_status, 0);
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

// As when its file system is not mounted at the start of a machine.
TEST_F(WatchCommand, AnInputThatHoldsNoneOfTheSourcesDeletesNothing) {
  dir_.write("in/a.sql", table("A"));
  dir_.write("in/x/c.sql", table("C"));
  ASSERT_EQ(run({"in", "out"}).exit_status, 0);
  fs::rename(dir_ / "in", dir_ / "unmounted");
  dir_.write("in/README", "not mounted\n");
  for (const char* on_delete : {"--on-delete=remove", "--on-delete=keep"}) {
    start({"--realtime", on_delete, "--log-file=log"});
    EXPECT_TRUE(
        until_logged("in: holds none of the 2 sources that it held: is its file system mounted?"));
    dir_.write("in/z.sql", table("Z"));  // what comes is loaded all the same
    EXPECT_TRUE(until_tree("z"));
    process_->send(SIGHUP);
    EXPECT_TRUE(until_logged("looked through the folder"));
    const ProcessResult result = end();              // which tells what is not told yet
    EXPECT_EQ(result.exit_status, 1) << result.err;  // it is not what was asked for
    EXPECT_EQ(recorded("gone"), 0);
    EXPECT_TRUE(exists("out/a/manifest.json"));
    EXPECT_TRUE(exists("out/x/c/manifest.json"));
    for (const char* each : {"in/z.sql", "out/z", "log"}) fs::remove_all(dir_ / each);
  }
  fs::remove_all(dir_ / "in");
  fs::rename(dir_ / "unmounted", dir_ / "in");
  start({"--realtime", "--on-delete=remove", "--log-file=log"});
  EXPECT_TRUE(becomes_what_a_load_makes());
  const ProcessResult result = end();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(last_line(result.out)["load"]["sources_done"], 0);  // all is as it was
}

// tables.sql takes the place that trees of tables/ have left, and gives it back.
TEST_F(WatchCommand, ADirectoryThatIsAwayForAMomentHasItsTreesAgain) {
  for (const char* name : {"tables.sql", "tables/e.sql", "tables/f.sql"}) {
    dir_.write(std::string("in/") + name, table("A"));
  }
  start({"--realtime"});
  ASSERT_TRUE(until_done(3));
  for (int i = 0; i < 5; ++i) {
    fs::rename(dir_ / "in/tables", dir_ / "away");
    std::this_thread::sleep_for(20ms * i);
    fs::rename(dir_ / "away", dir_ / "in/tables");
    dir_.write("in/last" + std::to_string(i) + ".sql", table("L"));  // told behind all of that
    EXPECT_TRUE(becomes_what_a_load_makes());
  }
  EXPECT_EQ(end().exit_status, 0);
}

// Where it is in the way of one that is there, it is put aside.
TEST_F(WatchCommand, NorIsATreeDeletedThatIsInTheWayOfWhatLiesThere) {
  dir_.write("in/foo/bar.sql", table("A"));
  dir_.write("in/q.sql", table("Q"));
  ASSERT_EQ(run({"in", "out"}).exit_status, 0);
  fs::remove_all(dir_ / "in");
  dir_.write("in/foo.sql", table("F"));
  dir_.write("in/q/z.sql", table("Z"));
  start({"--realtime", "--on-delete=remove", "--log-file=log"});
  EXPECT_TRUE(until_tree("foo"));
  EXPECT_TRUE(until_tree("q/z"));
  EXPECT_TRUE(until_logged("in: holds none of the 2 sources that it held"));
  EXPECT_EQ(end().exit_status, 1);
  int kept = 0;
  for (const auto& each : fs::recursive_directory_iterator(dir_ / "out/.engine/made_way")) {
    if (each.path().filename() == "manifest.json") ++kept;
  }
  EXPECT_EQ(kept, 2);
}

// Whatever comes into a folder in which none of the sources is says nothing of them, at the next
// start either.
TEST_F(WatchCommand, ARestartDoesNotMakeTheWrongFolderTheRightOne) {
  dir_.write("in/a.sql", table("A"));
  ASSERT_EQ(run({"in", "out"}).exit_status, 0);
  fs::rename(dir_ / "in", dir_ / "right");
  dir_.write("in/z.sql", table("Z"));
  for (int i = 0; i < 2; ++i) {
    start({"--realtime", "--on-delete=remove", "--log-file=log"});
    EXPECT_TRUE(until_logged("in: the one source that it held is not there"));
    EXPECT_TRUE(until_tree("z"));
    EXPECT_EQ(end().exit_status, 1);
    EXPECT_TRUE(exists("out/a/manifest.json"));
    fs::remove(dir_ / "log");
  }
  fs::remove_all(dir_ / "in");
  fs::rename(dir_ / "right", dir_ / "in");
  start({"--realtime", "--on-delete=remove", "--log-file=log"});
  EXPECT_TRUE(becomes_what_a_load_makes());
  EXPECT_EQ(end().exit_status, 0);
}

TEST_F(WatchCommand, WhatIsLeftOutIsNotGone) {
  dir_.write("in/a.sql", table("A"));
  dir_.write("in/b.sql", table("B"));
  dir_.write("in/c.sql", table("C"));
  ASSERT_EQ(run({"in", "out"}).exit_status, 0);
  fs::remove(dir_ / "in/b.sql");
  fs::remove(dir_ / "in/c.sql");
  start({"--realtime", "--on-delete=remove", "--exclude=b*"});
  EXPECT_TRUE(until([&] { return !exists("out/c"); }));
  EXPECT_TRUE(exists("out/b/manifest.json"));
  EXPECT_EQ(end().exit_status, 0);
  EXPECT_EQ(recorded("done"), 2);
}

// Where no tree is left there is nothing to keep.
TEST_F(WatchCommand, OfSourcesWhoseTreesSomebodyHasDeletedNoneHasToBeFound) {
  dir_.write("in/a.sql", table("A"));
  ASSERT_EQ(run({"in", "out"}).exit_status, 0);
  fs::rename(dir_ / "in/a.sql", dir_ / "in/b.sql");
  dir_.write("in/b.sql", table("B"));  // another file, as far as anybody can tell
  fs::remove_all(dir_ / "out/a");
  start({"--realtime", "--on-delete=remove", "--log-file=log"});
  EXPECT_TRUE(until_tree("b"));
  EXPECT_TRUE(until([&] { return recorded("done") == 1 && recorded("gone") == 0; }));
  EXPECT_EQ(end().exit_status, 0);
}

// Nor where the folder was replaced in the run that had loaded its sources.
TEST_F(WatchCommand, ARestartDoesNotMakeTheFolderThatTookThePlaceTheRightOne) {
  dir_.write("in/a.sql", table("A"));
  start({"--realtime", "--on-delete=remove", "--log-file=log"});
  EXPECT_TRUE(until_tree("a"));
  dir_.write("wrong/z.sql", table("Z"));
  fs::rename(dir_ / "in", dir_ / "right");
  fs::rename(dir_ / "wrong", dir_ / "in");
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(until_logged("in: the one source that it held is not there"));
    EXPECT_TRUE(until_tree("z"));
    const std::string other = "other" + std::to_string(i);
    dir_.write("wrong/z.sql", table("Z"));  // that it is there again says nothing either
    dir_.write("wrong/" + other + ".sql", table("Z"));
    fs::rename(dir_ / "in", dir_ / other);
    fs::rename(dir_ / "wrong", dir_ / "in");
    EXPECT_TRUE(until_tree(other));
    EXPECT_EQ(end().exit_status, 1);
    EXPECT_TRUE(exists("out/a/manifest.json"));
    fs::remove(dir_ / "log");
    if (i == 0) start({"--realtime", "--on-delete=remove", "--log-file=log"});
  }
}

// Nor does it make a source of the other folder of one that a worker had in hand then.
TEST_F(WatchCommand, WhatIsDoneAfterTheFolderWasReplacedWasInTheRightOne) {
  dir_.write("in/a.sql", table("A"));
  ASSERT_EQ(run({"in", "out"}).exit_status, 0);
  fs::rename(dir_ / "in", dir_ / "right");
  dir_.write("in/z.sql", table("Z"));
  const auto start_in_wrong_folder = [&] {
    start({"--realtime", "--on-delete=remove", "--log-file=log"});
    EXPECT_TRUE(until_logged("in: the one source that it held is not there"));
    EXPECT_TRUE(until_tree("z"));
    EXPECT_TRUE(until_logged("; watching"));
    EXPECT_EQ(end().exit_status, 1);
    fs::remove(dir_ / "log");
  };
  start_in_wrong_folder();
  io::Database store;
  ASSERT_EQ(store.open((dir_ / "out/.engine/engine.db").string(), SQLITE_OPEN_READWRITE),
            SQLITE_OK);
  // The same as where the worker is slow.
  ASSERT_EQ(store.execute("UPDATE sources SET finished_ns = (SELECT max(finished_ns) + 1 FROM "
                          "sources) WHERE path = 'a.sql'"),
            SQLITE_OK);
  store.close();
  start_in_wrong_folder();
  EXPECT_TRUE(exists("out/a/manifest.json"));
}

// Nor does it where the state store does not know what came there: the trees say when that was.
TEST_F(WatchCommand, ARestartWithoutTheStoreDoesNotMakeTheWrongFolderTheRightOne) {
  dir_.write("in/a.sql", table("A"));
  ASSERT_EQ(run({"in", "out"}).exit_status, 0);
  std::this_thread::sleep_for(50ms);  // longer than a tick of the clock of files
  fs::rename(dir_ / "in", dir_ / "right");
  fs::create_directory(dir_ / "in");
  const std::string store = "out/.engine/engine.db";
  const auto lose_store = [&](bool leaves_damaged) {
    for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(dir_ / (store + suffix));
    if (leaves_damaged) dir_.write(store, std::string(4096, 'x'));
  };
  start({"--realtime", "--on-delete=remove", "--log-file=log"});
  EXPECT_TRUE(until_logged("in: the one source that it held is not there"));
  dir_.write("in/z.sql", table("Z"));
  EXPECT_TRUE(until_tree("z"));
  end(SIGKILL);
  for (const bool is_damaged : {false, true}) {
    for (const bool loads : {false, true}) {
      lose_store(is_damaged);
      if (loads) {
        EXPECT_THAT(run({"in", "out"}).err, HasSubstr("the one source that it held is not there"));
        lose_store(is_damaged);
      }
      fs::remove(dir_ / "log");
      start({"--realtime", "--on-delete=remove", "--log-file=log"});
      EXPECT_TRUE(until_logged("in: the one source that it held is not there"));
      EXPECT_TRUE(until_logged("; watching"));
      EXPECT_EQ(end().exit_status, 1);
      EXPECT_TRUE(exists("out/a/manifest.json")) << is_damaged << loads;
    }
  }
  fs::remove_all(dir_ / "in");
  fs::rename(dir_ / "right", dir_ / "in");
  start({"--realtime", "--on-delete=remove"});
  EXPECT_TRUE(becomes_what_a_load_makes());
  EXPECT_EQ(end().exit_status, 0);
  EXPECT_FALSE(exists("out/.engine/missing"));
}

// What came into another folder is what should be there from then on.
TEST_F(WatchCommand, WhenTheTreesOfMissingSourcesAreDeletedTheOthersAreExpected) {
  dir_.write("in/a.sql", table("A"));
  ASSERT_EQ(run({"in", "out"}).exit_status, 0);
  fs::remove(dir_ / "in/a.sql");
  dir_.write("in/b.sql", table("B"));
  start({"--realtime", "--on-delete=remove", "--log-file=log"});
  EXPECT_TRUE(until_logged("in: the one source that it held is not there"));
  EXPECT_TRUE(until_tree("b"));
  EXPECT_EQ(end().exit_status, 1);
  fs::remove_all(dir_ / "out/a");
  fs::remove(dir_ / "log");
  start({"--realtime", "--on-delete=remove", "--log-file=log"});
  EXPECT_TRUE(until_logged("1 unchanged"));
  EXPECT_EQ(end().exit_status, 0);
  EXPECT_FALSE(exists("out/.engine/missing"));
  fs::rename(dir_ / "in", dir_ / "unmounted");
  fs::create_directory(dir_ / "in");
  fs::remove(dir_ / "log");
  start({"--realtime", "--on-delete=remove", "--log-file=log"});
  EXPECT_TRUE(until_logged("; watching"));
  EXPECT_EQ(end().exit_status, 1);
  EXPECT_THAT(read_file(dir_ / "log"), HasSubstr("in: the one source that it held is not there"));
  EXPECT_TRUE(exists("out/b/manifest.json"));
}

// The same where somebody watches, and the folder is there again while he does.
TEST_F(WatchCommand, AnEmptyInputIsNoFolderThatSomebodyHasEmptied) {
  dir_.write("in/a.sql", table("A"));
  ASSERT_EQ(run({"in", "out"}).exit_status, 0);
  fs::rename(dir_ / "in", dir_ / "unmounted");
  fs::create_directory(dir_ / "in");
  start({"--realtime", "--on-delete=remove", "--log-file=log", "--settle-time=0.1"});
  EXPECT_TRUE(until_logged("in: the one source that it held is not there: is its file system"));
  process_->send(SIGHUP);
  EXPECT_TRUE(until_logged("looked through the folder"));
  EXPECT_TRUE(exists("out/a/manifest.json"));
  dir_.write("unmounted/b.sql", table("B"));
  ASSERT_EQ(::rename((dir_ / "unmounted").c_str(), (dir_ / "in").c_str()),
            0);  // over the empty one
  EXPECT_TRUE(becomes_what_a_load_makes());
  EXPECT_TRUE(exists("out/a/manifest.json"));
  EXPECT_EQ(end().exit_status, 0);
}

// The same of a folder inside.
TEST_F(WatchCommand, AMountInsideThatIsMissingAtTheStartIsNoDeletion) {
  const fs::path place = dir_ / "in/sub";
  fs::create_directory(place);
  if (::getuid() != 0 || ::mount("none", place.c_str(), "tmpfs", 0, nullptr) != 0) {
    GTEST_SKIP() << "mounting needs privilege";
  }
  dir_.write("in/a.sql", table("A"));
  dir_.write("in/y.sql", table("Y"));
  dir_.write("in/there/b.sql", table("B"));
  dir_.write("in/sub/deep/c.sql", table("C"));
  EXPECT_EQ(run({"in", "out"}).exit_status, 0);
  ASSERT_EQ(::umount2(place.c_str(), MNT_DETACH), 0);
  fs::remove(dir_ / "in/a.sql");
  fs::remove(dir_ / "in/there/b.sql");
  start({"--realtime", "--on-delete=remove", "--log-file=log"});
  EXPECT_TRUE(until([&] { return !exists("out/a") && !exists("out/there/b"); }));
  EXPECT_TRUE(until_logged("sub: holds no source, and did: is its file system mounted?"));
  dir_.write("in/z.sql", table("Z"));
  EXPECT_TRUE(until_tree("z"));
  process_->send(SIGHUP);
  EXPECT_TRUE(until_logged("looked through the folder"));
  EXPECT_TRUE(exists("out/sub/deep/c/manifest.json"));
  const std::string log = read_file(dir_ / "log");
  const std::string asked = "is its file system mounted?";
  EXPECT_EQ(log.find(asked), log.rfind(asked));  // once
  fs::remove(place);                             // nobody will mount anything there
  process_->send(SIGHUP);
  EXPECT_TRUE(until([&] { return !exists("out/sub/deep/c"); }));
  EXPECT_EQ(end().exit_status, 0);
}

// The same where somebody watches.
TEST_F(WatchCommand, AMountInsideWhosePlaceIsDeletedIsADeletion) {
  const fs::path place = dir_ / "in/sub";
  fs::create_directory(place);
  if (::getuid() != 0 || ::mount("none", place.c_str(), "tmpfs", 0, nullptr) != 0) {
    GTEST_SKIP() << "mounting needs privilege";
  }
  dir_.write("in/a.sql", table("A"));
  dir_.write("in/sub/deep/c.sql", table("C"));
  start({"--realtime", "--on-delete=remove", "--log-file=log"});
  ASSERT_TRUE(until_done(2));
  ASSERT_EQ(::umount2(place.c_str(), MNT_DETACH), 0);
  process_->send(SIGHUP);
  EXPECT_TRUE(until_logged("sub: holds no source, and did: is its file system mounted?"));
  EXPECT_TRUE(exists("out/sub/deep/c/manifest.json"));
  fs::remove(place);
  EXPECT_TRUE(until([&] { return !exists("out/sub/deep/c"); }));
  EXPECT_EQ(end().exit_status, 0);
}

// Nor is a directory emptied over which an empty file system lies, watched or not.
TEST_F(WatchCommand, AMountOverSourcesInsideIsNoDeletion) {
  const fs::path place = dir_ / "in/sub";
  dir_.write("in/a.sql", table("A"));
  dir_.write("in/y.sql", table("Y"));
  dir_.write("in/sub/deep/c.sql", table("C"));
  const std::string asked = "sub: holds no source, and did: is its file system mounted?";
  const auto begin = [&] {
    fs::remove(dir_ / "log");
    start({"--realtime", "--on-delete=remove", "--log-file=log"});
  };
  begin();
  ASSERT_TRUE(until_done(3));
  if (::getuid() != 0 || ::mount("none", place.c_str(), "tmpfs", 0, nullptr) != 0) {
    GTEST_SKIP() << "mounting needs privilege";
  }
  fs::remove(dir_ / "in/a.sql");
  process_->send(SIGHUP);
  EXPECT_TRUE(until_logged(asked));
  EXPECT_TRUE(until([&] { return !exists("out/a"); }));
  EXPECT_EQ(end().exit_status, 1);
  for (int i = 0; i < 3; ++i) {
    if (i == 1) fs::remove(dir_ / "out/.engine/engine.db");  // only the manifests tell from now on
    begin();
    EXPECT_TRUE(until_logged(asked));
    EXPECT_TRUE(until_logged("; watching"));
    EXPECT_EQ(end().exit_status, 1);
    EXPECT_TRUE(exists("out/sub/deep/c/manifest.json")) << i;
  }
  begin();
  EXPECT_TRUE(until_logged(asked));
  ASSERT_EQ(::umount2(place.c_str(), MNT_DETACH), 0);
  process_->send(SIGHUP);
  EXPECT_TRUE(until_done(2));
  fs::remove(dir_ / "in/sub/deep/c.sql");  // which is watched again
  EXPECT_TRUE(until([&] { return !exists("out/sub/deep/c"); }));
  EXPECT_EQ(end().exit_status, 0);
}

// When the tree of the new name is there that of the old one goes; but just then somebody begins to
// write a file of that name again, which never becomes a source.
TEST_F(WatchCommand, WhatIsBackUnreadyWhenItsFormerTreeShouldGoIsGoneAfterwards) {
  for (const char* on_delete : {"--on-delete=keep", "--on-delete=remove"}) {
    bool was_in_time = false;  // or once more, with a tree that takes longer
    for (int tables = 1'500; !was_in_time && tables < 100'000; tables *= 2) {
      std::string script;
      for (int i = 0; i < tables; ++i) script += table("T" + std::to_string(i));
      dir_.write("in/a.sql", script);
      start({"--realtime", "--workers=1", "--settle-time=600", "--log-file=log", on_delete});
      ASSERT_TRUE(until_done(1));
      fs::rename(dir_ / "in/a.sql", dir_ / "in/b.sql");
      ASSERT_TRUE(until([&] { return is_in_work() || exists("out/b"); }));
      {
        std::ofstream unready(dir_ / "in/a.sql");
        unready << "CREATE TABLE" << std::flush;
        ASSERT_TRUE(until_counted("sources_settling", 1));
        was_in_time = !exists("out/b");
        ASSERT_TRUE(until_tree("b"));
        ASSERT_TRUE(until([&] { return recorded("running") == 0; }));
        fs::remove(dir_ / "in/a.sql");
      }
      EXPECT_TRUE(until([&] { return !exists("out/a"); })) << on_delete;
      EXPECT_EQ(end().exit_status, 0);
      for (const char* each : {"in/b.sql", "out"}) fs::remove_all(dir_ / each);
    }
    EXPECT_TRUE(was_in_time) << on_delete;
  }
}

TEST_F(WatchCommand, ARenameIsSaidToBeOneAndNoDeletion) {
  dir_.write("in/a.sql", table("A"));
  dir_.write("in/c.sql", table("C"));
  start({"--realtime", "--log-file=log"});
  ASSERT_TRUE(until_done(2));
  fs::rename(dir_ / "in/a.sql", dir_ / "in/b.sql");
  fs::remove(dir_ / "in/c.sql");
  EXPECT_TRUE(until_tree("b"));
  EXPECT_TRUE(until_logged("c.sql: is gone"));
  const json watch = last_line(end().out)["watch"];
  EXPECT_EQ(watch["gone"], 2);
  EXPECT_EQ(watch["renamed"], 1);
  const std::string log = read_file(dir_ / "log");
  EXPECT_THAT(log, HasSubstr("a.sql: is called b.sql now"));
  EXPECT_THAT(log, ::testing::Not(HasSubstr("a.sql: is gone")));
}

TEST_F(WatchCommand, TheNameOfARenamedSourceIsNoneThatIsGone) {
  for (const char* name : {"a", "c", "d/e"})
    dir_.write(std::string("in/") + name + ".sql", table("T"));
  start({"--realtime"});
  ASSERT_TRUE(until_done(3));
  fs::rename(dir_ / "in/a.sql", dir_ / "in/b.sql");
  fs::rename(dir_ / "in/d", dir_ / "in/f");
  fs::remove(dir_ / "in/c.sql");
  const json expected = {{"sources", 3}, {"pending", 0}, {"running", 0},
                         {"done", 2},    {"failed", 0},  {"gone", 1}};
  const auto status = [&] { return json::parse(run({"status", "--format=json", "out"}).out); };
  EXPECT_TRUE(until([&] { return !exists("out/a") && status() == expected; })) << status();
  fs::rename(dir_ / "in/b.sql", dir_ / "in/a.sql");  // back, which is a name like any other
  EXPECT_TRUE(until([&] { return !exists("out/b") && status() == expected; })) << status();
  EXPECT_EQ(end().exit_status, 0);
}

// INPUT as a whole lies on another device, as a tmpfs does after each start of the machine.
TEST_F(WatchCommand, AnEmptyDirectoryOfARenumberedDeviceIsADeletion) {
  const fs::path in = dir_ / "in";
  const auto mount = [&] {
    return ::getuid() == 0 && ::mount("none", in.c_str(), "tmpfs", 0, nullptr) == 0;
  };
  if (!mount()) GTEST_SKIP() << "mounting needs privilege";
  dir_.write("in/a.sql", table("A"));
  dir_.write("in/sub/b.sql", table("B"));
  EXPECT_EQ(run({"in", "out"}).exit_status, 0);
  EXPECT_TRUE(mount());  // over the first, so that its number is another
  dir_.write("in/a.sql", table("A"));
  fs::create_directory(in / "sub");
  start({"--realtime", "--on-delete=remove"});
  EXPECT_TRUE(until([&] { return !exists("out/sub/b"); }));
  EXPECT_EQ(end().exit_status, 0);
  EXPECT_EQ(::umount2(in.c_str(), MNT_DETACH), 0);
  EXPECT_EQ(::umount2(in.c_str(), MNT_DETACH), 0);
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

}  // namespace
}  // namespace engine::test
