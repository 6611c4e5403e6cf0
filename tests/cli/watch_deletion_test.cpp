// A watch, as the built program, where sources go: deleted, or become something else, and back
// before anybody has told.
#include <gmock/gmock.h>
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

}  // namespace
}  // namespace engine::test
