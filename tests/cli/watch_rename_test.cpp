// A watch, as the built program, where sources and directories are renamed: trees go along, and
// what is away for a moment has its trees again.
#include <gmock/gmock.h>

#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "tests/cli/watch_program.h"

namespace engine::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::HasSubstr;

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
      process_->send(SIGSTOP);  // its worker gets no further, however slow this is
      {
        std::ofstream unready(dir_ / "in/a.sql");
        unready << "CREATE TABLE" << std::flush;
        process_->send(SIGCONT);
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

}  // namespace
}  // namespace engine::test
