// Somebody sets the clock back while a watch runs: what is stamped now is older than what is known.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/cli/fault_program.h"

namespace engine::test {
namespace {

namespace fs = std::filesystem;

class ClockSetBack : public FaultProgram {
 protected:
  void write_an_hour_ago(const std::string& path, const std::string& text) const {
    const fs::path file = dir_.write(path, text);
    fs::last_write_time(file, fs::last_write_time(file) - std::chrono::hours(1));
  }
  bool becomes(const std::string& expected) const {
    for (int i = 0; i < 1500 && output_files(dir_ / "out") != output_files(dir_ / expected); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return output_files(dir_ / "out") == output_files(dir_ / expected);
  }
  nlohmann::json load_at(const std::string& clock) const {
    const ProcessResult result = run_with({"ENGINE_CLOCK_SET_BACK=" + (dir_ / clock).string()},
                                          {"--stats=json", "in", "out"});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return nlohmann::json::parse(result.out)["load"];
  }
};

TEST_F(ClockSetBack, WhatIsWrittenThenIsDoneAndWhatWasDoneIsNot) {
  dir_.write("first/a.sql", "CREATE TABLE first_one (i int)\n");
  dir_.write("then/a.sql", "CREATE TABLE other_one (i int)\n");
  dir_.write("then/b.sql", "CREATE TABLE new_one (i int)\n");
  ASSERT_EQ(run({"first", "made_first"}).exit_status, 0);
  ASSERT_EQ(run({"then", "made_then"}).exit_status, 0);
  fs::remove_all(dir_ / "in");
  fs::copy(dir_ / "first", dir_ / "in");
  RunOptions options;
  options.directory = dir_.str();
  RunningProcess watch({"/usr/bin/env", "LD_PRELOAD=" ENGINE_FAULT_LIBRARY,
                        "ENGINE_CLOCK_SET_BACK=" + (dir_ / "back").string(), ENGINE_PROGRAM,
                        "--realtime", "--rescan-interval=0", "in", "out"},
                       options);
  EXPECT_TRUE(becomes("made_first"));
  dir_.write("back", "");
  write_an_hour_ago("in/a.sql", read_file(dir_ / "then/a.sql"));
  write_an_hour_ago("in/b.sql", read_file(dir_ / "then/b.sql"));
  EXPECT_TRUE(becomes("made_then"));
  watch.send(SIGTERM);
  const ProcessResult result = watch.wait();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  // Under either clock nothing is left to do, and what has changed is found.
  EXPECT_EQ(load_at("back")["sources_unchanged"], 2);
  EXPECT_EQ(load_at("forth")["sources_unchanged"], 2);
  write_an_hour_ago("in/a.sql", read_file(dir_ / "first/a.sql"));
  EXPECT_EQ(load_at("back")["sources_done"], 1);
  EXPECT_EQ(load_at("forth")["sources_unchanged"], 2);
}

}  // namespace
}  // namespace engine::test
