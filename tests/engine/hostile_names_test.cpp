// Names that no file system should have to bear: each becomes an output inside its tree, none on
// top of another, and the manifest has the true name.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "io/file/verify.h"
#include "tests/support/loaded_folder.h"

namespace engine {
namespace {

using test::LoadedFolder;
using namespace std::string_literals;
namespace fs = std::filesystem;

// Names that are compared as they are, so every spelling is an object of its own.
std::string table_of(const std::string& name) {
  std::string quoted;
  for (const char c : name) quoted += c == '"' ? "\"\""s : std::string(1, c);
  return "CREATE TABLE \"" + quoted + "\" (i int);\n";
}

const std::vector<std::string>& hostile_names() {
  static const std::vector<std::string> names = {
      "/",
      "..",
      ".",
      "../../../../etc/passwd",
      "/etc/passwd",
      "a/b",
      "a\\b",
      "..\\..\\x",
      "a/../b",
      "C:x",
      "a\nb",
      "a\tb",
      "a\x01\x7f"
      "b",
      "a\x1b[2Jb",
      " lead",
      "trail ",
      "trail.",
      "trail...",
      ".hidden",
      "...",
      " ",
      "CON",
      "con.txt",
      "NUL",
      "COM1",
      "lpt9.x",
      "manifest.json",
      ".engine",
      ".git",
      "tables",
      "data",
      "changes",
      "*?<>|:%",
      "%2F",
      "%",
      "~2",
      "plain",
      "plain~2",
      "PLAIN",
      "Plain",
      "-rf",
      "$(touch x)",
      "`x`",
      "'; DROP TABLE x; --",
      "\xff\xfe",                  // no UTF-8
      "\xed\xa0\x80",              // a surrogate
      "caf\xc3\xa9",               // composed,
      "cafe\xcc\x81",              // decomposed,
      "CAF\xc3\x89",               // and in capitals
      "\xd0\xb6\xd1\x83\xd0\xba",  // Cyrillic in small
      "\xd0\x96\xd0\xa3\xd0\x9a",  // and in capital letters
      "stra\xc3\x9f"
      "e",
      "STRASSE",
      "a\xe2\x80\x8d"
      "b",  // a joiner that nobody sees
      "ab",
      "\xe2\x80\xae"
      "lqs.x",  // reads backwards
      std::string(255, 'n'),
      std::string(256, 'n'),
      std::string(5000, 'n'),
      std::string(239, 'n') + "\xc3\xa9\xc3\xa9",
      std::string(120, '/'),
  };
  return names;
}

class HostileNames : public ::testing::TestWithParam<Layout> {};

TEST_P(HostileNames, StayInTheirTreeAndApart) {
  Options options;
  options.dialect = Dialect::kPostgresql;
  options.layout = GetParam();
  LoadedFolder folder(options);
  const fs::path canary = folder.output().parent_path() / "canary";
  fs::create_directories(canary);
  std::string sql;
  for (const std::string& name : hostile_names()) {
    sql += table_of(name);
    std::string quoted = table_of(name);
    quoted.replace(0, 13, "INSERT INTO ");
    sql += quoted.substr(0, quoted.size() - 10) + " VALUES (1);\n";
  }
  const auto outputs = folder.outputs_of("hostile.sql", sql);
  EXPECT_EQ(folder.stats().load.sources_failed, 0u);
  EXPECT_EQ(folder.joined("hostile"), sql);
  EXPECT_THAT(folder.differences(), ::testing::IsEmpty());

  // Nothing beside the folders that are the test's, the tree, and the engine's own.
  std::set<std::string> top;
  for (const auto& entry : fs::directory_iterator(folder.output().parent_path())) {
    top.insert(entry.path().filename());
  }
  EXPECT_THAT(top, ::testing::ElementsAre("canary", "in", "out"));
  EXPECT_TRUE(fs::is_empty(canary));
  for (const auto& entry : fs::directory_iterator(folder.output())) {
    EXPECT_THAT(entry.path().filename(), ::testing::AnyOf("hostile", ".engine"));
  }

  const auto manifest =
      nlohmann::json::parse(test::read_file(folder.output() / "hostile/manifest.json"));
  std::multiset<std::string> named;
  for (const auto& output : manifest["outputs"]) {
    ASSERT_TRUE(output.contains("objects")) << output;
    for (const auto& object : output["objects"]) {
      if (object["action"] == "create") named.insert(object["name"].get<std::string>());
    }
  }
  EXPECT_EQ(named.size(), hostile_names().size());
  for (const std::string& name : hostile_names()) {
    // The manifest is UTF-8 and shows bytes that are not as Latin-1.
    const bool shown = name != "\xff\xfe" && name != "\xed\xa0\x80";
    EXPECT_TRUE(!shown || named.contains(name)) << name;
  }
  for (const auto& [path, text] : outputs) {
    for (std::size_t begin = 0; begin < path.size();) {
      const std::size_t end = std::min(path.find('/', begin), path.size());
      EXPECT_LE(end - begin, 255u);
      EXPECT_NE(path[end - 1], '.');
      EXPECT_NE(path[end - 1], ' ');
      begin = end + 1;
    }
    EXPECT_TRUE(std::none_of(path.begin(), path.end(), [](char c) {
      return static_cast<unsigned char>(c) < 0x20 || c == '\\' || c == ':' || c == 0x7f;
    })) << path;
  }
}

INSTANTIATE_TEST_SUITE_P(All, HostileNames,
                         ::testing::Values(Layout::kNested, Layout::kCompact, Layout::kFlat),
                         [](const auto& of) { return std::string(layout_name(of.param)); });

TEST(HostileNames, ANulByteInAName) {
  Options options;
  options.dialect = Dialect::kPostgresql;
  LoadedFolder folder(options);
  const std::string sql = "CREATE TABLE \"a\0b\" (i int);\nCREATE TABLE \"a\" (i int);\n"s;
  EXPECT_EQ(folder.outputs_of("nul.sql", sql).size(), 2u);
  EXPECT_EQ(folder.joined("nul"), sql);
}

// One procedure edited: one output changes, what was removed is gone, the rest is not touched.
TEST(OneEdit, ChangesOneOutputAndTouchesNoOther) {
  constexpr int kMany = 500;
  const auto script = [](int edited, int removed) {
    std::string sql;
    for (int i = 0; i < kMany; ++i) {
      const std::string name = "p" + std::to_string(1000 + i);
      if (i == removed) continue;
      sql += "SET ANSI_NULLS ON\nGO\nCREATE PROCEDURE dbo." + name + " AS SELECT " +
             (i == edited ? "2, 'longer'\n\n" : "1\n") + "GO\n";
    }
    return sql;
  };
  Options options;
  options.dialect = Dialect::kTsql;
  LoadedFolder folder(options);
  folder.outputs_of("many.sql", script(-1, -1));
  const fs::path procedures = folder.output() / "many/stored_procedures";
  const auto file = [&](int i) {
    const std::string name = "dbo.p" + std::to_string(1000 + i);
    return procedures / name / (name + ".sql");
  };
  std::vector<struct stat> before;
  for (int i = 0; i < kMany; ++i) before.push_back(test::status_of(file(i)));

  folder.outputs_of("many.sql", script(250, 400));
  EXPECT_EQ(folder.stats().load.outputs_written, 1u);
  EXPECT_EQ(folder.stats().load.outputs_unchanged, kMany - 2u);
  EXPECT_FALSE(fs::exists(file(400).parent_path()));
  for (int i = 0; i < kMany; ++i) {
    if (i == 400) continue;
    const struct stat now = test::status_of(file(i));
    const struct stat& then = before[static_cast<std::size_t>(i)];
    const bool same = now.st_ino == then.st_ino && now.st_mtim.tv_sec == then.st_mtim.tv_sec &&
                      now.st_mtim.tv_nsec == then.st_mtim.tv_nsec;
    EXPECT_EQ(same, i != 250) << i;
  }
  EXPECT_THAT(folder.differences(), ::testing::IsEmpty());
}

// Two sources whose names look alike where the bytes of one are no UTF-8.
TEST(SourceNames, ASourceWhoseNameIsNoUtf8IsFoundAgainByItsBytes) {
  LoadedFolder folder;
  const std::vector<std::string> names = {"caf\xe9.sql", "caf\xc3\xa9.sql"};
  for (const std::string& name : names) folder.write(name, "CREATE TABLE t (i int);\n");
  folder.load(names);
  const auto verified = io::verify(folder.output().string(), folder.input().string());
  ASSERT_TRUE(verified) << verified.error().message;
  EXPECT_THAT(verified->differences, ::testing::IsEmpty());
  EXPECT_THAT(verified->notes, ::testing::IsEmpty());
  for (const std::string& name : names) EXPECT_TRUE(verified->tree_of.contains(name)) << name;
}

}  // namespace
}  // namespace engine
