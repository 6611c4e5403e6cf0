// engine join and engine verify: a tree is worth its source.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program.h"

namespace engine::test {
namespace {

using ::testing::HasSubstr;

constexpr const char* kOutput = "out/shop/tables/dbo.Product/dbo.Product.sql";

class JoinVerify : public Program {
 protected:
  JoinVerify() {
    dir_.write("in/shop.sql", kTable);
    EXPECT_EQ(run({"in", "out"}).exit_status, 0);
  }
};

TEST_F(JoinVerify, JoinGivesTheBytesOfASourceThatIsGone) {
  std::filesystem::remove_all(dir_ / "in");
  const ProcessResult result = run({"join", "out/shop"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(result.out, kTable);
  EXPECT_EQ(result.err, "");
}

TEST_F(JoinVerify, JoinOfWhatIsNoTreeIsWrongUsage) {
  const ProcessResult result = run({"join", "in"});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_TRUE(is_one_line(result.err)) << result.err;
}

TEST_F(JoinVerify, JoinOfAChangedTreeFails) {
  std::string bytes = read_file(dir_ / kOutput);
  bytes[bytes.find("dbo.Product (")] ^= 1;
  dir_.write(kOutput, bytes);
  const ProcessResult result = run({"join", "out/shop"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_TRUE(is_one_line(result.err)) << result.err;
}

TEST_F(JoinVerify, VerifyPassesWhatALoadWrote) {
  dir_.write("in/later.sql", kTable);
  const ProcessResult result = run({"verify", "out", "--input=in"});
  EXPECT_THAT(result.out, HasSubstr("note: later.sql: has no tree: it has not been loaded"));
  EXPECT_EQ(result.exit_status, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("1 tree, 1 output, 0.0 MB: 0 differences\n"));
  EXPECT_EQ(result.err, "");
  EXPECT_THAT(run({"verify", "out/shop", "--input=in"}).out, Not(HasSubstr("later.sql")));
}

// A tree may be called as a manifest is: OUTPUT is no tree for that.
TEST_F(JoinVerify, ATreeMayBeCalledAsAManifest) {
  dir_.write("in/manifest.json.sql", "SELECT 1;\n");
  ASSERT_EQ(run({"in", "out"}).exit_status, 0);
  dir_.write("in/later.sql", "SELECT 2;\n");
  EXPECT_THAT(run({"verify", "out", "--input=in"}).out, HasSubstr("note: later.sql: has no tree"));
}

// A nightly job asks by the exit status whether all that is there has been loaded.
TEST_F(JoinVerify, VerifyAgainstAnotherFolderIsADifference) {
  dir_.write("other/elsewhere.sql", std::string(kTable) + "-- elsewhere\n");
  const ProcessResult result = run({"verify", "out", "--input=other"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.out, HasSubstr("other: holds no source of any tree"));
}

// A mount point without its disk is empty.
TEST_F(JoinVerify, VerifyAgainstAnEmptyFolderIsADifference) {
  std::filesystem::create_directory(dir_ / "empty");
  const ProcessResult result = run({"verify", "out", "--input=empty"});
  EXPECT_EQ(result.exit_status, 1) << result.out;
  EXPECT_THAT(result.out, HasSubstr("empty: holds no source at all"));
  EXPECT_THAT(result.out, HasSubstr("it is not the folder that was loaded"));
}

// They went while others were there.
TEST_F(JoinVerify, AnEmptyFolderWhoseSourcesAreOnRecordAsGoneIsADifferenceOfNone) {
  dir_.write("in/last.sql", kTable);
  EXPECT_EQ(run({"in", "out"}).exit_status, 0);
  std::filesystem::remove(dir_ / "in/shop.sql");
  EXPECT_EQ(run({"in", "out"}).exit_status, 0);
  std::filesystem::remove(dir_ / "in/last.sql");
  EXPECT_EQ(run({"verify", "out", "--input=in"}).exit_status, 1) << "of the last nobody knows";
  std::filesystem::remove_all(dir_ / "out/last");
  run({"in", "out"});
  const ProcessResult result = run({"verify", "out", "--input=in"});
  EXPECT_EQ(result.exit_status, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("is gone"));
}

TEST_F(JoinVerify, VerifyAgainstTheFolderWhoseSourcesHaveNewNamesIsADifferenceOfNone) {
  dir_.write("other/renamed.sql", kTable);
  const ProcessResult result = run({"verify", "out", "--input=other"});
  EXPECT_EQ(result.exit_status, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("is gone"));
}

TEST_F(JoinVerify, VerifyOfATreeChecksThatOne) {
  EXPECT_THAT(run({"verify", "out/shop"}).out, HasSubstr("1 tree, 1 output"));
  dir_.write(kOutput, "");
  const ProcessResult result = run({"verify", "out/shop"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.out, HasSubstr("out/shop/tables/dbo.Product/dbo.Product.sql: "));
  EXPECT_THAT(result.out, HasSubstr(": 1 difference\n"));
}

TEST_F(JoinVerify, VerifyOfWhatNoLoadHasWrittenIsWrongUsage) {
  std::filesystem::create_directory(dir_ / "empty");
  for (const char* directory : {"in", "empty", "nope"}) {
    const ProcessResult result = run({"verify", directory});
    EXPECT_EQ(result.exit_status, 2);
    EXPECT_EQ(result.out, "");
    EXPECT_TRUE(is_one_line(result.err)) << result.err;
  }
  EXPECT_THAT(run({"verify", "in"}).err, HasSubstr("in: is not an output directory of engine"));
}

TEST_F(JoinVerify, AForeignFileIsNotSaidToBeRemoved) {
  dir_.write("out/notes.txt", "");
  const ProcessResult result = run({"verify", "out"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.out, HasSubstr("out/notes.txt: is not engine's; move it elsewhere\n"));
}

TEST_F(JoinVerify, VerifyFindsAChangedByte) {
  std::string bytes = read_file(dir_ / kOutput);
  bytes[bytes.size() / 2] ^= 1;
  dir_.write(kOutput, bytes);
  const ProcessResult result = run({"verify", "out"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.out, HasSubstr("dbo.Product.sql"));
}

TEST_F(JoinVerify, VerifyFindsAMissingAndAnExtraFile) {
  dir_.write("out/shop/tables/extra.sql", "");
  EXPECT_EQ(run({"verify", "out"}).exit_status, 1);
  std::filesystem::remove(dir_ / "out/shop/tables/extra.sql");
  EXPECT_EQ(run({"verify", "out"}).exit_status, 0);
  std::filesystem::remove(dir_ / kOutput);
  EXPECT_EQ(run({"verify", "out"}).exit_status, 1);
}

TEST_F(JoinVerify, ATreeThatLostItsManifestIsToldOnce) {
  std::filesystem::remove(dir_ / "out/shop/manifest.json");
  const ProcessResult result = run({"verify", "out", "--input=in"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.out, HasSubstr("out/shop: has no manifest.json"));
  EXPECT_THAT(result.out, HasSubstr(": 1 difference\n"));
  EXPECT_THAT(result.out, Not(HasSubstr("shop.sql")));
}

TEST_F(JoinVerify, ASourceThatIsGoneIsNotedOneThatChangedIsADifference) {
  dir_.write("in/stays.sql", kTable);
  EXPECT_EQ(run({"in", "out"}).exit_status, 0);
  dir_.write("in/shop.sql", "CREATE TABLE dbo.Other (Id int);\n");
  EXPECT_EQ(run({"verify", "out", "--input=in"}).exit_status, 1);
  std::filesystem::remove(dir_ / "in/shop.sql");
  const ProcessResult result = run({"verify", "out", "--input=in"});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_THAT(result.out, HasSubstr("note: "));
}

TEST_F(JoinVerify, WhatCannotBeWrittenIsAFailure) {
  if (::access("/dev/full", W_OK) != 0) GTEST_SKIP() << "no /dev/full";
  for (const char* arguments : {"join out/shop", "verify out", "in out", "inspect in/shop.sql"}) {
    const std::string shell = std::string(ENGINE_PROGRAM) + " " + arguments + " > /dev/full";
    RunOptions options;
    options.directory = dir_.str();
    const ProcessResult result = run_process({"/bin/sh", "-c", shell}, options);
    EXPECT_EQ(result.exit_status, 1) << arguments;
    EXPECT_THAT(result.err, HasSubstr("standard output")) << arguments;
  }
}

}  // namespace
}  // namespace engine::test
