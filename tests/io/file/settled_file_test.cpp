#include "io/file/settled_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>

#include "io/base/fine_stamps.h"
#include "io/base/open_writers.h"
#include "io/file/source_folder.h"
#include "tests/support/temp_dir.h"

namespace engine::io {
namespace {

using test::TempDir;

class SettledFileTest : public testing::Test {
 protected:
  Result<std::unique_ptr<SourceText>> open(const std::string& name) {
    return folder_->open_when_settled(name);
  }
  Result<SettledFile> open_now(const SettlingRules& rules) {
    return open_settled(root_.get(), "f.sql", rules);
  }
  Descriptor open_to_write() const {
    return Descriptor(::open((dir_ / "f.sql").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  }
  TempDir dir_;
  Descriptor root_{::open(dir_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  std::unique_ptr<SourceFolder> folder_ = *SourceFolder::open(dir_.str(), dir_.str());
};

TEST_F(SettledFileTest, WhatNobodyWritesIsReadAtOnceWhereAnotherWriteWouldBeSeen) {
  dir_.write("f.sql", "SELECT 1;");
  if (open_writers(root_.get(), "f.sql") != OpenWriters::kNone) {
    GTEST_SKIP() << "this file system, or this user, has no leases";
  }
  dir_.write("f.sql", "SELECT 1;");
  const Result<SettledFile> told = open_now({{}, /*later_writes_are_told=*/true});
  ASSERT_TRUE(told) << told.error().message;
  dir_.write("f.sql", "SELECT 1;");
  const Result<SettledFile> fine = open_now({{told->file.version.device}, false});
  ASSERT_TRUE(fine) << fine.error().message;
  EXPECT_TRUE(fine->version_is_certain);
}

TEST_F(SettledFileTest, WhatSomebodyMayJustBeWritingIsUnsettled) {
  int looked = 0;
  for (int i = 0; i < 1000 && looked < 5; ++i) {
    const Descriptor writer = open_to_write();
    ASSERT_EQ(::pwrite(writer.get(), "SELECT 1;", 9, 0), 9);
    const auto written = std::chrono::steady_clock::now();
    const Result<SettledFile> file = open_now({{}, true});
    // On a busy machine the file may have been quiet for long by then.
    if (std::chrono::steady_clock::now() - written > std::chrono::milliseconds(15)) continue;
    ++looked;
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, ErrorCode::kUnsettled);
  }
  EXPECT_TRUE(open("f.sql"));  // its writer has gone
}

// As on ext4, where a file that is being cut shows its new size before its new stamps.
TEST_F(SettledFileTest, WhatAWriterMayJustHaveEmptiedIsLookedAtForAMoment) {
  int looked = 0;
  for (int i = 0; i < 50 && looked < 3; ++i) {
    const Descriptor writer = open_to_write();
    ASSERT_EQ(::ftruncate(writer.get(), 0), 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    std::chrono::steady_clock::time_point written;
    const auto begun = std::chrono::steady_clock::now();
    std::thread writes([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      EXPECT_EQ(::pwrite(writer.get(), "SELECT 1;", 9, 0), 9);
      written = std::chrono::steady_clock::now();
    });
    const Result<SettledFile> file = open_now({{}, true});
    writes.join();
    if (written - begun > std::chrono::milliseconds(20)) continue;  // a busy machine
    ++looked;
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, ErrorCode::kUnsettled);
  }
  if (looked == 0) GTEST_SKIP() << "the machine is too busy";
}

TEST_F(SettledFileTest, AWriterThatHasDoneNothingForAWhileIsNoObstacle) {
  const Descriptor writer = open_to_write();
  ASSERT_EQ(::pwrite(writer.get(), "SELECT 1;", 9, 0), 9);
  const auto file = open("f.sql");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_TRUE((*file)->version_is_certain());
}

TEST_F(SettledFileTest, AnotherWriteIsAnotherVersionWhereStampsAreFine) {
  if (!device_with_fine_stamps(root_.get())) {
    GTEST_SKIP() << "this file system stamps by the tick";
  }
  dir_.write("f.sql", "SELECT 1;");
  for (int i = 0; i < 100; ++i) {
    const auto file = open("f.sql");
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_TRUE((*file)->version_is_certain());
    const Descriptor writer = open_to_write();
    ASSERT_EQ(::pwrite(writer.get(), "SELECT 2;", 9, 0), 9);
    EXPECT_FALSE((*file)->check_unchanged());
  }
}

TEST_F(SettledFileTest, WhatIsAcceptedIsNeverAMixtureOfTwoWrites) {
  constexpr std::size_t kSize = 1 << 20;
  constexpr int kWrites = 150;
  dir_.write("f.sql", std::string(kSize, 'a'));
  std::atomic<bool> done{false};
  std::thread writer([&] {
    const Descriptor fd(::open((dir_ / "f.sql").c_str(), O_WRONLY | O_CLOEXEC));
    for (int i = 0; i < kWrites; ++i) {
      const std::string text(kSize, i % 2 == 0 ? 'b' : 'a');
      EXPECT_EQ(::pwrite(fd.get(), text.data(), kSize, 0), static_cast<ssize_t>(kSize));
      // Now and then long enough for a reader to come through.
      std::this_thread::sleep_for(std::chrono::milliseconds(i % 3 == 0 ? 20 : 1));
    }
    done.store(true, std::memory_order_relaxed);
  });
  int accepted = 0;
  int mixtures = 0;
  while (!done.load(std::memory_order_relaxed) || accepted == 0) {
    const auto file = open("f.sql");
    if (!file) {
      EXPECT_EQ(file.error().code, ErrorCode::kChanged);
      continue;
    }
    const std::string text((*file)->bytes());
    if (!(*file)->check_unchanged()) continue;
    ++accepted;
    mixtures += text != std::string(kSize, text.front());
  }
  writer.join();
  EXPECT_EQ(mixtures, 0) << "of " << accepted;
  EXPECT_GT(accepted, 0);
}

TEST_F(SettledFileTest, AFileThatIsWrittenWithoutEndIsChanged) {
  using Clock = std::chrono::steady_clock;
  dir_.write("f.sql", "SELECT 1;");
  std::atomic<bool> done{false};
  std::atomic<int> writes{0};
  std::atomic<Clock::duration> longest_pause{Clock::duration::zero()};
  std::thread writer([&] {
    const Descriptor fd(::open((dir_ / "f.sql").c_str(), O_WRONLY | O_CLOEXEC));
    auto last = Clock::now();
    while (!done.load(std::memory_order_relaxed)) {
      EXPECT_EQ(::pwrite(fd.get(), "SELECT 2;", 9, 0), 9);
      const auto now = Clock::now();
      longest_pause.store(std::max(longest_pause.load(std::memory_order_relaxed), now - last),
                          std::memory_order_relaxed);
      writes.fetch_add(1, std::memory_order_release);  // pairs with await_write()
      last = now;
    }
  });
  const auto await_write = [&] {
    const int before = writes.load(std::memory_order_acquire);  // pairs with the writer
    while (writes.load(std::memory_order_acquire) == before) std::this_thread::yield();
  };
  await_write();
  // A busy machine may stop the writer for 10 ms, and then the file is quiet and is accepted: so
  // what is tested is that nothing else lets one through. The stamp of a write may be a clock tick
  // older than the write.
  for (int attempt = 0; attempt < 3; ++attempt) {
    const auto file = open("f.sql");
    if (file) {
      await_write();  // so that the pause is over, and is counted
      EXPECT_GE(longest_pause.load(std::memory_order_relaxed), std::chrono::milliseconds(5));
      break;
    }
    EXPECT_EQ(file.error().code, ErrorCode::kChanged);
    EXPECT_EQ(file.error().message, "f.sql: is being written");
  }
  done.store(true, std::memory_order_relaxed);
  writer.join();
}

}  // namespace
}  // namespace engine::io
