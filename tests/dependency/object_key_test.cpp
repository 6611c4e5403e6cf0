// The same object under all the spellings by which a script may name it.
#include "engine/dependency/object_key.h"

#include <gtest/gtest.h>

namespace engine::dependency {
namespace {

ObjectKey named(std::string type, std::optional<std::string> schema, std::string name) {
  ObjectKey object;
  object.type = std::move(type);
  object.schema = std::move(schema);
  object.name = std::move(name);
  return object;
}

bool are_one(const ObjectKey& a, const ObjectKey& b, Dialect dialect) {
  const KeyMaker keys(dialect);
  return keys.key(a) == keys.key(b);
}

TEST(ObjectKey, ASchemaThatIsLeftOutIsTheDialectsOwn) {
  const ObjectKey bare = named("table", {}, "t");
  EXPECT_TRUE(are_one(bare, named("table", "dbo", "t"), Dialect::kTsql));
  EXPECT_TRUE(are_one(bare, named("table", "public", "t"), Dialect::kPostgresql));
  EXPECT_TRUE(are_one(bare, named("table", "main", "t"), Dialect::kSqlite));
  EXPECT_FALSE(are_one(bare, named("table", "dbo", "t"), Dialect::kPostgresql));
  EXPECT_FALSE(are_one(bare, named("table", "dbo", "t"), Dialect::kMysql));
}

TEST(ObjectKey, LetterCaseIsIgnoredWhereServersDo) {
  const ObjectKey small = named("table", "s", "t"), large = named("table", "S", "T");
  EXPECT_TRUE(are_one(small, large, Dialect::kTsql));
  EXPECT_TRUE(are_one(small, large, Dialect::kSqlite));
  EXPECT_FALSE(are_one(small, large, Dialect::kPostgresql));
  EXPECT_FALSE(are_one(small, large, Dialect::kMysql));
}

TEST(ObjectKey, TablesAndViewsShareTheirNamesAndRoutinesDoNot) {
  const ObjectKey table = named("table", {}, "x");
  EXPECT_TRUE(are_one(table, named("view", {}, "x"), Dialect::kPostgresql));
  EXPECT_FALSE(are_one(table, named("function", {}, "x"), Dialect::kPostgresql));
}

TEST(ObjectKey, ADatabaseOfMysqlIsASchema) {
  const ObjectKey database = named("database", {}, "d"), schema = named("schema", {}, "d");
  EXPECT_TRUE(are_one(database, schema, Dialect::kMysql));
  EXPECT_FALSE(are_one(database, schema, Dialect::kTsql));
}

TEST(ObjectKey, ADatabaseThatIsImpliedSaysNothing) {
  ObjectKey written = named("table", "s", "t"), implied = written;
  written.database = implied.database = "d";
  implied.database_implied = true;
  EXPECT_FALSE(are_one(written, implied, Dialect::kBigquery));
  EXPECT_TRUE(are_one(implied, named("table", "s", "t"), Dialect::kBigquery));
}

TEST(ObjectKey, AnOverloadIsKnownByTheTypesOfItsArguments) {
  ObjectKey one = named("function", {}, "f"), other = one, same = one;
  one.signature = "(integer)";
  same.signature = "(int4)";
  other.signature = "(text)";
  EXPECT_TRUE(are_one(one, same, Dialect::kPostgresql));
  EXPECT_FALSE(are_one(one, other, Dialect::kPostgresql));
}

TEST(ObjectKey, WhatHangsOnOneTableIsNotOnAnother) {
  const KeyMaker keys(Dialect::kTsql);
  const ObjectKey index = named("index", "dbo", "ix");
  EXPECT_EQ(keys.key(index, "T"), keys.key(index, "t"));
  EXPECT_NE(keys.key(index, "t"), keys.key(index, "u"));
  ObjectKey property = named("extended_property", "dbo", "p"), of_column = property;
  of_column.minor = "column a";
  EXPECT_NE(keys.key(property, "t"), keys.key(of_column, "t"));
}

}  // namespace
}  // namespace engine::dependency
