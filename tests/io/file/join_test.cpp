#include "io/file/join.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "io/base/descriptor.h"
#include "io/file/tree_writer.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_tree.h"

namespace engine::io {
namespace {

using test::Cut;
using test::make_tree;
using test::TempDir;

class Join : public testing::Test {
 protected:
  void publish(const Tree& tree) const {
    const auto writer = TreeWriter::open(dir_.str());
    ASSERT_TRUE(writer) << writer.error().message;
    auto staged = (*writer)->stage(tree);
    ASSERT_TRUE(staged) << staged.error().message;
    ASSERT_TRUE((*staged)->commit());
  }
  Result<std::string> joined(const std::string& tree) const {
    std::string bytes;
    std::size_t largest = 0;
    Result<void> done = join((dir_ / tree).string(), [&](std::string_view chunk) {
      bytes.append(chunk);
      largest = std::max(largest, chunk.size());
      return Result<void>();
    });
    EXPECT_LE(largest, 1u << 20);
    if (!done) return tl::make_unexpected(done.error());
    return bytes;
  }
  TempDir dir_;
};

TEST_F(Join, PutsPiecesOfSeveralOutputsInTheOrderOfTheSource) {
  const std::string source = "one;two;three;four;";
  publish(make_tree("s.sql", "d/s", source,
                    {Cut{.output = "b.sql", .length = 4, .added = "-- header\n"},
                     Cut{.output = "a/a.sql", .length = 4}, Cut{.output = "b.sql", .length = 6},
                     Cut{.output = "a/a.sql", .length = 5, .added = "-- more\n"}})
              .tree);
  EXPECT_EQ(joined("d/s").value(), source);
}

TEST_F(Join, OfManyOutputsKeepsOnlySomeOpen) {
  std::string source;
  std::vector<Cut> cuts;
  for (int i = 0; i < 600; ++i) {
    source += "SELECT 1;\n";
    cuts.push_back(Cut{.output = "other/" + std::to_string(i % 300) + ".sql", .length = 10});
  }
  publish(make_tree("s.sql", "s", source, cuts).tree);
  EXPECT_EQ(joined("s").value(), source);
}

TEST_F(Join, OfALargePieceGoesByChunks) {
  std::string source(5'000'001, 'x');
  for (std::size_t i = 0; i < source.size(); i += 97) source[i] = '\n';
  publish(make_tree("s.sql", "s", source, {Cut{.output = "a.sql", .length = source.size()}}).tree);
  EXPECT_TRUE(joined("s").value() == source);
}

TEST_F(Join, TranscodesBackToUtf16WithMarkSurrogatesAndOddByte) {
  // FF FE, "é😀", a lone high surrogate, "x", and one byte too many.
  const std::string source("\xFF\xFE\xE9\0\x3D\xD8\x00\xDE\x3D\xD8x\0\x7F", 13);
  publish(make_tree("s.sql", "s", source,
                    {Cut{.output = "a.sql", .length = 6, .text = "é😀", .added = "-- é\n"},
                     Cut{.output = "b.sql", .length = 4, .text = "\xED\xA0\xBDx"},
                     Cut{.output = "b.sql", .length = 1, .text = "\x7F", .raw = true}},
                    "utf-16le-bom")
              .tree);
  EXPECT_EQ(joined("s").value(), source);
}

TEST_F(Join, TranscodesLargePiecesAcrossChunks) {
  std::string text, source;
  for (int i = 0; i < 300'000; ++i) {
    text += "a€";
    source += std::string("\0a\x20\xAC", 4);
  }
  publish(make_tree("s.sql", "s", source,
                    {Cut{.output = "a.sql", .length = source.size(), .text = text}}, "utf-16be")
              .tree);
  EXPECT_TRUE(joined("s").value() == source);
}

TEST_F(Join, RestoresTheMarkOfUtf8) {
  const std::string source = "\xEF\xBB\xBFSELECT 1;";
  publish(make_tree("s.sql", "s", source, {Cut{.output = "a.sql", .length = 9}}, "utf-8-bom").tree);
  EXPECT_EQ(joined("s").value(), source);
}

TEST_F(Join, OfAnEmptySourceIsEmpty) {
  publish(make_tree("s.sql", "s", "", {}).tree);
  EXPECT_EQ(joined("s").value(), "");
}

TEST_F(Join, NoticesChangedMissingAndShortOutputs) {
  const auto made = make_tree("s.sql", "s", "SELECT 1;", {Cut{.output = "a.sql", .length = 9}});
  const auto code_after = [&](auto damage) {
    publish(made.tree);
    damage(dir_ / "s/a.sql");
    const auto bytes = joined("s");
    return bytes ? ErrorCode::kInternal : bytes.error().code;
  };
  using std::filesystem::path;
  EXPECT_EQ(code_after([](const path& p) { std::ofstream(p) << "SELECT 2;"; }),
            ErrorCode::kDifference);
  EXPECT_EQ(code_after([](const path& p) { std::filesystem::resize_file(p, 3); }),
            ErrorCode::kDifference);
  EXPECT_EQ(code_after([](const path& p) { std::filesystem::remove(p); }), ErrorCode::kDifference);
}

TEST_F(Join, RefusesATreeWithoutItsData) {
  publish(make_tree("s.sql", "s", "SELECT 1;INSERT", {Cut{.output = "a.sql", .length = 9}}, "utf-8",
                    "drop")
              .tree);
  const auto bytes = joined("s");
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().code, ErrorCode::kUnreadable);
  EXPECT_NE(bytes.error().message.find("--data=drop"), std::string::npos);
}

TEST_F(Join, SaysWhenThereIsNoTree) {
  EXPECT_EQ(joined("none").error().code, ErrorCode::kNotFound);
  std::filesystem::create_directory(dir_ / "empty");
  EXPECT_EQ(joined("empty").error().code, ErrorCode::kNotFound);
}

TEST_F(Join, EndsWithTheWritersError) {
  publish(make_tree("s.sql", "s", "SELECT 1;", {Cut{.output = "a.sql", .length = 9}}).tree);
  const Descriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  const auto done = join((dir_ / "s").string(), write_to(full.get(), "standard output"));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "standard output: cannot write: No space left on device");
}

}  // namespace
}  // namespace engine::io
