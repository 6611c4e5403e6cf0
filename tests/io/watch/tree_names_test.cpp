#include "io/watch/tree_names.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <vector>

namespace engine::io {
namespace {

// The tree name of the first of the entries.
std::string tree_name(std::initializer_list<const char*> entries) {
  std::vector<DirectoryEntry> listed;
  for (const char* entry : entries) listed.push_back({entry, EntryKind::kFile});
  return std::string(TreeNames(listed).tree_name(*entries.begin()));
}

TEST(SourceNames, KnowsEverySuffixInAnyLetterCase) {
  for (const char* name : {"a.sql", "a.SQL", "a.ddl", "a.Dml", "a.prc", "a.fnc", "a.trg", "a.vw",
                           "a.pks", "a.pkb", "a.pkg", "a.pls", "a.tab", "a.DUMP", "x/y/a.sql"}) {
    EXPECT_TRUE(SourceNames::has_source_suffix(name)) << name;
  }
  for (const char* name : {"a.sql.gz", "a.SQL.GZ", "a.dump.zst", "a.ddl.xz", "a.tab.bz2"}) {
    EXPECT_TRUE(SourceNames::has_source_suffix(name)) << name;
  }
  for (const char* name :
       {"a.txt", "sql", "asql", "a.gz", "a.sql.zip", "a.sql.gz.gz", "a.sql~", ""}) {
    EXPECT_FALSE(SourceNames::has_source_suffix(name)) << name;
  }
}

TEST(SourceNames, IncludeAddsToTheSuffixesAndExcludeWins) {
  const SourceNames names({"*.txt", "x/**"}, {"*_old.*", "x/private/**"});
  EXPECT_TRUE(names.matches("a.sql"));
  EXPECT_TRUE(names.matches("a.txt"));
  EXPECT_TRUE(names.matches("x/anything"));
  EXPECT_FALSE(names.matches("anything"));
  EXPECT_FALSE(names.matches("a_old.sql"));
  EXPECT_FALSE(names.matches("a_old.txt"));
  EXPECT_FALSE(names.matches("x/private/a.sql"));
}

TEST(TreeNames, AFinalSqlIsDropped) {
  EXPECT_EQ(tree_name({"foo.sql"}), "foo");
  EXPECT_EQ(tree_name({"foo.SqL"}), "foo");
  EXPECT_EQ(tree_name({"foo.sql", "bar.sql", "foo.txt"}), "foo");
}

TEST(TreeNames, OtherSuffixesStay) {
  EXPECT_EQ(tree_name({"foo.ddl"}), "foo.ddl");
  EXPECT_EQ(tree_name({"a.sql.gz"}), "a.sql.gz");
  EXPECT_EQ(tree_name({"a.sql.gz", "a"}), "a.sql.gz");
  EXPECT_EQ(tree_name({"readme"}), "readme");
}

TEST(TreeNames, AnEntryOfTheShorterNameKeepsTheFullOne) {
  EXPECT_EQ(tree_name({"foo.sql", "foo"}), "foo.sql");
  EXPECT_EQ(tree_name({"foo.sql", "Foo"}), "foo");
}

TEST(TreeNames, TwoThatWouldBeShortenedAlikeBothKeepTheirs) {
  EXPECT_EQ(tree_name({"foo.sql", "foo.SQL"}), "foo.sql");
  EXPECT_EQ(tree_name({"foo.SQL", "foo.sql"}), "foo.SQL");
}

TEST(TreeNames, OfTwoSuffixesOneIsDropped) {
  EXPECT_EQ(tree_name({"foo.sql.sql"}), "foo.sql");
  EXPECT_EQ(tree_name({"foo.sql.sql", "foo.sql"}), "foo.sql.sql");
  EXPECT_EQ(tree_name({"foo.sql", "foo.sql.sql"}), "foo");
  EXPECT_EQ(tree_name({"foo.sql", "foo.sql.sql", "foo"}), "foo.sql");
  EXPECT_EQ(tree_name({"foo.sql.sql", "foo.sql", "foo"}), "foo.sql.sql");
  EXPECT_EQ(tree_name({"foo.sql.sql", "foo"}), "foo.sql");
}

TEST(TreeNames, OfVeryManyEachHasItsOwn) {
  std::vector<DirectoryEntry> entries;
  for (int i = 0; i < 20000; ++i) {
    entries.push_back({"s" + std::to_string(i) + ".sql", EntryKind::kFile});
    if (i % 10 == 0) entries.push_back({"s" + std::to_string(i), EntryKind::kDirectory});
  }
  const TreeNames names(entries);
  for (int i = 0; i < 20000; ++i) {
    const std::string shorter = "s" + std::to_string(i);
    ASSERT_EQ(names.tree_name(shorter + ".sql"), i % 10 == 0 ? shorter + ".sql" : shorter);
  }
}

TEST(TreeNames, ANameThatCannotStandKeepsItsSuffix) {
  EXPECT_EQ(tree_name({".sql"}), ".sql");
  EXPECT_EQ(tree_name({"..sql"}), "..sql");
  EXPECT_EQ(tree_name({"...sql"}), "...sql");
  EXPECT_EQ(tree_name({"....sql"}), "...");
}

TEST(TreeNames, TheEnginesOwnDirectoryIsNoTree) {
  EXPECT_EQ(tree_name({".engine.sql"}), ".engine.sql");
}

}  // namespace
}  // namespace engine::io
