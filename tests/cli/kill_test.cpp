// Promises 5 and 6: killed at any moment, no tree is half there, and the same command again makes
// what one quiet run makes.
#include <gmock/gmock.h>
#include <signal.h>

#include <chrono>
#include <map>
#include <string>
#include <thread>

#include "tests/cli/program.h"

namespace engine {
namespace {

namespace fs = std::filesystem;

class Kill : public test::Program {
 protected:
  static constexpr int kSources = 400;

  void SetUp() override {
    for (int i = 0; i < kSources; ++i) {
      const std::string number = std::to_string(i);
      std::string text;
      for (int k = 0; k < 2; ++k) {
        const std::string name = "t" + number + "_" + std::to_string(k);
        text += "CREATE TABLE dbo." + name + " (i int)\nGO\nCREATE INDEX ix ON dbo." + name +
                " (i)\nGO\nINSERT dbo." + name + " VALUES (1)\nGO\n";
      }
      dir_.write("in/" + std::to_string(i % 7) + "/s" + number + ".sql", text);
    }
  }

  // Every file below OUTPUT but the engine's own, with its bytes.
  std::map<std::string, std::string> files(const std::string& output) const {
    std::map<std::string, std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(dir_ / output)) {
      const std::string path = entry.path().lexically_relative(dir_ / output).string();
      if (entry.is_regular_file() && path.rfind(".engine", 0) != 0) {
        found[path] = test::read_file(entry.path());
      }
    }
    return found;
  }

  int published(const std::string& output) const {
    int trees = 0;
    for (int i = 0; i < kSources; ++i) {
      trees += exists(output + "/" + std::to_string(i % 7) + "/s" + std::to_string(i) +
                      "/manifest.json");
    }
    return trees;
  }
};

TEST_F(Kill, TheSameCommandAgainMakesTheTreeOfAQuietRun) {
  ASSERT_EQ(run({"in", "quiet"}).exit_status, 0);
  const auto expected = files("quiet");
  ASSERT_EQ(published("quiet"), kSources);
  int killed = 0;
  for (const int progress : {1, 100, 240}) {
    test::RunOptions options;
    options.directory = dir_.str();
    test::RunningProcess process(command({"--workers=2", "in", "out"}), options);
    while (published("out") < progress) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    process.send(SIGKILL);
    killed += process.wait().signal == SIGKILL;
    // What is published is whole.
    const test::ProcessResult verified = run({"verify", "out", "--input=in"});
    EXPECT_EQ(verified.exit_status, 0) << verified.out << verified.err;
    EXPECT_EQ(run({"--workers=2", "in", "out"}).exit_status, 0);
    EXPECT_TRUE(files("out") == expected);
    EXPECT_TRUE(fs::is_empty(dir_ / "out/.engine/build"));
    fs::remove_all(dir_ / "out");
  }
  EXPECT_GT(killed, 0);  // else every load was over before its end came
}

}  // namespace
}  // namespace engine
