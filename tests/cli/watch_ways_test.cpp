// A watch, as the built program, on every event source and event loop: what happens to a folder,
// and the tree that must come of it.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>

#include "tests/cli/watch_program.h"

namespace engine::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using nlohmann::json;

struct Way {
  const char* source;
  const char* loop;
  bool as_nobody;
};

class WatchCommandOn : public WatchCommand, public ::testing::WithParamInterface<Way> {
 protected:
  void start(std::vector<std::string> arguments) {
    if (::geteuid() != 0 && std::string(GetParam().source) == "fanotify-filesystem") {
      GTEST_SKIP() << "a mark of a file system needs privilege";
    }
    arguments.insert(arguments.begin(),
                     {"--watch", std::string("--event-source=") + GetParam().source,
                      std::string("--event-loop=") + GetParam().loop, "--settle-time=0.2",
                      "--on-delete=remove"});
    const bool changes = GetParam().as_nobody && ::geteuid() == 0;
    WatchCommand::start(std::move(arguments), changes ? std::optional(kNobody) : std::nullopt);
  }
  // Ends it, and everything that it has heard of is done.
  json end_well() {
    const ProcessResult result = end();
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return last_line(result.out);
  }
};

TEST_P(WatchCommandOn, TheTreeFollowsEverythingThatIsDoneInTheFolder) {
  dir_.write("in/was.sql", table("Was"));
  dir_.write("in/old/deep/a.sql", table("Deep"));
  dir_.write("in/foo.sql", table("Foo"));
  start({"--debounce-window=0.1"});
  if (IsSkipped()) return;
  ASSERT_TRUE(until_tree("was"));
  ASSERT_TRUE(until_tree("old/deep/a"));
  // Seven files, far fewer than a batch.
  for (int i = 0; i < 7; ++i) {
    dir_.write("in/seven" + std::to_string(i) + ".sql", table("T" + std::to_string(i)));
  }
  dir_.write("in/UPPER.SQL", table("Upper"));
  dir_.write("in/a/b/c/at_once.sql", table("AtOnce"));
  ASSERT_TRUE(until_tree("seven6"));
  ASSERT_TRUE(until_tree("a/b/c/at_once"));
  dir_.write("in/.seven0.sql.swp", table("Saved"));
  fs::rename(dir_ / "in/.seven0.sql.swp", dir_ / "in/seven0.sql");
  fs::remove(dir_ / "in/seven1.sql");
  dir_.write("in/seven1.sql", table("Again"));
  fs::rename(dir_ / "in/seven2.sql", dir_ / "in/a/moved.sql");
  fs::rename(dir_ / "in/old", dir_ / "in/new");
  fs::remove(dir_ / "in/seven3.sql");
  fs::remove_all(dir_ / "in/a/b");
  dir_.write("in/foo/inside.sql", table("Inside"));  // foo.sql's tree is called otherwise now
  EXPECT_TRUE(becomes_what_a_load_makes());
  EXPECT_TRUE(exists("out/foo.sql/manifest.json"));
  fs::remove_all(dir_ / "in/foo");
  EXPECT_TRUE(becomes_what_a_load_makes());
  EXPECT_TRUE(exists("out/foo/manifest.json"));
  dir_.write("in/foo.sql.sql", table("Twice"));  // it comes to the name of foo.sql
  EXPECT_TRUE(becomes_what_a_load_makes());
  fs::remove(dir_ / "in/foo.sql");
  EXPECT_TRUE(becomes_what_a_load_makes());
  EXPECT_TRUE(exists("out/foo.sql/manifest.json"));
  dir_.write("in/foo.sql", table("Foo"));
  EXPECT_TRUE(becomes_what_a_load_makes());
  const json stats = end_well();
  EXPECT_EQ(stats["watch"]["event_source"], GetParam().source);
  EXPECT_EQ(stats["watch"]["event_loop"], GetParam().loop);
  EXPECT_EQ(run({"verify", "out", "--input=in"}).exit_status, 0);
}

TEST_P(WatchCommandOn, InAStormEveryLastVersionIsPublishedAndTheCountsAddUp) {
  constexpr int kFiles = 60;
  constexpr int kSaves = 10;
  start({"--debounce-window=0.1", "--max-queue-size=20"});
  if (IsSkipped()) return;
  for (int save = 0; save < kSaves; ++save) {
    for (int i = 0; i < kFiles; ++i) {
      dir_.write("in/" + std::to_string(i % 7) + "/s" + std::to_string(i) + ".sql",
                 table("V" + std::to_string(save)));
    }
  }
  EXPECT_TRUE(becomes_what_a_load_makes());
  const json stats = end_well();
  const json& watch = stats["watch"];
  EXPECT_EQ(watch["events"],
            watch["events_filtered"].get<int>() + watch["events_looked_at"].get<int>());
  EXPECT_EQ(stats["batch"]["events_received"],
            watch["changed"].get<int>() + watch["gone"].get<int>());
  EXPECT_EQ(stats["load"]["sources_failed"], 0);
  EXPECT_EQ(stats["batch"]["pending_files"], 0);
}

// A source where a directory was, and the other way round: what nobody owns any more makes way.
TEST_P(WatchCommandOn, WhatLiesInThePlaceOfATreeMakesWay) {
  const auto in = [&](int i, const char* name) {
    return dir_ / ("in/" + std::to_string(i) + name);
  };
  const auto file = [&](int i, const char* name) {
    dir_.write("in/" + std::to_string(i) + name, table("T"));
  };
  for (const int i : {0, 1, 2, 3}) file(i, "/a.sql");
  for (const int i : {4, 5, 6}) file(i, "/a/deep/x.sql");
  for (const int i : {2, 3, 5}) file(i, "/d/x.sql");
  start({"--realtime"});
  if (IsSkipped()) return;
  ASSERT_TRUE(until_done(10));

  fs::remove(in(0, "/a.sql"));
  file(0, "/a/x.sql");
  fs::create_directory(in(1, "/t"));
  fs::rename(in(1, "/a.sql"), in(1, "/t/x.sql"));
  fs::rename(in(1, "/t"), in(1, "/a"));
  fs::remove(in(2, "/a.sql"));
  fs::rename(in(2, "/d"), in(2, "/a"));
  fs::rename(in(3, "/a.sql"), in(3, "/old.sql"));
  fs::rename(in(3, "/d"), in(3, "/a"));
  fs::rename(in(3, "/old.sql"), in(3, "/a/old.sql"));
  fs::remove_all(in(4, "/a"));
  file(4, "/a.sql");
  fs::remove_all(in(5, "/a"));
  fs::rename(in(5, "/d/x.sql"), in(5, "/a.sql"));
  fs::rename(in(6, "/a/deep/x.sql"), in(6, "/t.sql"));
  fs::remove_all(in(6, "/a"));
  fs::rename(in(6, "/t.sql"), in(6, "/a.sql"));
  EXPECT_TRUE(becomes_what_a_load_makes());
  end_well();
  EXPECT_EQ(run({"verify", "out", "--input=in"}).exit_status, 0);
}

// Half of them go while they wait for the one worker, or for their window.
TEST_P(WatchCommandOn, WhatIsDeletedWhileItWaitsIsNoFailure) {
  start({"--debounce-window=0.2", "--workers=1", "--max-queue-size=5"});
  if (IsSkipped()) return;
  const auto path = [](int i) { return "in/s" + std::to_string(i) + ".sql"; };
  for (int i = 0; i < 100; ++i) dir_.write(path(i), table("T" + std::to_string(i)));
  for (int i = 0; i < 100; i += 2) fs::remove(dir_ / path(i));
  EXPECT_TRUE(becomes_what_a_load_makes());
  dir_.write("in/s0.sql", table("Again"));
  EXPECT_TRUE(becomes_what_a_load_makes());
  EXPECT_EQ(end_well()["load"]["sources_failed"], 0);
}

TEST_P(WatchCommandOn, ASlowWriterIsPublishedOnceAndWhole) {
  start({"--realtime"});
  if (IsSkipped()) return;
  dir_.write("in/first.sql", table("First"));
  ASSERT_TRUE(until_tree("first"));
  const int file =
      ::open((dir_ / "in/slow.sql").c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  for (int i = 0; i < 5; ++i) {
    const std::string text = table("T" + std::to_string(i));
    ASSERT_EQ(::write(file, text.data(), text.size()), static_cast<ssize_t>(text.size()));
    std::this_thread::sleep_for(100ms);
    EXPECT_FALSE(exists("out/slow"));
  }
  ::close(file);
  EXPECT_TRUE(becomes_what_a_load_makes());
  EXPECT_EQ(end_well()["load"]["sources_done"], 2);
}

// Nobody opens it for writing: that is all that tells.
TEST_P(WatchCommandOn, WhatMayBeReadLaterIsDoneThen) {
  if (!GetParam().as_nobody || ::geteuid() != 0) GTEST_SKIP() << "it takes who may not read it";
  start({"--realtime"});
  if (IsSkipped()) return;
  dir_.write("in/there.sql", table("There"));
  ASSERT_TRUE(until_tree("there"));
  for (const char* name : {"beside", "closed/beside"}) {
    const fs::path file = dir_.write(name, table("A"));
    fs::permissions(file, fs::perms::owner_read);
  }
  fs::permissions(dir_ / "closed", fs::perms::owner_all);
  fs::rename(dir_ / "beside", dir_ / "in/a.sql");
  fs::rename(dir_ / "closed/beside", dir_ / "closed/b.sql");
  fs::rename(dir_ / "closed", dir_ / "in/closed");
  ASSERT_TRUE(until([&] { return recorded("failed") == 1; }));
  fs::permissions(dir_ / "in/closed/b.sql", fs::perms::all);
  fs::permissions(dir_ / "in/a.sql", fs::perms::all);
  fs::permissions(dir_ / "in/closed", fs::perms::all);
  EXPECT_TRUE(becomes_what_a_load_makes());
  end_well();
}

TEST_P(WatchCommandOn, AnOutputInsideOfInputDoesNotFeedItself) {
  output_ = "in/out";
  start({"--realtime"});
  if (IsSkipped()) return;
  dir_.write("in/a.sql", table("A"));
  ASSERT_TRUE(until_tree("a"));
  dir_.write("in/b.sql", table("B"));
  ASSERT_TRUE(until_tree("b"));
  dir_.write("in/last.sql", table("Last"));  // what it had made of its own outputs came before
  ASSERT_TRUE(until_tree("last"));
  const json stats = end_well();
  EXPECT_EQ(stats["watch"]["sources"], 3);
  EXPECT_EQ(stats["load"]["sources"], 3);
}

INSTANTIATE_TEST_SUITE_P(Ways, WatchCommandOn,
                         ::testing::Values(Way{"fanotify-filesystem", "io_uring", false},
                                           Way{"fanotify-filesystem", "poll", false},
                                           Way{"fanotify-directory", "io_uring", true},
                                           Way{"fanotify-directory", "poll", true},
                                           Way{"inotify", "io_uring", true},
                                           Way{"inotify", "poll", false},
                                           Way{"polling", "io_uring", true},
                                           Way{"polling", "poll", false}),
                         [](const auto& test) {
                           std::string name = std::string(test.param.source) + "_" +
                                              test.param.loop +
                                              (test.param.as_nobody ? "_as_nobody" : "");
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace engine::test
