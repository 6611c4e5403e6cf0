// A watch, as the built program, at its limits: writers that never rest, what no event tells, an
// end that is not waited for, and a machine that forbids what it would rather use.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <thread>

#include "io/base/descriptor.h"
#include "tests/cli/watch_program.h"

namespace engine::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using io::Descriptor;
using nlohmann::json;
using ::testing::HasSubstr;

class WatchLimits : public WatchCommand {
 protected:
  // As many as that, or more.
  bool has_trees(int count) const {
    std::error_code error;
    for (fs::directory_iterator entry(dir_ / "out", error), end; !error && entry != end;
         entry.increment(error)) {
      if (entry->path().filename() != ".engine" && --count == 0) return true;
    }
    return false;
  }
  // Ends it by a signal while the source is in work: with a longer one where it had ended before.
  ProcessResult end_at_work(const char* realtime) {
    for (int tables = 5'000; tables < 200'000; tables *= 2) {
      std::string script;
      for (int i = 0; i < tables; ++i) script += table("T" + std::to_string(i));
      dir_.write("in/a.sql", script);
      fs::remove_all(dir_ / "out");
      fs::remove(dir_ / "log");
      start({realtime, "--stop-timeout=0.05", "--log-file=log"});
      // Of its being done the state store tells later, maybe when it is over.
      EXPECT_TRUE(until([&] { return is_in_work() || exists("out/a"); }));
      const ProcessResult ended = end();
      if (!exists("out/a")) return ended;
    }
    ADD_FAILURE() << "it had ended before the signal, however long it was";
    return {};
  }
};

// Whatever is read while the writer is at it: a tree is that of a version that was whole.
TEST_F(WatchLimits, AWriterThatTruncatesAgainAndAgainIsNeverPublishedInPart) {
  constexpr int kVersions = 60;
  start({"--realtime"});
  std::set<std::size_t> whole;
  std::string text;
  for (int i = 0; i < kVersions; ++i) {
    text += table("T" + std::to_string(i)) + std::string(20'000, '-') + "\n";
    whole.insert(text.size());
    const int file = ::open((dir_ / "in/a.sql").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    for (std::size_t at = 0; at < text.size();) {
      const ssize_t count = ::write(file, text.data() + at, std::min(text.size() - at, 50'000ul));
      ASSERT_GT(count, 0);
      at += static_cast<std::size_t>(count);
    }
    ::close(file);
    std::ifstream stream(dir_ / "out/a/manifest.json");
    const json manifest = json::parse(stream, nullptr, false);
    if (!manifest.is_object()) continue;  // none, or the one before is just being deleted
    EXPECT_EQ(whole.count(manifest["source"]["size"].get<std::size_t>()), 1u) << manifest["source"];
  }
  EXPECT_TRUE(becomes_what_a_load_makes());
  const ProcessResult result = end();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(last_line(result.out)["load"]["sources_failed"], 0);
  EXPECT_EQ(run({"verify", "out", "--input=in"}).exit_status, 0);
}

// It never falls quiet for as long as the window, however slow the machine.
TEST_F(WatchLimits, AFileThatIsAppendedToForEverIsProcessedToo) {
  start({"--watch", "--debounce-window=600", "--max-delay=1"});
  dir_.write("in/there.sql", table("There"));
  ASSERT_TRUE(until_tree("there"));
  std::string text;
  EXPECT_TRUE(until([&] {
    text += table("T");
    dir_.write("in/log.sql", text);
    std::this_thread::sleep_for(50ms);
    return exists("out/log/manifest.json");
  }));
  EXPECT_EQ(end().exit_status, 0);
}

// truncate() by path closes no descriptor, so no event tells of it.
TEST_F(WatchLimits, WhatNoEventTellsTheNextRescanFinds) {
  dir_.write("in/a.sql", table("A") + table("B"));
  start({"--realtime", "--rescan-interval=0.3"});
  ASSERT_TRUE(until_done(1));
  ASSERT_EQ(::truncate((dir_ / "in/a.sql").c_str(), static_cast<off_t>(table("A").size())), 0);
  EXPECT_TRUE(becomes_what_a_load_makes());
  EXPECT_EQ(end().exit_status, 0);
}

TEST_F(WatchLimits, AnEndBeforeTheFirstScanHasEndedSaysSo) {
  for (int i = 0; i < 3000; ++i) {
    dir_.write("in/" + std::to_string(i) + "/a.sql", table("T"));
  }
  start({"--realtime", "--workers=1", "--log-file=log"});
  ASSERT_TRUE(until([&] { return has_trees(1); }));
  const ProcessResult result = end();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_NE(read_file(dir_ / "log").find("the next start finds the rest"), std::string::npos);
}

class WatchNobodyReads : public WatchLimits {
 protected:
  // More lines than a pipe holds: each names a source.
  void write_what_fails() {
    for (int i = 0; i < 800; ++i) {
      dir_.write("in/" + std::string(200, 'x') + std::to_string(i) + ".sql.gz", "no archive");
    }
  }
  // While nobody has read a byte of what it wrote.
  ProcessResult end_unread() {
    process_->send(SIGTERM);
    EXPECT_TRUE(until([&] { return !process_->runs(); }));
    return end(0);
  }
  // The pipe "log", at whose other end somebody is who reads when he wants to.
  Descriptor pipe_for_the_log() const {
    const std::string path = (dir_ / "log").string();
    EXPECT_EQ(::mkfifo(path.c_str(), 0600), 0);
    return Descriptor(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  }
  // What is there; false when that is nothing.
  static bool read_on(const Descriptor& reader, std::string* to) {
    const std::size_t size = to->size();
    char bytes[4096];
    for (ssize_t count = 0; (count = ::read(reader.get(), bytes, sizeof bytes)) > 0;) {
      to->append(bytes, static_cast<std::size_t>(count));
    }
    return to->size() != size;
  }
};

TEST_F(WatchNobodyReads, ItsLogAndItGoesOnAndEnds) {
  start({"--watch", "--debounce-window=0.05", "--retry-limit=0"});
  write_what_fails();
  ASSERT_TRUE(until([&] { return recorded("failed") == 800; }));
  dir_.write("in/a.sql", table("A"));
  ASSERT_TRUE(until_tree("a"));
  const ProcessResult ended = end_unread();
  EXPECT_EQ(ended.signal, 0);
  EXPECT_EQ(ended.exit_status, 1);
  EXPECT_EQ(last_line(ended.out)["load"]["sources_failed"], 800);
}

TEST_F(WatchNobodyReads, ItsStatisticsAndItGoesOnAndEnds) {
  start({"--realtime", "--stats-interval=0.005"});
  ASSERT_TRUE(until([&] { return process_->is_held_up(STDOUT_FILENO); }));
  dir_.write("in/a.sql", table("A"));
  ASSERT_TRUE(until_tree("a"));
  const ProcessResult ended = end_unread();
  EXPECT_EQ(ended.signal, 0);
  EXPECT_THAT(ended.err, HasSubstr("standard output: cannot be written, or nobody reads it"));
}

TEST_F(WatchNobodyReads, ATerminalThatIsHeld) {
  options_.error_is_terminal = true;
  start({"--watch", "--debounce-window=0.05", "--retry-limit=0"});
  write_what_fails();
  ASSERT_TRUE(until([&] { return recorded("failed") == 800; }));
  EXPECT_EQ(end_unread().signal, 0);
}

TEST_F(WatchNobodyReads, ALogFileThatIsAPipe) {
  const Descriptor reader = pipe_for_the_log();
  start({"--watch", "--debounce-window=0.05", "--retry-limit=0", "--log-file=log"});
  write_what_fails();
  ASSERT_TRUE(until([&] { return recorded("failed") == 800; }));
  EXPECT_EQ(end_unread().signal, 0);
}

TEST_F(WatchNobodyReads, ALogFileThatHasNoReaderIsSaid) {
  ASSERT_EQ(::mkfifo((dir_ / "log").c_str(), 0600), 0);
  const ProcessResult result = run({"--watch", "--log-file=log", "in", "out"});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_THAT(result.err, HasSubstr("log: nobody reads from it: start its reader first"));
}

// It reads again: what it is told then begins with how much is lost.
TEST_F(WatchNobodyReads, AReaderWhoGoesOnHearsHowManyLinesAreLost) {
  const Descriptor reader = pipe_for_the_log();
  start({"--watch", "--debounce-window=0.05", "--retry-limit=0", "--log-file=log"});
  write_what_fails();
  ASSERT_TRUE(until([&] { return recorded("failed") == 800; }));
  std::string all;
  ASSERT_TRUE(read_on(reader, &all));
  dir_.write("in/a.sql", table("A"));
  ASSERT_TRUE(until_tree("a"));
  process_->send(SIGTERM);
  while (process_->runs()) read_on(reader, &all);
  read_on(reader, &all);
  end(0);
  EXPECT_THAT(all, HasSubstr("lines that are lost, because nobody read them: "));
  EXPECT_THAT(all, HasSubstr("stopping: "));
}

TEST_F(WatchNobodyReads, TheLogFileOfALoadWhichWaits) {
  constexpr int kSources = 800;
  const Descriptor reader = pipe_for_the_log();
  for (int i = 0; i < kSources; ++i) {  // a warning each, which standard error does not show
    dir_.write("in/" + std::string(200, 'x') + std::to_string(i) + ".sql", "SELECT 'open\n");
  }
  RunOptions options;
  options.directory = dir_.str();
  process_ = std::make_unique<RunningProcess>(
      command({"--log-level=debug", "--log-file=log", "in", "out"}), options);
  ASSERT_TRUE(until([&] { return is_full((dir_ / "log").string()); }));
  std::string all;
  while (process_->runs()) read_on(reader, &all);
  read_on(reader, &all);
  EXPECT_EQ(end(0).exit_status, 0);
  int lines = 0;
  for (std::size_t at = 0; (at = all.find(".sql:1:8: ", at)) != std::string::npos; ++at) ++lines;
  EXPECT_EQ(lines, kSources) << all.substr(0, 1000);
}

// A load waits for its reader, until it is to end.
TEST_F(WatchNobodyReads, ALoadEndsWithTheFirstSignal) {
  write_what_fails();
  for (const bool is_terminal : {false, true}) {
    RunOptions options;
    options.directory = dir_.str();
    options.error_is_terminal = is_terminal;
    const std::string output = is_terminal ? "out" : "piped";
    process_ = std::make_unique<RunningProcess>(
        command({"--stats=json", "--retry-limit=0", "in", output}), options);
    ASSERT_TRUE(until([&] { return process_->is_held_up(STDERR_FILENO); }));
    EXPECT_TRUE(process_->runs());
    EXPECT_EQ(end_unread().signal, 0);
  }
}

// With more to do for whoever is quicker than the signals.
TEST_F(WatchLimits, ASecondSignalEndsItAtOnceAndTheNextStartFindsTheRest) {
  ProcessResult ended;
  int sources = 0;
  for (int wanted = 1200; ended.signal == 0 && wanted < 20'000; wanted *= 2) {
    for (; sources < wanted; ++sources) {
      dir_.write("in/s" + std::to_string(sources) + ".sql", table("T" + std::to_string(sources)));
    }
    fs::remove_all(dir_ / "out");
    fs::remove(dir_ / "log");
    start({"--realtime", "--workers=1", "--log-file=log"});
    ASSERT_TRUE(until([&] { return has_trees(1); }));
    process_->send(SIGTERM);
    ASSERT_TRUE(until_logged("stopping"));
    ended = end();
  }
  EXPECT_EQ(ended.signal, SIGTERM);
  EXPECT_FALSE(has_trees(sources));
  start({"--realtime"});
  EXPECT_TRUE(becomes_what_a_load_makes());
  EXPECT_EQ(end().exit_status, 0);
}

// A load does the same.
TEST_F(WatchLimits, ASourceThatTakesLongIsLeftToTheNextStart) {
  for (const char* realtime : {"--realtime", "--stats=json"}) {
    const ProcessResult ended = end_at_work(realtime);
    EXPECT_EQ(ended.exit_status, 1) << ended.err;
    EXPECT_EQ(last_line(ended.out)["load"]["sources_not_processed"], 1) << ended.out;
    EXPECT_THAT(read_file(dir_ / "log"), HasSubstr("not processed"));
    EXPECT_EQ(recorded("pending"), 1);
  }
  EXPECT_EQ(run({"in", "out"}).exit_status, 0);
  EXPECT_TRUE(fs::is_empty(dir_ / "out/.engine/build"));
  EXPECT_EQ(run({"verify", "out", "--input=in"}).exit_status, 0);
}

// A monitor asks for statistics, a terminal closes.
TEST_F(WatchLimits, OtherSignalsDoNotEndAWatchThatIsEnding) {
  constexpr int kSources = 600;
  for (int i = 0; i < kSources; ++i) {
    dir_.write("in/s" + std::to_string(i) + ".sql", table("T" + std::to_string(i)));
  }
  start({"--realtime", "--workers=1", "--log-file=log"});
  ASSERT_TRUE(until([&] { return has_trees(1); }));
  process_->send(SIGTERM);
  for (int i = 0; i < 20; ++i) {
    process_->send(i % 2 == 0 ? SIGUSR1 : SIGHUP);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  const ProcessResult ended = end(0);
  EXPECT_EQ(ended.signal, 0);
  EXPECT_EQ(ended.exit_status, 0);
}

// As a container's seccomp filter does.
TEST_F(WatchLimits, WhereIoUringIsForbiddenItPolls) {
  options_.forbids_io_uring = true;
  start({"--realtime"});
  dir_.write("in/a.sql", table("A"));
  ASSERT_TRUE(until_tree("a"));
  const ProcessResult result = end();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  const json watch = last_line(result.out)["watch"];
  EXPECT_EQ(watch["event_loop"], "poll");
  EXPECT_THAT(watch["event_loop_reason"].get<std::string>(), HasSubstr("cannot be set up"));
  start({"--realtime", "--event-loop=io_uring"});
  EXPECT_EQ(process_->wait().exit_status, 2);
  process_.reset();
}

}  // namespace
}  // namespace engine::test
