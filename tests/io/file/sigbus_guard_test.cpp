#include "io/file/sigbus_guard.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <csignal>
#include <vector>

#include "tests/support/temp_dir.h"

namespace engine::io {
namespace {

using test::TempDir;

constexpr std::size_t kLength = 1 << 16;

class SigbusGuardTest : public testing::Test {
 protected:
  // A mapping whose file is gone.
  volatile char* truncated_mapping() {
    const auto file = dir_.write("f", std::string(kLength, 'x'));
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    void* address = ::mmap(nullptr, kLength, PROT_READ, MAP_PRIVATE, fd, 0);
    ::close(fd);
    std::filesystem::resize_file(file, 0);
    return static_cast<volatile char*>(address);
  }
  TempDir dir_;
};

TEST_F(SigbusGuardTest, OnlyTheRangeThatFaultedIsMarked) {
  char still[1];
  const auto other = SigbusGuard::guard(still, 1);
  volatile char* address = truncated_mapping();
  const auto guard = SigbusGuard::guard(const_cast<char*>(address), kLength);
  ASSERT_TRUE(guard && other);
  EXPECT_FALSE(guard->faulted());
  EXPECT_EQ(address[kLength / 2], 0);
  EXPECT_TRUE(guard->faulted());
  EXPECT_FALSE(other->faulted());
  EXPECT_EQ(address[kLength - 1], 0);
  EXPECT_EQ(address[0], 0);
  ::munmap(const_cast<char*>(address), kLength);
}

TEST_F(SigbusGuardTest, HasRoomForManyAndSaysWhenItIsFull) {
  std::vector<char> memory(kMaxGuards);
  {
    std::vector<SigbusGuard> guards;
    guards.reserve(kMaxGuards);
    while (guards.size() < kMaxGuards) {
      auto guard = SigbusGuard::guard(&memory[guards.size()], 1);
      ASSERT_TRUE(guard);
      guards.push_back(std::move(*guard));
    }
    EXPECT_FALSE(SigbusGuard::guard(memory.data(), 1));
  }
  EXPECT_TRUE(SigbusGuard::guard(memory.data(), 1));
}

using SigbusGuardDeathTest = SigbusGuardTest;

TEST_F(SigbusGuardDeathTest, AFaultElsewhereStillEndsTheProcess) {
  // Sanitizers report the fault themselves and exit; without them it is the signal.
  EXPECT_DEATH(
      {
        char memory[1];
        const auto guard = SigbusGuard::guard(memory, 1);
        volatile char* address = truncated_mapping();
        (void)address[0];
      },
      "");
}

TEST_F(SigbusGuardDeathTest, AFaultElsewhereGoesToTheHandlerThatWasThereBefore) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");  // a process in which no handler is installed yet
  EXPECT_EXIT(
      {
        std::signal(SIGBUS, [](int) { ::_exit(42); });
        char memory[1];
        const auto guard = SigbusGuard::guard(memory, 1);
        volatile char* address = truncated_mapping();
        (void)address[0];
      },
      testing::ExitedWithCode(42), "");
}

TEST_F(SigbusGuardDeathTest, ASignalThatSomebodySentIsNotSwallowed) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        char memory[1];
        const auto guard = SigbusGuard::guard(memory, 1);
        std::raise(SIGBUS);
      },
      "");
}

}  // namespace
}  // namespace engine::io
