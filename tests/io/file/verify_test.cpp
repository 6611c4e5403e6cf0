#include "io/file/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/file/tree_writer.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_tree.h"

namespace engine::io {
namespace {

constexpr const char* kForeign = "is not engine's; move it elsewhere";

using test::Cut;
using test::make_tree;
using test::TempDir;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kSource = "CREATE TABLE t (a int);\nSELECT 1;\n";

class Verify : public testing::Test {
 protected:
  Verify() {
    publish("a.sql", "a");
    publish("d/b.sql", "d/b");
  }
  void publish(const std::string& source, const std::string& path) const {
    const auto made = make_tree(source, path, kSource,
                                {Cut{.output = "tables/t/t.sql", .length = 24, .added = "-- t\n"},
                                 Cut{.output = "other/0001.sql", .length = 10}});
    const auto writer = TreeWriter::open(out_.str());
    ASSERT_TRUE((*(*writer)->stage(made.tree))->commit());
  }
  std::vector<std::string> differences() const {
    const auto verified = verify(out_.str());
    EXPECT_TRUE(verified);
    return verified->differences;
  }
  std::string line(const std::string& path, const std::string& what) const {
    return out_.str() + "/" + path + ": " + what;
  }
  std::string again(const std::string& source) const {
    return "engine retry " + out_.str() + ' ' + source + " has it loaded again";
  }
  TempDir out_;
};

TEST_F(Verify, PassesWhatWasWritten) {
  const auto verified = verify(out_.str() + "/");
  ASSERT_TRUE(verified);
  EXPECT_THAT(verified->differences, IsEmpty());
  EXPECT_EQ(verified->trees, 2u);
  EXPECT_EQ(verified->outputs, 4u);
  EXPECT_EQ(verified->bytes, 2 * (kSource.size() + 5));
}

TEST_F(Verify, FindsOneChangedByte) {
  std::string bytes = test::read_file(out_ / "a/tables/t/t.sql");
  bytes[7] ^= 1;
  out_.write("a/tables/t/t.sql", bytes);
  EXPECT_THAT(differences(),
              ElementsAre(line("a/tables/t/t.sql",
                               "was changed (its hash is not the manifest's); " + again("a.sql"))));
}

TEST_F(Verify, FindsAMissingOutputAndAShortOne) {
  std::filesystem::remove(out_ / "a/tables/t/t.sql");
  std::filesystem::resize_file(out_ / "d/b/other/0001.sql", 3);
  EXPECT_THAT(differences(),
              ElementsAre(line("a/tables/t/t.sql", "is missing; " + again("a.sql")),
                          line("d/b/other/0001.sql",
                               "has 3 bytes, the manifest says 10; " + again("d/b.sql"))));
}

TEST_F(Verify, FindsWhatNoManifestKnows) {
  out_.write("a/tables/t/more.sql", "");
  out_.write("a/views/v.sql", "");
  std::filesystem::create_symlink("t.sql", out_ / "a/tables/t/link.sql");
  out_.write("loose.sql", "");
  out_.write("d/loose.sql", "");
  out_.write(".engine/whatever", "");
  EXPECT_THAT(differences(),
              ElementsAre(line("a/tables/t/link.sql", kForeign),
                          line("a/tables/t/more.sql", kForeign), line("a/views", kForeign),
                          line("d/loose.sql", kForeign), line("loose.sql", kForeign)));
}

TEST_F(Verify, PassesOverVersionControlAtTheRootAlone) {
  out_.write(".git/objects/ab/cd", "");
  out_.write(".gitignore", ".engine/\n");
  out_.write(".gitattributes", "");
  EXPECT_THAT(differences(), IsEmpty());
  out_.write("d/.gitignore", "");
  EXPECT_THAT(differences(), ElementsAre(line("d/.gitignore", kForeign)));
}

TEST_F(Verify, DoesNotTakeALinkForAnOutput) {
  std::filesystem::rename(out_ / "a/tables/t/t.sql", out_ / ".engine/t.sql");
  std::filesystem::create_symlink(out_ / ".engine/t.sql", out_ / "a/tables/t/t.sql");
  EXPECT_THAT(differences(), ElementsAre(HasSubstr("symbolic link")));
}

TEST_F(Verify, FindsAnyChangedByteOfAManifest) {
  const std::string good = test::read_file(out_ / "a/manifest.json");
  for (std::size_t i = 0; i < good.size(); i += 11) {
    std::string bad = good;
    bad[i] ^= 2;
    out_.write("a/manifest.json", bad);
    EXPECT_EQ(differences().size(), 1u) << i;
  }
}

TEST_F(Verify, FindsAManifestWhosePiecesGiveAnotherSource) {
  // Every output is as the manifest says, and the checksum is right; only the source's hash is not.
  std::string manifest = test::read_file(out_ / "a/manifest.json");
  const std::size_t hash = manifest.find("\"hash\": \"") + 9;
  manifest.replace(hash, 32, std::string(32, '0'));
  out_.write("a/manifest.json", test::with_checksum(manifest));
  EXPECT_THAT(differences(), ElementsAre(HasSubstr("do not give the bytes of a.sql")));
}

TEST_F(Verify, FindsTwoTreesOfOneSource) {
  publish("a.sql", "e");
  EXPECT_THAT(differences(), ElementsAre(HasSubstr("is a second tree of a.sql, beside a")));
}

TEST_F(Verify, WithTheInputTellsGoneFromChanged) {
  const TempDir input;
  input.write("a.sql", kSource);
  auto verified = verify(out_.str(), input.str());
  ASSERT_TRUE(verified);
  EXPECT_THAT(verified->differences, IsEmpty());
  EXPECT_THAT(verified->notes, ElementsAre(line("d/b", "its source d/b.sql is gone")));

  input.write("a.sql", kSource + " ");
  input.write("d/b.sql", "CREATE TABLE t (b int);\nSELECT 1;\n");
  verified = verify(out_.str(), input.str());
  ASSERT_TRUE(verified);
  EXPECT_THAT(verified->differences,
              ElementsAre(line("a", "its source a.sql changed since; " + again("a.sql")),
                          line("d/b", "its source d/b.sql changed since; " + again("d/b.sql"))));
  EXPECT_THAT(verified->notes, IsEmpty());
}

TEST_F(Verify, SaysWhenThereIsNothingToVerify) {
  EXPECT_EQ(verify((out_ / "none").string()).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(verify(out_.str(), (out_ / "none").string()).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(verify((out_ / "a/manifest.json").string()).error().code, ErrorCode::kUnreadable);
}

TEST_F(Verify, ATreeThatLostItsManifestIsToldOnce) {
  std::filesystem::remove(out_ / "a/manifest.json");
  EXPECT_THAT(differences(), ElementsAre(testing::StartsWith(line("a", "has no manifest.json"))));
}

TEST_F(Verify, TheTreesOfASourceWhoseNameBeginsLikeVersionControlsAreLookedAt) {
  publish(".gitlab/c.sql", ".gitlab/c");
  EXPECT_THAT(differences(), IsEmpty());
  std::filesystem::remove(out_ / ".gitlab/c/other/0001.sql");
  EXPECT_THAT(differences(), ElementsAre(HasSubstr("is missing")));
}

}  // namespace
}  // namespace engine::io
