// A watch, as the built program, whose folder is another, or empty, or hidden: a file system that
// is not mounted is no deletion.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/mount.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "io/state/database.h"
#include "tests/cli/watch_program.h"

namespace engine::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using ::testing::HasSubstr;

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
  EXPECT_TRUE(until_logged("; watching"));
  const ProcessResult result = end();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_TRUE(becomes_what_a_load_makes());
  EXPECT_EQ(last_line(result.out)["load"]["sources_done"], 0);  // all is as it was
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

// Nor does it where what came there has another name now.
TEST_F(WatchCommand, ARenameInTheWrongFolderDoesNotMakeItTheRightOne) {
  dir_.write("in/a.sql", table("A"));
  ASSERT_EQ(run({"in", "out"}).exit_status, 0);
  fs::rename(dir_ / "in", dir_ / "right");
  dir_.write("in/y.sql", table("Z"));
  for (const char* tree : {"y", "z"}) {
    start({"--realtime", "--on-delete=remove", "--log-file=log"});
    EXPECT_TRUE(until_logged("in: the one source that it held is not there"));
    EXPECT_TRUE(until_tree(tree));
    EXPECT_TRUE(until_logged("; watching"));
    EXPECT_EQ(end().exit_status, 1);
    EXPECT_TRUE(exists("out/a/manifest.json"));
    fs::remove(dir_ / "log");
    if (exists("in/y.sql")) fs::rename(dir_ / "in/y.sql", dir_ / "in/z.sql");
  }
}

// Nor does it where nobody could say so then, because a part of the folder could not be read.
TEST_F(WatchCommand, WhatCameToAFolderThatCouldNotAllBeReadDoesNotMakeItTheRightOne) {
  if (::getuid() != 0) GTEST_SKIP() << "to be another user needs privilege";
  const fs::path hidden = dir_ / "in/hidden";
  for (const bool loads : {false, true}) {
    for (const char* each : {"in", "out", "log"}) fs::remove_all(dir_ / each);
    dir_.write("in/a.sql", table("A"));
    fs::create_directory(dir_ / "out");
    ASSERT_EQ(::chown((dir_ / "out").c_str(), kNobody, kNobody), 0);
    const auto start_here = [&] {
      fs::remove(dir_ / "log");
      // Of another user's file nobody can tell whether somebody writes it: each settles.
      start({"--realtime", "--on-delete=remove", "--log-file=log", "--settle-time=0.1"}, kNobody);
    };
    start_here();
    EXPECT_TRUE(until_tree("a"));
    EXPECT_EQ(end().exit_status, 0);
    fs::remove(dir_ / "in/a.sql");
    fs::create_directory(hidden);
    ASSERT_EQ(::chmod(hidden.c_str(), 0700), 0);
    if (loads) dir_.write("in/z.sql", table("Z"));
    if (loads) {
      RunOptions options;
      options.user = kNobody;
      EXPECT_NE(run({"in", "out"}, options).exit_status, 0);
    } else {
      start_here();
      dir_.write("in/z.sql", table("Z"));
      EXPECT_TRUE(until_tree("z"));
      EXPECT_EQ(end().exit_status, 1);
    }
    EXPECT_TRUE(exists("out/.engine/missing"));
    ASSERT_EQ(::chmod(hidden.c_str(), 0755), 0);
    start_here();
    EXPECT_TRUE(until_logged("in: the one source that it held is not there"));
    EXPECT_TRUE(until_logged("; watching"));
    EXPECT_EQ(end().exit_status, 1);
    EXPECT_TRUE(exists("out/a/manifest.json"));
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

// Nor is one of them gone that the engine looks for in the other folder.
TEST_F(WatchCommand, WhatTheEngineDoesNotFindInTheFolderThatTookThePlaceIsNotGone) {
  dir_.write("in/a.sql", table("A"));
  dir_.write("in/b.sql", table("B"));
  start({"--realtime", "--on-delete=remove", "--log-file=log"});
  ASSERT_TRUE(until_done(2));
  fs::create_directory(dir_ / "wrong");
  fs::rename(dir_ / "in", dir_ / "right");
  fs::rename(dir_ / "wrong", dir_ / "in");
  EXPECT_TRUE(until_logged("in: holds none of the 2 sources that it held"));
  EXPECT_EQ(run({"retry", "out", "a.sql", "b.sql"}).exit_status, 0);
  EXPECT_TRUE(until([&] { return statistics()["load"]["sources_gone"] >= 2; }));
  EXPECT_EQ(end().exit_status, 1);
  EXPECT_EQ(recorded("gone"), 0);
  EXPECT_EQ(recorded("pending"), 2);
  fs::remove(dir_ / "log");
  start({"--realtime", "--on-delete=remove", "--log-file=log"});
  EXPECT_TRUE(until_logged("in: holds none of the 2 sources that it held"));
  EXPECT_TRUE(until_logged("; watching"));
  EXPECT_EQ(end().exit_status, 1);
  EXPECT_TRUE(exists("out/a/manifest.json"));
  EXPECT_TRUE(exists("out/b/manifest.json"));
  fs::remove_all(dir_ / "in");
  fs::rename(dir_ / "right", dir_ / "in");
  fs::remove(dir_ / "in/b.sql");
  start({"--realtime", "--on-delete=remove"});
  EXPECT_TRUE(becomes_what_a_load_makes());
  EXPECT_EQ(end().exit_status, 0);
  EXPECT_EQ(recorded("done"), 1);
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

}  // namespace
}  // namespace engine::test
