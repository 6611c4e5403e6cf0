// One system call of a watch fails: whatever it is, no tree of a source that is there goes, and
// what is not done is named.
#include <signal.h>

#include <chrono>
#include <thread>

#include "tests/cli/fault_program.h"

namespace engine::test {
namespace {

namespace fs = std::filesystem;

class WatchFault : public FaultProgram {
 protected:
  // A watch that takes up what a load has done, and one source that has changed since, while
  // `fault` happens. It is given time for that, unless it says what is wrong or has ended.
  ProcessResult watch(const std::vector<std::string>& environment) const {
    fs::remove_all(dir_ / "out");
    fs::copy(dir_ / "done", dir_ / "out", fs::copy_options::recursive);
    fs::remove(dir_ / "log");
    std::vector<std::string> line{"/usr/bin/env", "LD_PRELOAD=" ENGINE_FAULT_LIBRARY};
    line.insert(line.end(), environment.begin(), environment.end());
    line.insert(line.end(),
                {ENGINE_PROGRAM, "--watch", "--realtime", "--on-delete=remove",
                 "--rescan-interval=0", "--retry-pause=0.002", "--log-file=log", "in", "out"});
    RunOptions options;
    options.directory = dir_.str();
    RunningProcess process(line, options);
    for (int i = 0; i < 1500 && !is_over() && process.runs(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    if (process.runs()) process.send(SIGTERM);
    return process.wait();
  }
  void change_one() {
    ASSERT_EQ(run({"in", "done"}).exit_status, 0);
    dir_.write(std::string("in/") + kChanged + ".sql", "CREATE TABLE dbo.changed (i int)\n");
    ASSERT_EQ(run({"in", "changed"}).exit_status, 0);
  }
  bool is_over() const {
    return manifest("out") == manifest("changed") || log().find("error") != std::string::npos;
  }
  std::string manifest(const std::string& output) const {
    const fs::path file = dir_ / output / kChanged / "manifest.json";
    return fs::exists(file) ? read_file(file) : std::string();
  }
  std::string log() const { return exists("log") ? read_file(dir_ / "log") : std::string(); }

  static constexpr const char* kChanged = "1/s4";
};

TEST_F(WatchFault, EachCallWhileItTakesUpWhatIsDone) {
  change_one();
  auto before = trees(expected_);
  auto after = trees(output_files(dir_ / "changed"));
  ASSERT_EQ(watch({"ENGINE_FAULT_COUNTS=" + (dir_ / "counts").string()}).exit_status, 0);
  const std::vector<std::string> faults = draw_faults(read_counts(), most(), 3);
  for (const std::string& fault : faults) {
    const ProcessResult result = watch({"ENGINE_FAULT=" + fault});
    const std::string told = fault + '\n' + log() + result.err;
    EXPECT_EQ(result.signal, 0) << told;
    auto made = trees(output_files(dir_ / "out"));
    ASSERT_EQ(made.size(), before.size()) << told;
    for (const auto& [tree, files] : made) {
      EXPECT_TRUE(files == after.at(tree) || (tree == kChanged && files == before.at(tree)))
          << told << ": " << tree << " is wrong";
    }
    if (made.at(kChanged) != after.at(kChanged)) {
      EXPECT_TRUE(result.exit_status == 2 || told.find("error") != std::string::npos) << told;
    }
    if (HasFailure()) return;
  }
  std::printf("%zu faults\n", faults.size());
}

// Whatever the reason: what is not looked at is named.
TEST_F(WatchFault, ADirectoryThatCannotBeOpenedIsNamed) {
  change_one();
  for (const int error : {EACCES, ENOSPC, EIO}) {
    for (const char* const number : {"1", "2", "3"}) {
      const std::string fault = std::string("openat:") + number + ':' + std::to_string(error);
      const ProcessResult result = watch({"ENGINE_FAULT=" + fault, "ENGINE_FAULT_PATH=1"});
      EXPECT_TRUE(manifest("out") == manifest("changed") ||
                  log().find("error] 1: cannot be examined") != std::string::npos)
          << fault << '\n'
          << log() << result.err;
    }
  }
}

// What is in the place of the tree is not taken for something else: the source is tried again.
TEST_F(WatchFault, ATreeThatCannotBeExaminedIsReplacedLater) {
  change_one();
  for (const int error : {EMFILE, EIO}) {
    const ProcessResult result = watch(
        {"ENGINE_FAULT=openat:1:" + std::to_string(error), "ENGINE_FAULT_PATH=s4/manifest.json"});
    EXPECT_TRUE(manifest("out") == manifest("changed")) << log();
    EXPECT_EQ(result.exit_status, 0) << log();
  }
}

TEST_F(WatchFault, ATreeThatCannotBeRemovedIsNamed) {
  change_one();
  fs::remove(dir_ / "in/0/s0.sql");
  for (const int error : {EMFILE, EACCES}) {
    const ProcessResult result =
        watch({"ENGINE_FAULT=openat:1+:" + std::to_string(error), "ENGINE_FAULT_PATH=0/s0"});
    EXPECT_TRUE(exists("out/0/s0/manifest.json"));
    EXPECT_NE(log().find("0/s0: cannot be opened"), std::string::npos) << log();
    EXPECT_EQ(result.exit_status, 1) << log();
  }
}

// It would not hear that it is to end.
TEST_F(WatchFault, WithoutADescriptorForWakesAndSignalsItDoesNotBegin) {
  change_one();
  for (const char* const number : {"1", "2"}) {
    const ProcessResult result =
        watch({std::string("ENGINE_FAULT=eventfd:") + number + ':' + std::to_string(EMFILE)});
    EXPECT_EQ(result.exit_status, 2) << number << log();
    EXPECT_NE(result.err.find("no descriptor for wakes and signals"), std::string::npos);
  }
}

// Linux before 6.7.
TEST_F(WatchFault, AKernelWithoutMultishotReadsIsReadAReadAtATime) {
  RunOptions options;
  options.directory = dir_.str();
  RunningProcess process(
      {"/usr/bin/env", "LD_PRELOAD=" ENGINE_FAULT_LIBRARY, "ENGINE_OLD_IO_URING=1", ENGINE_PROGRAM,
       "--realtime", "--event-loop=io_uring", "--log-file=log", "in", "out"},
      options);
  const auto until = [&](const std::map<std::string, std::string>& wanted) {
    for (int i = 0; i < 3000 && output_files(dir_ / "out") != wanted && process.runs(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return output_files(dir_ / "out") == wanted;
  };
  const bool has_begun = until(expected_);
  for (int i = 0; i < 200; ++i) {
    dir_.write("in/new/" + std::to_string(i) + ".sql", "CREATE TABLE dbo.n (i int)\n");
  }
  EXPECT_EQ(run({"in", "with_new"}).exit_status, 0);
  EXPECT_TRUE(until(output_files(dir_ / "with_new")));
  process.send(SIGTERM);
  const ProcessResult result = process.wait();
  if (result.err.find("io_uring: cannot be set up") != std::string::npos) {
    GTEST_SKIP() << "no io_uring here";
  }
  EXPECT_TRUE(has_begun);
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_NE(log().find("a read at a time"), std::string::npos) << log();
}

// A wait that fails once is a wait that ends early.
TEST_F(WatchFault, AWaitThatFailsCostsNothing) {
  for (const int error : {ENOSPC, EIO, EMFILE, EINTR, EACCES, EDQUOT}) {
    for (const char* const number : {"1", "4"}) {
      std::filesystem::remove_all(dir_ / "out");
      const std::string fault = std::string(number) + ':' + std::to_string(error);
      RunOptions options;
      options.directory = dir_.str();
      RunningProcess process({"/usr/bin/env", "LD_PRELOAD=" ENGINE_FAULT_LIBRARY,
                              "ENGINE_FAULT=io_uring_enter:" + fault, ENGINE_PROGRAM, "--realtime",
                              "--event-loop=io_uring", "in", "out"},
                             options);
      for (int i = 0; i < 3000 && output_files(dir_ / "out").size() < expected_.size(); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
      process.send(SIGTERM);
      const ProcessResult result = process.wait();
      if (result.err.find("io_uring: cannot be set up") != std::string::npos) {
        GTEST_SKIP() << "no io_uring here";
      }
      EXPECT_EQ(result.exit_status, 0) << fault << '\n' << result.err;
      EXPECT_TRUE(output_files(dir_ / "out") == expected_) << fault;
    }
  }
}

}  // namespace
}  // namespace engine::test
