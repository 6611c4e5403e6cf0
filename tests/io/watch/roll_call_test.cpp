#include "io/watch/roll_call.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/io/watch/followed_folder.h"
#include "tests/support/temp_dir.h"

namespace engine::io {
namespace {

using test::TempDir;
using test::ToldClient;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::int64_t kEarlier = 1'000;
constexpr std::int64_t kStart = 2'000;

// What an earlier run has recorded, and what it is told to record.
class Records final : public EarlierRuns {
 public:
  std::optional<Source> take(const std::string& path) override {
    const auto node = sources_.extract(path);
    return node.empty() ? std::nullopt : std::optional(node.mapped());
  }
  std::vector<Source> take_not_found() override {
    std::vector<Source> sources;
    for (auto& [path, source] : std::exchange(sources_, {})) sources.push_back(source);
    return sources;
  }
  bool misses_one(const std::function<bool(std::int64_t)>& should_be_there) const override {
    return std::any_of(sources_.begin(), sources_.end(), [&](const auto& each) {
      return each.second.seen_ns && should_be_there(*each.second.seen_ns);
    });
  }
  std::optional<std::int64_t> missing_since_ns() const override { return missing_since_ns_; }
  void note_missing_since(std::optional<std::int64_t> since_ns) override {
    missing_since_ns_ = since_ns;
  }
  void add(const std::string& path, std::uint64_t device = 0) {
    sources_[path] = {path, {device, 0, 0, 0, 0}, /*is_done=*/true, kEarlier};
  }

 private:
  std::map<std::string, Source> sources_;
  std::optional<std::int64_t> missing_since_ns_;
};

class RollCallTest : public testing::Test {
 protected:
  std::vector<std::string> gone(bool saw_everything = true) {
    std::vector<std::string> paths;
    const auto has_arrived = [&](const SourceVersion& version) { return version == arrived_; };
    for (const auto& source : roll_.take_gone(saw_everything, has_arrived)) {
      paths.push_back(source.path);
    }
    return paths;
  }

  const TempDir dir_;
  const std::string root_ = "in";
  const DirectoryId id_ = *directory_id(dir_.str());
  FolderTree tree_{Descriptor(::open(dir_.path().c_str(), O_RDONLY | O_DIRECTORY)), id_};
  ToldClient client_{dir_.path()};
  Records records_;
  SourceNames names_{{}, {"old/**"}};
  std::optional<SourceVersion> arrived_;
  RollCall roll_{{names_, root_, &records_, tree_, client_}, kStart};
};

TEST_F(RollCallTest, WhereOneIsThereTheOthersAreGone) {
  for (const char* path : {"a.sql", "b.sql", "old/c.sql", "sub/d.sql"}) records_.add(path);
  EXPECT_TRUE(roll_.take("b.sql", {}));
  EXPECT_FALSE(roll_.take("new.sql", {}));
  EXPECT_THAT(gone(/*saw_everything=*/false), IsEmpty()) << "they may be where nobody could look";
  EXPECT_THAT(gone(), ElementsAre("a.sql", "sub/d.sql")) << "of what is left out nobody knows";
  EXPECT_TRUE(roll_.empty());
  EXPECT_EQ(roll_.state(), FolderState::kSame);
}

TEST_F(RollCallTest, WhereNoneIsThereNoneIsGone) {
  records_.add("a.sql");
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(gone(), IsEmpty());
    EXPECT_EQ(roll_.state(), FolderState::kOther);
    EXPECT_EQ(records_.missing_since_ns(), kStart);
  }
  EXPECT_TRUE(client_.said("in: the one source that it held is not there"));
  EXPECT_TRUE(roll_.take("a.sql", {}));
  EXPECT_THAT(gone(), IsEmpty());
  EXPECT_TRUE(client_.said("in: holds sources again"));
  EXPECT_EQ(records_.missing_since_ns(), std::nullopt);
}

TEST_F(RollCallTest, WhereAPartCannotBeReadItMayBeAnotherFolder) {
  records_.add("a.sql");
  EXPECT_THAT(gone(/*saw_everything=*/false), IsEmpty());
  EXPECT_EQ(roll_.state(), FolderState::kUnknown);
  EXPECT_EQ(records_.missing_since_ns(), kStart) << "for the next run";
  roll_.look_elsewhere(3'000);
  roll_.expect("z.sql", {});  // which came there
  EXPECT_TRUE(roll_.take("z.sql", {}));
  EXPECT_THAT(gone(), IsEmpty());
  EXPECT_EQ(roll_.state(), FolderState::kOther);
}

TEST_F(RollCallTest, WhereAPartCannotBeReadOneThatIsThereSaysThatItIsTheFolder) {
  records_.add("a.sql");
  records_.add("b.sql");
  EXPECT_TRUE(roll_.take("b.sql", {}));
  EXPECT_THAT(gone(/*saw_everything=*/false), IsEmpty());
  EXPECT_EQ(roll_.state(), FolderState::kSame);
  EXPECT_EQ(records_.missing_since_ns(), std::nullopt);
}

// What comes there first is of the folder.
TEST_F(RollCallTest, WhereNothingShouldBeThereItIsTheFolder) {
  EXPECT_THAT(gone(/*saw_everything=*/false), IsEmpty());
  EXPECT_EQ(roll_.state(), FolderState::kSame);
  EXPECT_EQ(records_.missing_since_ns(), std::nullopt);
}

TEST_F(RollCallTest, OneThatIsRenamedIsThere) {
  records_.add("a.sql", /*device=*/7);
  records_.add("b.sql", /*device=*/8);
  arrived_ = SourceVersion{7, 0, 0, 0, 0};
  EXPECT_THAT(gone(), ElementsAre("a.sql", "b.sql"));
}

TEST_F(RollCallTest, OneThatCameToAnotherFolderSaysNothingUnderAnotherNameEither) {
  records_.add("a.sql");
  EXPECT_THAT(gone(), IsEmpty());
  roll_.look_elsewhere(3'000);
  roll_.expect("z.sql", {7, 0, 0, 0, 0});
  arrived_ = SourceVersion{7, 0, 0, 0, 0};
  EXPECT_THAT(gone(), IsEmpty());
  EXPECT_EQ(roll_.state(), FolderState::kOther);
  EXPECT_EQ(records_.missing_since_ns(), kStart);
}

TEST_F(RollCallTest, AFileThatNoScanHasFoundIsThere) {
  dir_.write("a.sql", "SELECT 1;\n");
  records_.add("a.sql");
  records_.add("b.sql");
  EXPECT_THAT(gone(), ElementsAre("b.sql"));
}

TEST_F(RollCallTest, WhatMayLieInAFileSystemThatIsNotMountedIsNotGone) {
  WatchedDirectory& sub = tree_.add(tree_.root(), "sub", {id_.device, 4711}, 0);
  records_.add("a.sql", id_.device);
  records_.add("sub/b.sql", id_.device);
  records_.add("sub/c.sql", id_.device + 1);
  records_.add("sub/deep/d.sql", id_.device + 1);
  EXPECT_TRUE(roll_.take("a.sql", {id_.device, 0, 0, 0, 0}));
  EXPECT_THAT(gone(), ElementsAre("sub/b.sql"));
  EXPECT_TRUE(client_.said("sub: holds no source, and did: is its file system mounted?"));
  EXPECT_FALSE(roll_.empty());
  sub.sources.try_emplace("e.sql");  // it is in use
  EXPECT_THAT(gone(), ElementsAre("sub/c.sql", "sub/deep/d.sql"));
}

// A directory above it was renamed while nobody watched, and no record knows its new name.
TEST_F(RollCallTest, WhatAMountHidesBelowADirectoryThatIsRenamedIsNotGone) {
  WatchedDirectory& other = tree_.add(tree_.root(), "q", {id_.device, 4711}, 0);
  WatchedDirectory& sub = tree_.add(other, "sub", {id_.device + 1, 4712}, 0);
  sub.is_mount = true;
  for (const char* path : {"a.sql", "p/sub/deep/b.sql", "p/sub.sql", "p/subs/c.sql"}) {
    records_.add(path, id_.device);
  }
  EXPECT_TRUE(roll_.take("a.sql", {id_.device, 0, 0, 0, 0}));
  EXPECT_THAT(gone(), ElementsAre("p/sub.sql", "p/subs/c.sql"));
  EXPECT_TRUE(client_.said("q/sub: holds no source, and did: is its file system mounted?"));
  sub.sources.try_emplace("e.sql");  // it is in use
  EXPECT_THAT(gone(), ElementsAre("p/sub/deep/b.sql"));
}

TEST_F(RollCallTest, WhatLayInAFileSystemBelowADirectoryThatIsRenamedIsNotGone) {
  WatchedDirectory& other = tree_.add(tree_.root(), "q", {id_.device, 4711}, 0);
  tree_.add(other, "sub", {id_.device, 4712}, 0);
  records_.add("a.sql", id_.device);
  records_.add("p/sub/b.sql", id_.device);
  records_.add("p/sub/c.sql", id_.device + 1);
  EXPECT_TRUE(roll_.take("a.sql", {id_.device, 0, 0, 0, 0}));
  EXPECT_THAT(gone(), ElementsAre("p/sub/b.sql"));
}

TEST_F(RollCallTest, ADeviceMayHaveAnotherNumberThanItHad) {
  tree_.add(tree_.root(), "sub", {id_.device, 4711}, 0);
  records_.add("a.sql", id_.device + 1);
  records_.add("sub/b.sql", id_.device + 1);
  EXPECT_TRUE(roll_.take("a.sql", {id_.device, 0, 0, 0, 0}));
  EXPECT_THAT(gone(), ElementsAre("sub/b.sql"));
}

// INPUT had another number, and the file system over sub has that one now.
TEST_F(RollCallTest, WhatAMountHidesIsNotGoneWhateverItsNumber) {
  WatchedDirectory& sub = tree_.add(tree_.root(), "sub", {id_.device + 1, 4711}, 0);
  sub.is_mount = true;
  tree_.add(sub, "deep", {id_.device + 1, 4712}, 0);
  records_.add("a.sql", id_.device + 1);
  records_.add("sub/b.sql", id_.device + 1);
  records_.add("sub/deep/c.sql", id_.device + 1);
  EXPECT_TRUE(roll_.take("a.sql", {id_.device, 0, 0, 0, 0}));
  EXPECT_THAT(gone(), IsEmpty());
  EXPECT_TRUE(client_.said("sub: holds no source, and did: is its file system mounted?"));
  sub.sources.try_emplace("d.sql");  // it is in use
  EXPECT_THAT(gone(), ElementsAre("sub/b.sql", "sub/deep/c.sql"));
}

TEST_F(RollCallTest, WhereOnlyAManifestTellsOfItAMountThatHoldsNoneSaysNothing) {
  records_.add("a.sql");
  records_.add("sub/b.sql");
  tree_.add(tree_.root(), "sub", {id_.device + 1, 4711}, 0).is_mount = true;
  EXPECT_TRUE(roll_.take("a.sql", {id_.device, 0, 0, 0, 0}));
  EXPECT_THAT(gone(), IsEmpty());
}

TEST_F(RollCallTest, WhatWasInTheDirectoryBeforeIsExpectedInTheNext) {
  EXPECT_THAT(gone(), IsEmpty());
  roll_.look_elsewhere(3'000);
  roll_.expect("a.sql", {});
  EXPECT_THAT(gone(), IsEmpty());
  EXPECT_EQ(records_.missing_since_ns(), 3'000);
  roll_.look_elsewhere(4'000);
  roll_.expect("z.sql", {});  // which came there
  EXPECT_TRUE(roll_.take("a.sql", {}));
  EXPECT_THAT(gone(), ElementsAre("z.sql"));
}

}  // namespace
}  // namespace engine::io
