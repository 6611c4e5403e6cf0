// How paths get in: one worker a path, back-pressure, retries, a full disk, the end.
#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "engine/engine.h"
#include "tests/support/loaded_folder.h"
#include "tests/support/scripted_ports.h"

namespace engine {
namespace {

using std::chrono::milliseconds;
using test::Latch;
using test::ReportKeeper;
using test::ScriptedFiles;
using test::ScriptedSink;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Where work is held up: it has begun, and goes on when it may.
struct Gate {
  Latch begun, go_on;
  void pass() {
    begun.open();
    go_on.pass();
  }
};

/// Waits for what another thread brings about; a test that waits for ever is stopped by its time
/// limit.
template <class Condition>
void await(Condition condition) {
  while (!condition()) std::this_thread::sleep_for(milliseconds(1));
}

class IntakeLog final : public IntakeObserver {
 public:
  void intake_opened() override { ++opened; }
  void output_full(const std::string& reason) override {
    ++full;
    const std::lock_guard lock(mutex_);
    reason_ = reason;
  }
  void output_has_room() override { ++room; }
  std::string reason() const {
    const std::lock_guard lock(mutex_);
    return reason_;
  }
  std::atomic<int> opened{0}, full{0}, room{0};

 private:
  mutable std::mutex mutex_;
  std::string reason_;
};

class SwitchedMemory final : public MemoryPressure {
 public:
  double usage_percent() const override { return over_threshold() ? 95 : 10; }
  bool over_threshold() const override {
    ++looks;
    return over.load(std::memory_order_relaxed);
  }
  std::atomic<bool> over{false};
  mutable std::atomic<int> looks{0};
};

class EngineIntake : public testing::Test {
 protected:
  Ports ports(FileSource& files, ScriptedSink& sink) {
    Ports ports;
    ports.files = &files;
    ports.sink = &sink;
    ports.observer = &reports_;
    ports.intake = &intake_;
    ports.memory = &memory_;
    return ports;
  }
  static Options realtime(unsigned workers = 2) {
    Options options;
    options.workers = workers;
    options.disable_batching = true;
    options.retry_pause = milliseconds(1);
    return options;
  }

  ReportKeeper reports_;
  IntakeLog intake_;
  SwitchedMemory memory_;
  ScriptedSink sink_;
};

TEST_F(EngineIntake, APathThatChangesWhileItRunsRunsAgainAndNeverTwiceAtOnce) {
  Gate gate;
  std::atomic<int> running{0}, overlaps{0};
  ScriptedFiles files([&](const std::string& path) -> Result<void> {
    if (path != "a.sql") return {};
    if (running.fetch_add(1) != 0) ++overlaps;
    gate.pass();
    running.fetch_sub(1);
    return {};
  });
  Engine engine(realtime(4), ports(files, sink_));
  ASSERT_TRUE(engine.start());
  files.set_version("a.sql", 1);
  engine.observe({"a.sql"});
  gate.begun.pass();
  files.set_version("a.sql", 2);
  for (int i = 0; i < 5; ++i) engine.observe({"a.sql"});
  engine.observe({"b.sql"});  // behind what was asked for a.sql, and other workers are idle
  await([&] { return engine.stats().load.sources_done == 1; });
  EXPECT_EQ(files.opened("a.sql"), 1);
  gate.go_on.open();
  engine.shutdown(true);
  EXPECT_EQ(files.opened("a.sql"), 2);
  EXPECT_EQ(overlaps.load(), 0);
  EXPECT_EQ(engine.stats().load.sources_done, 3u);
}

TEST_F(EngineIntake, AnEventWithoutAChangeCostsALookAndASubmittedPathIsAlwaysDone) {
  ScriptedFiles files;
  files.set_version("a.sql", 1);
  Engine engine(realtime(), ports(files, sink_));
  ASSERT_TRUE(engine.start());
  engine.observe({"a.sql"});
  await([&] { return engine.stats().load.sources_done == 1; });
  engine.observe({"a.sql"});
  await([&] { return engine.stats().load.sources_unchanged == 1; });
  FileEvent missed{"a.sql"};
  missed.tree_missing = true;  // and the sink has none
  engine.observe(missed);
  await([&] { return engine.stats().load.sources_done == 2; });
  EXPECT_TRUE(engine.submit("a.sql", Priority::kNormal));
  engine.shutdown(true);
  EXPECT_EQ(engine.stats().load.sources_done, 3u);
  const BatchStats batch = engine.stats().batch;
  EXPECT_EQ(batch.events_received, batch.events_deduplicated + batch.events_processed);
}

TEST_F(EngineIntake, AnObservedPathThatIsGoneIsNoFailureAndASubmittedOneIs) {
  ScriptedFiles files([](const std::string& path) -> Result<void> {
    return fail(ErrorCode::kNotFound, path + ": no such file");
  });
  Engine engine(realtime(), ports(files, sink_));
  ASSERT_TRUE(engine.start());
  engine.observe({"a.sql"});
  EXPECT_TRUE(engine.submit("b.sql", Priority::kNormal));
  FileEvent submitted{"c.sql"};
  submitted.submitted = true;
  engine.observe(submitted);
  engine.shutdown(true);
  EXPECT_EQ(reports_.report("a.sql").status, SourceStatus::kGone);
  EXPECT_EQ(reports_.report("b.sql").status, SourceStatus::kFailed);
  EXPECT_EQ(reports_.report("c.sql").status, SourceStatus::kFailed);
  EXPECT_EQ(engine.stats().load.sources_gone, 1u);
}

TEST_F(EngineIntake, FullIsSaidAtTheHighWaterMarkAndRoomOnceAtHalfOfIt) {
  Latch go_on;
  ScriptedFiles files([&](const std::string&) -> Result<void> {
    go_on.pass();
    return {};
  });
  Options options = realtime(1);
  options.max_queue_size = 10;
  options.batch_size_threshold = 10;
  Engine engine(options, ports(files, sink_));
  ASSERT_TRUE(engine.start());
  int taken = 0;
  while (engine.observe({std::to_string(taken) + ".sql"}) == Intake::kOpen) ++taken;
  EXPECT_EQ(taken + 1, 20);
  // Taken all the same, and the answer stays.
  EXPECT_EQ(engine.observe({"more.sql"}), Intake::kFull);
  EXPECT_EQ(intake_.opened.load(), 0);
  go_on.open();
  await([&] { return intake_.opened.load() == 1; });
  engine.shutdown(true);
  EXPECT_EQ(intake_.opened.load(), 1);
  EXPECT_EQ(engine.stats().load.sources_done, 21u);
}

// While what is CRITICAL fills the queue and waits for room in it.
TEST_F(EngineIntake, WhatIsLessUrgentHasItsTurnHoweverMuchIsMoreUrgent) {
  Gate gate;
  ScriptedFiles files([&](const std::string&) -> Result<void> {
    gate.pass();
    return {};
  });
  Options options = realtime(1);
  options.max_queue_size = 2;
  Engine engine(options, ports(files, sink_));
  ASSERT_TRUE(engine.start());
  engine.observe({"critical.sql", Priority::kCritical});
  gate.begun.pass();
  for (int i = 0; i < 400; ++i) {
    engine.observe({"critical" + std::to_string(i) + ".sql", Priority::kCritical});
  }
  engine.observe({"batch.sql", Priority::kBatch});
  engine.observe({"normal.sql", Priority::kNormal});
  await([&] { return engine.stats().batch.pending_files == 0; });
  gate.go_on.open();
  engine.shutdown(true);
  const std::vector<std::string> order = files.order();
  ASSERT_EQ(order.size(), 403u);
  for (const char* path : {"batch.sql", "normal.sql"}) {
    EXPECT_LT(std::find(order.begin(), order.end(), path) - order.begin(), 50) << path;
  }
}

// The queue is full of what is less urgent, and more of it waits: the first place that comes free
// is taken before the worker that has left it goes on.
TEST_F(EngineIntake, WhatIsUrgentIsNextThoughTheQueueIsFull) {
  for (int round = 0; round < 20; ++round) {
    Gate gate;
    ScriptedFiles files([&](const std::string&) -> Result<void> {
      gate.pass();
      return {};
    });
    Options options = realtime(1);
    options.max_queue_size = 4;
    Engine engine(options, ports(files, sink_));
    ASSERT_TRUE(engine.start());
    for (int i = 0; i < 40; ++i) {
      engine.observe({"batch" + std::to_string(i) + ".sql", Priority::kBatch});
    }
    gate.begun.pass();
    engine.observe({"critical.sql", Priority::kCritical});
    gate.go_on.open();
    engine.shutdown(true);
    const std::vector<std::string> order = files.order();
    ASSERT_EQ(order.size(), 41u);
    ASSERT_EQ(order[1], "critical.sql") << round;
  }
}

TEST_F(EngineIntake, ShortMemoryIsFullAndSaysSoWhenItIsOver) {
  Latch go_on;
  ScriptedFiles files([&](const std::string& path) -> Result<void> {
    if (path == "slow.sql") go_on.pass();
    return {};
  });
  Engine engine(realtime(2), ports(files, sink_));
  ASSERT_TRUE(engine.start());
  memory_.over = true;
  EXPECT_EQ(engine.observe({"slow.sql"}), Intake::kOpen);  // one at a time always
  EXPECT_EQ(engine.observe({"a.sql"}), Intake::kFull);
  await([&, before = memory_.looks.load()] { return memory_.looks.load() > before + 3; });
  EXPECT_EQ(intake_.opened.load(), 0);
  memory_.over = false;  // which sends no word
  await([&] { return intake_.opened.load() == 1; });
  go_on.open();
  engine.shutdown(true);
  EXPECT_EQ(engine.stats().load.sources_done, 2u);
}

TEST_F(EngineIntake, AnErrorThatGoesAwayIsTriedAgainAndOneThatStaysFailsAlone) {
  std::atomic<int> attempts{0};
  ScriptedFiles files([&](const std::string& path) -> Result<void> {
    if (path == "bad.sql") return fail_transient(ErrorCode::kUnreadable, path + ": I/O error");
    if (path == "once.sql" && attempts.fetch_add(1) == 0) {
      return fail_transient(ErrorCode::kUnreadable, path + ": Too many open files");
    }
    return {};
  });
  Options options = realtime();
  options.retry_limit = 3;
  Engine engine(options, ports(files, sink_));
  ASSERT_TRUE(engine.start());
  for (const char* path : {"bad.sql", "once.sql", "good.sql"}) {
    EXPECT_TRUE(engine.submit(path, Priority::kNormal));
  }
  engine.shutdown(true);
  EXPECT_EQ(files.opened("bad.sql"), 4);
  EXPECT_EQ(reports_.report("bad.sql").status, SourceStatus::kFailed);
  EXPECT_EQ(reports_.report("bad.sql").attempts, 4u);
  EXPECT_EQ(reports_.report("bad.sql").error, "bad.sql: I/O error");
  EXPECT_EQ(reports_.report("once.sql").attempts, 2u);
  EXPECT_EQ(engine.stats().load.sources_done, 2u);
  EXPECT_EQ(engine.stats().load.retries, 4u);
  EXPECT_EQ(engine.stats().pool.tasks_submitted, 3u);  // sources, not attempts
}

TEST_F(EngineIntake, AFullDiskPausesAndGoesOnByItselfWhenThereIsRoom) {
  std::atomic<bool> full{true};
  std::atomic<int> tried{0};
  ScriptedSink sink([&](const Tree& tree) -> Result<void> {
    ++tried;
    if (full.load()) return fail(ErrorCode::kNoSpace, tree.path + ": No space left on device");
    return {};
  });
  ScriptedFiles files;
  Options options = realtime();
  options.retry_limit = 1000;
  Engine engine(options, ports(files, sink));
  ASSERT_TRUE(engine.start());
  EXPECT_TRUE(engine.submit("a.sql", Priority::kNormal));
  await([&] { return intake_.full.load() == 1; });
  EXPECT_EQ(engine.observe({"b.sql"}), Intake::kFull);
  std::thread submitter([&] { EXPECT_TRUE(engine.submit("c.sql", Priority::kNormal)); });
  await([&] { return tried.load() > 2; });
  EXPECT_EQ(files.opened("c.sql"), 0);  // it waits outside
  EXPECT_EQ(engine.stats().load.sources_failed, 0u);
  full = false;
  submitter.join();
  await([&] { return engine.stats().load.sources_done == 3; });
  await([&] { return intake_.opened.load() == 1; });
  engine.shutdown(true);
  EXPECT_EQ(intake_.full.load(), 1);  // one line
  EXPECT_EQ(intake_.room.load(), 1);
  EXPECT_THAT(intake_.reason(), HasSubstr("No space left"));
}

// One call at a time: that the disk is full is found while room for events is still being told.
TEST_F(EngineIntake, TheObserverIsTheOnlyOneWhoIsTold) {
  class Slow final : public IntakeObserver {
   public:
    void intake_opened() override {
      enter();
      begun.open();
      std::this_thread::sleep_for(milliseconds(50));
      leave();
    }
    void output_full(const std::string&) override { enter(), leave(); }
    void output_has_room() override { enter(), leave(); }
    Latch begun;
    std::atomic<int> overlaps{0};

   private:
    void enter() { overlaps += running_++ != 0; }
    void leave() { --running_; }
    std::atomic<int> running_{0};
  } slow;
  std::atomic<bool> full{true};
  ScriptedSink sink([&](const Tree& tree) -> Result<void> {
    if (tree.source != "full.sql" || !full.exchange(false)) return {};
    slow.begun.pass();
    return fail(ErrorCode::kNoSpace, tree.path + ": No space left on device");
  });
  ScriptedFiles files;
  Ports all = ports(files, sink);
  all.intake = &slow;
  Engine engine(realtime(2), all);
  ASSERT_TRUE(engine.start());
  EXPECT_TRUE(engine.submit("full.sql", Priority::kNormal));
  memory_.over = true;
  EXPECT_EQ(engine.observe({"a.sql"}), Intake::kFull);
  memory_.over = false;
  await([&] { return engine.stats().load.sources_done == 2; });
  engine.shutdown(true);
  EXPECT_EQ(slow.overlaps.load(), 0);
}

// One script of very many tables, on the disk on which the output lies.
class LargeScript final : public FileSource {
 public:
  explicit LargeScript(int tables) {
    for (int i = 0; i < tables; ++i) text_ += "CREATE TABLE t" + std::to_string(i) + " (i int);\n";
    size_ = text_.size();
    text_.append(kReadablePadding, '\0');
  }
  Result<std::unique_ptr<SourceText>> open(const std::string&, const std::stop_token&) override {
    return std::make_unique<Text>(std::string_view(text_).substr(0, size_));
  }
  Result<std::unique_ptr<Scratch>> scratch(std::size_t size) override {
    return std::make_unique<Taken>(size, &taken);
  }
  std::atomic<std::size_t> taken{0};  // by files without a name

 private:
  class Text final : public SourceText {
   public:
    explicit Text(std::string_view bytes) : bytes_(bytes) {}
    std::string_view bytes() const override { return bytes_; }
    const std::string& tree_path() const override { return path_; }
    const SourceVersion& version() const override { return version_; }
    Result<void> check_unchanged() const override { return {}; }

   private:
    const std::string_view bytes_;
    const std::string path_ = "large";
    const SourceVersion version_{};
  };
  class Taken final : public Scratch {
   public:
    Taken(std::size_t size, std::atomic<std::size_t>* taken)
        : room_(size + kReadablePadding + 16), size_(size), taken_(*taken) {
      taken_ += size_;
    }
    ~Taken() override { taken_ -= size_; }
    std::span<char> bytes() override {
      const auto begin = reinterpret_cast<std::uintptr_t>(room_.data());
      return {room_.data() + (16 - begin % 16) % 16, size_};
    }

   private:
    std::vector<char> room_;
    const std::size_t size_;
    std::atomic<std::size_t>& taken_;
  };

  std::string text_;
  std::size_t size_ = 0;
};

// Files without a name take some of the room that the tree needs: who tries again alone, to see
// whether there is room, does without them.
TEST_F(EngineIntake, ATreeThatFillsTheDiskFitsWithoutTheFilesOfItsSource) {
  LargeScript files(8'000);
  std::atomic<int> tried{0};
  std::atomic<bool> took_files{false};
  ScriptedSink sink([&](const Tree& tree) -> Result<void> {
    ++tried;
    if (files.taken.load() == 0) return {};
    took_files = true;
    return fail(ErrorCode::kNoSpace, tree.path + ": No space left on device");
  });
  Engine engine(realtime(), ports(files, sink));
  ASSERT_TRUE(engine.start());
  EXPECT_TRUE(engine.submit("large.sql", Priority::kNormal));
  await([&] { return engine.stats().load.sources_done == 1; });
  engine.shutdown(true);
  EXPECT_TRUE(took_files.load());
  EXPECT_EQ(tried.load(), 2);
  EXPECT_EQ(reports_.report("large.sql").status, SourceStatus::kDone);
}

TEST_F(EngineIntake, ADiskThatStaysFullFailsEachSourceInTheEnd) {
  ScriptedSink sink([](const Tree& tree) -> Result<void> {
    return fail(ErrorCode::kNoSpace, tree.path + ": No space left on device");
  });
  ScriptedFiles files;
  Options options = realtime();
  options.retry_limit = 2;
  Engine engine(options, ports(files, sink));
  ASSERT_TRUE(engine.start());
  for (const char* path : {"a.sql", "b.sql", "c.sql"}) {
    EXPECT_TRUE(engine.submit(path, Priority::kNormal));
  }
  await([&] { return engine.stats().load.sources_failed == 3; });
  engine.shutdown(true);
  EXPECT_EQ(intake_.full.load(), 1);
  EXPECT_EQ(reports_.report("c.sql").attempts, 3u);
}

TEST_F(EngineIntake, ASourceTooBigForTheDiskDoesNotHoldUpTheOthers) {
  ScriptedSink sink([](const Tree& tree) -> Result<void> {
    if (tree.source == "big.sql") return fail(ErrorCode::kNoSpace, "big: No space left on device");
    return {};
  });
  ScriptedFiles files;
  Options options = realtime();
  options.retry_limit = 3;
  Engine engine(options, ports(files, sink));
  ASSERT_TRUE(engine.start());
  EXPECT_TRUE(engine.submit("big.sql", Priority::kNormal));
  for (int i = 0; i < 50; ++i) {
    EXPECT_TRUE(engine.submit(std::to_string(i) + ".sql", Priority::kNormal));
  }
  await([&] { return engine.stats().load.sources_done == 50; });
  await([&] { return engine.stats().load.sources_failed == 1; });
  engine.shutdown(true);
  EXPECT_EQ(engine.stats().load.sources_left, 0u);
}

TEST_F(EngineIntake, TheEndWorksOffWhatGathersWhatWaitsAndWhatIsTriedAgain) {
  std::atomic<int> attempts{0};
  ScriptedFiles files([&](const std::string& path) -> Result<void> {
    if (path == "again.sql" && attempts.fetch_add(1) < 2) {
      return fail(ErrorCode::kChanged, path + ": changed while it was read");
    }
    return {};
  });
  Options options = realtime(1);
  options.disable_batching = false;
  options.debounce_window = std::chrono::hours(1);
  Engine engine(options, ports(files, sink_));
  ASSERT_TRUE(engine.start());
  EXPECT_TRUE(engine.submit("again.sql", Priority::kNormal));
  for (int i = 0; i < 20; ++i) engine.observe({std::to_string(i) + ".sql"});
  engine.shutdown(true);
  EXPECT_EQ(engine.stats().load.sources_done, 21u);
  EXPECT_EQ(engine.stats().pool.tasks_pending, 0u);
  EXPECT_FALSE(engine.stats().pool.running);
  // What comes after the end is refused, and a second end is nothing.
  EXPECT_FALSE(engine.submit("late.sql", Priority::kNormal));
  EXPECT_EQ(engine.observe({"late.sql"}), Intake::kFull);
  engine.shutdown(true);
  engine.shutdown(false);
  EXPECT_EQ(engine.stats().load.sources_done, 21u);
}

TEST_F(EngineIntake, TheEndWithoutCompletionLeavesWhatWaitsAndReturnsSoon) {
  Gate gate;
  ScriptedFiles files([&](const std::string& path) -> Result<void> {
    if (path == "fails.sql") return fail_transient(ErrorCode::kUnreadable, path + ": I/O error");
    gate.pass();
    return {};
  });
  Options options = realtime(1);
  options.retry_pause = std::chrono::hours(1);
  options.max_queue_size = 3;
  Engine engine(options, ports(files, sink_));
  ASSERT_TRUE(engine.start());
  EXPECT_TRUE(engine.submit("fails.sql", Priority::kNormal));
  await([&] { return engine.stats().load.retries == 1; });
  EXPECT_TRUE(engine.submit("runs.sql", Priority::kNormal));
  gate.begun.pass();
  for (int i = 0; i < 30; ++i) engine.observe({std::to_string(i) + ".sql"});
  await([&] { return engine.stats().pool.queue_size != 0; });  // what is observed has come
  std::thread stopper([&] { engine.shutdown(false); });
  await([&] { return engine.stats().pool.queue_size == 0; });
  gate.go_on.open();
  stopper.join();
  EXPECT_EQ(engine.stats().load.sources_done, 1u);
  EXPECT_EQ(engine.stats().pool.tasks_pending, 0u);
}

// Whoever runs is asked to give up; what it had made is dropped.
TEST_F(EngineIntake, TheEndGivesUpWhatTakesLongerThanItMay) {
  for (const unsigned workers : {0u, 1u, 2u}) {
    for (const bool wait_for_completion : {true, false}) {
      SCOPED_TRACE(std::to_string(workers) + (wait_for_completion ? " wait" : " leave"));
      Latch begun;
      ScriptedFiles files;
      ScriptedSink sink([&](const Tree& tree) -> Result<void> {
        if (tree.source == "quick.sql") return {};
        begun.open();
        await([&] { return tree.given_up.stop_requested(); });
        return {};
      });
      Options options = realtime(workers);
      options.stop_timeout = milliseconds(20);
      Engine engine(options, ports(files, sink));
      ASSERT_TRUE(engine.start());
      for (const char* path : {"quick.sql", "slow.sql", "waits.sql"}) {
        engine.observe({path});
        if (path == std::string("quick.sql")) {
          await([&] { return engine.stats().load.sources_done == 1; });
        }
      }
      begun.pass();
      engine.shutdown(wait_for_completion);
      const Stats stats = engine.stats();
      EXPECT_EQ(stats.load.sources_done, 1u);
      EXPECT_EQ(stats.load.sources_failed, 0u);
      EXPECT_EQ(stats.load.sources_left, 2u);
      EXPECT_FALSE(stats.pool.running);
    }
  }
}

TEST_F(EngineIntake, TheEndMayTakeForEver) {
  Latch begun;
  ScriptedFiles files;
  ScriptedSink sink([&](const Tree& tree) -> Result<void> {
    begun.open();
    for (int look = 0; look < 50 && !tree.given_up.stop_requested(); ++look) {
      std::this_thread::sleep_for(milliseconds(1));
    }
    return {};
  });
  Options options = realtime(1);
  options.stop_timeout = std::chrono::nanoseconds::max();
  Engine engine(options, ports(files, sink));
  ASSERT_TRUE(engine.start());
  for (const char* path : {"slow.sql", "waits.sql"}) engine.observe({path});
  begun.pass();
  engine.shutdown(true);
  EXPECT_EQ(engine.stats().load.sources_done, 2u);
  EXPECT_EQ(engine.stats().load.sources_left, 0u);
}

TEST_F(EngineIntake, WhatIsGivenUpAndToldOfMeanwhileIsLeftOnce) {
  Latch begun;
  ScriptedFiles files;
  ScriptedSink sink([&](const Tree& tree) -> Result<void> {
    begun.open();
    await([&] { return tree.given_up.stop_requested(); });
    return {};
  });
  Options options = realtime(1);
  options.disable_batching = false;
  options.debounce_window = std::chrono::hours(1);
  options.stop_timeout = milliseconds(20);
  Engine engine(options, ports(files, sink));
  ASSERT_TRUE(engine.start());
  EXPECT_TRUE(engine.submit("slow.sql", Priority::kNormal));
  begun.pass();
  for (const char* path : {"slow.sql", "gathers.sql"}) engine.observe({path});
  engine.shutdown(false);
  const Stats stats = engine.stats();
  EXPECT_EQ(stats.load.sources_left, 2u);
  EXPECT_EQ(stats.load.sources, 2u);
  EXPECT_EQ(stats.batch.events_received,
            stats.batch.events_processed + stats.batch.events_deduplicated);
}

TEST_F(EngineIntake, NothingIsLeftBeforeTheBegin) {
  ScriptedFiles files;
  Engine engine(realtime(1), ports(files, sink_));
  engine.observe({"a.sql"});
  EXPECT_EQ(engine.stats().load.sources_left, 0u);
  EXPECT_EQ(engine.stats().pool.tasks_pending, 1u);
  ASSERT_TRUE(engine.start());
  engine.shutdown(true);
  EXPECT_EQ(engine.stats().load.sources_done, 1u);
}

// Who says so by himself is not asked once more: nobody would wake the source.
TEST_F(EngineIntake, APortThatHasStoppedFailsItsSource) {
  ScriptedSink sink([](const Tree& tree) -> Result<void> {
    return fail(ErrorCode::kStopped, tree.path + ": closed");
  });
  ScriptedFiles files;
  Engine engine(realtime(1), ports(files, sink));
  ASSERT_TRUE(engine.start());
  engine.observe({"a.sql"});
  engine.shutdown(true);
  EXPECT_EQ(engine.stats().load.sources_failed, 1u);
  EXPECT_EQ(engine.stats().load.sources_left, 0u);
}

TEST_F(EngineIntake, TheEndDoesNotWaitForRoomOnTheDisk) {
  ScriptedSink sink([](const Tree& tree) -> Result<void> {
    return fail(ErrorCode::kNoSpace, tree.path + ": No space left on device");
  });
  ScriptedFiles files;
  Options options = realtime();
  options.retry_pause = std::chrono::hours(1);
  Engine engine(options, ports(files, sink));
  ASSERT_TRUE(engine.start());
  for (const char* path : {"a.sql", "b.sql", "c.sql"}) engine.observe({path});
  await([&] { return intake_.full.load() == 1; });
  engine.observe({"d.sql"});
  engine.shutdown(true);
  EXPECT_EQ(engine.stats().load.sources_failed, 0u);
  EXPECT_EQ(engine.stats().load.sources_left, 4u);
}

// On the settler's thread time passes between its looks: whatever ends meanwhile must be seen.
class SlowClock final : public Clock {
 public:
  TimePoint now() const override {
    if (is_slow_) std::this_thread::sleep_for(std::chrono::microseconds(200));
    return std::chrono::steady_clock::now();
  }
  /// For this thread.
  static void be_fast() { is_slow_ = false; }

 private:
  static thread_local bool is_slow_;
};
thread_local bool SlowClock::is_slow_ = true;

class FastWorkers final : public ThreadPlacement {
 public:
  unsigned usable_cpus() const override { return 2; }
  void place_worker(unsigned, unsigned) override { SlowClock::be_fast(); }
};

TEST_F(EngineIntake, RoomIsToldHoweverTheLastTasksFallOnTheSettlersWayToSleep) {
  SlowClock::be_fast();
  SlowClock clock;
  FastWorkers placement;
  ScriptedFiles files;
  Options options = realtime();
  options.max_queue_size = 4;
  options.batch_size_threshold = 2;
  Ports with_clock = ports(files, sink_);
  with_clock.clock = &clock;
  with_clock.placement = &placement;
  Engine engine(options, with_clock);
  ASSERT_TRUE(engine.start());
  for (int i = 0; i < 2000; ++i) {
    const std::string path = std::to_string(i) + ".sql";
    files.set_version(path, 1);
    const int opened = intake_.opened;
    if (engine.observe({path}) == Intake::kFull) await([&] { return intake_.opened > opened; });
  }
  engine.shutdown(true);
  EXPECT_EQ(engine.stats().load.sources_done, 2000u);
}

class ThrowingObserver final : public SourceObserver {
 public:
  void source_started(const std::string& path) override {
    if (path == "started.sql") throw std::runtime_error("of the embedder's");
  }
  void source_finished(const SourceReport& report) override {
    if (report.path == "finished.sql") throw 1;
  }
};

TEST_F(EngineIntake, AnObserverThatThrowsKeepsNobodyWaiting) {
  ThrowingObserver observer;
  ScriptedFiles files;
  Ports throwing = ports(files, sink_);
  throwing.observer = &observer;
  Engine engine(realtime(), throwing);
  ASSERT_TRUE(engine.start());
  for (const char* path : {"started.sql", "finished.sql", "fine.sql"}) {
    EXPECT_TRUE(engine.submit(path, Priority::kNormal));
  }
  engine.shutdown(true);
  EXPECT_EQ(engine.stats().pool.tasks_pending, 0u);
}

TEST_F(EngineIntake, AnUpgradeOfAWaitingPathCounts) {
  Latch go_on;
  ScriptedFiles files([&](const std::string& path) -> Result<void> {
    if (path == "first.sql") go_on.pass();
    return {};
  });
  Engine engine(realtime(1), ports(files, sink_));
  ASSERT_TRUE(engine.start());
  EXPECT_TRUE(engine.submit("first.sql", Priority::kCritical));
  await([&] { return files.opened("first.sql") == 1; });
  for (const char* path : {"a.sql", "b.sql", "c.sql"}) {
    EXPECT_TRUE(engine.submit(path, Priority::kBatch));
  }
  EXPECT_TRUE(engine.submit("c.sql", Priority::kCritical));
  go_on.open();
  engine.shutdown(true);
  EXPECT_THAT(files.order(), ElementsAre("first.sql", "c.sql", "a.sql", "b.sql"));
  EXPECT_EQ(engine.stats().load.sources_done, 4u);
  EXPECT_EQ(engine.stats().load.requests_merged, 1u);
}

TEST_F(EngineIntake, AnUnsettledSourceIsLookedAtAgainAndHasNotFailed) {
  std::atomic<int> looks{0};
  ScriptedFiles files([&](const std::string& path) -> Result<void> {
    if (looks.fetch_add(1) < 5) return fail(ErrorCode::kUnsettled, path + ": is being written");
    return {};
  });
  Options options = realtime();
  options.retry_limit = 0;
  Engine engine(options, ports(files, sink_));
  ASSERT_TRUE(engine.start());
  EXPECT_TRUE(engine.submit("a.sql", Priority::kNormal));
  engine.shutdown(true);
  EXPECT_EQ(looks.load(), 6);
  EXPECT_EQ(engine.stats().load.sources_done, 1u);
  EXPECT_EQ(engine.stats().load.retries, 0u);
  EXPECT_EQ(reports_.report("a.sql").attempts, 1u);
}

TEST_F(EngineIntake, ASourceThatNeverSettlesFails) {
  ScriptedFiles files([](const std::string& path) -> Result<void> {
    return fail(ErrorCode::kUnsettled, path + ": is being written");
  });
  Options options = realtime();
  options.retry_limit = 1;
  Engine engine(options, ports(files, sink_));
  ASSERT_TRUE(engine.start());
  EXPECT_TRUE(engine.submit("a.sql", Priority::kNormal));
  engine.shutdown(true);
  EXPECT_EQ(engine.stats().load.sources_failed, 1u);
  EXPECT_EQ(reports_.report("a.sql").error, "a.sql: is being written");
}

TEST_F(EngineIntake, WithoutWorkersRetriesAndEventsAreDoneToo) {
  std::atomic<int> attempts{0};
  ScriptedFiles files([&](const std::string& path) -> Result<void> {
    if (path == "again.sql" && attempts.fetch_add(1) == 0) {
      return fail(ErrorCode::kChanged, path + ": changed while it was read");
    }
    return {};
  });
  Engine engine(realtime(0), ports(files, sink_));
  ASSERT_TRUE(engine.start());
  EXPECT_TRUE(engine.submit("again.sql", Priority::kNormal));
  engine.observe({"event.sql"});
  engine.shutdown(true);
  EXPECT_EQ(engine.stats().load.sources_done, 2u);
}

/// Many threads, few paths, versions that rise: what was seen last is the last version.
TEST_F(EngineIntake, AStormOfEventsLosesNoVersion) {
  constexpr int kPaths = 5;
  std::array<std::atomic<int>, kPaths> version{}, seen{};
  ScriptedFiles files([&](const std::string& path) -> Result<void> {
    const std::size_t index = static_cast<std::size_t>(path[0] - '0');
    seen[index].store(version[index].load());
    return {};
  });
  Options options = realtime(3);
  options.max_queue_size = 4;
  Engine engine(options, ports(files, sink_));
  ASSERT_TRUE(engine.start());
  std::vector<std::thread> writers;
  for (int i = 0; i < 3; ++i) {
    writers.emplace_back([&, i] {
      for (int n = 0; n < 1500; ++n) {
        const auto index = static_cast<std::size_t>((n + i) % kPaths);
        ++version[index];
        const std::string path = std::to_string(index) + ".sql";
        if (n % 3 == 0) {
          EXPECT_TRUE(engine.submit(path, static_cast<Priority>(1 + n % 2)));
        } else {
          engine.observe({path, static_cast<Priority>(1 + n % 3)});
        }
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  engine.shutdown(true);
  for (std::size_t i = 0; i < kPaths; ++i) EXPECT_EQ(seen[i].load(), version[i].load()) << i;
  const Stats stats = engine.stats();
  EXPECT_EQ(stats.load.sources, stats.load.sources_done);
  EXPECT_EQ(stats.batch.events_received, 3000u);
  EXPECT_EQ(stats.batch.events_deduplicated + stats.batch.events_processed, 3000u);
  EXPECT_EQ(stats.load.sources + stats.load.requests_merged, 1500 + stats.batch.events_processed);
}

}  // namespace
}  // namespace engine
