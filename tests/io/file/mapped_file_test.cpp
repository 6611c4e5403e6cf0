#include "io/file/mapped_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

#include "engine/file_source.h"
#include "tests/support/temp_dir.h"

namespace engine::io {
namespace {

using test::TempDir;

class MappedFileTest : public testing::Test {
 protected:
  Result<MappedFile> open(const std::string& name) { return MappedFile::open(root_.get(), name); }
  TempDir dir_;
  Descriptor root_{::open(dir_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
};

std::uint64_t sum_of(std::string_view bytes) {
  std::uint64_t sum = 0;
  for (const char c : bytes) sum += static_cast<unsigned char>(c);
  return sum;
}

TEST_F(MappedFileTest, HasTheBytesAndReadablePaddingWhateverTheSize) {
  for (const std::size_t size :
       {0u, 1u, 63u, 4032u, 4033u, 4095u, 4096u, 4097u, 65536u, 3u << 20}) {
    dir_.write("f.sql", std::string(size, 'x'));
    const Result<MappedFile> file = open("f.sql");
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_EQ(file->view(), std::string(size, 'x'));
    const volatile char* behind = file->view().data() + size;
    for (std::size_t i = 0; i < kReadablePadding; ++i) (void)behind[i];
    EXPECT_TRUE(file->check_unchanged());
  }
}

TEST_F(MappedFileTest, NoticesEveryWayToChange) {
  const std::string text(10'000, 'x');
  const auto expect_changed = [&](auto change) {
    dir_.write("f.sql", text);
    const Result<MappedFile> file = open("f.sql");
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->check_unchanged());
    change(dir_ / "f.sql");
    const Result<void> unchanged = file->check_unchanged();
    ASSERT_FALSE(unchanged);
    EXPECT_EQ(unchanged.error().code, ErrorCode::kChanged);
    EXPECT_EQ(unchanged.error().message.find("f.sql: "), 0u) << unchanged.error().message;
    EXPECT_EQ(file->view().size(), text.size());
  };
  using std::filesystem::path;
  expect_changed([](const path& p) { std::ofstream(p, std::ios::app) << "more"; });
  expect_changed([](const path& p) { std::filesystem::resize_file(p, 10); });
  expect_changed([](const path& p) { std::filesystem::remove(p); });
  expect_changed([&](const path& p) {  // another file of the same size and text
    dir_.write("g.sql", text);
    std::filesystem::rename(dir_ / "g.sql", p);
  });
}

TEST_F(MappedFileTest, TruncatedReadsAsZerosFromThereOn) {
  dir_.write("big.sql", std::string(8 << 20, 'x'));
  const Result<MappedFile> file = open("big.sql");
  ASSERT_TRUE(file);
  std::filesystem::resize_file(dir_ / "big.sql", 4096);
  EXPECT_EQ(sum_of(file->view()), 4096u * 'x');
  const Result<void> unchanged = file->check_unchanged();
  ASSERT_FALSE(unchanged);
  EXPECT_EQ(unchanged.error().code, ErrorCode::kChanged);
}

TEST_F(MappedFileTest, TruncationUnderManyReadersHurtsNobody) {
  constexpr int kReaders = 4;
  constexpr std::size_t kSize = 2 << 20;
  for (int round = 0; round < 20; ++round) {
    dir_.write("stays.sql", std::string(kSize, 'y'));
    dir_.write("shrinks.sql", std::string(kSize, 'x'));
    std::atomic<int> ready{0};
    std::vector<std::thread> readers;
    for (int i = 0; i < kReaders; ++i) {
      readers.emplace_back([&] {
        const Result<MappedFile> stays = open("stays.sql");
        const Result<MappedFile> shrinks = open("shrinks.sql");
        ready.fetch_add(1, std::memory_order_relaxed);
        ASSERT_TRUE(stays && shrinks);
        // Read until the truncation has been seen, so that it lands under the loads.
        while (shrinks->check_unchanged()) {
          EXPECT_LE(sum_of(shrinks->view()), kSize * 'x');
          EXPECT_EQ(sum_of(stays->view()), kSize * 'y');
        }
        EXPECT_LE(sum_of(shrinks->view()), kSize * 'x');
        EXPECT_TRUE(stays->check_unchanged());
      });
    }
    while (ready.load(std::memory_order_relaxed) < kReaders) std::this_thread::yield();
    std::filesystem::resize_file(dir_ / "shrinks.sql", 0);
    for (std::thread& reader : readers) reader.join();
  }
}

TEST_F(MappedFileTest, WhatIsAcceptedIsNeverAMixtureOfTwoWrites) {
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
    const Result<MappedFile> file = open("f.sql");
    if (!file) {
      EXPECT_EQ(file.error().code, ErrorCode::kChanged);
      continue;
    }
    const std::string text(file->view());
    if (!file->check_unchanged()) continue;
    ++accepted;
    mixtures += text != std::string(kSize, text.front());
  }
  writer.join();
  EXPECT_EQ(mixtures, 0) << "of " << accepted;
  EXPECT_GT(accepted, 0);
}

TEST_F(MappedFileTest, AFileThatIsWrittenWithoutEndIsChanged) {
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
    const Result<MappedFile> file = open("f.sql");
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
