#include "io/state/state_store.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <thread>

#include "io/state/source_requests.h"
#include "io/state/state_reader.h"
#include "tests/support/temp_dir.h"

namespace engine::io {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

class StateStoreTest : public ::testing::Test {
 protected:
  StateStoreTest() { dir_.write(".engine/lock", ""); }

  std::unique_ptr<StateStore> open(StateStore::Hooks hooks = {}) {
    hooks.tell = [this](const std::string& line) { told_.push_back(line); };
    Result<std::unique_ptr<StateStore>> store =
        StateStore::open(path(), Durability::kProcess, std::move(hooks));
    EXPECT_TRUE(store) << (store ? "" : store.error().message);
    return store ? std::move(*store) : nullptr;
  }
  std::string path() const { return (dir_ / ".engine/engine.db").string(); }

  static SourceChange change(SourceChange::Kind kind, const std::string& path,
                             SourceState state = SourceState::kDone) {
    SourceChange made;
    made.kind = kind;
    made.record.path = path;
    made.record.state = state;
    made.record.version = {1, ~std::uint64_t{0}, 3, -4, 5};
    made.record.tree = "trees/" + path;
    return made;
  }
  void record(SourceChange made) {
    const std::unique_ptr<StateStore> store = open();
    ASSERT_TRUE(store->start());
    store->record(std::move(made));
    EXPECT_EQ(store->close(), 0u);
  }
  std::map<std::string, SourceRecord> recorded() {
    std::map<std::string, SourceRecord> found;
    const std::unique_ptr<StateStore> store = open();
    EXPECT_TRUE(store->each_outcome([&](const SourceRecord& one) { found[one.path] = one; }));
    if (found.empty()) return found;
    Result<StateReader> reader = StateReader::open(path());
    for (auto& [path, one] : found) {
      const SourceRecord whole = reader.value().find(path).value();
      expect_same_outcome(one, whole);
      one = whole;
    }
    return found;
  }
  static void expect_same_outcome(const SourceRecord& one, const SourceRecord& whole) {
    EXPECT_EQ(one.state, whole.state);
    EXPECT_EQ(one.tree, whole.tree);
    EXPECT_EQ(one.version, whole.version);
    EXPECT_EQ(one.options, whole.options);
    EXPECT_EQ(one.durability, whole.durability);
    EXPECT_EQ(one.attempts, whole.attempts);
    EXPECT_EQ(one.queued_ns, whole.queued_ns);
    EXPECT_EQ(one.finished_ns, whole.finished_ns);
  }
  std::map<std::string, SourceState> states() {
    std::map<std::string, SourceState> found;
    for (const auto& [path, one] : recorded()) found[path] = one.state;
    return found;
  }

  test::TempDir dir_;
  std::vector<std::string> told_;
};

using Kind = SourceChange::Kind;

TEST_F(StateStoreTest, EveryFieldComesBack) {
  std::int64_t options = 0;
  {
    const std::unique_ptr<StateStore> store = open();
    options = store->options_id("layout=nested").value();
    EXPECT_EQ(store->options_id("layout=nested").value(), options);
    EXPECT_NE(store->options_id("layout=flat").value(), options);
    ASSERT_TRUE(store->start());
    SourceChange queued = change(Kind::kQueued, "a\xff.sql");
    queued.record.priority = Priority::kCritical;
    queued.record.queued_ns = 7;
    store->record(std::move(queued));
    SourceChange done = change(Kind::kFinished, "a\xff.sql");
    done.record.hash = "00ff";
    done.record.options = options;
    done.record.durability = Durability::kPower;
    done.record.attempts = 2;
    done.record.finished_ns = 9;
    done.record.elapsed_ns = 11;
    store->record(std::move(done));
  }
  const auto found = recorded();
  ASSERT_THAT(found, ElementsAre(Pair("a\xff.sql", ::testing::_)));
  const SourceRecord& record = found.begin()->second;
  EXPECT_EQ(record.state, SourceState::kDone);
  EXPECT_EQ(record.priority, Priority::kCritical);
  EXPECT_EQ(record.version, (SourceVersion{1, ~std::uint64_t{0}, 3, -4, 5}));
  EXPECT_EQ(record.tree, "trees/a\xff.sql");
  EXPECT_EQ(record.hash, "00ff");
  EXPECT_EQ(record.options, options);
  EXPECT_EQ(record.durability, Durability::kPower);
  EXPECT_EQ(record.attempts, 2);
  EXPECT_EQ(record.queued_ns, 7);
  EXPECT_EQ(record.finished_ns, 9);
  EXPECT_EQ(record.elapsed_ns, 11);
}

TEST_F(StateStoreTest, ASourceGoesThroughItsStates) {
  record(change(Kind::kQueued, "a"));
  EXPECT_THAT(states(), ElementsAre(Pair("a", SourceState::kPending)));
  record(change(Kind::kStarted, "a"));
  EXPECT_THAT(states(), ElementsAre(Pair("a", SourceState::kRunning)));
  record(change(Kind::kWaits, "a"));
  EXPECT_THAT(states(), ElementsAre(Pair("a", SourceState::kPending)));
  record(change(Kind::kFinished, "a", SourceState::kFailed));
  EXPECT_THAT(states(), ElementsAre(Pair("a", SourceState::kFailed)));
  EXPECT_EQ(request_failed(path()).value().queued, 1u);
  EXPECT_TRUE(recorded()["a"].requested);
  open()->forget_requests();  // somebody starts
  EXPECT_FALSE(recorded()["a"].requested);
  record(change(Kind::kFinished, "a"));
  EXPECT_THAT(states(), ElementsAre(Pair("a", SourceState::kDone)));
  record(change(Kind::kForgotten, "a"));  // it is back meanwhile
  EXPECT_THAT(states(), ElementsAre(Pair("a", SourceState::kDone)));
  record(change(Kind::kGone, "a"));
  EXPECT_THAT(states(), ElementsAre(Pair("a", SourceState::kGone)));
  EXPECT_EQ(request_failed(path()).value().queued, 0u);
  record(change(Kind::kForgotten, "a"));
  EXPECT_THAT(states(), IsEmpty());
}

TEST_F(StateStoreTest, RecordsComeInTheOrderOfTheBytesOfTheirPaths) {
  const std::unique_ptr<StateStore> store = open();
  ASSERT_TRUE(store->start());
  for (const char* name : {"b", "a/b", "a.b", "B", "a"}) {
    store->record(change(Kind::kQueued, name));
  }
  store->close();
  std::vector<std::string> order;
  const std::unique_ptr<StateStore> again = open();
  ASSERT_TRUE(again->each_outcome([&](const SourceRecord& one) { order.push_back(one.path); }));
  EXPECT_THAT(order, ElementsAre("B", "a", "a.b", "a/b", "b"));
}

TEST_F(StateStoreTest, RecordedIsSaidWhenItCanBeRead) {
  const std::unique_ptr<StateStore> store = open();
  ASSERT_TRUE(store->start());
  std::promise<std::uint64_t> read;
  SourceChange done = change(Kind::kFinished, "a");
  done.recorded = [&](const std::optional<Error>& error) {
    EXPECT_FALSE(error);
    const auto counts = StateReader::open(path()).value().counts().value();
    read.set_value(counts[static_cast<std::size_t>(SourceState::kDone)]);
  };
  store->record(std::move(done));
  EXPECT_EQ(read.get_future().get(), 1u);
}

TEST_F(StateStoreTest, ASyncComesBeforeDoneAndAFailedOneIsAFailureOfItsSources) {
  StateStore::Hooks hooks;
  int synced = 0;
  hooks.sync = [&]() -> Result<void> {
    if (++synced == 1) return {};
    return fail(ErrorCode::kUnwritable, "cannot be made durable");
  };
  const std::unique_ptr<StateStore> store = open(std::move(hooks));
  ASSERT_TRUE(store->start());
  std::vector<std::optional<Error>> outcomes;
  for (const char* name : {"a", "b"}) {
    std::promise<void> recorded;
    SourceChange done = change(Kind::kFinished, name);
    done.recorded = [&](const std::optional<Error>& error) {
      outcomes.push_back(error);
      recorded.set_value();
    };
    store->record(std::move(done));
    recorded.get_future().wait();
  }
  store->record(change(Kind::kQueued, "c"));  // needs none
  store->close();
  EXPECT_EQ(synced, 2);
  EXPECT_FALSE(outcomes[0]);
  EXPECT_TRUE(outcomes[1]);
  EXPECT_THAT(states(), ElementsAre(Pair("a", SourceState::kDone), Pair("b", SourceState::kFailed),
                                    Pair("c", SourceState::kPending)));
  EXPECT_THAT(recorded()["b"].error, HasSubstr("cannot be made durable"));
}

// The disk is not asked again: the source is written anew, which is told by another change.
TEST_F(StateStoreTest, WhatCouldNotBeMadeDurableIsPendingWhileItIsDoneAgain) {
  StateStore::Hooks hooks;
  int synced = 0;
  hooks.sync = [&]() -> Result<void> {
    if (++synced > 2) return {};
    return fail(ErrorCode::kUnwritable, "cannot be made durable");
  };
  const std::unique_ptr<StateStore> store = open(std::move(hooks));
  ASSERT_TRUE(store->start());
  std::promise<void> recorded_at_last;
  std::vector<std::string> told;
  std::function<void()> finish = [&] {
    SourceChange done = change(Kind::kFinished, "a");
    done.not_durable = [&](const Error& error) {
      told.push_back(error.message);
      // As an engine would: on another thread.
      std::thread([&] { finish(); }).join();
      return true;
    };
    done.recorded = [&](const std::optional<Error>& error) {
      EXPECT_FALSE(error);
      recorded_at_last.set_value();
    };
    store->record(std::move(done));
  };
  finish();
  recorded_at_last.get_future().wait();
  store->close();
  EXPECT_EQ(synced, 3);
  EXPECT_THAT(told, ElementsAre("cannot be made durable", "cannot be made durable"));
  EXPECT_THAT(states(), ElementsAre(Pair("a", SourceState::kDone)));
}

TEST_F(StateStoreTest, WhatWasKeptNeedsNoSync) {
  StateStore::Hooks hooks;
  hooks.sync = []() -> Result<void> {
    return fail(ErrorCode::kUnwritable, "cannot be made durable");
  };
  const std::unique_ptr<StateStore> store = open(std::move(hooks));
  ASSERT_TRUE(store->start());
  SourceChange kept = change(Kind::kFinished, "a");
  kept.is_written = false;
  store->record(std::move(kept));
  store->close();
  EXPECT_THAT(states(), ElementsAre(Pair("a", SourceState::kDone)));
}

// What a worker found unchanged is no more than what it is unchanged from.
TEST_F(StateStoreTest, UnchangedSinceAFailedSyncIsNotDone) {
  StateStore::Hooks hooks;
  bool fails = false;
  hooks.sync = [&]() -> Result<void> {
    if (!fails) return {};
    return fail(ErrorCode::kUnwritable, "cannot be made durable");
  };
  const std::unique_ptr<StateStore> store = open(std::move(hooks));
  ASSERT_TRUE(store->start());
  // Each in a group of its own, for which the thread comes after 10 ms.
  const auto settle = [&](SourceChange last) {
    std::promise<void> recorded;
    last.recorded = [&](const auto&) { recorded.set_value(); };
    store->record(std::move(last));
    recorded.get_future().wait();
  };
  settle(change(Kind::kFinished, "a"));
  fails = true;
  SourceChange done = change(Kind::kFinished, "a");
  done.not_durable = [](const Error&) { return true; };
  store->record(change(Kind::kQueued, "a"));
  store->record(std::move(done));
  store->record(change(Kind::kQueued, "a"));
  settle(change(Kind::kUnchanged, "a"));
  fails = false;
  settle(change(Kind::kUnchanged, "a"));
  const auto done_now = [&] {
    return StateReader::open(path()).value().counts().value()[static_cast<std::size_t>(
        SourceState::kDone)];
  };
  EXPECT_EQ(done_now(), 0u);
  settle(change(Kind::kFinished, "a"));
  EXPECT_EQ(done_now(), 1u);
  settle(change(Kind::kUnchanged, "a"));
  EXPECT_EQ(done_now(), 1u);
}

TEST_F(StateStoreTest, ADamagedFileIsMovedAsideAndBegunAnew) {
  for (int i = 0; i < 200; ++i) record(change(Kind::kQueued, "source" + std::to_string(i)));
  const std::string good = test::read_file(path());
  // The head, everything behind it, something else, and a file that ends too early.
  std::vector<std::string> bad{good, good, "this is no database: " + std::string(200, '.')};
  bad[0].replace(0, 4096, 4096, '\x5a');
  bad[1].replace(4096, good.size() - 4096, good.size() - 4096, '\x5a');
  bad.push_back(good.substr(0, good.size() / 2));
  for (std::size_t i = 0; i < bad.size(); ++i) {
    dir_.write(".engine/engine.db", bad[i]);
    told_.clear();
    EXPECT_LT(states().size(), 200u) << i;
    EXPECT_THAT(told_, ElementsAre(HasSubstr("moved to"))) << i;
    EXPECT_TRUE(test::read_file(path() + ".damaged-" + std::to_string(i + 1)) == bad[i]) << i;
    record(change(Kind::kQueued, "a"));
    EXPECT_THAT(states(), ElementsAre(Pair("a", SourceState::kPending))) << i;
  }
}

TEST_F(StateStoreTest, WhatIsNoDatabaseElsewhereIsLeftAlone) {
  const std::string script = "CREATE TABLE keep_me (id int);\n";
  for (const char* name : {"keep.sql", "game/.engine/keep.sql"}) {
    const std::string elsewhere = dir_.write(name, script).string();
    const auto refused = StateStore::open(elsewhere, Durability::kProcess, {});
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("--state=PATH"));
    EXPECT_EQ(test::read_file(elsewhere), script);
  }
}

TEST_F(StateStoreTest, SomebodyElsesDatabaseIsLeftAlone) {
  Database other;
  ASSERT_EQ(other.open(path(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE), SQLITE_OK);
  ASSERT_EQ(other.execute("CREATE TABLE precious (x)"), SQLITE_OK);
  other.close();
  const std::string before = test::read_file(path());
  const auto refused = StateStore::open(path(), Durability::kProcess, {});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("--state=PATH"));
  EXPECT_EQ(test::read_file(path()).size(), before.size());
  EXPECT_THAT(StateReader::open(path()).error().message, HasSubstr("no state store"));
}

TEST_F(StateStoreTest, OneThatANewerEngineWroteIsLeftAlone) {
  record(change(Kind::kQueued, "a"));
  Database newer;
  ASSERT_EQ(newer.open(path(), SQLITE_OPEN_READWRITE), SQLITE_OK);
  ASSERT_EQ(newer.execute("PRAGMA user_version = 1000"), SQLITE_OK);
  newer.close();
  const auto refused = StateStore::open(path(), Durability::kProcess, {});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("newer"));
}

// A full disk, as SQLite sees it: no page more than there are.
TEST_F(StateStoreTest, WhatCannotBeWrittenIsToldOnceAndWrittenLater) {
  const std::unique_ptr<StateStore> store = open();
  Database blocker;
  ASSERT_EQ(blocker.open(path(), SQLITE_OPEN_READWRITE), SQLITE_OK);
  ASSERT_EQ(blocker.execute("CREATE TRIGGER full BEFORE INSERT ON sources "
                            "BEGIN SELECT RAISE(FAIL, 'no room'); END"),
            SQLITE_OK);
  ASSERT_TRUE(store->start());
  for (const char* name : {"a", "b"}) {
    std::promise<void> recorded;
    SourceChange done = change(Kind::kFinished, name);
    done.recorded = [&](const std::optional<Error>&) { recorded.set_value(); };
    store->record(std::move(done));
    recorded.get_future().wait();
  }
  EXPECT_THAT(told_, ElementsAre(HasSubstr("go on unrecorded")));
  ASSERT_EQ(blocker.execute("DROP TRIGGER full"), SQLITE_OK);
  EXPECT_EQ(store->close(), 0u);
  EXPECT_THAT(told_.back(), HasSubstr("again"));
  EXPECT_THAT(states(), ElementsAre(Pair("a", SourceState::kDone), Pair("b", SourceState::kDone)));
}

// A watch may have nothing to do for long.
TEST_F(StateStoreTest, WhatCouldNotBeWrittenIsWrittenThoughNothingElseComes) {
  StateStore::Hooks hooks;
  hooks.requested = [](const SourceRecord&) {};
  const std::unique_ptr<StateStore> store = open(std::move(hooks));
  Database blocker;
  ASSERT_EQ(blocker.open(path(), SQLITE_OPEN_READWRITE), SQLITE_OK);
  ASSERT_EQ(blocker.execute("CREATE TRIGGER full BEFORE INSERT ON sources "
                            "BEGIN SELECT RAISE(FAIL, 'no room'); END"),
            SQLITE_OK);
  ASSERT_TRUE(store->start());
  std::promise<void> recorded;
  SourceChange done = change(Kind::kFinished, "a");
  done.recorded = [&](const std::optional<Error>&) { recorded.set_value(); };
  store->record(std::move(done));
  recorded.get_future().wait();
  ASSERT_EQ(blocker.execute("DROP TRIGGER full"), SQLITE_OK);
  const auto count = [&] { return blocker.number("SELECT count(*) FROM sources"); };
  for (int i = 0; i < 3000 && count() == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(count(), 1);
  EXPECT_EQ(store->close(), 0u);
}

TEST_F(StateStoreTest, WhatRetryAsksForReachesARunningEngineOnce) {
  record(change(Kind::kFinished, "a", SourceState::kFailed));
  StateStore::Hooks hooks;
  std::promise<std::string> asked;
  hooks.requested = [&](const SourceRecord& record) { asked.set_value(record.path); };
  const std::unique_ptr<StateStore> store = open(std::move(hooks));
  ASSERT_TRUE(store->start());
  EXPECT_EQ(request_failed(path()).value().queued, 1u);
  EXPECT_EQ(asked.get_future().get(), "a");
  store->close();
  EXPECT_FALSE(recorded()["a"].requested);
}

// Whoever runs it may have read it before.
TEST_F(StateStoreTest, WhatIsAskedForWhileItRunsIsLeftToTheNextStart) {
  for (const Kind end : {Kind::kFinished, Kind::kUnchanged}) {
    record(change(Kind::kStarted, "a"));
    EXPECT_EQ(request_sources(path(), {"a"}).value().queued, 1u);
    record(change(Kind::kQueued, "a"));  // told late, as is that it has been begun
    record(change(Kind::kStarted, "a"));
    record(change(end, "a"));
    EXPECT_THAT(states(), ElementsAre(Pair("a", SourceState::kPending)));
    EXPECT_TRUE(recorded()["a"].requested);
    open()->forget_requests();
    EXPECT_THAT(states(), ElementsAre(Pair("a", SourceState::kPending)));
    record(change(Kind::kFinished, "a"));
    EXPECT_THAT(states(), ElementsAre(Pair("a", SourceState::kDone)));
  }
}

TEST_F(StateStoreTest, WhatIsAskedForWhileItRunsReachesARunningEngine) {
  record(change(Kind::kStarted, "a"));
  std::promise<std::string> asked;
  StateStore::Hooks hooks;
  hooks.requested = [&](const SourceRecord& record) { asked.set_value(record.path); };
  const std::unique_ptr<StateStore> store = open(std::move(hooks));
  EXPECT_EQ(request_sources(path(), {"a"}).value().queued, 1u);
  store->record(change(Kind::kFinished, "a"));
  ASSERT_TRUE(store->start());
  store->end_requests();
  EXPECT_EQ(asked.get_future().get(), "a");
}

TEST_F(StateStoreTest, AReaderNeedsNoWritableDirectory) {
  record(change(Kind::kQueued, "a"));
  std::filesystem::permissions(path(), std::filesystem::perms::owner_read);
  std::filesystem::permissions(
      dir_.path(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  const auto counts = StateReader::open(path()).value().counts().value();
  std::filesystem::permissions(dir_.path(), std::filesystem::perms::owner_all);
  EXPECT_THAT(counts, ElementsAre(1, 0, 0, 0, 0));
}

TEST_F(StateStoreTest, WhereThereIsNoneAReaderSaysWhatMakesOne) {
  EXPECT_THAT(StateReader::open(path()).error().message,
              testing::AllOf(HasSubstr("a load makes one"), HasSubstr("--state=PATH")));
  EXPECT_EQ(request_failed(path()).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace engine::io
