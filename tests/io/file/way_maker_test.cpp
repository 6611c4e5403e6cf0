#include "io/file/way_maker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "io/file/tree_writer.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_tree.h"

namespace engine::io {
namespace {

using test::read_file;
using test::TempDir;
using testing::ElementsAre;

class Owners final : public TreeOwners {
 public:
  bool has(const std::string& source) const override { return sources.contains(source); }
  bool keeps(const std::string&, const std::string&) override { return kept; }
  void made_way(const std::string& path, const std::vector<PlacedTree>&,
                const std::string& successor, const std::string& aside) override {
    made_way_for.push_back(path + " for " + successor);
    where = aside;
  }

  std::set<std::string> sources;
  bool kept = true;
  std::vector<std::string> made_way_for;
  std::string where;
};

class WayMakerTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = TreeWriter::open((dir_ / "out").string());
    ASSERT_TRUE(opened) << opened.error().message;
    writer_ = std::move(*opened);
    writer_->set_owners(owners_);
  }
  Result<Published> publish(const std::string& path) const {
    const auto made = test::make_tree(path + ".sql", path, "A", {{.output = "x.sql", .length = 1}});
    auto staged = writer_->stage(made.tree);
    if (!staged) return tl::make_unexpected(staged.error());
    return (*staged)->commit();
  }
  bool is_there(const std::string& tree) const { return writer_->has_tree(tree); }

  TempDir dir_;
  Owners owners_;
  std::unique_ptr<TreeWriter> writer_;
};

TEST_F(WayMakerTest, TheTreeOfAGoneSourceIsKeptElsewhere) {
  ASSERT_TRUE(publish("a"));
  ASSERT_TRUE(publish("a/deep/x"));
  EXPECT_TRUE(is_there("a/deep/x"));
  EXPECT_FALSE(is_there("a"));
  EXPECT_THAT(owners_.made_way_for, ElementsAre("a for a/deep/x.sql"));
  EXPECT_EQ(read_file(owners_.where + "/x.sql"), "A");
  ASSERT_TRUE(publish("a"));
  EXPECT_TRUE(is_there("a"));
  EXPECT_EQ(read_file(owners_.where + "/deep/x/x.sql"), "A");
}

TEST_F(WayMakerTest, OneThatNobodyKeepsIsDeleted) {
  owners_.kept = false;
  ASSERT_TRUE(publish("a/deep/x"));
  std::filesystem::create_directories(dir_ / "out/a/empty/too");
  ASSERT_TRUE(publish("a"));
  EXPECT_TRUE(is_there("a"));
  EXPECT_EQ(owners_.where, "");
  EXPECT_FALSE(std::filesystem::exists(dir_ / "out/.engine/made_way"));
  EXPECT_TRUE(std::filesystem::is_empty(dir_ / "out/.engine/build"));
  std::filesystem::create_directories(dir_ / "out/b/empty/too");
  ASSERT_TRUE(publish("b"));
}

TEST_F(WayMakerTest, OneOfASourceThatIsThereMayMoveAndForeignFilesStay) {
  owners_.sources = {"a.sql", "b/x.sql"};
  for (const char* path : {"a", "b/x", "b/y"}) ASSERT_TRUE(publish(path)) << path;
  for (const char* path : {"a/x", "b"}) {
    const auto published = publish(path);
    ASSERT_FALSE(published) << path;
    EXPECT_EQ(published.error().code, ErrorCode::kInTheWay);
    EXPECT_TRUE(published.error().transient);
  }
  owners_.sources = {};
  std::ofstream(dir_ / "out/b/notes.txt") << "mine";
  const auto published = publish("b");
  ASSERT_FALSE(published);
  EXPECT_FALSE(published.error().transient);
  EXPECT_TRUE(is_there("a"));
  EXPECT_TRUE(is_there("b/x"));
  EXPECT_TRUE(is_there("b/y"));
  EXPECT_THAT(owners_.made_way_for, ElementsAre());
}

// What one of them has put there is not taken for what was in the way.
TEST_F(WayMakerTest, ManyThreadsComeForOnePlace) {
  constexpr int kThreads = 4;
  constexpr int kRounds = 50;
  for (int round = 0; round < kRounds; ++round) {
    const std::string place = "p" + std::to_string(round);
    ASSERT_TRUE(publish(place));
    for (int i = 0; i < kThreads; ++i)
      owners_.sources.insert(place + "/" + std::to_string(i) + ".sql");
    std::vector<std::thread> threads;
    std::atomic<int> failed{0};
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] { failed += publish(place + "/" + std::to_string(i)) ? 0 : 1; });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(failed, 0);
    for (int i = 0; i < kThreads; ++i) EXPECT_TRUE(is_there(place + "/" + std::to_string(i)));
  }
  EXPECT_EQ(owners_.made_way_for.size(), std::size_t{kRounds});
}

}  // namespace
}  // namespace engine::io
