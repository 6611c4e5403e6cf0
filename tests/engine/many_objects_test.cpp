// Very many objects in one source: each has its output, none is lost or takes another's place.
// ENGINE_TEST_OBJECTS says how many; the regular suite takes 2,000.
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "io/file/order.h"
#include "tests/support/loaded_folder.h"

namespace engine {
namespace {

using test::LoadedFolder;

int object_count() {
  const char* given = std::getenv("ENGINE_TEST_OBJECTS");
  return given != nullptr ? std::atoi(given) : 2000;
}

Options postgresql() {
  Options options;
  options.dialect = Dialect::kPostgresql;
  return options;
}

nlohmann::json manifest_of(const LoadedFolder& folder) {
  return nlohmann::json::parse(test::read_file(folder.output() / "many/manifest.json"));
}

// One output each: tables, their indexes, views, overloads, and names that differ only by case.
TEST(ManyObjects, EachHasItsOutput) {
  const int rounds = object_count() / 5;
  std::string sql;
  for (int i = 0; i < rounds; ++i) {
    const std::string n = std::to_string(i);
    sql += "CREATE TABLE t" + n + " (i int);\nCREATE INDEX x" + n + " ON t" + n +
           " (i);\nCREATE VIEW v" + n + " AS SELECT i FROM t" + n + ";\nCREATE FUNCTION f(a x" + n +
           ") RETURNS int LANGUAGE sql AS 'SELECT 1';\nCREATE TABLE \"T" + n + "\" (i int);\n";
  }
  LoadedFolder folder(postgresql());
  folder.write("many.sql", sql);
  folder.load({"many.sql"});
  EXPECT_EQ(folder.stats().load.sources_failed, 0u);
  EXPECT_EQ(folder.joined("many"), sql);
  EXPECT_THAT(folder.differences(), ::testing::IsEmpty());

  std::set<std::string> paths, names;
  const nlohmann::json manifest = manifest_of(folder);
  for (const auto& output : manifest["outputs"]) {
    paths.insert(output["path"].get<std::string>());
    ASSERT_EQ(output["objects"].size(), 1u);
    const auto& object = output["objects"][0];
    names.insert(object["name"].get<std::string>() + object.value("signature", ""));
  }
  const auto count = static_cast<std::size_t>(rounds) * 5;
  EXPECT_EQ(paths.size(), count);
  EXPECT_EQ(names.size(), count);
  for (const LoadOrder by : {LoadOrder::kSource, LoadOrder::kDependency}) {
    const auto ordered = io::order((folder.output() / "many").string(), by);
    ASSERT_TRUE(ordered) << ordered.error().message;
    EXPECT_EQ(std::set<std::string>(ordered->paths.begin(), ordered->paths.end()), paths);
  }
}

// One output that tells of all of them: the columns' comments, a table's constraints.
TEST(ManyObjects, OneOutputTellsOfAll) {
  const int count = object_count();
  std::string comments, constraints;
  for (int i = 0; i < count; ++i) {
    const std::string n = std::to_string(i);
    constraints += ",\n CONSTRAINT k" + n + " CHECK (i > " + n + ")";
    comments += "COMMENT ON COLUMN t.c" + n + " IS 'x';\n";
  }
  const std::string sql = "CREATE TABLE t (i int" + constraints + ");\n" + comments;
  LoadedFolder folder(postgresql());
  EXPECT_EQ(folder.outputs_of("many.sql", sql).size(), 1u);
  EXPECT_EQ(folder.joined("many"), sql);
  const nlohmann::json manifest = manifest_of(folder);
  ASSERT_EQ(manifest["outputs"].size(), 1u);
  EXPECT_EQ(manifest["outputs"][0]["objects"].size(), 2 * static_cast<std::size_t>(count) + 1);
}

}  // namespace
}  // namespace engine
