// Where trees lie: by the state of the folder, whatever it was before.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program.h"

namespace engine::test {
namespace {

class LoadPlaces : public Program {
 protected:
  void load() const {
    const ProcessResult result = run({"in", "out"});
    EXPECT_EQ(result.exit_status, 0) << result.err;
  }
  bool has_tree(const std::string& path) const { return exists("out/" + path + "/manifest.json"); }
};

// It would be gone with the next change of that tree's source.
TEST_F(LoadPlaces, ATreeOfAnotherLoadIsNoOutput) {
  dir_.write("in/foo.sql", kTable);
  load();
  const std::string is_tree =
      "out/foo is a tree of engine (it has a manifest.json), not an OUTPUT_DIR: give out\n";
  for (const char* watch : {"", "--watch"}) {
    std::vector<std::string> options;
    if (*watch != '\0') options = {watch};
    for (const std::string output : {"out/foo", "out/foo/tables", "out/foo/new/er"}) {
      std::vector<std::string> arguments = {"in", output};
      arguments.insert(arguments.end(), options.begin(), options.end());
      const ProcessResult result = run(arguments);
      EXPECT_EQ(result.exit_status, 2) << output;
      EXPECT_EQ(result.err, "engine: " + (output == "out/foo" ? "" : output + ": ") + is_tree);
      EXPECT_FALSE(exists(output + "/.engine"));
    }
  }
  EXPECT_FALSE(exists("out/foo/new"));

  dir_.write("site/manifest.json", "{}");
  EXPECT_EQ(run({"in", "site"}).exit_status, 0) << "another program's";
  EXPECT_EQ(run({"in", "site/out"}).exit_status, 0) << "an output in an output";
}

TEST_F(LoadPlaces, ATreeMovesWhenADirectoryOfItsNameAppearsAndBack) {
  dir_.write("in/foo.sql", kTable);
  load();
  EXPECT_TRUE(has_tree("foo"));
  const struct stat before = status_of(dir_ / "out/foo/tables/dbo.Product/dbo.Product.sql");

  dir_.write("in/foo/bar.sql", kTable);
  load();
  EXPECT_TRUE(has_tree("foo.sql"));
  EXPECT_TRUE(has_tree("foo/bar"));
  EXPECT_FALSE(has_tree("foo"));
  const struct stat after = status_of(dir_ / "out/foo.sql/tables/dbo.Product/dbo.Product.sql");
  EXPECT_EQ(before.st_ino, after.st_ino);
  EXPECT_EQ(run({"verify", "out", "--input=in"}).exit_status, 0);
}

TEST_F(LoadPlaces, ATreeMovesBackWhenNothingIsInItsWay) {
  dir_.write("in/foo.sql", kTable);
  dir_.write("in/foo.SQL", kTable);
  load();
  EXPECT_TRUE(has_tree("foo.sql"));
  EXPECT_TRUE(has_tree("foo.SQL"));

  std::filesystem::remove(dir_ / "in/foo.SQL");
  load();
  EXPECT_TRUE(has_tree("foo"));
  EXPECT_FALSE(has_tree("foo.sql"));
}

TEST_F(LoadPlaces, ATreeInTheWayOfAnotherMovesFirst) {
  dir_.write("in/foo.sql.sql", "CREATE TABLE dbo.Twice (Id int);\n");
  load();
  EXPECT_TRUE(has_tree("foo.sql"));

  dir_.write("in/foo.sql", kTable);
  dir_.write("in/foo/bar.sql", kTable);
  load();
  EXPECT_TRUE(exists("out/foo.sql.sql/tables/dbo.Twice"));
  EXPECT_TRUE(exists("out/foo.sql/tables/dbo.Product"));
  EXPECT_TRUE(has_tree("foo/bar"));
  EXPECT_EQ(run({"verify", "out", "--input=in"}).exit_status, 0);
}

TEST_F(LoadPlaces, ATreeMovesBackWhereOnlyTreesOfGoneSourcesLie) {
  dir_.write("in/foo.sql", kTable);
  dir_.write("in/foo/bar.sql", kTable);
  dir_.write("in/foo/deep/er.sql", kTable);
  load();
  const std::string output = "/tables/dbo.Product/dbo.Product.sql";
  const struct stat before = status_of(dir_ / ("out/foo.sql" + output));
  std::filesystem::create_directories(dir_ / "out/foo/empty/also");

  std::filesystem::remove_all(dir_ / "in/foo");
  load();
  EXPECT_TRUE(has_tree("foo"));
  EXPECT_FALSE(exists("out/foo.sql"));
  EXPECT_FALSE(exists("out/foo/bar"));
  EXPECT_EQ(status_of(dir_ / ("out/foo" + output)).st_ino, before.st_ino);
  EXPECT_EQ(run({"verify", "out", "--input=in"}).exit_status, 0);
}

TEST_F(LoadPlaces, ANewTreeTakesThePlaceOfTreesOfGoneSources) {
  dir_.write("in/foo/bar.sql", kTable);
  load();
  std::filesystem::remove_all(dir_ / "in/foo");
  dir_.write("in/foo.sql", kTable);
  const ProcessResult result = run({"in", "out"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_TRUE(has_tree("foo"));
  EXPECT_EQ(run({"verify", "out", "--input=in"}).exit_status, 0);
  // They may be the last that there is of these sources.
  EXPECT_THAT(result.err, ::testing::HasSubstr("foo: 1 tree of sources that are gone made way"));
  const auto aside = std::filesystem::directory_iterator(dir_ / "out/.engine/made_way");
  EXPECT_TRUE(
      exists("out/.engine/made_way/" + aside->path().filename().string() + "/bar/manifest.json"));
}

TEST_F(LoadPlaces, ANewTreeTakesThePlaceBelowTheTreeOfAGoneSource) {
  dir_.write("in/foo.sql", kTable);
  load();
  std::filesystem::remove(dir_ / "in/foo.sql");
  for (int i = 0; i < 20; ++i) dir_.write("in/foo/d/b" + std::to_string(i) + ".sql", kTable);
  const ProcessResult result = run({"in", "out"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.err, ::testing::HasSubstr("foo: 1 tree of sources that are gone made way"));
  EXPECT_FALSE(has_tree("foo"));
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(has_tree("foo/d/b" + std::to_string(i))) << i;
  const auto aside = std::filesystem::directory_iterator(dir_ / "out/.engine/made_way");
  EXPECT_TRUE(
      exists("out/.engine/made_way/" + aside->path().filename().string() + "/manifest.json"));
  EXPECT_EQ(run({"verify", "out", "--input=in"}).exit_status, 0);
}

TEST_F(LoadPlaces, WhatIsNotTheEnginesStaysInTheWayAndNothingIsDeleted) {
  dir_.write("in/foo.sql", kTable);
  dir_.write("in/foo/bar.sql", kTable);
  dir_.write("in/other.sql", kTable);
  load();
  std::filesystem::remove_all(dir_ / "in/foo");
  dir_.write("out/foo/notes.txt", "mine");
  for (int i = 0; i < 2; ++i) {
    const ProcessResult result = run({"--log-level=error", "in", "out"});
    EXPECT_EQ(result.exit_status, 1);
    EXPECT_NE(result.err.find("out/foo: something that is no tree is in the way"),
              std::string::npos)
        << result.err;
    EXPECT_TRUE(is_one_line(result.err)) << result.err;
    EXPECT_TRUE(has_tree("foo.sql"));
    EXPECT_TRUE(has_tree("foo/bar"));
    EXPECT_EQ(read_file(dir_ / "out/foo/notes.txt"), "mine");
  }
  std::filesystem::remove(dir_ / "out/foo/notes.txt");
  load();
  EXPECT_TRUE(has_tree("foo"));
}

TEST_F(LoadPlaces, OutputInsideInputIsNoSource) {
  dir_.write("in/out.sql", kTable);
  for (int i = 0; i < 2; ++i) {
    const ProcessResult result = run({"in", "in/out"});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    EXPECT_TRUE(exists("in/out/out/manifest.json"));
    EXPECT_FALSE(exists("in/out/out.sql"));
  }
}

TEST_F(LoadPlaces, NamesThatCannotStandKeepTheirSuffix) {
  for (const char* name : {"in/.sql", "in/..sql", "in/.engine.sql", "in/...sql"}) {
    dir_.write(name, kTable);
  }
  load();
  for (const char* tree : {".sql", "..sql", ".engine.sql", "...sql"}) {
    EXPECT_TRUE(has_tree(tree)) << tree;
  }
  EXPECT_EQ(run({"verify", "out", "--input=in"}).exit_status, 0);
}

}  // namespace
}  // namespace engine::test
