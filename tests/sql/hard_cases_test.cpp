// The hard cases of splitting that were settled with the real clients: as many units as the client
// sends, and the objects that each names. One test for each, by its name.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/encoder.h"
#include "engine/inspect.h"

namespace engine {
namespace {

using nlohmann::json;

std::vector<json> load_cases() {
  const char* folder = std::getenv("ENGINE_CASES");
  if (folder == nullptr) return {};
  std::ifstream file(std::string(folder) + "/hard_cases.json");
  if (!file.is_open()) return {};
  std::vector<json> settled;
  for (const json& one : json::parse(file)) {
    if (!one.value("disputed", false)) settled.push_back(one);
  }
  return settled;
}

// The cases are written in UTF-8; `encoding` says what the file would be in.
std::string encoded(const json& one) {
  const std::string named = one.value("encoding", "utf-8");
  const std::optional<Encoding> encoding = encoding_from_name(named);
  std::string bytes;
  EXPECT_TRUE(encoding && Encoder(*encoding).add(one.at("sql").get<std::string>(), bytes)) << named;
  return bytes;
}

bool matches(const json& expected, const ObjectRef& object) {
  const auto same = [&](const char* key, const std::optional<std::string>& value) {
    if (!expected.contains(key)) return true;
    return expected[key].is_null() ? !value : value && *value == expected[key];
  };
  return object.type == expected.at("type") && same("schema", object.schema) &&
         same("name", object.name) && same("parent", object.parent) &&
         same("database", object.database) && same("signature", object.signature);
}

class HardCases : public ::testing::TestWithParam<json> {};

TEST_P(HardCases, UnitsAndObjectsAreTheClients) {
  const json& one = GetParam();
  const Dialect dialect = *dialect_from_name(one.at("dialect").get<std::string>());
  const Inspection inspection = *inspect(encoded(one), dialect);
  std::size_t units = 0;
  std::vector<ObjectRef> objects;
  for (const Part& part : inspection.parts) {
    units += part.kind == PartKind::kUnit;
    objects.insert(objects.end(), part.objects.begin(), part.objects.end());
  }
  EXPECT_EQ(units, one.at("expected_count").get<std::size_t>());
  for (const json& expected : one.at("expected_objects")) {
    bool found = false;
    for (const ObjectRef& object : objects) found = found || matches(expected, object);
    EXPECT_TRUE(found) << expected.dump();
  }
}

INSTANTIATE_TEST_SUITE_P(Settled, HardCases, ::testing::ValuesIn(load_cases()),
                         [](const auto& one) {
                           return one.param.at("name").template get<std::string>();
                         });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(HardCases);

TEST(HardCasesFile, IsThere) {
  if (std::getenv("ENGINE_CASES") == nullptr) {
    GTEST_SKIP() << "ENGINE_CASES does not name the folder of hard_cases.json";
  }
  EXPECT_GT(load_cases().size(), 100u);
}

}  // namespace
}  // namespace engine
