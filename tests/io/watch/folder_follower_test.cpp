// What a follower makes of events that are late or lost, which no real source tells at will.
#include "io/watch/folder_follower.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "engine/clock.h"
#include "tests/io/watch/followed_folder.h"
#include "tests/support/temp_dir.h"

namespace engine::io {
namespace {

using test::TempDir;
using test::ToldClient;

// Watches everything and tells nothing.
class SilentSource final : public EventSource {
 public:
  EventSourceKind kind() const override { return EventSourceKind::kInotify; }
  int descriptor() const override { return -1; }
  Result<void> watch(int, DirectoryNumber) override { return {}; }
  void unwatch(DirectoryNumber) override {}
  void decode(std::span<const char>, Reader&) override {}
};

class FolderFollowerTest : public testing::Test {
 protected:
  FolderFollowerTest()
      : follower_({},
                  FolderTree(Descriptor(::open(dir_.path().c_str(), O_RDONLY | O_DIRECTORY)),
                             *directory_id(dir_.path())),
                  source_, client_, nullptr, clock_) {}

  void scan(bool distrustful) {
    follower_.begin_scan(distrustful);
    while (follower_.can_scan()) follower_.scan_some();
  }
  void appears(const std::string& name) {
    dir_.write(name, "SELECT 1;\n");
    follower_.on_notice({.directory = FolderTree::kRoot, .name = name, .complete = true});
  }

  TempDir dir_;
  SilentSource source_;
  ToldClient client_{dir_.path()};
  SteadyClock clock_;
  FolderFollower follower_;
};

TEST_F(FolderFollowerTest, ARescanFindsWhatNamesASourceThoughSomethingComesMeanwhile) {
  for (int i = 0; i < 1000; ++i) dir_.write("f" + std::to_string(i) + ".sql", "SELECT 1;\n");
  scan(/*distrustful=*/false);
  appears("a.sql");
  EXPECT_EQ(client_.place("a.sql"), "a");
  dir_.write("a", "of which no event tells");

  follower_.begin_scan(/*distrustful=*/true);
  follower_.scan_some();
  appears("b.sql");  // while the directory is listed
  while (follower_.can_scan()) follower_.scan_some();
  EXPECT_EQ(client_.place("a.sql"), "a.sql");
  EXPECT_EQ(client_.place("b.sql"), "b");
}

TEST_F(FolderFollowerTest, OfAnotherRootNobodyHasToldBefore) {
  scan(/*distrustful=*/false);
  const TempDir other;
  other.write("a", "there before anybody watched");
  follower_.replace_root(Descriptor(::open(other.path().c_str(), O_RDONLY | O_DIRECTORY)),
                         *directory_id(other.path()));
  other.write("a.sql", "SELECT 1;\n");
  follower_.on_notice({.directory = FolderTree::kRoot, .name = "a.sql", .complete = true});
  EXPECT_EQ(client_.place("a.sql"), "a.sql");
}

}  // namespace
}  // namespace engine::io
