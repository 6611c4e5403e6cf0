// The end of a watch, as the built program: what it does before, what it says of the rest, and when
// it hears that it is to end.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "io/base/descriptor.h"
#include "tests/cli/watch_program.h"

namespace engine::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using io::Descriptor;
using nlohmann::json;
using ::testing::HasSubstr;

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

// The options are in a pipe that nobody writes to yet, so it stands still before it has begun.
TEST_F(WatchCommand, ASignalThatComesBeforeTheWatchHasBegunIsHeard) {
  dir_.write("in/a.sql", table("A"));
  ASSERT_EQ(::mkfifo((dir_ / "options").c_str(), 0600), 0);
  start({"--realtime", "--config=options"});
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

// Of another user's file nobody knows whether somebody writes it: it may have been there to be
// done.
TEST_F(WatchCommand, WhatMayBeFinishedAndIsNotDoneAtTheEndIsNoSuccess) {
  if (::getuid() != 0) GTEST_SKIP() << "it needs another user's file";
  dir_.write("in/a.sql", table("A"));
  start({"--realtime", "--settle-time=600", "--log-file=log"}, kNobody);
  ASSERT_TRUE(until_logged("; watching"));
  const ProcessResult result = end();
  EXPECT_EQ(result.exit_status, 1) << result.err;
  EXPECT_EQ(last_line(result.out)["load"]["sources_not_processed"], 1) << result.out;
  EXPECT_FALSE(exists("out/a/manifest.json"));
}

// What only seems to settle is done: nobody writes it.
TEST_F(WatchCommand, WhatHasSettledIsDoneBeforeTheEnd) {
  dir_.write("in/other.txt", table("T"));
  start({"--realtime", "--settle-time=600", "--log-file=log"});
  ASSERT_TRUE(until_logged("loaded 0 sources"));
  fs::create_hard_link(dir_ / "in/other.txt", dir_ / "in/a.sql");
  ASSERT_TRUE(until_counted("sources_settling", 1));
  EXPECT_FALSE(exists("out/a"));
  std::this_thread::sleep_for(50ms);  // what is younger than a tick is left to the next start
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

}  // namespace
}  // namespace engine::test
