// What a follower makes of events that are late or lost, which no real source tells at will.
#include "io/watch/folder_follower.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <thread>

#include "engine/clock.h"
#include "tests/io/watch/followed_folder.h"
#include "tests/support/temp_dir.h"

namespace engine::io {
namespace {

namespace fs = std::filesystem;
using test::TempDir;
using test::ToldClient;
using ::testing::ElementsAre;

// Watches everything and tells nothing.
class SilentSource final : public EventSource {
 public:
  EventSourceKind kind() const override { return EventSourceKind::kInotify; }
  int descriptor() const override { return -1; }
  Result<void> watch(int, DirectoryNumber) override { return {}; }
  void unwatch(DirectoryNumber) override {}
  void decode(std::span<const char>, Reader&) override {}
};

class SetClock final : public Clock {
 public:
  TimePoint now() const override { return now_; }
  void go_on(Duration by) { now_ += by; }

 private:
  TimePoint now_{std::chrono::hours(1)};
};

class FolderFollowerTest : public testing::Test {
 protected:
  FolderFollowerTest()
      : follower_(options(),
                  FolderTree(Descriptor(::open(dir_.path().c_str(), O_RDONLY | O_DIRECTORY)),
                             *directory_id(dir_.path())),
                  source_, client_, nullptr, clock_) {}

  static FollowerOptions options() {
    FollowerOptions options;
    options.has_urgent = true;
    return options;
  }
  void scan(bool distrustful) {
    follower_.begin_scan(distrustful);
    while (follower_.can_scan()) follower_.scan_some();
  }
  void complete(std::string_view name, DirectoryNumber directory = FolderTree::kRoot) {
    follower_.on_notice({.directory = directory, .name = name, .complete = true});
  }
  void appears(const std::string& name) {
    dir_.write(name, "SELECT 1;\n");
    complete(name);
  }
  void vanishes(const std::string& name) {
    fs::remove(dir_ / name);
    follower_.on_notice({.directory = FolderTree::kRoot, .name = name, .vanished = true});
    clock_.go_on(std::chrono::seconds(1));  // nobody has renamed it
    follower_.pass_time();
  }
  /// Of which no event tells.
  void make_link(const std::string& name) { fs::create_symlink("nowhere", dir_ / name); }

  TempDir dir_;
  SilentSource source_;
  ToldClient client_{dir_.path()};
  SetClock clock_;
  FolderFollower follower_;
};

TEST_F(FolderFollowerTest, ARescanFindsWhatNamesASourceThoughSomethingComesMeanwhile) {
  for (int i = 0; i < 1000; ++i) dir_.write("f" + std::to_string(i) + ".sql", "SELECT 1;\n");
  scan(/*distrustful=*/false);
  appears("a.sql");
  EXPECT_EQ(client_.place("a.sql"), "a");
  dir_.write("a", "of which no event tells");

  follower_.begin_scan(/*distrustful=*/true);
  follower_.scan_some();
  appears("b.sql");  // while the directory is listed
  while (follower_.can_scan()) follower_.scan_some();
  EXPECT_EQ(client_.place("a.sql"), "a.sql");
  EXPECT_EQ(client_.place("b.sql"), "b");
}

TEST_F(FolderFollowerTest, OfAnotherRootNobodyHasToldBefore) {
  scan(/*distrustful=*/false);
  const TempDir other;
  other.write("a", "there before anybody watched");
  follower_.replace_root(Descriptor(::open(other.path().c_str(), O_RDONLY | O_DIRECTORY)),
                         *directory_id(other.path()));
  other.write("a.sql", "SELECT 1;\n");
  follower_.on_notice({.directory = FolderTree::kRoot, .name = "a.sql", .complete = true});
  EXPECT_EQ(client_.place("a.sql"), "a.sql");
}

// One of the sources is back, and nobody has looked through the folder since.
TEST_F(FolderFollowerTest, ARootThatHoldsOneOfTheSourcesAgainIsTheFolder) {
  appears("a.sql");
  scan(/*distrustful=*/false);
  const TempDir others[2];
  const auto replace_by = [&](const TempDir& other) {
    follower_.replace_root(Descriptor(::open(other.path().c_str(), O_RDONLY | O_DIRECTORY)),
                           *directory_id(other.path()));
    scan(/*distrustful=*/true);
  };
  replace_by(others[0]);
  EXPECT_TRUE(follower_.misses_all());
  others[0].write("a.sql", "SELECT 1;\n");
  complete("a.sql");
  EXPECT_FALSE(follower_.misses_all());
  replace_by(others[1]);
  EXPECT_TRUE(follower_.misses_all());
  clock_.go_on(std::chrono::seconds(1));
  follower_.pass_time();
  EXPECT_EQ(client_.texts("a.sql").size(), 2u) << "it is not told gone";
}

// Events come meanwhile.
TEST_F(FolderFollowerTest, ABigTreeWhereAFileSystemWasIsSearchedAPartAtATime) {
  for (int i = 0; i < 5'000; ++i) {
    dir_.write("sub/d" + std::to_string(i % 50) + "/f" + std::to_string(i), "");
  }
  const std::string place = (dir_ / "sub").string();
  if (::getuid() != 0 || ::mount("none", place.c_str(), "tmpfs", 0, nullptr) != 0) {
    GTEST_SKIP() << "mounting needs privilege";
  }
  dir_.write("sub/a.sql", "SELECT 1;\n");
  scan(/*distrustful=*/false);
  complete("a.sql", /*directory=*/1);
  ASSERT_EQ(::umount2(place.c_str(), MNT_DETACH), 0);
  const auto parts_of_scan = [&] {
    int parts = 0;
    for (follower_.begin_scan(/*distrustful=*/true); follower_.can_scan(); ++parts) {
      follower_.scan_some();
    }
    return parts;
  };
  EXPECT_GE(parts_of_scan(), 4);
  EXPECT_TRUE(client_.said("sub: holds no source, and did: is its file system mounted?"));
  EXPECT_EQ(client_.scans(), 2u);
  dir_.write("sub/d7/b.sql", "SELECT 2;\n");
  EXPECT_GE(parts_of_scan(), 2);
  clock_.go_on(std::chrono::seconds(5));
  follower_.pass_time();
  EXPECT_EQ(client_.place("sub/d7/b.sql"), "sub/d7/b");
  EXPECT_EQ(client_.last("sub/a.sql"), "(gone)");
}

// Each directory of it is found missing, and none of them is a reason to list the others again.
TEST_F(FolderFollowerTest, AFileSystemThatGoesWhileItIsLookedThroughIsNotLookedForAgainAndAgain) {
  const std::string place = (dir_ / "sub").string();
  fs::create_directory(place);
  if (::getuid() != 0 || ::mount("none", place.c_str(), "tmpfs", 0, nullptr) != 0) {
    GTEST_SKIP() << "mounting needs privilege";
  }
  for (int i = 0; i < 1'000; ++i) fs::create_directory(dir_ / ("sub/d" + std::to_string(i)));
  dir_.write("sub/a.sql", "SELECT 1;\n");
  std::this_thread::sleep_for(std::chrono::milliseconds(50));  // a young one is told again
  scan(/*distrustful=*/false);
  complete("a.sql", /*directory=*/1);
  follower_.begin_scan(/*distrustful=*/true);
  follower_.scan_some();  // sub is being listed
  ASSERT_EQ(::umount2(place.c_str(), MNT_DETACH), 0);
  ASSERT_EQ(::mount("none", place.c_str(), "tmpfs", 0, nullptr), 0);
  int parts = 0;
  for (; follower_.can_scan() && parts < 100; ++parts) follower_.scan_some();
  EXPECT_LT(parts, 100);
  EXPECT_TRUE(client_.said("sub: holds no source, and did: is its file system mounted?"));
  EXPECT_EQ(client_.texts("sub/a.sql").size(), 1u) << "it is not told gone";
  ASSERT_EQ(::umount2(place.c_str(), MNT_DETACH), 0);
}

TEST_F(FolderFollowerTest, WhatAnOverflowHasSwallowedMayClaimAName) {
  scan(/*distrustful=*/false);
  make_link("x");
  follower_.on_overflow();
  appears("x.sql");
  EXPECT_EQ(client_.place("x.sql"), "x.sql");
}

TEST_F(FolderFollowerTest, UntilARescanHasComeToADirectoryAnythingMayBeThere) {
  scan(/*distrustful=*/false);
  make_link("x");
  follower_.begin_scan(/*distrustful=*/true);
  appears("x.sql");
  EXPECT_EQ(client_.place("x.sql"), "x.sql");
}

TEST_F(FolderFollowerTest, WhatCouldNotBeLookedAtMayClaimAName) {
  constexpr DirectoryNumber kDirectories = 21;  // more than are kept open
  dir_.write("d/a.sql", "SELECT 1;\n");
  for (DirectoryNumber i = 1; i < kDirectories; ++i) {
    dir_.write("d" + std::to_string(i) + "/a.sql", "SELECT 1;\n");
  }
  scan(/*distrustful=*/false);
  const auto complete_in_all = [&](std::string_view name) {
    for (DirectoryNumber i = 1; i <= kDirectories; ++i) complete(name, i);
  };
  const TempDir beside;
  fs::rename(dir_ / "d", beside / "d");
  for (int i = 0; i < 2; ++i) complete_in_all("a.sql");  // whichever is d, it is not open any more
  beside.write("d/x.SQL", "SELECT 1;\n");
  complete_in_all("x.SQL");
  fs::rename(beside / "d", dir_ / "d");
  dir_.write("d/x.sql", "SELECT 1;\n");
  complete_in_all("x.sql");
  EXPECT_EQ(client_.place("d/x.sql"), "d/x.sql");
}

TEST_F(FolderFollowerTest, ATreeStaysWhereItIsWhenSomethingElseTakesTheNameOfASource) {
  scan(/*distrustful=*/false);
  for (const char* name : {"a.sql", "a.SQL", "b.sql", "b.SQL"}) appears(name);
  fs::remove(dir_ / "a.SQL");
  make_link("a.SQL");
  complete("a.SQL");
  fs::remove(dir_ / "b.SQL");
  fs::create_directory(dir_ / "b.SQL");
  follower_.on_notice({.name = "b.SQL", .is_directory = true, .appeared = true});
  EXPECT_THAT(client_.places("a.sql"), ElementsAre("a", "a.sql"));
  EXPECT_THAT(client_.places("b.sql"), ElementsAre("b", "b.sql"));
}

TEST_F(FolderFollowerTest, WhatIsBackWhenItsEndCanBeToldIsToldWhenItIsReady) {
  scan(/*distrustful=*/false);
  client_.set_full(true);
  appears("a.sql");
  vanishes("a.sql");  // which is held
  dir_.write("a.sql", "SELECT");
  follower_.on_notice({.directory = FolderTree::kRoot, .name = "a.sql", .appeared = true});
  client_.set_full(false);
  follower_.reopen();
  follower_.tell_some_held();
  EXPECT_FALSE(follower_.can_tell_held());
  EXPECT_THAT(client_.texts("a.sql"), ElementsAre("SELECT 1;\n")) << "somebody may be writing it";
  vanishes("a.sql");
  EXPECT_THAT(client_.texts("a.sql"), ElementsAre("SELECT 1;\n", "(gone)"));
}

// An overload that never ends: the client is always full, something urgent comes always, and so
// does something that has to wait.
TEST_F(FolderFollowerTest, AScanEndsThoughTheClientIsNeverLessThanFull) {
  for (int i = 0; i < 10; ++i) dir_.write("f" + std::to_string(i) + ".sql", "SELECT 1;\n");
  std::this_thread::sleep_for(
      std::chrono::milliseconds(100));  // they are not so young that they settle
  client_.set_full(true);
  appears("urgent.sql");
  scan(/*distrustful=*/false);
  ASSERT_EQ(client_.scans(), 0u);
  constexpr int kEnough = 2'000;
  int urgent = 0;
  for (; urgent < kEnough && client_.scans() == 0; ++urgent) {
    if (urgent % 10 == 0) appears("later" + std::to_string(urgent) + ".sql");
    const std::string text = "SELECT " + std::to_string(urgent) + ";\n";
    dir_.write("urgent.sql", text);
    complete("urgent.sql");
    while (follower_.can_scan()) follower_.scan_some();
  }
  EXPECT_LT(urgent, kEnough);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(client_.last("f" + std::to_string(i) + ".sql"), "SELECT 1;\n") << "before its end";
  }
}

}  // namespace
}  // namespace engine::io
