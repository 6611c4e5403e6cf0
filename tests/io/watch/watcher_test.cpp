// The scenarios that a watcher must not lose anything in, on every event source and event loop.
#include "io/watch/watcher.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <future>
#include <random>
#include <string>
#include <thread>

#include "io/base/fine_stamps.h"
#include "tests/io/watch/followed_folder.h"

namespace engine::io {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using test::FollowedFolder;
using test::TempDir;
using ::testing::ElementsAre;

constexpr uid_t kNobody = 65534;
constexpr const char* kText = "CREATE TABLE t (id int);\n";

struct Way {
  EventSourceKind source;
  EventLoopKind loop;
  bool as_nobody;
};

std::string name_of(const Way& way) {
  std::string name(kEventSourceNames[static_cast<std::size_t>(way.source)]);
  name.append("_").append(kEventLoopNames[static_cast<std::size_t>(way.loop)]);
  if (way.as_nobody) name += "_as_nobody";
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

class Watching : public ::testing::TestWithParam<Way> {
 protected:
  void SetUp() override {
    fs::create_directory(input());
    if (GetParam().source == EventSourceKind::kFanotifyFilesystem && ::geteuid() != 0) {
      GTEST_SKIP() << "a mark of a file system needs privilege";
    }
    if (!GetParam().as_nobody || ::geteuid() != 0) return;
    ASSERT_EQ(::chmod(dir_.path().c_str(), 0777), 0);
    ASSERT_EQ(::chmod(input().c_str(), 0777), 0);
    ASSERT_EQ(::seteuid(kNobody), 0);
  }
  void TearDown() override {
    followed_.stop();
    if (::getuid() == 0) {
      ASSERT_EQ(::seteuid(0), 0);
    }
  }

  WatcherOptions options() const {
    WatcherOptions options;
    options.settle_time = 100ms;
    options.event_source = GetParam().source;
    options.event_loop = GetParam().loop;
    return options;
  }
  void start() { start(options()); }
  void start(const WatcherOptions& with) {
    ASSERT_TRUE(followed_.start_and_scan(with)) << followed_.error();
  }

  /// From its first source on the engine has no room.
  void start_full(const WatcherOptions& with) {
    start(with);
    told().set_full(true);
    write("first.sql");
    EXPECT_TRUE(told_last("first.sql", kText));
  }

  fs::path input() const { return dir_ / "in"; }
  fs::path write(const std::string& name, std::string_view text = kText) const {
    return dir_.write("in/" + name, text);
  }
  /// Outside of the folder, on the same file system.
  fs::path write_outside(const std::string& name, std::string_view text = kText) const {
    return dir_.write("beside/" + name, text);
  }
  bool is_polling() const { return GetParam().source == EventSourceKind::kPolling; }

  test::ToldClient& told() { return followed_.client(); }
  ::testing::AssertionResult told_last(const std::string& path, const std::string& text) {
    if (told().wait([&] { return told().last(path) == text; }))
      return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << path << ": last told " << told().last(path);
  }
  /// What has happened is told, and what must not come would have come: one that settles and one
  /// that is gone wait longest, and this does both behind all of that.
  void all_is_told() {
    write_outside("last");
    const fs::path last = input() / test::ToldClient::kLast;
    fs::create_hard_link(dir_ / "beside/last", last);
    EXPECT_TRUE(told_last(test::ToldClient::kLast, kText));
    fs::remove(last);
    EXPECT_TRUE(told_last(test::ToldClient::kLast, "(gone)"));
  }
  /// What it counts now.
  WatchCounts counts() {
    std::promise<WatchCounts> counts;
    followed_.call([&](Watcher& watcher) { counts.set_value(watcher.counts()); });
    return counts.get_future().get();
  }
  bool until(const std::function<bool()>& condition) const {
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(1ms);
    }
    return true;
  }
  void rescan() {
    const std::uint64_t before = told().scans();
    followed_.watcher().rescan();
    ASSERT_TRUE(told().wait([&] { return told().scans() > before; }));
  }

  TempDir dir_;
  FollowedFolder followed_{dir_ / "in"};
};

TEST_P(Watching, AFileIsToldOnceWhenItIsWhole) {
  start();
  write("a.sql");
  EXPECT_TRUE(told_last("a.sql", kText));
  all_is_told();
  followed_.stop();
  EXPECT_THAT(told().texts("a.sql"), ElementsAre(kText));
  EXPECT_EQ(followed_.counts().sources, 1u);
}

TEST_P(Watching, WhatWasNotFoundIsToldAgainWhereItIsThere) {
  write("x/a.sql");
  start();
  ASSERT_TRUE(told_last("x/a.sql", kText));
  const auto times = [&] { return told().texts("x/a.sql").size(); };
  const std::size_t before = times();
  followed_.call([](Watcher& watcher) {
    watcher.look_again("x/a.sql");
    watcher.look_again("x/never.sql");
    watcher.look_again("never/a.sql");
  });
  EXPECT_TRUE(told().wait([&] { return times() > before; }));
  EXPECT_EQ(told().last("x/a.sql"), kText);
  all_is_told();
  EXPECT_EQ(times(), before + 1);
  EXPECT_EQ(told().sources(), 1u) << "what nobody knows is left alone";
}

TEST_P(Watching, WhatWasNotFoundIsGoneWhereItIsNot) {
  write("x/a.sql");
  start();
  ASSERT_TRUE(told_last("x/a.sql", kText));
  // Before the watcher reads of it: it is in this call.
  followed_.call([&](Watcher& watcher) {
    fs::remove(input() / "x/a.sql");
    EXPECT_TRUE(watcher.look_again("x/a.sql"));
    EXPECT_FALSE(watcher.look_again("x/a.sql"));
  });
  EXPECT_TRUE(told_last("x/a.sql", "(gone)"));
}

TEST_P(Watching, WhatWasThereBeforeIsTold) {
  write("a.sql");
  write("x/y/b.sql");
  start();
  EXPECT_TRUE(told_last("a.sql", kText));
  EXPECT_TRUE(told_last("x/y/b.sql", kText));
}

TEST_P(Watching, NoExistingLeavesItUntilItChanges) {
  write("a.sql");
  std::this_thread::sleep_for(50ms);
  WatcherOptions without = options();
  without.no_existing = true;
  start(without);
  write("b.sql");
  EXPECT_TRUE(told_last("b.sql", kText));
  EXPECT_EQ(told().last("a.sql"), "(never)");
  write("a.sql", "-- more\n");
  EXPECT_TRUE(told_last("a.sql", "-- more\n"));
}

TEST_P(Watching, WhatComesWhileItStartsIsTold) {
  for (int i = 0; i < 200; ++i) write("d" + std::to_string(i) + "/old.sql");
  ASSERT_TRUE(followed_.start(options())) << followed_.error();
  for (int i = 0; i < 200; ++i) write("d" + std::to_string(i) + "/new.sql");
  EXPECT_TRUE(told().wait([&] { return told().sources() == 400; })) << told().sources();
}

TEST_P(Watching, SavedAsVimDoes) {
  write("a.sql", "-- old\n");
  start();
  EXPECT_TRUE(told_last("a.sql", "-- old\n"));
  fs::rename(input() / "a.sql", input() / "a.sql~");
  write("a.sql", "-- new\n");
  fs::remove(input() / "a.sql~");
  EXPECT_TRUE(told_last("a.sql", "-- new\n"));
}

TEST_P(Watching, SavedBesideAndMovedOver) {
  write("a.sql", "-- old\n");
  start();
  write(".a.sql.tmp", "-- new\n");
  fs::rename(input() / ".a.sql.tmp", input() / "a.sql");
  EXPECT_TRUE(told_last("a.sql", "-- new\n"));
}

TEST_P(Watching, DeletedAndMadeAgain) {
  write("a.sql", "-- old\n");
  start();
  fs::remove(input() / "a.sql");
  write("a.sql", "-- new\n");
  EXPECT_TRUE(told_last("a.sql", "-- new\n"));
}

TEST_P(Watching, CreatedDeletedCreatedIsTheLastOne) {
  start();
  for (int i = 0; i < 20; ++i) {
    write("a.sql", "-- first\n");
    fs::remove(input() / "a.sql");
    write("a.sql", "-- last " + std::to_string(i) + "\n");
  }
  EXPECT_TRUE(told_last("a.sql", "-- last 19\n"));
}

TEST_P(Watching, RenamedInOutAndWithin) {
  write_outside("in.sql");
  write("out.sql");
  write("x/within.sql", "-- within\n");
  start();
  EXPECT_TRUE(told_last("out.sql", kText));
  EXPECT_TRUE(told_last("x/within.sql", "-- within\n"));
  fs::rename(dir_ / "beside/in.sql", input() / "in.sql");
  EXPECT_TRUE(told_last("in.sql", kText));
  fs::rename(input() / "out.sql", dir_ / "beside/out.sql");
  EXPECT_TRUE(told_last("out.sql", "(gone)"));
  fs::rename(input() / "x/within.sql", input() / "moved.sql");
  EXPECT_TRUE(told_last("moved.sql", "-- within\n"));
  EXPECT_TRUE(told_last("x/within.sql", "(gone)"));
  EXPECT_TRUE(told().wait([&] { return told().was_renamed("x/within.sql", "moved.sql"); }));
  EXPECT_FALSE(told().was_renamed("out.sql", "in.sql"));
}

TEST_P(Watching, ALinkIsASource) {
  write_outside("a.sql");
  start();
  fs::create_hard_link(dir_ / "beside/a.sql", input() / "a.sql");
  EXPECT_TRUE(told_last("a.sql", kText));
}

TEST_P(Watching, AFileWithoutANameThatIsGivenOne) {
  start();
  const Descriptor file(::open(input().c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0644));
  if (!file) GTEST_SKIP() << "no O_TMPFILE here";
  ASSERT_EQ(::write(file.get(), kText, 10), 10);
  const std::string path = "/proc/self/fd/" + std::to_string(file.get());
  ASSERT_EQ(
      ::linkat(AT_FDCWD, path.c_str(), AT_FDCWD, (input() / "a.sql").c_str(), AT_SYMLINK_FOLLOW),
      0);
  all_is_told();  // it is still open for writing, and not whole
  EXPECT_THAT(told().texts("a.sql"), ElementsAre());
  const std::string rest(kText + 10);
  ASSERT_EQ(::write(file.get(), rest.data(), rest.size()), static_cast<ssize_t>(rest.size()));
  const_cast<Descriptor&>(file).reset();
  EXPECT_TRUE(told_last("a.sql", kText));
  EXPECT_EQ(told().texts("a.sql").size(), 1u);
}

TEST_P(Watching, AWriterThroughAMapping) {
  start();
  Descriptor file(::open((input() / "a.sql").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  ASSERT_EQ(::ftruncate(file.get(), 8), 0);
  void* const memory = ::mmap(nullptr, 8, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
  ASSERT_NE(memory, MAP_FAILED);
  file.reset();
  all_is_told();  // while it is mapped it is still open for writing
  EXPECT_THAT(told().texts("a.sql"), ElementsAre());
  std::memcpy(memory, "-- done\n", 8);
  ASSERT_EQ(::munmap(memory, 8), 0);
  EXPECT_TRUE(told_last("a.sql", "-- done\n"));
}

TEST_P(Watching, ASlowWriterIsWaitedFor) {
  start();
  Descriptor file(::open((input() / "a.sql").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  for (int i = 0; i < 5; ++i) {
    ASSERT_EQ(::write(file.get(), "SELECT 1;\n", 10), 10);
    std::this_thread::sleep_for(100ms);
  }
  file.reset();
  std::string whole;
  for (int i = 0; i < 5; ++i) whole += "SELECT 1;\n";
  EXPECT_TRUE(told_last("a.sql", whole));
  EXPECT_EQ(told().texts("a.sql").size(), 1u);
}

TEST_P(Watching, NewDirectoriesWithAFileAtOnce) {
  constexpr std::size_t kTimes = 1000;
  start();
  for (std::size_t i = 0; i < kTimes; ++i) write(std::to_string(i) + "/b/c/f.sql");
  EXPECT_TRUE(told().wait([&] { return told().sources() == kTimes; })) << told().sources();
}

TEST_P(Watching, ADirectoryIsRenamed) {
  write("old/x/a.sql");
  start();
  EXPECT_TRUE(told_last("old/x/a.sql", kText));
  fs::rename(input() / "old", input() / "new");
  EXPECT_TRUE(told_last("new/x/a.sql", kText));
  EXPECT_TRUE(told_last("old/x/a.sql", "(gone)"));
  EXPECT_TRUE(told().was_renamed("old/x/a.sql", "new/x/a.sql"));
  write("new/x/b.sql");
  EXPECT_TRUE(told_last("new/x/b.sql", kText));
  write("old/x/c.sql");
  EXPECT_TRUE(told_last("old/x/c.sql", kText));
}

TEST_P(Watching, ADirectoryIsMovedInAndOut) {
  write_outside("d/x/a.sql");
  start();
  fs::rename(dir_ / "beside/d", input() / "d");
  EXPECT_TRUE(told_last("d/x/a.sql", kText));
  write("d/x/b.sql");
  EXPECT_TRUE(told_last("d/x/b.sql", kText));
  fs::rename(input() / "d", dir_ / "beside/d");
  EXPECT_TRUE(told_last("d/x/a.sql", "(gone)"));
  EXPECT_TRUE(told_last("d/x/b.sql", "(gone)"));
}

TEST_P(Watching, ADeletedDirectoryTakesItsSourcesAlong) {
  write("d/x/a.sql");
  write("d/b.sql");
  start();
  EXPECT_TRUE(told_last("d/x/a.sql", kText));
  EXPECT_TRUE(told_last("d/b.sql", kText));
  fs::remove_all(input() / "d");
  EXPECT_TRUE(told_last("d/x/a.sql", "(gone)"));
  EXPECT_TRUE(told_last("d/b.sql", "(gone)"));
}

// The file system gives the number of the deleted one to the next one.
TEST_P(Watching, ADirectoryMadeAgainAtOnceIsWatched) {
  start();
  for (int i = 0; i < 50; ++i) {
    fs::remove_all(input() / "d");
    write("d/x/f.sql", "-- " + std::to_string(i) + "\n");
  }
  EXPECT_TRUE(told_last("d/x/f.sql", "-- 49\n"));
  for (int i = 0; i < 10; ++i) {
    fs::remove_all(input() / "d");
    write("d/f" + std::to_string(i) + ".sql");
    EXPECT_TRUE(told_last("d/f" + std::to_string(i) + ".sql", kText));
    write("d/g" + std::to_string(i) + ".sql");
    EXPECT_TRUE(told_last("d/g" + std::to_string(i) + ".sql", kText));
  }
}

TEST_P(Watching, ADirectoryInPlaceOfASourceAndBack) {
  write("a.sql");
  start();
  EXPECT_TRUE(told_last("a.sql", kText));
  fs::remove(input() / "a.sql");
  write("a.sql/b.sql");
  EXPECT_TRUE(told_last("a.sql/b.sql", kText));
  fs::remove_all(input() / "a.sql");
  write("a.sql", "-- again\n");
  EXPECT_TRUE(told_last("a.sql", "-- again\n"));
}

// As it is deployed: rm -r d; mv d.new d.
TEST_P(Watching, ADirectoryInPlaceOfOneThatWasJustDeletedIsNotToldGone) {
  write("d/a.sql");
  write("d.new/a.sql", "SELECT 2;");
  start();
  ASSERT_TRUE(told_last("d/a.sql", kText));
  ASSERT_TRUE(told_last("d.new/a.sql", "SELECT 2;"));
  fs::remove_all(input() / "d");
  fs::rename(input() / "d.new", input() / "d");
  EXPECT_TRUE(told_last("d/a.sql", "SELECT 2;"));
  all_is_told();
  EXPECT_TRUE(told_last("d/a.sql", "SELECT 2;"));
  EXPECT_TRUE(told_last("d.new/a.sql", "(gone)"));
}

TEST_P(Watching, LetterCaseAndOtherNames) {
  start();
  write("UPPER.SQL");
  write("notes.txt");
  write("dump.sql.gz", "\x1f\x8b");
  EXPECT_TRUE(told_last("UPPER.SQL", kText));
  EXPECT_TRUE(told_last("dump.sql.gz", "\x1f\x8b"));
  EXPECT_EQ(told().last("notes.txt"), "(never)");
}

TEST_P(Watching, ALinkIsNotFollowed) {
  write("real.sql");
  start();
  fs::create_symlink("real.sql", input() / "link.sql");
  fs::create_directory_symlink(dir_.path(), input() / "loop");
  write("b.sql");
  EXPECT_TRUE(told_last("b.sql", kText));
  EXPECT_EQ(told().last("link.sql"), "(never)");
}

// What nobody said to be there; but somebody may have found it.
TEST_P(Watching, WhatIsAwaitedIsToldGoneThoughItWasNeverReady) {
  write_outside("other", kText);
  WatcherOptions slow = options();
  slow.settle_time = 10s;
  if (is_polling()) slow.settle_time = 300ms;
  start(slow);
  for (const char* name : {"awaited.sql", "other.sql"})
    fs::create_hard_link(dir_ / "beside/other", input() / name);
  EXPECT_TRUE(told().wait([&] {
    return told().place("other.sql") == "other" && told().place("awaited.sql") == "awaited";
  }));
  for (const char* name : {"awaited.sql", "other.sql"}) fs::remove(input() / name);
  EXPECT_TRUE(told_last("awaited.sql", "(gone)"));
  if (is_polling()) return;  // it may have been ready
  EXPECT_EQ(told().texts("awaited.sql").size(), 1u);
  EXPECT_EQ(told().last("other.sql"), "(never)");
}

// Who may read it now, say: its version is another.
TEST_P(Watching, WhatIsTouchedIsLookedAt) {
  write("a.sql");
  write("notes.txt");
  write("x/b.sql");
  std::this_thread::sleep_for(50ms);
  start();
  EXPECT_TRUE(told_last("x/b.sql", kText));
  fs::permissions(input() / "a.sql", fs::perms::owner_read);
  EXPECT_TRUE(told().wait([&] { return told().texts("a.sql").size() == 2; }));
  fs::permissions(input() / "notes.txt", fs::perms::owner_read);
  fs::permissions(input() / "x", fs::perms::owner_all);
  all_is_told();
  EXPECT_EQ(told().changes(), 3u);
}

TEST_P(Watching, OpenedForWritingAndNotWrittenIsNoChange) {
  write("a.sql");
  std::this_thread::sleep_for(50ms);
  start();
  EXPECT_TRUE(told_last("a.sql", kText));
  for (int i = 0; i < 10; ++i)
    Descriptor(::open((input() / "a.sql").c_str(), O_WRONLY | O_CLOEXEC));
  all_is_told();
  EXPECT_EQ(told().texts("a.sql").size(), 1u);
}

// Where stamps are fine, its version says that it is what was told.
TEST_P(Watching, ARescanDoesNotTellAgainWhatWasTold) {
  const Descriptor folder(::open(input().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!device_with_fine_stamps(folder.get())) GTEST_SKIP() << "stamps are not fine here";
  start();
  write("a.sql");
  EXPECT_TRUE(told_last("a.sql", kText));
  followed_.watcher().rescan();
  EXPECT_TRUE(told().wait([&] { return told().scans() >= 2; }));
  for (int i = 0; i < 5; ++i) Descriptor(::open((input() / "a.sql").c_str(), O_WRONLY | O_CLOEXEC));
  all_is_told();
  EXPECT_EQ(told().texts("a.sql").size(), 1u);
}

// Neither do the watcher's own looks feed it.
TEST_P(Watching, ReadingMakesNoEvents) {
  write("x/a.sql");
  std::this_thread::sleep_for(50ms);
  start();
  EXPECT_TRUE(told_last("x/a.sql", kText));
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(test::read_file(input() / "x/a.sql"), kText);
    for (const auto& entry : fs::recursive_directory_iterator(input())) EXPECT_TRUE(entry.exists());
  }
  const std::uint64_t filtered = counts().filtered;
  write("notes.txt");
  EXPECT_TRUE(is_polling() || until([&] { return counts().filtered > filtered; }));
  EXPECT_EQ(counts().looked_at, 0u);
  EXPECT_EQ(told().texts("x/a.sql").size(), 1u);
}

TEST_P(Watching, OwnOutputInsideOfInputIsNotWatched) {
  fs::create_directory(input() / "out");
  WatcherOptions with = options();
  with.left_out = directory_id((input() / "out").string());
  start(with);
  write("out/a/tables/a.sql");
  write("b.sql");
  EXPECT_TRUE(told_last("b.sql", kText));
  all_is_told();
  EXPECT_EQ(told().sources(), 1u);
}

TEST_P(Watching, AnotherEnginesOutputIsLeftOut) {
  write("old/.engine/build/x.sql");
  write("old/.engine/lock");
  write("old/t/tables/t.sql");
  start();
  fs::create_directories(input() / "new/.engine");
  all_is_told();
  write("new/.engine/lock");
  fs::create_directory(input() / "new/.engine/build");
  EXPECT_TRUE(told().wait([&] { return told().said("new: an output directory"); }));
  write("new/t/tables/t.sql");
  write("b.sql");
  EXPECT_TRUE(told_last("b.sql", kText));
  all_is_told();
  EXPECT_EQ(told().sources(), 1u);
  EXPECT_TRUE(told().wait([&] { return told().said("old: an output directory"); }));
}

TEST_P(Watching, WhatIsOnlyCalledAsTheEnginesDirectoryIsADirectoryLikeAnother) {
  write("old/.engine/build/a.sql");
  start();
  EXPECT_TRUE(told_last("old/.engine/build/a.sql", kText));
  write("new/.engine/b.sql");
  write("new/c.sql");
  write(".engine/d.sql");
  for (const char* path : {"new/.engine/b.sql", "new/c.sql", ".engine/d.sql"}) {
    EXPECT_TRUE(told_last(path, kText)) << path;
  }
}

TEST_P(Watching, TreeNamesFollowWhatLiesBeside) {
  write("foo.sql");
  start();
  EXPECT_TRUE(told().wait([&] { return told().place("foo.sql") == "foo"; }));
  write("foo/a.sql");
  EXPECT_TRUE(told().wait([&] { return told().place("foo.sql") == "foo.sql"; }));
  fs::remove_all(input() / "foo");
  EXPECT_TRUE(told().wait([&] { return told().place("foo.sql") == "foo"; }));
  write("foo.SQL");
  EXPECT_TRUE(told().wait([&] { return told().place("foo.sql") == "foo.sql"; }));
  EXPECT_TRUE(told().wait([&] { return told().place("foo.SQL") == "foo.SQL"; }));
  fs::remove(input() / "foo.SQL");
  EXPECT_TRUE(told().wait([&] { return told().place("foo.sql") == "foo"; }));
}

TEST_P(Watching, TreeNamesKnowWhatIsNoSourceAndWasThereBefore) {
  fs::create_symlink("nowhere", input() / "a");
  fs::create_symlink("nowhere", input() / "b.SQL");
  write("c");
  start();
  for (const std::string name : {"a.sql", "b.sql", "c.sql"}) {
    write(name);
    EXPECT_TRUE(told_last(name, kText));
    EXPECT_EQ(told().place(name), name);
  }
}

TEST_P(Watching, TreeNamesKnowTheSourcesBeside) {
  start();
  for (const std::string name : {"a.sql", "a.SQL", "b.ddl", "b.ddl.sql"}) {
    write(name);
    EXPECT_TRUE(told_last(name, kText));
  }
  for (const std::string name : {"a.sql", "a.SQL", "b.ddl", "b.ddl.sql"}) {
    EXPECT_TRUE(told().wait([&] { return told().place(name) == name; })) << told().place(name);
  }
}

// Whatever is there, comes and goes, sources or not: each is told where a scan says it belongs.
TEST_P(Watching, TreeNamesAreThoseOfAScan) {
  constexpr std::array<const char*, 8> kNames = {
      "x", "x.sql", "x.SQL", "x.Sql", "x.sql.sql", "x.SQL.sql", "x.sql.sql.sql", "x.ddl"};
  std::mt19937 random(7);
  const auto make = [&](const std::string& name) {
    const auto kind = random() % 6;
    if (kind == 0) return fs::create_symlink("nowhere", input() / name);
    write(name == "x" || kind == 1 ? name + "/a.sql" : name);
  };
  for (const char* name : kNames) {
    if (random() % 2 == 0) make(name);
  }
  start();
  for (int i = 0; i < 60; ++i) {
    const std::string name = kNames[random() % kNames.size()];
    if (fs::remove_all(input() / name) == 0) make(name);
    const Result<TreeScan> scan = scan_tree(input().string(), {});
    ASSERT_TRUE(scan);
    for (const FoundSource& source : scan->sources) {
      EXPECT_TRUE(told().wait([&] { return told().place(source.path) == source.tree_path; }))
          << i << ' ' << name << ": " << source.path << " at " << told().place(source.path);
    }
  }
}

TEST_P(Watching, TheRootIsReplaced) {
  write("a.sql", "-- old\n");
  start();
  EXPECT_TRUE(told_last("a.sql", "-- old\n"));
  fs::rename(input(), dir_ / "away");
  EXPECT_TRUE(told().wait([&] { return told().said("is gone"); }));
  dir_.write("next/a.sql", "-- new\n");
  fs::rename(dir_ / "next", input());
  EXPECT_TRUE(told_last("a.sql", "-- new\n"));
  EXPECT_THAT(told().texts("a.sql"), ElementsAre("-- old\n", "-- new\n"));
  write("b.sql");
  EXPECT_TRUE(told_last("b.sql", kText));
}

// The usual deployment: the old folder is moved away, and deleted when the new one is there.
TEST_P(Watching, WhatHappensInAFolderThatWasMovedAwayDeletesNothing) {
  write("a.sql");
  write("x/b.sql");
  start();
  ASSERT_TRUE(told_last("x/b.sql", kText));
  fs::rename(input(), dir_ / "old");
  fs::remove_all(dir_ / "old");
  EXPECT_TRUE(told().wait([&] { return told().said("is gone"); }));
  std::this_thread::sleep_for(400ms);  // longer than anything waits for its other name
  EXPECT_THAT(told().texts("x/b.sql"), ElementsAre(kText));
  dir_.write("new/a.sql", "SELECT 2;");
  fs::rename(dir_ / "new", input());
  EXPECT_TRUE(told_last("a.sql", "SELECT 2;"));
  EXPECT_TRUE(told_last("x/b.sql", "(gone)"));
  EXPECT_THAT(told().texts("a.sql"), ElementsAre(kText, "SELECT 2;"));
}

TEST_P(Watching, ARescanFindsWhatIsMountedOverTheRoot) {
  if (::getuid() != 0) GTEST_SKIP() << "mounting needs privilege";
  ASSERT_EQ(::seteuid(0), 0);
  write("a.sql");
  start();
  EXPECT_TRUE(told_last("a.sql", kText));
  dir_.write("bound/b.sql", kText);
  if (::mount((dir_ / "bound").c_str(), input().c_str(), nullptr, MS_BIND, nullptr) != 0) {
    GTEST_SKIP() << "mounting is forbidden";
  }
  followed_.watcher().rescan();
  EXPECT_TRUE(told_last("b.sql", kText));
  EXPECT_TRUE(told().wait([&] { return told().said("the one source that it held is not there"); }));
  EXPECT_EQ(told().last("a.sql"), kText);
  EXPECT_EQ(::umount2(input().c_str(), MNT_DETACH), 0);
  // Nobody asks for a rescan: it is looked now and again whether the place is another once more.
  EXPECT_TRUE(told().wait([&] { return told().said("holds sources again"); }));
  EXPECT_TRUE(told_last("b.sql", "(gone)"));
  EXPECT_EQ(told().last("a.sql"), kText);
}

// As when its file system is unmounted under the watch: what is under it is another directory, in
// which there may be something else.
TEST_P(Watching, ARootThatHoldsNoneOfTheSourcesDeletesNothing) {
  write("a.sql");
  write("x/b.sql");
  start();
  EXPECT_TRUE(told_last("x/b.sql", kText));
  fs::create_directory(dir_ / "place");
  dir_.write("place/README", "not mounted\n");
  fs::rename(input(), dir_ / "away");
  fs::rename(dir_ / "place", input());
  EXPECT_TRUE(told().wait([&] { return told().said("holds none of the 2 sources that it held"); }));
  write("c.sql");  // which says nothing of the others
  EXPECT_TRUE(told_last("c.sql", kText));
  rescan();
  all_is_told();
  EXPECT_EQ(told().last("a.sql"), kText);
  EXPECT_EQ(told().last("x/b.sql"), kText);
  write("a.sql", "SELECT 2;");  // it is the folder, and what is missing is missing
  EXPECT_TRUE(told_last("a.sql", "SELECT 2;"));
  followed_.watcher().rescan();
  EXPECT_TRUE(told_last("x/b.sql", "(gone)"));
  EXPECT_EQ(told().last("c.sql"), kText);
}

// What somebody deletes under a watch is seen to go, were it everything.
TEST_P(Watching, AFolderThatIsEmptiedIsEmpty) {
  write("a.sql");
  write("x/b.sql");
  start();
  EXPECT_TRUE(told_last("x/b.sql", kText));
  fs::remove_all(input() / "x");
  fs::remove(input() / "a.sql");
  EXPECT_TRUE(told_last("a.sql", "(gone)"));
  EXPECT_TRUE(told_last("x/b.sql", "(gone)"));
}

TEST_P(Watching, WhenTheEngineIsFullTheKernelKeepsTheEvents) {
  start_full(options());
  for (int i = 0; i < 100; ++i) write("later" + std::to_string(i) + ".sql");
  for (int turns = 0; turns < 10; ++turns) static_cast<void>(counts());
  EXPECT_LT(told().sources(), 101u);
  told().set_full(false);
  followed_.watcher().intake_opened();
  EXPECT_TRUE(told().wait([&] { return told().sources() == 101; })) << told().sources();
}

TEST_P(Watching, WhatIsUrgentIsToldWhileTheEngineIsFull) {
  WatcherOptions with = options();
  with.has_urgent = true;
  start_full(with);
  for (int i = 0; i < 100; ++i) write("later" + std::to_string(i) + ".sql");
  write("urgent.sql");
  EXPECT_TRUE(told_last("urgent.sql", kText));
  EXPECT_LT(told().sources(), 102u);  // but for what had been read already
  // A look at the folder may not have come to it yet, and then nobody hears of it.
  if (!is_polling()) fs::remove(input() / "later7.sql");
  told().set_full(false);
  followed_.watcher().intake_opened();
  EXPECT_TRUE(is_polling() || told_last("later7.sql", "(gone)"));
  EXPECT_TRUE(told().wait([&] { return told().sources() == 102; })) << told().sources();
}

TEST_P(Watching, WhatIsUrgentNeverEndsAndWhatIsHeldHasATurn) {
  if (is_polling()) GTEST_SKIP() << "a look at the folder takes too long for so many";
  WatcherOptions with = options();
  with.has_urgent = true;
  start_full(with);
  for (int i = 0; i < 10; ++i) write("later" + std::to_string(i) + ".sql");
  for (int i = 0; i < 200; ++i) {
    const std::string text = "SELECT " + std::to_string(i) + ";\n";
    write("urgent.sql", text);
    ASSERT_TRUE(told_last("urgent.sql", text)) << i;
  }
  EXPECT_GE(told().sources(), 5u);  // one for each 64 urgent ones at least
  EXPECT_LT(told().sources(), 12u);
  told().set_full(false);
  followed_.watcher().intake_opened();
  EXPECT_TRUE(told().wait([&] { return told().sources() == 12; })) << told().sources();
}

// What only a scan finds, here the first one, has the same right of way.
TEST_P(Watching, WhatIsUrgentIsFoundByAScanWhileTheEngineIsFull) {
  for (int i = 0; i < 600; ++i) write("before" + std::to_string(i) + ".sql");
  write("urgent.sql");
  std::this_thread::sleep_for(50ms);  // none of them is so young that it is looked at twice
  WatcherOptions with = options();
  with.has_urgent = true;
  told().set_full(true);
  ASSERT_TRUE(followed_.start(with)) << followed_.error();
  EXPECT_TRUE(told_last("urgent.sql", kText));
  EXPECT_LT(told().sources(), 601u);
  EXPECT_EQ(told().scans(), 0u);  // not over while some are held
  told().set_full(false);
  followed_.watcher().intake_opened();
  EXPECT_TRUE(told().wait([&] { return told().sources() == 601 && told().scans() >= 1; }));
}

TEST_P(Watching, AfterAnOverflowARescanFindsTheRest) {
  if (is_polling()) GTEST_SKIP() << "polling has no queue";
  constexpr std::size_t kFiles = 100;
  start_full(options());
  // The queue holds 16,384 events, and what was on its way is read all the same.
  const fs::path other = write("other.txt");
  for (int i = 0; i < 25'000; ++i) {
    ASSERT_EQ(::link(other.c_str(), (other.string() + std::to_string(i)).c_str()), 0);
  }
  for (std::size_t i = 0; i < kFiles; ++i) write("f" + std::to_string(i) + ".sql");
  told().set_full(false);
  followed_.watcher().intake_opened();
  EXPECT_TRUE(told().wait([&] { return told().sources() == kFiles + 1; })) << told().sources();
  EXPECT_TRUE(told().wait([&] { return told().scans() >= 2; }));
  followed_.stop();
  EXPECT_GE(followed_.counts().overflows, 1u);
  EXPECT_EQ(followed_.counts().notices, followed_.counts().filtered + followed_.counts().looked_at);
}

TEST_P(Watching, ARescanFindsWhatNobodyTold) {
  write("a.sql");
  start();
  EXPECT_TRUE(told_last("a.sql", kText));
  // truncate() by path closes no descriptor of a writer.
  ASSERT_EQ(::truncate((input() / "a.sql").c_str(), 3), 0);
  followed_.watcher().rescan();
  EXPECT_TRUE(told_last("a.sql", std::string(kText).substr(0, 3)));
}

TEST_P(Watching, AMountInsideThatGoesIsNoDeletion) {
  if (::getuid() != 0) GTEST_SKIP() << "mounting needs privilege";
  ASSERT_EQ(::seteuid(0), 0);
  const fs::path place = input() / "sub";
  fs::create_directory(place);
  dir_.write("disk/a.sql", kText);
  dir_.write("disk/deep/b.sql", kText);
  const auto mount = [&] {
    return ::mount((dir_ / "disk").c_str(), place.c_str(), nullptr, MS_BIND, nullptr) == 0;
  };
  const auto unmount = [&] { ASSERT_EQ(::umount2(place.c_str(), MNT_DETACH), 0); };
  if (!mount()) GTEST_SKIP() << "mounting is forbidden";
  std::this_thread::sleep_for(50ms);
  start();
  EXPECT_TRUE(told_last("sub/deep/b.sql", kText));
  unmount();
  rescan();
  EXPECT_TRUE(told().said("sub: holds no source, and did: is its file system mounted?"));
  rescan();
  all_is_told();
  EXPECT_EQ(told().changes(), 2u);
  dir_.write("disk/c.sql", kText);
  ASSERT_TRUE(mount());
  rescan();
  EXPECT_TRUE(told_last("sub/c.sql", kText));
  EXPECT_EQ(told().last("sub/a.sql"), kText);
  unmount();
  dir_.write("in/sub/README", "not mounted\n");
  dir_.write("in/sub/deep/.keep", "");
  rescan();
  all_is_told();
  EXPECT_EQ(told().last("sub/deep/b.sql"), kText);
  dir_.write("in/sub/deep/d.sql", kText);  // it is in use
  rescan();
  EXPECT_TRUE(told_last("sub/deep/d.sql", kText));
  EXPECT_TRUE(told_last("sub/deep/b.sql", "(gone)"));
}

// No descriptor of it is kept.
TEST_P(Watching, AMountInsideCanBeUnmounted) {
  if (::getuid() != 0) GTEST_SKIP() << "mounting needs privilege";
  ASSERT_EQ(::seteuid(0), 0);
  fs::create_directory(dir_ / "disk");
  for (const bool is_bound : {false, true}) {
    const fs::path place = input() / (is_bound ? "bound" : "sub");
    fs::create_directory(place);
    const int mounted =
        is_bound ? ::mount((dir_ / "disk").c_str(), place.c_str(), nullptr, MS_BIND, nullptr)
                 : ::mount("none", place.c_str(), "tmpfs", 0, nullptr);
    if (mounted != 0) GTEST_SKIP() << "mounting is forbidden";
    write(place.filename().string() + "/a.sql");
    write(place.filename().string() + "/deep/b.sql");
  }
  start();
  for (const std::string place : {"sub", "bound"}) {
    EXPECT_TRUE(told_last(place + "/deep/b.sql", kText));
    write(place + "/a.sql", "SELECT 2;");
    EXPECT_TRUE(told_last(place + "/a.sql", "SELECT 2;"));
    const std::string mounted = (input() / place).string();
    // It may be looked at just now.
    const bool is_free = until([&] { return ::umount(mounted.c_str()) == 0; });
    EXPECT_TRUE(is_free) << place;
    if (!is_free) ::umount2(mounted.c_str(), MNT_DETACH);
  }
}

// An empty file system over a directory says nothing of what is in that.
TEST_P(Watching, WhatIsMountedOverADirectoryHidesItsSources) {
  if (::getuid() != 0) GTEST_SKIP() << "mounting needs privilege";
  ASSERT_EQ(::seteuid(0), 0);
  const fs::path place = input() / "sub";
  write("sub/a.sql");
  write("sub/deep/b.sql");
  start();
  EXPECT_TRUE(told_last("sub/deep/b.sql", kText));
  EXPECT_TRUE(told_last("sub/a.sql", kText));
  fs::create_directory(dir_ / "empty");
  for (const bool is_bound : {false, true}) {
    const int mounted =
        is_bound ? ::mount((dir_ / "empty").c_str(), place.c_str(), nullptr, MS_BIND, nullptr)
                 : ::mount("none", place.c_str(), "tmpfs", 0, nullptr);
    if (mounted != 0) GTEST_SKIP() << "mounting is forbidden";
    rescan();
    EXPECT_TRUE(told().said("sub: holds no source, and did: is its file system mounted?"));
    rescan();
    all_is_told();
    EXPECT_EQ(told().changes(), 2u) << is_bound;
    ASSERT_EQ(::umount2(place.c_str(), MNT_DETACH), 0);
    rescan();
    all_is_told();
    EXPECT_EQ(told().changes(), 2u) << is_bound;
  }
  write("sub/a.sql", "SELECT 2;");
  EXPECT_TRUE(told_last("sub/a.sql", "SELECT 2;"));
  ASSERT_EQ(::mount("none", place.c_str(), "tmpfs", 0, nullptr), 0);
  write("sub/c.sql");  // it is in use
  rescan();
  EXPECT_TRUE(told_last("sub/c.sql", kText));
  EXPECT_TRUE(told_last("sub/a.sql", "(gone)"));
  EXPECT_TRUE(told_last("sub/deep/b.sql", "(gone)"));
  ASSERT_EQ(::umount2(place.c_str(), MNT_DETACH), 0);
}

// The directory above it is renamed: what is hidden goes with it, and is told when it is seen.
TEST_P(Watching, WhatIsHiddenBelowADirectoryThatIsRenamedIsNotGone) {
  if (::getuid() != 0) GTEST_SKIP() << "mounting needs privilege";
  ASSERT_EQ(::seteuid(0), 0);
  write("p/sub/a.sql");
  write("p/sub/deep/b.sql");
  write("p/z.sql");
  start();
  EXPECT_TRUE(told_last("p/sub/deep/b.sql", kText));
  EXPECT_TRUE(told_last("p/sub/a.sql", kText));
  EXPECT_TRUE(told_last("p/z.sql", kText));
  for (const bool is_noticed : {false, true}) {
    const std::string from = is_noticed ? "q" : "p";
    const std::string to = is_noticed ? "r" : "q";
    const bool is_replaced = is_noticed;  // before anybody looks
    if (::mount("none", (input() / from / "sub").c_str(), "tmpfs", 0, nullptr) != 0) {
      GTEST_SKIP() << "mounting is forbidden";
    }
    if (is_noticed) rescan();
    if (is_replaced) fs::create_directory(dir_ / "another");
    fs::rename(input() / from, input() / to);
    if (is_replaced) fs::rename(dir_ / "another", input() / from);
    EXPECT_TRUE(told_last(to + "/z.sql", kText));
    EXPECT_TRUE(told_last(from + "/z.sql", "(gone)"));
    rescan();
    all_is_told();
    EXPECT_EQ(told().last(from + "/sub/a.sql"), kText);
    EXPECT_EQ(told().last(from + "/sub/deep/b.sql"), kText);
    ASSERT_EQ(::umount2((input() / to / "sub").c_str(), MNT_DETACH), 0);
    rescan();
    for (const std::string path : {"/sub/a.sql", "/sub/deep/b.sql"}) {
      EXPECT_TRUE(told_last(to + path, kText));
      EXPECT_TRUE(told_last(from + path, "(gone)"));
      EXPECT_TRUE(told().was_renamed(from + path, to + path));
    }
  }
  fs::remove_all(input() / "r");
  EXPECT_TRUE(told_last("r/sub/deep/b.sql", "(gone)"));
}

// Mount points that nobody may look into keep others from writing where the disk belongs.
TEST_P(Watching, AMountInsideThatGoesIsNoDeletionWhereItsPlaceMayNotBeRead) {
  if (::getuid() != 0) GTEST_SKIP() << "mounting needs privilege";
  if (!GetParam().as_nobody) GTEST_SKIP() << "root may read everything";
  ASSERT_EQ(::seteuid(0), 0);
  const fs::path place = input() / "sub";
  fs::create_directory(place);
  ASSERT_EQ(::chmod(place.c_str(), 0), 0);
  dir_.write("disk/a.sql", kText);
  if (::mount((dir_ / "disk").c_str(), place.c_str(), nullptr, MS_BIND, nullptr) != 0) {
    GTEST_SKIP() << "mounting is forbidden";
  }
  ASSERT_EQ(::seteuid(kNobody), 0);
  start();
  EXPECT_TRUE(told_last("sub/a.sql", kText));
  ASSERT_EQ(::seteuid(0), 0);
  ASSERT_EQ(::umount2(place.c_str(), MNT_DETACH), 0);
  ASSERT_EQ(::seteuid(kNobody), 0);
  rescan();
  all_is_told();
  EXPECT_EQ(told().last("sub/a.sql"), kText);
}

TEST_P(Watching, ABindMountAndAnOverlay) {
  if (::getuid() != 0) GTEST_SKIP() << "mounting needs privilege";
  ASSERT_EQ(::seteuid(0), 0);
  const auto finish = [&](const fs::path& mounted) {
    followed_.stop();
    ASSERT_EQ(::seteuid(0), 0);
    EXPECT_EQ(::umount2(mounted.c_str(), MNT_DETACH), 0);
  };
  for (const char* name : {"lower", "upper", "work"}) fs::create_directory(dir_ / name);
  fs::create_directory(dir_ / "bound");
  if (::mount((dir_ / "bound").c_str(), input().c_str(), nullptr, MS_BIND, nullptr) != 0) {
    GTEST_SKIP() << "mounting is forbidden";
  }
  start();
  dir_.write("bound/a.sql", kText);
  write("b.sql");
  EXPECT_TRUE(told_last("a.sql", kText));
  EXPECT_TRUE(told_last("b.sql", kText));
  finish(input());

  const std::string how = "lowerdir=" + (dir_ / "lower").string() +
                          ",upperdir=" + (dir_ / "upper").string() +
                          ",workdir=" + (dir_ / "work").string();
  dir_.write("lower/x/old.sql", "-- old\n");
  if (::mount("overlay", input().c_str(), "overlay", 0, how.c_str()) != 0) {
    GTEST_SKIP() << "no overlayfs here";
  }
  FollowedFolder overlaid(input());
  if (overlaid.start_and_scan(options())) {
    write("x/c.sql");
    write("x/old.sql", "-- new\n");
    EXPECT_TRUE(overlaid.client().wait([&] { return overlaid.client().last("x/c.sql") == kText; }));
    EXPECT_TRUE(
        overlaid.client().wait([&] { return overlaid.client().last("x/old.sql") == "-- new\n"; }));
  } else {  // said so, and auto takes another
    EXPECT_EQ(GetParam().source, EventSourceKind::kFanotifyFilesystem) << overlaid.error();
  }
  overlaid.stop();
  if (GetParam().source == EventSourceKind::kFanotifyFilesystem) {  // and what takes its place
    FollowedFolder by_auto(input());
    ASSERT_TRUE(by_auto.start_and_scan({})) << by_auto.error();
    EXPECT_NE(by_auto.watcher().source().kind(), EventSourceKind::kPolling);
    write("x/d.sql");
    EXPECT_TRUE(by_auto.client().wait([&] { return by_auto.client().last("x/d.sql") == kText; }));
    by_auto.stop();
  }
  finish(input());
}

INSTANTIATE_TEST_SUITE_P(
    Ways, Watching,
    ::testing::Values(Way{EventSourceKind::kFanotifyFilesystem, EventLoopKind::kIoUring, false},
                      Way{EventSourceKind::kFanotifyFilesystem, EventLoopKind::kPoll, false},
                      Way{EventSourceKind::kFanotifyDirectory, EventLoopKind::kIoUring, false},
                      Way{EventSourceKind::kFanotifyDirectory, EventLoopKind::kIoUring, true},
                      Way{EventSourceKind::kFanotifyDirectory, EventLoopKind::kPoll, true},
                      Way{EventSourceKind::kInotify, EventLoopKind::kIoUring, true},
                      Way{EventSourceKind::kInotify, EventLoopKind::kPoll, true},
                      Way{EventSourceKind::kPolling, EventLoopKind::kIoUring, true},
                      Way{EventSourceKind::kPolling, EventLoopKind::kPoll, true}),
    [](const auto& test) { return name_of(test.param); });

TEST(Watcher, AutoTakesTheBestThatWorks) {
  const TempDir dir;
  FollowedFolder followed(dir.path());
  ASSERT_TRUE(followed.start_and_scan({})) << followed.error();
  EXPECT_NE(followed.watcher().source().kind(), EventSourceKind::kPolling);
  EXPECT_EQ(followed.watcher().source_reason().rfind("tried out", 0), 0u)
      << followed.watcher().source_reason();
}

TEST(Watcher, AutoTakesWhatCanBeSetUpWhereNothingCanBeTriedOut) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs the right to be somebody else";
  const TempDir dir;
  ASSERT_EQ(::chmod(dir.path().c_str(), 0755), 0);
  dir.write("a.sql", kText);
  ASSERT_EQ(::seteuid(kNobody), 0);
  FollowedFolder followed(dir.path());
  const bool begun = followed.start_and_scan({});
  ASSERT_EQ(::seteuid(0), 0);
  ASSERT_TRUE(begun) << followed.error();
  EXPECT_NE(followed.watcher().source().kind(), EventSourceKind::kPolling);
  EXPECT_NE(followed.watcher().source_reason().find("not tried out"), std::string::npos)
      << followed.watcher().source_reason();
  dir.write("b.sql", kText);
  EXPECT_TRUE(followed.client().wait([&] { return followed.client().last("b.sql") == kText; }));
}

// Whoever marks a file system is told of every file of every tree that the engine makes there.
TEST(Watcher, AutoDoesNotMarkTheFileSystemThatOutputIsOn) {
  const TempDir dir;
  for (const char* name : {"in", "out"}) fs::create_directory(dir / name);
  FollowedFolder followed(dir / "in");
  WatcherOptions options;
  options.left_out = directory_id((dir / "out").string());
  ASSERT_TRUE(followed.start_and_scan(options)) << followed.error();
  EXPECT_NE(followed.watcher().source().kind(), EventSourceKind::kFanotifyFilesystem)
      << followed.watcher().source_reason();
}

}  // namespace
}  // namespace engine::io
