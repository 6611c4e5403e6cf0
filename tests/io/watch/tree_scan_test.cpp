#include "io/watch/tree_scan.h"

#include <dirent.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/temp_dir.h"

namespace engine::io {
namespace {

using test::TempDir;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

std::vector<std::string> paths(const TreeScan& scan) {
  std::vector<std::string> all;
  for (const FoundSource& source : scan.sources) all.push_back(source.path);
  return all;
}

TreeScan scan(const TempDir& input, const SourceNames& names = {},
              const std::optional<DirectoryId>& left_out = std::nullopt) {
  Result<TreeScan> result = scan_tree(input.str(), names, left_out);
  EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().message);
  return result ? std::move(*result) : TreeScan();
}

std::string tree_of(const TreeScan& scan, std::string_view path) {
  for (const FoundSource& source : scan.sources) {
    if (source.path == path) return source.tree_path;
  }
  return "(no such source)";
}

TEST(TreeScan, FindsSourcesBytewiseByPath) {
  const TempDir input;
  for (const char* name :
       {"b.sql", "a/z.sql", "a.sql", "a/b/c.ddl", "B.SQL", "notes.txt", "a-b.sql"}) {
    input.write(name, "12345");
  }
  const TreeScan found = scan(input);
  EXPECT_THAT(paths(found),
              ElementsAre("B.SQL", "a-b.sql", "a.sql", "a/b/c.ddl", "a/z.sql", "b.sql"));
  EXPECT_EQ(found.sources[0].version.size, 5u);
  EXPECT_THAT(found.problems, IsEmpty());
}

TEST(TreeScan, AnEmptyDirectoryHasNone) {
  const TempDir input;
  EXPECT_THAT(paths(scan(input)), IsEmpty());
}

TEST(TreeScan, AnOutputDirectoryOfTheEngineIsLeftOutAndTold) {
  const TempDir input;
  for (const char* name : {"a.sql", "old/out/.engine/build/x.sql", "old/out/.engine/lock",
                           "old/out/b/tables/b.sql", "old/c.sql", "no/.engine", "no/d.sql"}) {
    input.write(name, "");
  }
  const TreeScan found = scan(input);
  EXPECT_THAT(paths(found), ElementsAre("a.sql", "no/d.sql", "old/c.sql"));
  EXPECT_THAT(found.outputs, ElementsAre("old/out"));
  EXPECT_THAT(found.problems, IsEmpty());
}

TEST(TreeScan, AnOutputDirectoryIsNoInput) {
  const TempDir output;
  output.write(".engine/lock", "");
  output.write(".engine/engine.db", "");
  output.write("a/tables/a.sql", "");
  const auto found = scan_tree(output.str(), SourceNames(), std::nullopt);
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().message, testing::HasSubstr("is an output directory of engine"));
}

TEST(TreeScan, WhatIsOnlyCalledAsTheEnginesDirectoryIsADirectoryLikeAnother) {
  const TempDir input;
  for (const char* name : {".engine/a.sql", ".engine/cache/b.sql", "c.sql",
                           "game/.engine/build/d.sql", "game/e.sql"}) {
    input.write(name, "");
  }
  const TreeScan found = scan(input);
  EXPECT_THAT(paths(found), ElementsAre(".engine/a.sql", ".engine/cache/b.sql", "c.sql",
                                        "game/.engine/build/d.sql", "game/e.sql"));
  EXPECT_THAT(found.outputs, IsEmpty());
  EXPECT_THAT(found.problems, IsEmpty());
}

TEST(TreeScan, TreePathsFollowWhatLiesBesideASource) {
  const TempDir input;
  for (const char* name : {"x/foo.sql", "x/foo/a.sql", "y/foo.sql", "y/foo.SQL", "z/foo.sql",
                           "z/foo.txt", "l/a.sql", "e/.engine.sql", ".engine.sql", "g/a.sql.gz"}) {
    input.write(name, "");
  }
  std::filesystem::create_symlink("nowhere", input / "l/a");
  const TreeScan found = scan(input);
  EXPECT_EQ(tree_of(found, "x/foo.sql"), "x/foo.sql");
  EXPECT_EQ(tree_of(found, "x/foo/a.sql"), "x/foo/a");
  EXPECT_EQ(tree_of(found, "y/foo.sql"), "y/foo.sql");
  EXPECT_EQ(tree_of(found, "y/foo.SQL"), "y/foo.SQL");
  EXPECT_EQ(tree_of(found, "z/foo.sql"), "z/foo");
  EXPECT_EQ(tree_of(found, "l/a.sql"), "l/a.sql");
  EXPECT_EQ(tree_of(found, "e/.engine.sql"), "e/.engine.sql");
  EXPECT_EQ(tree_of(found, ".engine.sql"), ".engine.sql");
  EXPECT_EQ(tree_of(found, "g/a.sql.gz"), "g/a.sql.gz");
}

TEST(TreeScan, LinksAreNotFollowed) {
  const TempDir input;
  input.write("real/a.sql", "");
  std::filesystem::create_symlink("real/a.sql", input / "file.sql");
  std::filesystem::create_symlink("real", input / "directory");
  std::filesystem::create_symlink(".", input / "loop");
  const TreeScan found = scan(input);
  EXPECT_THAT(paths(found), ElementsAre("real/a.sql"));
  EXPECT_EQ(found.links, 3u);
  EXPECT_THAT(found.problems, IsEmpty());
}

TEST(TreeScan, ADirectoryCalledLikeASourceIsADirectory) {
  const TempDir input;
  input.write("x.sql/y.sql", "");
  EXPECT_THAT(paths(scan(input)), ElementsAre("x.sql/y.sql"));
}

TEST(TreeScan, SpecialFilesArePassedOver) {
  const TempDir input;
  ASSERT_EQ(::mkfifo((input / "pipe.sql").c_str(), 0600), 0);
  const TreeScan found = scan(input);
  EXPECT_THAT(paths(found), IsEmpty());
  EXPECT_EQ(found.special_files, 1u);
}

TEST(TreeScan, OutputInsideInputIsLeftOutAndClaimsNoName) {
  const TempDir input;
  input.write("out.sql", "");
  input.write("out/out/tables/a/a.sql", "");
  const TreeScan found = scan(input, {}, directory_id((input / "out").string()));
  EXPECT_THAT(paths(found), ElementsAre("out.sql"));
  EXPECT_EQ(tree_of(found, "out.sql"), "out");
  EXPECT_EQ(tree_of(scan(input), "out.sql"), "out.sql");
}

TEST(TreeScan, OutputIsNeitherASourceNorExcludedNorAnotherOutput) {
  const TempDir input;
  for (const char* name : {"a.sql", "of/out/.engine/lock", "of/out/.engine/build/b.sql",
                           "of/out/a/tables/a.sql", "of/b.sql"}) {
    input.write(name, "");
  }
  const auto output = directory_id((input / "of/out").string());
  for (const SourceNames& names : {SourceNames(), SourceNames({}, {"of/out"})}) {
    const TreeScan found = scan(input, names, output);
    EXPECT_THAT(paths(found), ElementsAre("a.sql", "of/b.sql"));
    EXPECT_THAT(found.outputs, IsEmpty());
    EXPECT_EQ(found.excluded, 0u);
  }
}

TEST(TreeScan, AnOutputThatCannotBeListedIsOneAllTheSame) {
  if (::geteuid() == 0) GTEST_SKIP() << "nothing is forbidden to root";
  const TempDir input;
  input.write("out/.engine/lock", "");
  input.write("out/.engine/engine.db", "");
  std::filesystem::permissions(input / "out", std::filesystem::perms::owner_exec);
  const TreeScan found = scan(input);
  std::filesystem::permissions(input / "out", std::filesystem::perms::owner_all);
  EXPECT_THAT(found.outputs, ElementsAre("out"));
  EXPECT_THAT(found.problems, IsEmpty());
}

TEST(TreeScan, GlobsAddAndExclude) {
  const TempDir input;
  for (const char* name : {"a.sql", "a.txt", "old/b.sql", "new/b.sql", "new/c_old.sql"}) {
    input.write(name, "");
  }
  EXPECT_THAT(paths(scan(input, SourceNames({"*.txt"}, {"old/**", "*_old.sql"}))),
              ElementsAre("a.sql", "a.txt", "new/b.sql"));
  EXPECT_THAT(paths(scan(input, SourceNames({}, {"new"}))), ElementsAre("a.sql", "old/b.sql"));
}

TEST(TreeScan, WithoutADirectoryThereIsAnError) {
  const TempDir input;
  input.write("file", "");
  const SourceNames names;
  const auto missing = scan_tree((input / "missing").string(), names);
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  const auto file = scan_tree((input / "file").string(), names);
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().code, ErrorCode::kInvalid);
}

// Root may read everything, so the scan runs as nobody.
TEST(TreeScan, AnUnreadableDirectoryIsAProblemAndTheOthersAreScanned) {
  const TempDir input;
  input.write("shut/a.sql", "");
  input.write("open/b.sql", "");
  ASSERT_EQ(::chmod(input.path().c_str(), 0755), 0);
  ASSERT_EQ(::chmod((input / "shut").c_str(), 0), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    if (::getuid() == 0 && ::setuid(65534) != 0) ::_exit(2);
    const Result<TreeScan> found = scan_tree(input.str(), SourceNames());
    const bool right = found && found->sources.size() == 1 &&
                       found->sources[0].path == "open/b.sql" && found->problems.size() == 1 &&
                       found->problems[0].message.starts_with("shut: cannot ");
    ::_exit(right ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  ASSERT_EQ(::chmod((input / "shut").c_str(), 0755), 0);
}

// 3,000 levels make a path that no system call takes, and more directories than may be open.
TEST(TreeScan, ATreeMayBeDeeperThanPathsAndDescriptorsGo) {
  constexpr int kLevels = 3000;
  const TempDir input;
  int directory = ::open(input.path().c_str(), O_RDONLY | O_DIRECTORY);
  for (int level = 0; level < kLevels; ++level) {
    ASSERT_EQ(::mkdirat(directory, "deep", 0755), 0);
    if (level % 1000 == 0) {
      ::close(::openat(directory, "beside.sql", O_WRONLY | O_CREAT, 0644));
    }
    const int next = ::openat(directory, "deep", O_RDONLY | O_DIRECTORY);
    ::close(directory);
    directory = next;
  }
  ::close(::openat(directory, "bottom.sql", O_WRONLY | O_CREAT, 0644));
  ::close(directory);

  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit few{64, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  const TreeScan found = scan(input);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);

  ASSERT_EQ(found.sources.size(), 4u);
  EXPECT_EQ(found.sources[0].path, "beside.sql");
  EXPECT_EQ(found.sources.back().path.size(), kLevels * 5 + std::string_view("bottom.sql").size());
  EXPECT_THAT(found.problems, IsEmpty());

  // std::filesystem gives up at such depths: what is below is moved up, level by level.
  const std::string top = (input / "deep").string();
  for (int level = 1; level < kLevels; ++level) {
    ASSERT_EQ(::rename((top + "/deep").c_str(), (input / "next").c_str()), 0);
    std::filesystem::remove_all(top);
    ASSERT_EQ(::rename((input / "next").c_str(), top.c_str()), 0);
  }
}

}  // namespace
}  // namespace engine::io
