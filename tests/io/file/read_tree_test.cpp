// Whoever reads a tree that is replaced at that moment reads a whole one: as it was, or as it is.
#include "io/file/read_tree.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <semaphore>
#include <thread>

#include "io/base/descriptor.h"
#include "io/base/os_error.h"
#include "io/file/join.h"
#include "io/file/manifest_walk.h"
#include "io/file/order.h"
#include "io/file/tree_writer.h"
#include "io/file/verify.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_tree.h"

namespace engine::io {
namespace {

using test::Cut;
using test::TempDir;
using testing::AnyOf;
using testing::IsEmpty;

class ReadTree : public testing::Test {
 protected:
  ReadTree() : writer_(std::move(*TreeWriter::open(out_.str()))) { publish(0); }

  // Versions differ in every output, and in their names.
  static std::string source(int version, std::size_t size = 40) {
    std::string text;
    for (int i = 0; i < kOutputs; ++i) {
      std::string statement = "SELECT " + std::to_string(version) + std::to_string(i);
      text += statement.append(size - statement.size() - 1, ' ') + '\n';
    }
    return text;
  }
  void publish(int version, std::size_t size = 40, int outputs = kOutputs) const {
    std::vector<Cut> cuts;
    for (int i = 0; i < outputs; ++i) {
      const std::string name = std::to_string(version) + '/' + std::to_string(i) + ".sql";
      cuts.push_back(Cut{.output = "other/" + name, .length = size});
    }
    const std::string text =
        source(version, size).substr(0, static_cast<std::size_t>(outputs) * size);
    const auto made = test::make_tree("s.sql", "d/s", text, cuts);
    ASSERT_TRUE((*writer_->stage(made.tree))->commit());
  }
  // Calls `read` again and again while somebody publishes, as fast as he can, but for each read
  // less often than it is tried: however slow the reader is, it has to come to an end.
  void read_meanwhile(const std::function<void()>& read, int outputs = kOutputs, int rounds = 300) {
    std::counting_semaphore<> publications{0};
    std::atomic<bool> is_over{false};
    std::thread publisher([&] {
      for (int i = 0;; ++i) {
        publications.acquire();
        if (is_over.load(std::memory_order_relaxed)) return;
        publish(1 - i % 2, 40, outputs);
      }
    });
    for (int i = 0; i < rounds && !HasFailure(); ++i) {
      while (publications.try_acquire()) {
      }
      publications.release(kMostTreeTries / 4);
      read();
    }
    is_over.store(true, std::memory_order_relaxed);
    publications.release();
    publisher.join();
  }
  std::string tree() const { return (out_ / "d/s").string(); }

  static constexpr int kOutputs = 40;
  TempDir out_;
  const std::unique_ptr<TreeWriter> writer_;
};

TEST_F(ReadTree, JoinGivesOneVersionWhole) {
  read_meanwhile([&] {
    std::string joined;
    const Result<void> done = join(tree(), [&](std::string_view bytes) -> Result<void> {
      joined += bytes;
      return {};
    });
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_THAT(joined, AnyOf(source(0), source(1)));
  });
}

TEST_F(ReadTree, JoinGivesWhatLayThereWhenItBegan) {
  constexpr std::size_t kLarge = 50'000;  // more than one chunk in all
  publish(0, kLarge);
  std::string joined;
  bool is_replaced = false;
  const Result<void> done = join(tree(), [&](std::string_view bytes) -> Result<void> {
    if (!std::exchange(is_replaced, true)) {
      publish(1);
      std::filesystem::remove_all(tree());
    }
    joined += bytes;
    return {};
  });
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(joined, source(0, kLarge));
}

// Other threads have descriptors as well.
TEST_F(ReadTree, JoinMakesDoWithTheDescriptorsThatThereAre) {
  // Of a type that it has not met the undefined behaviour sanitizer needs a pipe to look at it.
  ASSERT_FALSE(Descriptor(::open("/missing", O_PATH | O_CLOEXEC)));
  ASSERT_EQ(os_error(ErrorCode::kUnreadable, "/missing", "cannot be opened", errno).value().code,
            ErrorCode::kUnreadable);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const Descriptor next(::open("/", O_PATH | O_CLOEXEC));
  const rlimit few{static_cast<rlim_t>(next.get()) + kOutputs / 2, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  std::string joined;
  const Result<void> done = join(tree(), [&](std::string_view bytes) -> Result<void> {
    joined += bytes;
    return {};
  });
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(joined, source(0));
}

// Each round reads three times, and each output of a tree.
TEST_F(ReadTree, OrderAndVerifyFindNothingMissing) {
  read_meanwhile(
      [&] {
        const Result<OrderedPaths> ordered = order(tree(), LoadOrder::kSource);
        ASSERT_TRUE(ordered) << ordered.error().message;
        EXPECT_EQ(ordered->paths.size(), kOutputs);
        for (const std::string& directory : {out_.str(), tree()}) {
          const Result<Verification> verified = verify(directory);
          ASSERT_TRUE(verified) << verified.error().message;
          EXPECT_THAT(verified->differences, IsEmpty());
          EXPECT_THAT(verified->notes, IsEmpty());
          EXPECT_EQ(verified->trees, 1u);
          EXPECT_EQ(verified->outputs, kOutputs);
        }
      },
      kOutputs, /*rounds=*/100);
}

// Before it is looked at nothing is left of one that has been replaced.
TEST_F(ReadTree, VerifyFindsATreeThatIsSoonDeleted) {
  read_meanwhile(
      [&] {
        const Result<Verification> verified = verify(out_.str());
        ASSERT_TRUE(verified) << verified.error().message;
        EXPECT_THAT(verified->differences, IsEmpty());
        EXPECT_THAT(verified->notes, IsEmpty());
        EXPECT_EQ(verified->trees, 1u);
      },
      /*outputs=*/1, /*rounds=*/1000);
}

TEST_F(ReadTree, AWalkFindsTheTree) {
  read_meanwhile([&] {
    std::vector<std::string> trees;
    const Result<void> walked = walk_manifests(
        out_.str(), [&](FoundManifest&& found) { trees.push_back(std::move(found.tree)); });
    ASSERT_TRUE(walked) << walked.error().message;
    EXPECT_THAT(trees, testing::ElementsAre("d/s"));
  });
}

TEST_F(ReadTree, WhatIsReplacedAgainAndAgainIsSaid) {
  int tries = 0;
  const Result<void> read = read_tree(tree(), [&](int) -> Result<void> {
    publish(++tries % 2);
    return fail(ErrorCode::kDifference, "half of it");
  });
  EXPECT_EQ(tries, kMostTreeTries);
  EXPECT_EQ(read.error().code, ErrorCode::kChanged);
  EXPECT_EQ(read.error().message,
            tree() + ": is replaced faster than it can be read; try again in a moment");
}

TEST_F(ReadTree, WhatIsDeletedMeanwhileIsNotThere) {
  const Result<void> read = read_tree(tree(), [&](int) -> Result<void> {
    std::filesystem::remove_all(tree());
    return fail(ErrorCode::kDifference, "half of it");
  });
  EXPECT_EQ(read.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace engine::io
