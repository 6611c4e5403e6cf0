#include "io/file/mapped_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
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

}  // namespace
}  // namespace engine::io
