// The state store as a user meets it: what is done is not done again, and what the commands say.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "io/base/descriptor.h"
#include "io/state/database.h"
#include "io/state/state_reader.h"
#include "tests/cli/program.h"

namespace engine::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class State : public Program {
 protected:
  json load(std::vector<std::string> options = {}, int exit_status = 0) const {
    options.insert(options.end(), {"--stats=json", "in", "out"});
    const ProcessResult result = run(options);
    EXPECT_EQ(result.exit_status, exit_status) << result.err;
    const json stats = json::parse(result.out, nullptr, false);
    return stats.is_discarded() ? json() : stats["load"];
  }
  json status(std::vector<std::string> options = {}) const {
    options.insert(options.begin(), "status");
    options.insert(options.end(), {"--format=json", "out"});
    const ProcessResult result = run(options);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return json::parse(result.out, nullptr, false);
  }
  void expect_done_again(const std::vector<std::string>& options) const {
    EXPECT_EQ(load(options)["sources_done"], 2) << options.front();
    EXPECT_EQ(load(options)["sources_unchanged"], 2) << options.front();
  }
  void write_two() const {
    dir_.write("in/a.sql", kTable);
    dir_.write("in/b.sql", kTable);
  }
};

TEST_F(State, WhatIsDoneAndUnchangedIsNotDoneAgain) {
  write_two();
  EXPECT_EQ(load()["sources_done"], 2);
  const json second = load();
  EXPECT_EQ(second["sources"], 2);
  EXPECT_EQ(second["sources_unchanged"], 2);
  EXPECT_EQ(second["bytes_read"], 0);
  dir_.write("in/b.sql", "CREATE TABLE dbo.Other (Id int);\n");
  dir_.write("in/c.sql", kTable);
  const json third = load();
  EXPECT_EQ(third["sources_unchanged"], 1);
  EXPECT_EQ(third["sources_done"], 2);
  EXPECT_EQ(load({"--force"})["sources_done"], 3);
}

TEST_F(State, ATreeThatIsGoneIsMadeAgain) {
  write_two();
  load();
  std::filesystem::remove_all(dir_ / "out/a");
  EXPECT_EQ(load()["sources_done"], 1);
  EXPECT_TRUE(exists("out/a/manifest.json"));
}

TEST_F(State, OptionsThatChangeOutputsDoEverySourceAgain) {
  write_two();
  load();
  expect_done_again({"--no-metadata"});
  expect_done_again({"--dialect=mysql"});
  expect_done_again({"--durability=power"});
}

TEST_F(State, WhatSurvivesAPowerCutHasSurvivedTheEndOfAProcess) {
  write_two();
  EXPECT_EQ(load({"--durability=power"})["sources_done"], 2);
  EXPECT_EQ(load()["sources_unchanged"], 2);
}

TEST_F(State, AnOptionForSomeSourcesDoesThoseAgain) {
  write_two();
  load();
  EXPECT_EQ(load({"--dialect=b*=mysql"})["sources_done"], 1);
}

TEST_F(State, AnotherEncodingDoesTheSourceAgain) {
  dir_.write("in/a.sql", "CREATE TABLE dbo.Stra\xdf (i int);\n");
  dir_.write("in/b.sql", kTable);
  load();
  EXPECT_EQ(load({"--encoding=a.sql=cp1252"})["sources_done"], 1);
  EXPECT_EQ(load({"--encoding=a.sql=cp1252"})["sources_unchanged"], 2);
  EXPECT_TRUE(exists("out/a/tables/dbo.Stra\xc3\x9f"));
}

TEST_F(State, ATreeThatBelongsElsewhereNowIsMoved) {
  write_two();
  load();
  std::filesystem::create_directory(dir_ / "in/a");
  EXPECT_EQ(load()["sources_done"], 1);
  EXPECT_TRUE(exists("out/a.sql/manifest.json"));
  EXPECT_FALSE(exists("out/a/manifest.json"));
}

TEST_F(State, ADryRunRecordsNothing) {
  write_two();
  load({"--dry-run"});
  EXPECT_FALSE(exists("out/.engine"));
}

TEST_F(State, StatusCountsAndNamesTheFailed) {
  write_two();
  dir_.write("in/bad.sql.gz", "not gzip");
  load({}, 1);
  EXPECT_EQ(status(), json::parse(R"({"sources": 3, "pending": 0, "running": 0, "done": 2,
                                      "failed": 1, "gone": 0})"));
  const json failed = status({"--failed"});
  EXPECT_EQ(failed["path"], "bad.sql.gz");
  EXPECT_THAT(failed["error"].get<std::string>(), HasSubstr("bad.sql.gz: "));
  const ProcessResult text = run({"status", "out"});
  EXPECT_THAT(text.out, HasSubstr("done      2\n"));
  EXPECT_THAT(run({"status", "--failed", "out"}).out, HasSubstr("bad.sql.gz: "));
  std::filesystem::remove(dir_ / "in/b.sql");
  load({}, 1);
  EXPECT_EQ(status()["gone"], 1);
}

TEST_F(State, OfAFailedSourceTheTreeThatItHadIsNamed) {
  dir_.write("in/a.sql", "SELECT 1;\n");
  load();
  dir_.write("in/a.sql", std::string_view("PGDMP\x01\x0e", 7));
  EXPECT_EQ(run({"in", "out"}).exit_status, 1);
  EXPECT_THAT(run({"status", "--failed", "out"}).out,
              HasSubstr("; of an earlier version there is a tree: a)"));
  EXPECT_EQ(status({"--failed"})["tree"], "a");
  std::filesystem::remove_all(dir_ / "out/a");
  EXPECT_TRUE(status({"--failed"})["tree"].is_null());
}

TEST_F(State, ALoadSaysHowManySourcesAreGoneSinceTheOneBefore) {
  write_two();
  load();
  std::filesystem::remove(dir_ / "in/b.sql");
  const json after = load();
  EXPECT_EQ(after["sources"], 2);
  EXPECT_EQ(after["sources_unchanged"], 1);
  EXPECT_EQ(after["sources_gone"], 1);
  EXPECT_EQ(load()["sources_gone"], 0);
}

// Nobody has looked whether it is there.
TEST_F(State, WhatIsLeftOutIsNotGone) {
  write_two();
  dir_.write("in/x/c.sql", kTable);
  dir_.write("in/d.txt", kTable);
  load({"--include=*.txt"});
  EXPECT_EQ(load({"--exclude=b*", "--exclude=x"})["sources_gone"], 0);
  EXPECT_EQ(status()["gone"], 0);
  std::filesystem::remove(dir_ / "in/b.sql");
  std::filesystem::remove(dir_ / "in/d.txt");
  load({"--exclude=b*", "--exclude=x"});
  EXPECT_EQ(status()["gone"], 0);
  EXPECT_EQ(load({"--include=*.txt"})["sources_gone"], 2);
  EXPECT_EQ(status()["gone"], 2);
}

// A mount point without its disk, or a name that was mistyped.
TEST_F(State, AFolderThatHoldsNoneOfTheSourcesTakesNoneForGone) {
  write_two();
  load();
  dir_.write("other/README", "not mounted");
  const char* const said = "other: holds none of the 2 sources that it held: is its file system";
  ProcessResult result = run({"other", "out"});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_THAT(result.err, HasSubstr(said));
  EXPECT_EQ(status()["done"], 2);
  dir_.write("other/z.sql", kTable);
  for (int i = 0; i < 2; ++i) {  // what was loaded from there says nothing of the others
    result = run({"other", "out"});
    EXPECT_THAT(result.err, HasSubstr(said));
    EXPECT_EQ(status()["done"], 3);
    EXPECT_EQ(status()["gone"], 0);
  }
  const json after = load();
  EXPECT_EQ(after["sources_unchanged"], 2);
  EXPECT_EQ(after["sources_gone"], 1);
  EXPECT_FALSE(exists("out/.engine/missing"));
}

// A load knows no more of a file system inside than a watch does (watch_missing_folder_test.cpp).
TEST_F(State, WhatAMountInsideMayHideIsNotGone) {
  const std::filesystem::path place = dir_ / "in/sub";
  const auto mount_there = [&] {
    return ::getuid() == 0 && ::mount("none", place.c_str(), "tmpfs", 0, nullptr) == 0;
  };
  std::filesystem::create_directories(place);
  if (!mount_there()) GTEST_SKIP() << "mounting needs privilege";
  write_two();
  dir_.write("in/sub/deep/c.sql", kTable);
  load();
  ASSERT_EQ(::umount2(place.c_str(), MNT_DETACH), 0);
  const char* const said = "sub: holds no source, and did: is its file system mounted?";
  std::filesystem::remove(dir_ / "in/b.sql");
  ProcessResult result = run({"in", "out"});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_THAT(result.err, HasSubstr(said));
  EXPECT_EQ(status()["gone"], 1);  // that is b.sql
  EXPECT_EQ(status()["done"], 2);
  dir_.write("in/sub/d.sql", kTable);  // it is in use
  EXPECT_EQ(load()["sources_gone"], 1);
  ASSERT_TRUE(mount_there());
  result = run({"in", "out"});
  EXPECT_THAT(result.err, HasSubstr(said));
  EXPECT_EQ(status()["gone"], 2);
  ASSERT_EQ(::umount2(place.c_str(), MNT_DETACH), 0);
  EXPECT_EQ(load()["sources_unchanged"], 2);
  std::filesystem::remove_all(place);
  EXPECT_EQ(load()["sources_gone"], 1);
}

// What is loaded from another folder is expected there when nothing is kept of the former.
TEST_F(State, WhenTheTreesOfMissingSourcesAreDeletedTheOthersAreExpected) {
  write_two();
  load();
  dir_.write("other/z.sql", kTable);
  run({"other", "out"});
  EXPECT_TRUE(exists("out/.engine/missing"));
  for (const char* tree : {"out/a", "out/b"}) std::filesystem::remove_all(dir_ / tree);
  run({"other", "out"});
  EXPECT_FALSE(exists("out/.engine/missing"));
  std::filesystem::remove(dir_ / "other/z.sql");
  EXPECT_THAT(run({"other", "out"}).err, HasSubstr("other: the one source that it held"));
}

TEST_F(State, OfAGoneSourceItIsSaidWhatThereIs) {
  write_two();
  load();
  std::filesystem::remove(dir_ / "in/b.sql");
  load();
  EXPECT_EQ(run({"status", "--gone", "out"}).out, "b.sql: is gone; its tree: b\n");
  const ProcessResult retried = run({"retry", "out", "b.sql"});
  EXPECT_EQ(retried.exit_status, 2);
  EXPECT_THAT(retried.err,
              ::testing::ContainsRegex(
                  "b.sql: is gone since 2[0-9]+-[0-9]+-[0-9]+ [0-9]+:[0-9]+:[0-9]+, on "
                  "record: there is nothing to retry"));
  EXPECT_EQ(status()["gone"], 1);
  std::filesystem::remove_all(dir_ / "out/b");
  EXPECT_EQ(run({"status", "--gone", "out"}).out,
            "b.sql: is gone; there is no tree of it any more\n");
  EXPECT_EQ(status({"--gone"})["tree"], nullptr);
  load();
  EXPECT_EQ(run({"status", "--gone", "out"}).out, "");
  EXPECT_EQ(status()["gone"], 0);
}

TEST_F(State, RetryQueuesTheFailedAgain) {
  dir_.write("in/bad.sql.gz", "not gzip");
  load({}, 1);
  EXPECT_THAT(run({"retry", "out"}).out, HasSubstr("1 source queued again"));
  EXPECT_EQ(status()["pending"], 1);
  EXPECT_THAT(run({"retry", "out"}).out, HasSubstr("no source has failed"));
  load({}, 1);
  EXPECT_EQ(status()["failed"], 1);
}

TEST_F(State, RetryTakesASourceHoweverItsPathIsSpelt) {
  dir_.write("in/sub/a.sql", kTable);
  load();
  for (const char* path : {"sub/a.sql", "./sub/a.sql", "sub//a.sql", ".//sub/./x/../a.sql"}) {
    EXPECT_EQ(run({"retry", "out", path}).exit_status, 0) << path;
    EXPECT_EQ(status()["pending"], 1) << path;
    load();
    EXPECT_EQ(status()["pending"], 0) << path;
  }
  const ProcessResult result = run({"retry", "out", (dir_ / "in/sub/a.sql").string()});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_TRUE(is_one_line(result.err)) << result.err;
  EXPECT_THAT(result.err, HasSubstr("is an absolute path, and sources are on record by theirs"));
  EXPECT_EQ(run({"retry", "out", "../in/sub/a.sql"}).exit_status, 2);
}

TEST_F(State, RetryQueuesThoseThatItKnowsAndNamesTheOthers) {
  write_two();
  load();
  const ProcessResult result = run({"retry", "out", "nope.sql", "a.sql", "./a.sql"});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_TRUE(is_one_line(result.err)) << result.err;
  EXPECT_THAT(result.err, HasSubstr("nope.sql: no such source is on record"));
  EXPECT_THAT(result.out, HasSubstr("1 source queued again"));
  EXPECT_EQ(status()["pending"], 1);
  EXPECT_EQ(run({"retry", "out", "nope.sql"}).out, "");
}

// What an engine that was killed had in hand.
TEST_F(State, NothingRunsWhereNoEngineDoes) {
  write_two();
  load();
  io::Database store;
  ASSERT_EQ(store.open((dir_ / "out/.engine/engine.db").string(), SQLITE_OPEN_READWRITE),
            SQLITE_OK);
  ASSERT_EQ(store.execute("UPDATE sources SET state = 'running' WHERE path = 'a.sql'"), SQLITE_OK);
  EXPECT_EQ(status()["running"], 0);
  EXPECT_EQ(status()["pending"], 1);
  store.close();
  EXPECT_EQ(load()["sources_done"], 1);
}

TEST_F(State, VerifySaysOfWhatWaitsThatItDoes) {
  write_two();
  dir_.write("in/bad.sql.gz", "not gzip");
  load({}, 1);
  run({"retry", "out"});
  dir_.write("in/later.sql", "CREATE TABLE dbo.Later (Id int);\n");
  const ProcessResult result = run({"verify", "out", "--input=in"});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_THAT(
      result.out,
      HasSubstr("note: bad.sql.gz: has no tree yet: it waits for the next load or watch\n"));
  EXPECT_THAT(result.out, HasSubstr("note: later.sql: has no tree: it has not been loaded"));
}

TEST_F(State, TheStoreLiesWhereItIsPut) {
  write_two();
  load({"--state=elsewhere.db"});
  EXPECT_TRUE(exists("elsewhere.db"));
  EXPECT_FALSE(exists("out/.engine/engine.db"));
  EXPECT_EQ(status({"--state=elsewhere.db"})["done"], 2);
  EXPECT_THAT(run({"retry", "--state=elsewhere.db", "out"}).out, HasSubstr("no source"));
  const ProcessResult none = run({"status", "out"});
  EXPECT_EQ(none.exit_status, 2);
  EXPECT_TRUE(is_one_line(none.err)) << none.err;
}

// What the first OUTPUT has, the second one has not, though an older tree of the source lies there.
TEST_F(State, AStoreOfTwoOutputsTakesNeitherForTheOther) {
  write_two();
  ASSERT_EQ(run({"--state=one.db", "in", "second"}).exit_status, 0);
  dir_.write("in/b.sql", "CREATE TABLE dbo.Later (Id int);\n");
  ASSERT_EQ(run({"--state=one.db", "in", "first"}).exit_status, 0);
  ASSERT_EQ(run({"--state=one.db", "in", "second"}).exit_status, 0);
  EXPECT_TRUE(exists("second/b/tables/dbo.Later"));
}

// By two at once, each of which would take the other's records for its own.
TEST_F(State, AStoreThatAnotherEngineHasIsRefused) {
  write_two();
  ASSERT_EQ(run({"in", "first"}).exit_status, 0);
  ASSERT_EQ(run({"--state=one.db", "in", "second"}).exit_status, 0);
  const auto is_refused_while_locked = [&](const std::string& lock, const std::string& store) {
    const io::Descriptor held(::open((dir_ / lock).c_str(), O_RDWR | O_CREAT, 0600));
    EXPECT_EQ(::flock(held.get(), LOCK_EX | LOCK_NB), 0);
    const ProcessResult result = run({"--state=" + store, "in", "third"});
    EXPECT_EQ(result.exit_status, 2);
    EXPECT_TRUE(is_one_line(result.err)) << result.err;
    EXPECT_THAT(result.err, HasSubstr("engine: " + store + ": held by another engine"));
    EXPECT_THAT(result.err, HasSubstr("--state=PATH"));
    EXPECT_EQ(run({"status", "--state=" + store, "second"}).exit_status, 0);
  };
  is_refused_while_locked("one.db.lock", "one.db");
  is_refused_while_locked("first/.engine/lock", "first/.engine/engine.db");
  std::filesystem::create_symlink("one.db", dir_ / "link.db");
  is_refused_while_locked("one.db.lock", "link.db");
  is_refused_while_locked("one.db.lock", "second/../one.db");
  EXPECT_EQ(run({"--state=one.db", "in", "third"}).exit_status, 0);
  EXPECT_EQ(run({"--state=first/.engine/engine.db", "in", "first"}).exit_status, 0);
}

// Not one that has been made meanwhile either, beside the lock or where a link leads.
TEST_F(State, AStoreIsLockedBeforeItIsMade) {
  write_two();
  std::filesystem::create_directory(dir_ / "stores");
  std::filesystem::create_symlink("stores/new.db", dir_ / "link.db");
  const io::Descriptor held(::open((dir_ / "stores/new.db.lock").c_str(), O_RDWR | O_CREAT, 0600));
  ASSERT_EQ(::flock(held.get(), LOCK_EX | LOCK_NB), 0);
  for (const char* store : {"stores/new.db", "link.db"}) {
    const ProcessResult result = run({std::string("--state=") + store, "in", "out"});
    EXPECT_EQ(result.exit_status, 2) << store;
    EXPECT_THAT(result.err, HasSubstr(std::string(store) + ": held by another engine"));
    EXPECT_FALSE(exists("stores/new.db")) << store;
  }
}

TEST_F(State, WhatOnlyHasTheNameOfALockIsLeftAsItIs) {
  write_two();
  for (const char* own : {"somebody's own\n", "4711\n"}) {
    dir_.write("store.lock", own);
    EXPECT_EQ(run({"--state=store", "in", "out"}).exit_status, 0);
    EXPECT_EQ(read_file(dir_ / "store.lock"), own);
  }
}

// A faster disk for the stores of two OUTPUTs, say, and one name for both by mistake.
TEST_F(State, AStoreThatAnOutputOnlyLinksToIsLocked) {
  write_two();
  load();
  std::filesystem::rename(dir_ / "out/.engine/engine.db", dir_ / "one.db");
  std::filesystem::create_symlink("../../one.db", dir_ / "out/.engine/engine.db");
  EXPECT_EQ(load()["sources_unchanged"], 2);
  const io::Descriptor held(::open((dir_ / "one.db.lock").c_str(), O_RDWR));
  ASSERT_EQ(::flock(held.get(), LOCK_EX | LOCK_NB), 0);
  EXPECT_EQ(run({"in", "out"}).exit_status, 2);
}

TEST_F(State, OfSeveralPriorityGlobsTheLastOneThatMatchesCounts) {
  write_two();
  ASSERT_EQ(run({"--priority=a*=critical", "--priority=*.sql=batch", "in", "out"}).exit_status, 0);
  const auto priority_of = [&](const char* path) {
    return io::StateReader::open((dir_ / "out/.engine/engine.db").string())->find(path)->priority;
  };
  EXPECT_EQ(priority_of("a.sql"), Priority::kBatch);
  ASSERT_EQ(
      run({"--force", "--priority=*.sql=batch", "--priority=a*=critical", "in", "out"}).exit_status,
      0);
  EXPECT_EQ(priority_of("a.sql"), Priority::kCritical);
  EXPECT_EQ(priority_of("b.sql"), Priority::kBatch);
}

TEST_F(State, AStoreThatCannotBeMadeIsOneLineAndTellsWhatNext) {
  write_two();
  for (const char* place : {"--state=missing/engine.db", "--state=in", "--state=/proc/engine.db"}) {
    const ProcessResult result = run({place, "in", "out"});
    EXPECT_EQ(result.exit_status, 2) << place;
    EXPECT_TRUE(is_one_line(result.err)) << result.err;
    EXPECT_THAT(result.err, HasSubstr("--state=PATH"));
    EXPECT_FALSE(exists("out/a"));
  }
}

TEST_F(State, ADamagedStoreIsMovedAsideAndBegunAnew) {
  write_two();
  dir_.write("in/gone.sql", kTable);
  load();
  std::filesystem::remove(dir_ / "in/gone.sql");
  dir_.write("out/.engine/engine.db", std::string(8192, '\x5a'));
  EXPECT_THAT(run({"status", "out"}).err, HasSubstr("damaged"));
  const ino_t before = status_of(dir_ / "out/a/manifest.json").st_ino;
  const ProcessResult result = run({"in", "out"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("engine.db.damaged-1"));
  EXPECT_EQ(status()["done"], 2);
  EXPECT_EQ(status()["gone"], 1);  // its manifest says so
  EXPECT_EQ(status_of(dir_ / "out/a/manifest.json").st_ino, before);
  EXPECT_EQ(load()["sources_unchanged"], 2);
}

// What the load left alone is not in the new store: the manifests have to say what is gone.
TEST_F(State, DamageThatIsMetWhileWritingHidesNoDeletedSource) {
  write_two();
  dir_.write("in/c.sql", kTable);
  load();
  std::string store = read_file(dir_ / "out/.engine/engine.db");
  ASSERT_GT(store.size(), 5u * 4096);
  std::fill_n(store.begin() + 4 * 4096, 4096, '\0');  // an index, which no reading of it needs
  dir_.write("out/.engine/engine.db", store);
  dir_.write("in/a.sql", "CREATE TABLE dbo.Other (Id int NOT NULL)\nGO\n");
  EXPECT_THAT(run({"in", "out"}).err, HasSubstr("damaged"));
  ASSERT_EQ(status()["sources"], 1);
  std::filesystem::remove(dir_ / "in/b.sql");
  RunOptions options;
  options.directory = dir_.str();
  RunningProcess watch(command({"--watch", "--realtime", "--on-delete=remove", "in", "out"}),
                       options);
  for (int i = 0; i < 1000 && exists("out/b"); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_FALSE(exists("out/b"));
  watch.send(SIGTERM);
  EXPECT_EQ(watch.wait().exit_status, 0);
}

// Records name their options by number, in the new file as in the old one.
TEST_F(State, AStoreThatIsBegunAnewKnowsTheOptions) {
  write_two();
  load();
  std::string store = read_file(dir_ / "out/.engine/engine.db");
  std::fill_n(store.begin() + 4 * 4096, 4096, '\0');
  dir_.write("out/.engine/engine.db", store);
  dir_.write("in/a.sql", "CREATE TABLE dbo.Other (Id int NOT NULL)\nGO\n");
  dir_.write("in/b.sql", "CREATE TABLE dbo.Another (Id int NOT NULL)\nGO\n");
  EXPECT_THAT(run({"in", "out"}).err, HasSubstr("damaged"));
  EXPECT_EQ(load()["sources_unchanged"], 2);
  EXPECT_EQ(load({"--layout=compact"})["sources_unchanged"], 0);
  EXPECT_EQ(load({"--layout=compact"})["sources_unchanged"], 2);
}

// SQLite deletes the journal of an empty file without a word.
TEST_F(State, AnEmptyStoreWithAJournalIsMovedAsideWithIt) {
  write_two();
  load();
  dir_.write("out/.engine/engine.db", "");
  dir_.write("out/.engine/engine.db-wal", "what was written last");
  EXPECT_THAT(run({"status", "out"}).err, HasSubstr("is empty; the next load"));
  EXPECT_TRUE(exists("out/.engine/engine.db-wal"));
  EXPECT_THAT(run({"in", "out"}).err, HasSubstr("engine.db.damaged-1"));
  EXPECT_TRUE(exists("out/.engine/engine.db.damaged-1-wal"));
  EXPECT_EQ(status()["done"], 2);
}

// As a power cut may leave it. Nothing is lost with it, but somebody may want to know.
TEST_F(State, AnEmptyStoreIsSaidAndBegunAnew) {
  write_two();
  dir_.write("in/gone.sql", kTable);
  load();
  std::filesystem::remove(dir_ / "in/gone.sql");
  dir_.write("out/.engine/engine.db", "");
  EXPECT_THAT(run({"status", "out"}).err, HasSubstr("is empty; the next load"));
  const ProcessResult result = run({"in", "out"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("the state store is empty; begun anew"));
  EXPECT_EQ(status()["done"], 2);
  EXPECT_EQ(status()["gone"], 1);
  EXPECT_THAT(run({"in", "out"}).err, Not(HasSubstr("empty")));
}

// Somebody else's; the catalogue has not been read before, or is of former trees.
TEST_F(State, WhoMayOnlyReadTheOutputFindsWhatIsInIt) {
  write_two();
  load();
  RunOptions reader;
  if (::getuid() == 0) reader.user = 65534;
  ASSERT_EQ(::chmod(dir_.path().c_str(), 0755), 0);
  const auto set_writable = [&](bool is) {
    for (const char* path : {"out/.engine", "out/.engine/engine.db"}) {
      const bool is_directory = std::filesystem::is_directory(dir_ / path);
      const mode_t mode = is_directory ? 0755 : 0644;
      ASSERT_EQ(::chmod((dir_ / path).c_str(), is ? mode : mode & ~0222u), 0);
    }
  };
  const auto finds = [&](const std::vector<std::string>& command, const std::string& name) {
    set_writable(false);
    const ProcessResult result = run(command, reader);
    set_writable(true);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr(name));
  };
  set_writable(false);
  const bool may_run = run({"status", "out"}, reader).exit_status != 127;
  set_writable(true);
  if (!may_run) GTEST_SKIP() << "nobody may not run the program where it lies";
  finds({"find", "out", "*"}, "Product");
  // As a watch has it: what SQLite keeps beside the file is there.
  io::Database held;
  ASSERT_EQ(held.open((dir_ / "out/.engine/engine.db").string(), SQLITE_OPEN_READWRITE), SQLITE_OK);
  ASSERT_EQ(held.number("SELECT count(*) FROM sources"), 2);
  finds({"find", "out", "*"}, "Product");
  EXPECT_EQ(run({"find", "out", "*"}).exit_status, 0);
  dir_.write("in/later.sql",
             "CREATE TABLE dbo.Later (Id int, Other int REFERENCES dbo.Product);\n");
  load();
  finds({"find", "out", "Later"}, "Later");
  finds({"find", "out", "Product"}, "Product");
  finds({"deps", "out"}, "Later");
}

TEST_F(State, APipeInPlaceOfTheStoreIsWaitedForByNobody) {
  write_two();
  load();
  std::filesystem::remove(dir_ / "out/.engine/engine.db");
  ASSERT_EQ(::mkfifo((dir_ / "out/.engine/engine.db").c_str(), 0666), 0);
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"status", "out"}, {"retry", "out"}, {"in", "out"}}) {
    const ProcessResult result = run(arguments);
    EXPECT_EQ(result.exit_status, 2) << arguments.front();
    EXPECT_TRUE(is_one_line(result.err)) << result.err;
    EXPECT_THAT(result.err, HasSubstr("engine.db: ")) << arguments.front();
    EXPECT_THAT(result.err, HasSubstr("is not a file")) << arguments.front();
  }
  EXPECT_EQ(run({"find", "out", "*"}).exit_status, 0);  // the manifests tell
  const ProcessResult none = run({"find", "out", "no_such_*"});
  EXPECT_EQ(none.exit_status, 1);
  EXPECT_THAT(none.err, HasSubstr("is called so in out; engine find out '*' lists all"));
}

TEST_F(State, WhatNoOverwriteKeptIsOfNoVersionThatIsKnown) {
  write_two();
  load();
  dir_.write("in/a.sql", "CREATE TABLE dbo.Other (Id int);\n");
  EXPECT_EQ(load({"--no-overwrite"})["sources_unchanged"], 2);
  EXPECT_EQ(load()["sources_done"], 1);
  EXPECT_TRUE(exists("out/a/tables/dbo.Other"));
}

TEST_F(State, PowerLeavesNothingBehindAndTheSameTree) {
  write_two();
  load();
  EXPECT_EQ(load({"--durability=power"})["outputs_written"],
            2);  // trusts nothing it has not synced
  EXPECT_TRUE(std::filesystem::is_empty(dir_ / "out/.engine/build"));
  dir_.write("in/a.sql", std::string(kTable) + "CREATE TABLE dbo.Other (Id int);\n");
  const json changed = load({"--durability=power"});
  EXPECT_EQ(changed["sources_done"], 1);
  EXPECT_EQ(changed["outputs_written"], 1);
  EXPECT_EQ(changed["outputs_unchanged"], 1);
  EXPECT_TRUE(std::filesystem::is_empty(dir_ / "out/.engine/build"));
  EXPECT_EQ(run({"verify", "out", "--input=in"}).exit_status, 0);
}

TEST_F(State, VerifyMissesTheTreeOfWhatIsRecordedAsDone) {
  write_two();
  load();
  EXPECT_EQ(run({"verify", "out"}).exit_status, 0);
  std::filesystem::remove_all(dir_ / "out/a");
  const ProcessResult verified = run({"verify", "out"});
  EXPECT_EQ(verified.exit_status, 1);
  EXPECT_THAT(verified.out, HasSubstr("a.sql: its tree a is missing; the next load makes it anew"));
  load({"--force"});
  EXPECT_EQ(run({"verify", "out"}).exit_status, 0);
}

TEST_F(State, ASecondEngineSaysWhoHasTheOutput) {
  write_two();
  load();
  const int lock = ::open((dir_ / "out/.engine/lock").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(::flock(lock, LOCK_EX), 0);
  const std::string pid = std::to_string(::getpid());
  ASSERT_EQ(::pwrite(lock, pid.data(), pid.size(), 0), static_cast<ssize_t>(pid.size()));
  const ProcessResult second = run({"in", "out"});
  EXPECT_EQ(second.exit_status, 2);
  EXPECT_THAT(second.err, HasSubstr("(PID " + pid + ')'));
  EXPECT_EQ(status()["done"], 2);  // who only reads, takes none
  EXPECT_EQ(run({"retry", "out"}).exit_status, 0);
  ::close(lock);
  EXPECT_EQ(load()["sources_unchanged"], 2);
}

// Somebody deletes the lock file, as people do: the second engine would delete what the first one
// builds.
TEST_F(State, ADeletedLockFileOrDirectoryLetsNoSecondEngineIn) {
  write_two();
  load();
  RunOptions options;
  options.directory = dir_.str();
  RunningProcess watch(command({"--watch", "--log-file=log", "in", "out"}), options);
  const auto watches = [&] {
    return exists("log") && read_file(dir_ / "log").find("watching in") != std::string::npos;
  };
  for (int i = 0; i < 1000 && !watches(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  for (const char* const deleted : {"out/.engine/lock", "out/.engine"}) {
    std::filesystem::remove_all(dir_ / deleted);
    const ProcessResult second = run({"in", "out"});
    EXPECT_EQ(second.exit_status, 2) << deleted;
    EXPECT_THAT(second.err, HasSubstr("held by another engine")) << deleted;
    EXPECT_THAT(second.err, HasSubstr("(PID " + std::to_string(watch.pid()) + ")")) << deleted;
  }
  watch.send(SIGTERM);
  EXPECT_EQ(watch.wait().exit_status, 1);  // of the deleted directory
  EXPECT_EQ(run({"in", "out"}).exit_status, 0);
}

// `flock OUTPUT engine ...`, as a cron job may say.
TEST_F(State, WhoeverStartsTheEngineMayHaveLockedTheOutputForIt) {
  write_two();
  load();
  const int fd = ::open((dir_ / "out").c_str(), O_RDONLY | O_DIRECTORY);  // handed on
  ASSERT_EQ(::flock(fd, LOCK_EX), 0);
  EXPECT_EQ(run({"in", "out"}).exit_status, 0);
  ASSERT_EQ(::fcntl(fd, F_SETFD, FD_CLOEXEC), 0);
  const ProcessResult result = run({"in", "out"});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_THAT(result.err, HasSubstr("(PID " + std::to_string(::getpid()) + ")"));
  ::close(fd);
}

}  // namespace
}  // namespace engine::test
