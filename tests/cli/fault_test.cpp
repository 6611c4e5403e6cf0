// One system call fails, and then everything goes on: each call that a load makes, with each error
// it may have. Never a crash, never a wrong tree; what failed is named, the others are done; and
// the next load has nothing left to mend.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>
#include <thread>

#include "tests/cli/program.h"
#include "tests/support/in_memory.h"
#include "tests/support/output_files.h"

namespace engine::test {
namespace {

using ::testing::HasSubstr;

constexpr int kSources = 20;

class Fault : public Program {
 protected:
  void SetUp() override {
    for (int i = 0; i < kSources; ++i) {
      const std::string number = std::to_string(i);
      std::string text = "CREATE TABLE dbo.t" + number + " (i int)\nGO\nINSERT dbo.t" + number +
                         " VALUES (1)\nGO\nCREATE VIEW v" + number + " AS SELECT 1 x\nGO\n";
      if (i % 5 == 0) text.append(300'000, '-');  // so large that it is mapped
      dir_.write("in/" + std::to_string(i % 3) + "/s" + number + ".sql", text);
    }
    ASSERT_EQ(run({"in", "quiet"}).exit_status, 0);
    expected_ = output_files(dir_ / "quiet");
    ASSERT_EQ(trees(expected_).size(), static_cast<std::size_t>(kSources));
  }

  static std::map<std::string, std::map<std::string, std::string>> trees(
      const std::map<std::string, std::string>& files) {
    std::map<std::string, std::map<std::string, std::string>> found;
    for (const auto& [path, bytes] : files) {
      const std::size_t end = path.find('/', path.find('/') + 1);
      found[path.substr(0, end)][path] = bytes;
    }
    return found;
  }

  ProcessResult run_with(const std::vector<std::string>& environment,
                         const std::vector<std::string>& arguments) const {
    std::vector<std::string> line{"/usr/bin/env", "LD_PRELOAD=" ENGINE_FAULT_LIBRARY};
    line.insert(line.end(), environment.begin(), environment.end());
    line.push_back(ENGINE_PROGRAM);
    line.insert(line.end(), arguments.begin(), arguments.end());
    RunOptions options;
    options.directory = dir_.str();
    return run_process(line, options);
  }

  std::map<std::string, long> counts(const std::vector<std::string>& arguments) const {
    std::filesystem::remove_all(dir_ / "out");
    const ProcessResult result =
        run_with({"ENGINE_FAULT_COUNTS=" + (dir_ / "counts").string()}, arguments);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    std::map<std::string, long> found;
    std::istringstream lines(read_file(dir_ / "counts"));
    std::string name;
    for (long count = 0; lines >> name >> count;) found[name] = count;
    return found;
  }

  // What must hold however a load ended.
  void expect_sound(const ProcessResult& result, const std::string& fault) const {
    EXPECT_EQ(result.signal, 0) << fault << '\n' << result.err;
    EXPECT_GE(result.exit_status, 0) << fault;
    EXPECT_LE(result.exit_status, 2) << fault;
    const auto wanted = trees(expected_);
    const auto made = trees(output_files(dir_ / "out"));
    for (const auto& [tree, files] : made) {
      ASSERT_TRUE(wanted.contains(tree)) << fault << ": " << tree;
      EXPECT_TRUE(wanted.at(tree) == files) << fault << ": " << tree << " is wrong";
    }
    if (result.exit_status == 2) {
      EXPECT_THAT(result.err, HasSubstr("engine: ")) << fault;
      return;
    }
    for (const auto& [tree, files] : wanted) {
      if (made.contains(tree)) continue;
      EXPECT_EQ(result.exit_status, 1) << fault << ": " << tree << " is missing";
      const std::string directory = tree.substr(0, tree.find('/'));
      EXPECT_TRUE(result.err.find(tree) != std::string::npos ||
                  result.err.find(directory + ": ") != std::string::npos ||
                  result.err.find("error: in: ") != std::string::npos)
          << fault << ": " << tree << " is missing and not named: " << result.err;
    }
  }

  void expect_mended(const std::string& fault) const {
    const ProcessResult again = run({"in", "out"});
    EXPECT_EQ(again.exit_status, 0) << fault << '\n' << again.err;
    EXPECT_TRUE(output_files(dir_ / "out") == expected_) << fault;
    EXPECT_TRUE(std::filesystem::is_empty(dir_ / "out/.engine/build")) << fault;
  }

  // Every `stride`-th call, so that a short form hits other places than the long one each time.
  void fail_calls(const std::vector<std::string>& options, long most, unsigned seed) const {
    std::vector<std::string> arguments = options;
    arguments.insert(arguments.end(), {"in", "out"});
    const std::vector<int> errors = {ENOSPC, EIO, EMFILE, EINTR, EACCES, EDQUOT};
    std::vector<std::string> faults;
    for (const auto& [call, count] : counts(arguments)) {
      for (long n = 1; n <= count; ++n) {
        for (const int error : errors) {
          faults.push_back(call + ':' + std::to_string(n) + ':' + std::to_string(error));
        }
      }
    }
    std::mt19937 random(seed);
    std::shuffle(faults.begin(), faults.end(), random);
    if (most != 0) faults.resize(std::min(faults.size(), static_cast<std::size_t>(most)));
    for (const std::string& fault : faults) {
      std::filesystem::remove_all(dir_ / "out");
      expect_sound(run_with({"ENGINE_FAULT=" + fault}, arguments), fault);
      expect_mended(fault);
      if (HasFailure()) return;
    }
    std::printf("%zu faults\n", faults.size());
  }

  // How many faults are tried; 0: all there are.
  static long most() {
    const char* const text = std::getenv("ENGINE_FAULTS");
    return text == nullptr ? 25 : std::atol(text);
  }

  std::map<std::string, std::string> expected_;
};

TEST_F(Fault, EachCallOfALoad) { fail_calls({"--workers=2"}, most(), 1); }

TEST_F(Fault, EachCallOfALoadThatSurvivesAPowerCut) {
  fail_calls({"--workers=2", "--durability=power"}, most(), 2);
}

// A sync that failed is not believed when it succeeds the next time: what it was for is written
// once more, in the same load.
TEST_F(Fault, AfterAFailedSyncEveryTreeIsWrittenAgain) {
  const std::vector<std::string> arguments = {"--workers=1", "--durability=power", "--stats=json",
                                              "in", "out"};
  const long syncs = counts(arguments)["sync"];
  ASSERT_GT(syncs, kSources);
  long again = 0;
  for (long n = 2; n <= syncs; n += 7) {
    std::filesystem::remove_all(dir_ / "out");
    const std::string number = std::to_string(n);
    const ProcessResult result =
        run_with({"ENGINE_FAULT=sync:" + number + ':' + std::to_string(EIO)}, arguments);
    expect_sound(result, number);
    if (result.exit_status == 2) continue;  // of the state store, which could not be made
    EXPECT_EQ(result.exit_status, 0) << number << '\n' << result.err;
    const nlohmann::json load = nlohmann::json::parse(result.out)["load"];
    EXPECT_EQ(load["sources"], kSources) << number;
    EXPECT_EQ(load["sources_done"], kSources) << number;
    again += load["retries"].get<long>();
    expect_mended(number);
  }
  EXPECT_GT(again, 0);
}

TEST_F(Fault, SyncsThatGoOnFailingAreAFailureOfEachSource) {
  const std::vector<std::string> arguments = {
      "--workers=2", "--durability=power", "--retry-limit=2", "--retry-pause=0.01", "in", "out"};
  const long syncs = counts(arguments)["sync"];
  for (const long n : {syncs / 2, syncs * 3 / 4}) {
    std::filesystem::remove_all(dir_ / "out");
    const std::string number = std::to_string(n);
    const ProcessResult result =
        run_with({"ENGINE_FAULT=sync:" + number + "+:" + std::to_string(EIO)}, arguments);
    expect_sound(result, number);
    EXPECT_EQ(result.exit_status, 1) << number;
    EXPECT_THAT(result.err, HasSubstr("cannot be made durable")) << number;
    expect_mended(number);
  }
}

// A wait that fails once is a wait that ends early.
TEST_F(Fault, AWaitOfAWatchThatFailsCostsNothing) {
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

TEST_F(Fault, ADiskThatIsFullAndIsFreedAgain) {
  const std::string place = (dir_ / "small").string();
  std::filesystem::create_directory(place);
  if (::mount("tmpfs", place.c_str(), "tmpfs", 0, "size=2m") != 0) {
    GTEST_SKIP() << "needs the right to mount a tmpfs";
  }
  dir_.write("small/ballast", std::string(1'500'000, 'x'));
  RunOptions options;
  options.directory = dir_.str();
  RunningProcess process(command({"--workers=2", "--log-file=log", "in", "small/out"}), options);
  const auto log = [&] {
    return std::filesystem::exists(dir_ / "log") ? read_file(dir_ / "log") : std::string();
  };
  constexpr std::string_view kFull = "No space left on device";
  for (int i = 0; i < 3000 && log().find(kFull) == std::string::npos; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  std::filesystem::remove(dir_ / "small/ballast");
  const ProcessResult full = process.wait();
  EXPECT_EQ(full.signal, 0);
  EXPECT_THAT(log(), HasSubstr(kFull));
  const auto wanted = trees(expected_);
  for (const auto& [tree, files] : trees(output_files(dir_ / "small/out"))) {
    EXPECT_TRUE(wanted.at(tree) == files) << tree;
  }
  EXPECT_EQ(run({"in", "small/out"}).exit_status, 0);
  EXPECT_TRUE(output_files(dir_ / "small/out") == expected_);
  ::umount2(place.c_str(), MNT_DETACH);
}

}  // namespace
}  // namespace engine::test
