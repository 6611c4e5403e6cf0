// Sources in every kind of encoding: told, loaded as UTF-8, and given back byte for byte.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "engine/encoder.h"
#include "tests/cli/program.h"

namespace engine::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string encode(std::string_view utf8, Encoding encoding) {
  std::string bytes;
  EXPECT_TRUE(Encoder(encoding).add(utf8, bytes));
  return bytes;
}

class Encodings : public Program {
 protected:
  void load(std::vector<std::string> options = {}) {
    options.insert(options.end(), {"in", "out"});
    const ProcessResult result = run(options);
    EXPECT_EQ(result.exit_status, 0) << result.err;
  }
  void expect_round_trip(const std::string& tree, const std::string& bytes) {
    EXPECT_EQ(run({"join", "out/" + tree}).out, bytes) << tree;
    EXPECT_EQ(run({"verify", "out/" + tree}).exit_status, 0) << tree;
  }
  std::string manifest(const std::string& tree) {
    return read_file(dir_ / ("out/" + tree + "/manifest.json"));
  }
};

TEST_F(Encodings, OutputsAreUtf8AndJoinGivesTheBytesBack) {
  constexpr std::string_view kJapanese =
      "-- 顧客の表\r\nCREATE TABLE `予約表` (`申込` int) ENGINE=InnoDB;\r\n"
      "INSERT INTO `予約表` VALUES ('表'),('ソ');\r\nCREATE TABLE b (i int);\n";
  constexpr std::string_view kGerman =
      "CREATE TABLE [dbo].[Größe] (Länge int) -- für Österreich, 5 €\nGO\n";
  const std::string japanese = encode(kJapanese, Encoding::kCp932);
  const std::string german = encode(kGerman, Encoding::kCp1252);
  dir_.write("in/ja.sql", japanese);
  dir_.write("in/de.sql", german);
  load();
  EXPECT_THAT(manifest("ja"), HasSubstr("\"encoding\": \"cp932\""));
  EXPECT_THAT(manifest("de"), HasSubstr("\"encoding\": \"cp1252\""));
  EXPECT_THAT(read_file(dir_ / "out/ja/tables/予約表/予約表.sql"), HasSubstr("`申込` int"));
  EXPECT_THAT(read_file(dir_ / "out/de/tables/dbo.Größe/dbo.Größe.sql"), HasSubstr("5 €"));
  expect_round_trip("ja", japanese);
  expect_round_trip("de", german);
}

TEST_F(Encodings, OffsetsAreOfTheFileOnDisk) {
  const std::string bytes =
      encode("-- 顧客テーブルの表\nCREATE TABLE 表 (i int);\nSELECT 1;\n", Encoding::kCp932);
  dir_.write("a.sql", bytes);
  const ProcessResult result = run({"inspect", "--format=json", "--dialect=mysql", "a.sql"});
  const std::size_t at = bytes.find("SELECT");
  EXPECT_THAT(result.out, HasSubstr("\"offset\":" + std::to_string(at) + ",\"length\":9"));
}

TEST_F(Encodings, WhatIsOrdinaryComesBack) {
  std::string utf16;
  for (const char c : std::string_view("CREATE TABLE a (i int)\r\nGO\r\nSELECT 'x'")) {
    utf16 += {c, '\0'};
  }
  const std::string lone_surrogate = utf16 + std::string("\x3d\xd8'\0", 4);
  std::string line = "INSERT INTO t VALUES (1";
  while (line.size() < 374'000) line += ",'caf\xe9'";
  const std::vector<std::pair<std::string, std::string>> sources = {
      {"utf16", utf16},
      {"odd", utf16 + 'x'},
      {"lone", lone_surrogate},
      {"nul", std::string("SELECT 'a\0b';\0\nSELECT 2;", 24)},
      {"long", line + ");"},
      {"mixed", "SELECT 1;\r\nSELECT 2;\nSELECT 3;\rSELECT 4"},
      {"one", "SELECT 'caf\xe9';\n"},
      {"mark", "\xef\xbb\xbfSELECT '\xc3\xa9';"},
      {"empty", ""},
  };
  for (const auto& [name, bytes] : sources) dir_.write("in/" + name + ".sql", bytes);
  load();
  for (const auto& [name, bytes] : sources) expect_round_trip(name, bytes);
  EXPECT_THAT(manifest("one"), HasSubstr("\"encoding\": \"8bit\""));
  EXPECT_THAT(manifest("odd"), HasSubstr("\"encoding\": \"utf-16le\""));
}

TEST_F(Encodings, OneThatNobodyTellsIsAWarningWithItsPlace) {
  dir_.write("in/a.sql", "SELECT 1;\nSELECT 'caf\xe9';\n");
  const ProcessResult result = run({"in", "out"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("a.sql:2:12: no UTF-8 from here on"));
  EXPECT_THAT(run({"--force", "--encoding=cp1252", "in", "out"}).out,
              testing::Not(HasSubstr("no UTF-8")));
  EXPECT_THAT(run({"--force", "--encoding=8bit", "in", "out"}).out,
              testing::Not(HasSubstr("no UTF-8")));
}

TEST_F(Encodings, TheUserNamesThemForAllOrByGlob) {
  const std::string bytes = "SELECT 'caf\xe9';\n";
  dir_.write("in/a.sql", bytes);
  dir_.write("in/old/b.sql", bytes);
  load({"--encoding=latin1", "--encoding=old/*=cp437"});
  EXPECT_THAT(manifest("a"), HasSubstr("\"encoding\": \"iso-8859-1\""));
  EXPECT_THAT(read_file(dir_ / "out/a/other/0001.sql"), HasSubstr("café"));
  EXPECT_THAT(read_file(dir_ / "out/old/b/other/0001.sql"), HasSubstr("cafΘ"));
  expect_round_trip("a", bytes);
  expect_round_trip("old/b", bytes);
}

TEST_F(Encodings, ANameThatDoesNotFitIsAWarningWithItsPlace) {
  const std::string bytes = "SELECT 1;\nSELECT '\xfd\xff';\n";
  dir_.write("in/a.sql", bytes);
  const ProcessResult result = run({"--encoding=cp932", "in", "out"});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_THAT(result.out + result.err, HasSubstr("a.sql:2:9: not cp932"));
  expect_round_trip("a", bytes);
}

TEST_F(Encodings, AnUnknownNameIsOneLine) {
  const ProcessResult result = run({"--encoding=utf-9", "in", "out"});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_TRUE(is_one_line(result.err)) << result.err;
  EXPECT_THAT(result.err, HasSubstr("cp932"));
}

TEST_F(Encodings, ExplainSaysWhatToldThem) {
  dir_.write("a.sql", encode("CREATE TABLE `予約表` (i int);\n", Encoding::kCp932));
  EXPECT_THAT(run({"inspect", "--explain", "a.sql"}).err, HasSubstr("double-byte characters"));
  const ProcessResult json = run({"inspect", "--explain", "--format=json", "a.sql"});
  EXPECT_THAT(json.err, HasSubstr("\"encoding\":\"cp932\""));
  EXPECT_THAT(json.err, HasSubstr("\"dialect_evidence\":["));
  EXPECT_THAT(json.out, Not(HasSubstr("evidence")));
}

}  // namespace
}  // namespace engine::test
