// Sources on a file system that stamps whole seconds: what is written twice within one of them, and
// stays as long as it was, is done twice.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

#include "tests/cli/program.h"

namespace engine::test {
namespace {

using namespace std::chrono_literals;

class CoarseStamps : public Program {
 protected:
  void SetUp() override {
    const std::string image = dir_.write("image", "").string();
    ASSERT_EQ(::truncate(image.c_str(), 8 << 20), 0);
    std::filesystem::create_directory(dir_ / "in");
    const std::string in = (dir_ / "in").string();
    // Inodes of 128 bytes have no room for nanoseconds.
    is_mounted_ =
        run_process({"/sbin/mkfs.ext4", "-q", "-F", "-I", "128", image}).exit_status == 0 &&
        run_process({"/bin/mount", "-o", "loop", image, in}).exit_status == 0;
    if (!is_mounted_) GTEST_SKIP() << "needs mkfs.ext4 and the right to mount";
  }
  void TearDown() override {
    if (is_mounted_) ::umount2((dir_ / "in").c_str(), MNT_DETACH);
  }

  // At the begin of a second, so that the next one is written within it.
  void write_first() const {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    std::this_thread::sleep_for(1s - now % 1s);
    write("First");
  }
  void write(const std::string& name) const {
    dir_.write("in/a.sql", "CREATE TABLE dbo." + name + " (i int);\n");
  }
  bool has(const std::string& name) const { return exists("out/a/tables/dbo." + name); }
  bool will_have(const std::string& name) const {
    for (int i = 0; i < 2000 && !has(name); ++i) std::this_thread::sleep_for(10ms);
    return has(name);
  }

  bool is_mounted_ = false;
};

TEST_F(CoarseStamps, ALoadDoesBoth) {
  for (int round = 0; round < 2; ++round) {
    write_first();
    std::this_thread::sleep_for(50ms);
    ASSERT_EQ(run({"in", "out"}).exit_status, 0);
    ASSERT_TRUE(has("First"));
    write("Other");
    ASSERT_EQ(run({"in", "out"}).exit_status, 0);
    EXPECT_TRUE(has("Other"));
  }
}

TEST_F(CoarseStamps, AWatchDoesBoth) {
  RunOptions options;
  options.directory = dir_.str();
  RunningProcess watch(command({"--realtime", "in", "out"}), options);
  for (int round = 0; round < 2; ++round) {
    write_first();
    EXPECT_TRUE(will_have("First"));
    std::this_thread::sleep_for(50ms);
    write("Other");
    EXPECT_TRUE(will_have("Other"));
  }
  watch.send(SIGTERM);
  EXPECT_EQ(watch.wait().exit_status, 0);
}

}  // namespace
}  // namespace engine::test
