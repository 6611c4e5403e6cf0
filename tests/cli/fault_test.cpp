// One system call fails, and then everything goes on: each call that a load makes, with each error
// it may have. Never a crash, never a wrong tree; what failed is named, the others are done; and
// the next load has nothing left to mend.
#include <signal.h>
#include <sys/mount.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/cli/fault_program.h"

namespace engine::test {
namespace {

using ::testing::HasSubstr;

class Fault : public FaultProgram {
 protected:
  // The pauses between attempts are tested elsewhere.
  void fail_calls(const std::vector<std::string>& options, long most, unsigned seed) const {
    std::vector<std::string> arguments = options;
    arguments.insert(arguments.end(), {"--retry-pause=0.002", "in", "out"});
    const std::vector<std::string> faults = draw_faults(counts(arguments), most, seed);
    for (const std::string& fault : faults) {
      std::filesystem::remove_all(dir_ / "out");
      expect_sound(run_with({"ENGINE_FAULT=" + fault}, arguments), fault);
      expect_mended(fault);
      if (HasFailure()) return;
    }
    std::printf("%zu faults\n", faults.size());
  }
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

// However long that takes: when the source has failed, a watch still goes on by itself.
TEST_F(Fault, ADiskThatIsFullForLongerThanAnySourceIsTried) {
  const std::string place = (dir_ / "small").string();
  std::filesystem::create_directory(place);
  if (::mount("tmpfs", place.c_str(), "tmpfs", 0, "size=2m") != 0) {
    GTEST_SKIP() << "needs the right to mount a tmpfs";
  }
  std::filesystem::create_directory(dir_ / "small/out");
  dir_.write("one/a.sql", kTable);
  dir_.write("small/ballast", std::string(2'200'000, 'x'));
  RunOptions options;
  options.directory = dir_.str();
  RunningProcess watch(command({"--watch", "--retry-limit=1", "--retry-pause=0.001",
                                "--state=engine.db", "--log-file=log", "one", "small/out"}),
                       options);
  const auto recorded = [&](const std::string& state) {
    const std::string count = "\"" + state + "\":1,";
    const ProcessResult status = run({"status", "--state=engine.db", "--format=json", "small/out"});
    return status.out.find(count) != std::string::npos;
  };
  const auto become = [&](const std::string& state) {
    for (int i = 0; i < 500 && !recorded(state); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return recorded(state);
  };
  EXPECT_TRUE(become("failed"));
  std::filesystem::remove(dir_ / "small/ballast");
  EXPECT_TRUE(become("done"));
  watch.send(SIGTERM);
  EXPECT_EQ(watch.wait().exit_status, 0) << read_file(dir_ / "log");
  EXPECT_TRUE(exists("small/out/a/manifest.json"));
  ::umount2(place.c_str(), MNT_DETACH);
}

}  // namespace
}  // namespace engine::test
