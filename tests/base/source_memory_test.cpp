#include "engine/base/source_memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <vector>

#include "engine/base/asan.h"

namespace engine {
namespace {

// Has room, or has not.
class Files final : public FileSource {
 public:
  Result<std::unique_ptr<SourceText>> open(const std::string& path,
                                           const std::stop_token&) override {
    return fail(ErrorCode::kNotFound, path);
  }
  Result<std::unique_ptr<Scratch>> scratch(std::size_t size) override {
    if (is_full) return fail(ErrorCode::kNoSpace, "full");
    given += size;
    return std::make_unique<Room>(this, size);
  }

  std::uint64_t scratch_room() override { return room; }

  bool is_full = false;
  std::uint64_t room = std::uint64_t{1} << 40;
  std::size_t given = 0;

 private:
  class Room final : public Scratch {
   public:
    Room(Files* files, std::size_t size) : files_(*files), memory_(size) {}
    ~Room() override { files_.given -= memory_.size(); }
    std::span<char> bytes() override { return memory_; }

   private:
    Files& files_;
    std::vector<char> memory_;
  };
};

constexpr std::size_t kMiB = std::size_t{1} << 20;

TEST(SourceMemory, WhatIsMoreThanAFewMiBLiesInFiles) {
  Files files;
  {
    SourceMemory memory(&files);
    for (int i = 0; i < 100'000; ++i) static_cast<void>(memory.allocate(600));
    EXPECT_LT(memory.anonymous(), 6 * kMiB);
    EXPECT_GT(files.given, 50 * kMiB);
  }
  EXPECT_EQ(files.given, 0u);
}

TEST(SourceMemory, WhatIsLargeGoesBackAtOnce) {
  Files files;
  SourceMemory memory(&files);
  for (int i = 0; i < 100; ++i) {
    void* const place = memory.allocate(7 * kMiB);
    memory.deallocate(place, 7 * kMiB);
  }
  EXPECT_EQ(files.given, 0u);
  EXPECT_EQ(memory.anonymous(), 0u);
}

TEST(SourceMemory, WhereThereIsNoFileItIsAnonymous) {
  Files files;
  files.is_full = true;
  SourceMemory memory(&files);
  for (int i = 0; i < 20'000; ++i) static_cast<void>(memory.allocate(600));
  EXPECT_GT(memory.anonymous(), 10 * kMiB);
}

// The tree is written there too.
TEST(SourceMemory, FilesTakeAPartOfTheRoomThatIsFree) {
  Files files;
  files.room = 100 * kMiB;
  SourceMemory memory(&files);
  for (int i = 0; i < 100'000; ++i) static_cast<void>(memory.allocate(600));
  EXPECT_GT(files.given, 0u);
  EXPECT_LT(files.given, 13 * kMiB);
  EXPECT_GT(memory.anonymous(), 40 * kMiB);
}

TEST(SourceMemory, WithoutASourceOfFilesItIsAnonymous) {
  SourceMemory memory(nullptr);
  for (int i = 0; i < 20'000; ++i) static_cast<void>(memory.allocate(600));
  EXPECT_GT(memory.anonymous(), 10 * kMiB);
}

// Each has its own bytes, whatever was freed before, and what is freed is used again.
TEST(SourceMemory, PlacesDoNotMeet) {
  Files files;
  SourceMemory memory(&files);
  struct Place {
    unsigned char* begin;
    std::size_t size;
    unsigned char mark;
  };
  std::vector<Place> places;
  std::uint64_t random = 1;
  const auto next = [&random](std::uint64_t below) {
    random = random * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::size_t>((random >> 33) % below);
  };
  for (int round = 0; round < 4'000; ++round) {
    if (places.size() > 300) {
      std::swap(places[next(places.size())], places.back());
      const Place last = places.back();
      places.pop_back();
      EXPECT_TRUE(std::all_of(last.begin, last.begin + last.size,
                              [&](unsigned char byte) { return byte == last.mark; }));
      memory.deallocate(last.begin, last.size);
    }
    const std::size_t size = next(64) == 0 ? 1 + next(2 * kMiB) : 1 + next(2000);
    auto* const begin = static_cast<unsigned char*>(memory.allocate(size));
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(begin) % 16, 0u);
    const auto mark = static_cast<unsigned char>(round);
    std::fill_n(begin, size, mark);
    places.push_back({begin, size, mark});
  }
  for (const Place& place : places) memory.deallocate(place.begin, place.size);
  if (kHasAsan) return;
  EXPECT_LT(memory.anonymous() + files.given, 64 * kMiB);
}

#ifdef ENGINE_ASAN
TEST(SourceMemory, TheAddressSanitizerSeesWhatIsNobodys) {
  Files files;
  SourceMemory memory(&files);
  auto* const place = static_cast<char*>(memory.allocate(21));
  EXPECT_EQ(__asan_region_is_poisoned(place, 21), nullptr);
  EXPECT_TRUE(__asan_address_is_poisoned(place + 21));
  memory.deallocate(place, 21);
  EXPECT_NE(memory.allocate(21), place);
  EXPECT_TRUE(__asan_address_is_poisoned(place));
}
#endif

}  // namespace
}  // namespace engine
