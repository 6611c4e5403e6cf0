// The hard cases of splitting that were settled with the real clients: as many units as the client
// sends, and the objects that each names. One test for each, by its name.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

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
  const std::string sql = one.at("sql");
  if (one.value("encoding", "") != "utf-16-le") return sql;
  std::string out;
  for (std::size_t i = 0; i < sql.size();) {
    const auto c = static_cast<unsigned char>(sql[i]);
    const int tail = c < 0x80 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
    unsigned point = tail == 0 ? c : c & (0x3fu >> tail);
    for (int k = 1; k <= tail; ++k) {
      point =
          point << 6 | (static_cast<unsigned char>(sql[i + static_cast<std::size_t>(k)]) & 0x3f);
    }
    out += static_cast<char>(point & 0xff);
    out += static_cast<char>(point >> 8 & 0xff);
    i += static_cast<std::size_t>(tail) + 1;
  }
  return out;
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
  if (one.value("encoding", "") == "cp932") {
    GTEST_SKIP() << "multi-byte encodings other than UTF are not decoded";
  }
  const Dialect dialect = *dialect_from_name(one.at("dialect").get<std::string>());
  const Inspection inspection = inspect(encoded(one), dialect);
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
