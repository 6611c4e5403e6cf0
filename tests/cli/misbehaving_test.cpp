// Sources that change into something else while they are read or wait: no crash, no wrong tree, and
// each that fails is named.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <random>
#include <thread>

#include "tests/cli/program.h"
#include "tests/support/in_memory.h"
#include "tests/support/output_files.h"

namespace engine::test {
namespace {

using ::testing::HasSubstr;

namespace fs = std::filesystem;

class Misbehaving : public Program {
 protected:
  static constexpr int kSources = 20;

  fs::path source(int number) const { return dir_ / ("in/s" + std::to_string(number) + ".sql"); }

  // Each so large that it is mapped, and that a load takes a while.
  void write_sources() const {
    for (int i = 0; i < kSources; ++i) {
      const std::string name = "dbo.t" + std::to_string(i);
      std::string text = "CREATE TABLE " + name + " (i int)\nGO\n";
      while (text.size() < 100'000) text += "INSERT " + name + " VALUES (1)\nGO\n";
      dir_.write("in/s" + std::to_string(i) + ".sql", text);
    }
  }

  // `misbehave` is done to random sources while they are loaded.
  ProcessResult load_while(const std::function<void(const fs::path&)>& misbehave) const {
    RunOptions options = as_user();
    options.directory = dir_.str();
    RunningProcess process(command({"--workers=2", "in", "out"}), options);
    std::atomic<bool> ended{false};
    std::thread doer([&] {
      std::mt19937 random(1);
      for (int i = 0; i < 20 && !ended.load(std::memory_order_relaxed); ++i) {
        misbehave(source(static_cast<int>(random() % kSources)));
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
      }
    });
    const ProcessResult result = process.wait();
    ended.store(true, std::memory_order_relaxed);
    doer.join();
    return result;
  }

  // However it ended: what has been published is whole, and a quiet load afterwards makes the tree
  // of what is there then.
  void expect_sound(const ProcessResult& result) const {
    EXPECT_EQ(result.signal, 0) << result.err;
    EXPECT_THAT(result.exit_status, ::testing::AnyOf(0, 1)) << result.err;
    EXPECT_EQ(run({"verify", "out"}, as_user()).exit_status, 0);
    const ProcessResult again = run({"in", "out"}, as_user());
    const ProcessResult quiet = run({"in", "quiet"}, as_user());
    EXPECT_EQ(again.exit_status, quiet.exit_status) << again.err;
    EXPECT_TRUE(fs::is_empty(dir_ / "out/.engine/build"));
    const auto made = output_files(dir_ / "out");
    for (const auto& [path, bytes] : output_files(dir_ / "quiet")) {
      const auto found = made.find(path);
      ASSERT_TRUE(found != made.end()) << path;
      EXPECT_TRUE(found->second == bytes) << path;
    }
  }

  RunOptions as_user() const {
    RunOptions options;
    options.user = user_;
    return options;
  }

  std::optional<uid_t> user_;
};

TEST_F(Misbehaving, Truncated) {
  write_sources();
  expect_sound(load_while([](const fs::path& file) {
    [[maybe_unused]] const int ignored = ::truncate(file.c_str(), 4096);
  }));
}

TEST_F(Misbehaving, Replaced) {
  write_sources();
  expect_sound(load_while([&](const fs::path& file) {
    dir_.write("next", kTable);
    fs::rename(dir_ / "next", file);
  }));
}

TEST_F(Misbehaving, Deleted) {
  write_sources();
  const ProcessResult result = load_while([](const fs::path& file) { fs::remove(file); });
  expect_sound(result);
  if (result.exit_status == 1) {
    EXPECT_THAT(result.err, HasSubstr(".sql: "));
  }
}

TEST_F(Misbehaving, TurnedIntoADirectory) {
  write_sources();
  expect_sound(load_while([](const fs::path& file) {
    fs::remove_all(file);
    fs::create_directory(file);
  }));
}

TEST_F(Misbehaving, TurnedIntoAFifoThatNobodyWrites) {
  write_sources();
  expect_sound(load_while([](const fs::path& file) {
    fs::remove_all(file);
    ::mkfifo(file.c_str(), 0600);
  }));
}

TEST_F(Misbehaving, TurnedIntoALinkToItself) {
  write_sources();
  expect_sound(load_while([](const fs::path& file) {
    fs::remove_all(file);
    fs::create_symlink(file.filename(), file);
  }));
}

TEST_F(Misbehaving, MadeUnreadable) {
  if (::geteuid() == 0) {  // who reads everything
    user_ = 65534;
    fs::permissions(dir_.path(), fs::perms::all);
  }
  write_sources();
  const ProcessResult result =
      load_while([](const fs::path& file) { fs::permissions(file, fs::perms::none); });
  expect_sound(result);
  const ProcessResult again = run({"in", "out"}, as_user());
  EXPECT_EQ(again.exit_status, 1);
  EXPECT_THAT(again.err, HasSubstr("Permission denied"));
}

// ENGINE_HOLE_MIB: of 8 in the regular suite, of 4,096 in the long one.
TEST_F(Misbehaving, AHole) {
  const char* const size = std::getenv("ENGINE_HOLE_MIB");
  const off_t mebibytes = size == nullptr ? 8 : std::atoll(size);
  dir_.write("in/a.sql", kTable);
  dir_.write("in/hole.sql", "");
  ASSERT_EQ(::truncate((dir_ / "in/hole.sql").c_str(), mebibytes << 20), 0);
  dir_.write("in/z.sql", kTable);
  // Everything but the writing: the output would be as large.
  const ProcessResult result = run({"--dry-run", "--stats=json", "in", "out"});
  EXPECT_EQ(result.signal, 0);
  EXPECT_THAT(result.out, HasSubstr("\"sources_done\":3"));
}

}  // namespace
}  // namespace engine::test
