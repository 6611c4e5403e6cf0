#include "io/file/manifest.h"

#include <gtest/gtest.h>

#include "tests/support/test_tree.h"

namespace engine::io {
namespace {

using test::Cut;
using test::make_tree;
using test::with_checksum;

const std::string kTwoObjects = "CREATE TABLE t (a int);\nCREATE VIEW v AS SELECT 1;\n";

std::string good_manifest() {
  return make_tree("d/s.sql", "d/s", kTwoObjects,
                   {Cut{.output = "tables/t/t.sql", .length = 24, .added = "-- table t\n"},
                    Cut{.output = "views/v/v.sql", .length = 27}})
      .manifest;
}

// The manifest with one place changed and the right checksum under it.
std::string changed(const std::string& from, const std::string& to) {
  std::string text = good_manifest();
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return with_checksum(text);
}

TEST(Manifest, IsReadAsItWasWritten) {
  const Result<Manifest> manifest = parse_manifest(good_manifest(), "m");
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(manifest->source.path, "d/s.sql");
  EXPECT_EQ(manifest->source.size, kTwoObjects.size());
  EXPECT_EQ(manifest->units, 2u);
  EXPECT_FALSE(manifest->data_dropped);
  ASSERT_EQ(manifest->outputs.size(), 2u);
  const Manifest::Output& table = manifest->outputs[0];
  EXPECT_EQ(table.path, "tables/t/t.sql");
  EXPECT_EQ(table.kind, "definition");
  ASSERT_EQ(table.added.size(), 1u);
  EXPECT_EQ(table.added[0].length, 11u);
  ASSERT_EQ(table.pieces.size(), 1u);
  EXPECT_EQ(table.pieces[0].output_offset, 11u);
  EXPECT_EQ(table.pieces[0].output_length, 24u);
}

struct Wrong {
  std::string from, to, says;
};

TEST(Manifest, SaysWhatIsWrongWithIt) {
  const Wrong cases[] = {
      {"\"version\": 1", "\"version\": 2", "version 2"},
      {"\"version\": 1", "\"version\": \"1\"", "\"version\" has the wrong type"},
      {"\"units\": 2", "\"units\": -2", "\"units\" has the wrong type"},
      {"\"units\": 2,", "", "\"units\" is missing"},
      {"\"outputs\": [", "\"outputs\": 1, \"x\": [", "\"outputs\" has the wrong type"},
      {"\"version\": 1,", "\"version\": 1", "is not JSON"},
      {"\"utf-8\"", "\"utf-9\"", "unknown encoding \"utf-9\""},
      {"\"path\": \"d/s.sql\"", "\"path\": \"../s.sql\"", "leads out of the input"},
      {"tables/t/t.sql", "/etc/t.sql", "leads out of the tree: /etc/t.sql"},
      {"tables/t/t.sql", "tables/../../t.sql", "leads out of the tree"},
      {"tables/t/t.sql", "manifest.json", "leads out of the tree"},
      {"tables/t/t.sql", "views/v/v.sql", "two outputs have the path"},
      {"\"offset\": 24, \"length\": 27", "\"offset\": 25, \"length\": 27",
       "do not tile the source"},
      {"\"offset\": 24, \"length\": 27", "\"offset\": 23, \"length\": 27", "overlap at byte 23"},
      {"\"output_offset\": 11", "\"output_offset\": 12", "leave a gap at byte 11"},
      {"\"length\": 27,", "\"length\": 18446744073709551615,", "go beyond the end"},
      {"\"size\": 27", "\"size\": 28", "leave a gap at byte 27"},
      {"\"output_offset\": 11", "\"output_offset\": 11, \"output_length\": 25",
       "changes its length without transcoding"},
  };
  for (const Wrong& wrong : cases) {
    const Result<Manifest> manifest = parse_manifest(changed(wrong.from, wrong.to), "t/m");
    ASSERT_FALSE(manifest) << wrong.to;
    EXPECT_EQ(manifest.error().code, ErrorCode::kInvalid) << wrong.to;
    EXPECT_EQ(manifest.error().message.find("t/m: "), 0u);
    EXPECT_NE(manifest.error().message.find(wrong.says), std::string::npos)
        << wrong.to << " -> " << manifest.error().message;
    EXPECT_EQ(manifest.error().message.find('\n'), std::string::npos);
  }
}

TEST(Manifest, EveryChangedByteIsADifference) {
  const std::string good = good_manifest();
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] ^= 1;
    EXPECT_FALSE(parse_manifest(bad, "m")) << i;
  }
  for (std::size_t size = 0; size + 1 < good.size(); ++size) {
    EXPECT_FALSE(parse_manifest(std::string_view(good).substr(0, size), "m")) << size;
  }
  EXPECT_EQ(parse_manifest(good + " ", "m").error().code, ErrorCode::kDifference);
}

TEST(Manifest, OutputsAndWhatWasDroppedTileTheSource) {
  const std::string manifest = make_tree("s.sql", "s", "SELECT 1;INSERT",
                                         {Cut{.output = "a.sql", .length = 9}}, "utf-8", "drop")
                                   .manifest;
  const Result<Manifest> read = parse_manifest(manifest, "m");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(read->data_dropped);
  ASSERT_EQ(read->dropped.size(), 1u);
  EXPECT_EQ(read->dropped[0].length, 6u);
  for (const auto& [from, to] :
       {std::pair(R"("offset": 9, "length": 6)", R"("offset": 9, "length": 5)"),
        std::pair(R"("dropped")", R"("lost")")}) {
    std::string gap = manifest;
    gap.replace(gap.find(from), std::string_view(from).size(), to);
    EXPECT_EQ(parse_manifest(with_checksum(gap), "m").error().code, ErrorCode::kInvalid);
  }
}

TEST(Manifest, OfAnEmptySourceHasNoOutputs) {
  EXPECT_TRUE(parse_manifest(make_tree("s.sql", "s", "", {}).tree.manifest, "m"));
}

}  // namespace
}  // namespace engine::io
