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
  EXPECT_EQ(run({"in", "site/out"}).exit_status, 0) << "another program's";
  EXPECT_EQ(run({"in", "site"}).exit_status, 0) << "another program's";
  EXPECT_EQ(run({"in", "site/out"}).exit_status, 0) << "it was one before";
}

// Trees of the outer one may belong there, and each would find the other's.
TEST_F(LoadPlaces, AnOutputInsideOfAnotherIsRefused) {
  dir_.write("in/sub/foo.sql", kTable);
  load();
  for (const std::string output : {"out/new", "out/sub"}) {
    const ProcessResult result = run({"in", output});
    EXPECT_EQ(result.exit_status, 2);
    EXPECT_EQ(result.err, "engine: " + output +
                              ": lies inside of out, an OUTPUT_DIR itself: choose a directory "
                              "beside it; or remove out/.engine, if no load writes there any "
                              "more\n");
    EXPECT_FALSE(exists(output + "/.engine"));
  }
  EXPECT_FALSE(exists("out/new"));
}

// The other way round nobody looks for it: what is another's is left out, and stays as it is.
TEST_F(LoadPlaces, AnOutputThatHoldsAnotherLeavesThatAlone) {
  dir_.write("other/foo.sql", kTable);
  EXPECT_EQ(run({"other", "out/sub"}).exit_status, 0);
  dir_.write("in/bar.sql", kTable);
  load();
  ProcessResult verified = run({"verify", "out", "--input=in"});
  EXPECT_EQ(verified.exit_status, 0) << verified.out;
  EXPECT_THAT(verified.out, ::testing::HasSubstr("note: out/sub: is another OUTPUT_DIR, left out; "
                                                 "engine verify out/sub looks at it\n1 tree, "));
  EXPECT_EQ(run({"find", "out", "Product"}).out.find("sub"), std::string::npos);

  dir_.write("in/sub/foo.sql", "CREATE TABLE dbo.Mine (Id int);\n");
  const ProcessResult result = run({"in", "out"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, ::testing::HasSubstr("out/sub: another OUTPUT_DIR is in the way"));
  EXPECT_EQ(run({"other", "out/sub"}).exit_status, 0) << "it was one before";
  verified = run({"verify", "out/sub", "--input=other"});
  EXPECT_EQ(verified.exit_status, 0) << verified.out;
  EXPECT_THAT(verified.out, ::testing::HasSubstr("1 tree, "));
}

TEST_F(LoadPlaces, WhatALoadHasWrittenIsNoInput) {
  dir_.write("in/foo.sql", kTable);
  load();
  for (const char* watch : {"", "--watch"}) {
    std::vector<std::string> options;
    if (*watch != '\0') options = {watch};
    const auto refused = [&](const std::string& input, const std::string& why) {
      std::vector<std::string> arguments = {input, "out2"};
      arguments.insert(arguments.end(), options.begin(), options.end());
      const ProcessResult result = run(arguments);
      EXPECT_EQ(result.exit_status, 2) << input;
      EXPECT_THAT(result.err, ::testing::HasSubstr("engine: " + input + ": " + why));
      EXPECT_TRUE(is_one_line(result.err)) << result.err;
      EXPECT_FALSE(exists("out2"));
    };
    refused("out", "is an output directory of engine, not a folder of sources");
    refused("out/foo", "lies inside of out, an OUTPUT_DIR of engine: ");
    refused("out/foo/tables", "lies inside of out, an OUTPUT_DIR of engine: ");
  }
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
  dir_.write("in/stays.sql", kTable);
  load();
  std::filesystem::remove_all(dir_ / "in/foo");
  dir_.write("in/foo.sql", kTable);
  const ProcessResult result = run({"in", "out"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_TRUE(has_tree("foo"));
  EXPECT_EQ(run({"verify", "out", "--input=in"}).exit_status, 0);
  // They may be the last that there is of these sources.
  EXPECT_THAT(result.err, ::testing::HasSubstr(
                              "foo: 1 tree of sources that are not there, or left out, made way"));
  const auto aside = std::filesystem::directory_iterator(dir_ / "out/.engine/made_way");
  EXPECT_TRUE(
      exists("out/.engine/made_way/" + aside->path().filename().string() + "/bar/manifest.json"));
}

TEST_F(LoadPlaces, ANewTreeTakesThePlaceBelowTheTreeOfAGoneSource) {
  dir_.write("in/foo.sql", kTable);
  dir_.write("in/stays.sql", kTable);
  load();
  std::filesystem::remove(dir_ / "in/foo.sql");
  for (int i = 0; i < 20; ++i) dir_.write("in/foo/d/b" + std::to_string(i) + ".sql", kTable);
  const ProcessResult result = run({"in", "out"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.err, ::testing::HasSubstr(
                              "foo: 1 tree of sources that are not there, or left out, made way"));
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
  for (const char* name :
       {"in/.sql", "in/..sql", "in/.engine.sql", "in/...sql", "in/d/.engine.sql", "in/d/a.sql"}) {
    dir_.write(name, kTable);
  }
  load();
  for (const char* tree : {".sql", "..sql", ".engine.sql", "...sql", "d/.engine.sql", "d/a"}) {
    EXPECT_TRUE(has_tree(tree)) << tree;
  }
  EXPECT_EQ(run({"verify", "out", "--input=in"}).exit_status, 0);
}

// At the root of OUTPUT the name is the engine's; and only there.
TEST_F(LoadPlaces, NoTreeLiesInTheEnginesOwnDirectory) {
  for (const char* name : {"in/.engine/build.sql", "in/d/.engine/build.sql",
                           "in/d/.engine/engine.db.sql", "in/d/.engine/lock.sql", "in/d/a.sql"}) {
    dir_.write(name, kTable);
  }
  const ProcessResult result = run({"in", "out"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, ::testing::HasSubstr("out/.engine/build: the name .engine is reserved"));
  EXPECT_FALSE(exists("out/.engine/build/manifest.json"));
  for (const char* tree : {"d/.engine/build", "d/.engine/engine.db", "d/.engine/lock", "d/a"}) {
    EXPECT_TRUE(has_tree(tree)) << tree;
  }
  std::filesystem::remove(dir_ / "in/.engine/build.sql");
  load();
  const ProcessResult verified = run({"verify", "out", "--input=in"});
  EXPECT_EQ(verified.exit_status, 0) << verified.out;
  EXPECT_THAT(verified.out, ::testing::HasSubstr("4 trees, "));
}

// A game engine's, say.
TEST_F(LoadPlaces, ADirectoryOfTheNameMakesNoOutput) {
  dir_.write("game/.engine/settings.ini", "");
  dir_.write("game/sql/mod/.engine/build/cached.sql", kTable);
  dir_.write("game/sql/foo.sql", kTable);
  for (const char* input : {"game/sql", "game"}) {
    std::filesystem::remove_all(dir_ / "game/out");
    const ProcessResult result = run({input, "game/out"});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    EXPECT_EQ(run({"verify", "game/out", std::string("--input=") + input}).exit_status, 0);
  }
  EXPECT_TRUE(exists("game/out/sql/foo/manifest.json"));
  EXPECT_TRUE(exists("game/out/sql/mod/.engine/build/cached/manifest.json"));
  const ProcessResult status = run({"status", "game/sql"});
  EXPECT_EQ(status.exit_status, 2) << status.out;
}

// What lies where trees are built is deleted with each start.
TEST_F(LoadPlaces, WhatAnotherProgramHasBuiltIsNotDeleted) {
  dir_.write("in/foo.sql", kTable);
  dir_.write("out/.engine/build/game", "");
  const ProcessResult result = run({"in", "out"});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_EQ(result.err,
            "engine: out/.engine/build: holds what no engine has put there; remove it or choose "
            "another OUTPUT_DIR\n");
  EXPECT_TRUE(exists("out/.engine/build/game"));
  EXPECT_FALSE(exists("out/.engine/lock"));

  // A start that was cut short has left less.
  std::filesystem::remove(dir_ / "out/.engine/build/game");
  load();
}

}  // namespace
}  // namespace engine::test
