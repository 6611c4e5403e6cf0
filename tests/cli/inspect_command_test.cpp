// engine inspect: parts and objects of one file.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/cli/program.h"

namespace engine::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* kScript =
    "CREATE TABLE SalesLT.Product (Id int NOT NULL);\n"
    "GO\n"
    "-- a gap\n"
    "ALTER TABLE SalesLT.Product ADD CONSTRAINT PK_Product PRIMARY KEY (Id);\n"
    "GO\n";

class InspectCommand : public Program {
 protected:
  std::vector<json> inspect(const std::string& file,
                            std::vector<std::string> arguments = {}) const {
    arguments.insert(arguments.begin(), "inspect");
    arguments.insert(arguments.end(), {"--format=json", file});
    const ProcessResult result = run(arguments);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    std::vector<json> parts;
    std::istringstream lines(result.out);
    for (std::string line; std::getline(lines, line);) {
      parts.push_back(json::parse(line, nullptr, false));
      EXPECT_TRUE(parts.back().is_object()) << line;
    }
    return parts;
  }
};

TEST_F(InspectCommand, JsonIsOneObjectALineInSourceOrder) {
  dir_.write("a.sql", kScript);
  const std::vector<json> parts = inspect("a.sql", {"--dialect=tsql"});
  std::uint64_t offset = 0;
  int units = 0;
  for (const json& part : parts) {
    EXPECT_EQ(part["offset"], offset);
    offset += part["length"].get<std::uint64_t>();
    EXPECT_TRUE(part["line"].is_number_unsigned());
    EXPECT_TRUE(part["objects"].is_array());
    if (part["kind"] == "unit") {
      EXPECT_EQ(part["unit"], ++units);
    } else {
      EXPECT_TRUE(part["kind"] == "directive" || part["kind"] == "gap");
      EXPECT_FALSE(part.contains("unit"));
    }
  }
  EXPECT_EQ(offset, std::string(kScript).size());
  EXPECT_EQ(units, 2);
}

TEST_F(InspectCommand, AnObjectHasEveryKeyAndNullWhereThereIsNone) {
  dir_.write("a.sql", kScript);
  const std::vector<json> parts = inspect("a.sql", {"--dialect=tsql"});
  ASSERT_FALSE(parts.empty());
  EXPECT_EQ(parts.front()["objects"],
            json::parse(R"([{"action":"create","type":"table","database":null,"schema":"SalesLT",
                             "name":"Product","parent":null}])"));
  std::vector<json> constraints;
  for (const json& part : parts) {
    for (const json& object : part["objects"]) {
      if (object["type"] == "constraint") constraints.push_back(object);
    }
  }
  ASSERT_EQ(constraints.size(), 1u);
  EXPECT_EQ(constraints[0]["name"], "PK_Product");
  EXPECT_EQ(constraints[0]["parent"], "Product");
  EXPECT_EQ(constraints[0]["constraint_kind"], "primary_key");
}

TEST_F(InspectCommand, ANameThatIsNotUtf8IsStillJson) {
  dir_.write("a.sql", "CREATE TABLE Caf\xe9 (Id int);\n");
  const std::vector<json> parts = inspect("a.sql");
  ASSERT_FALSE(parts.empty());
  EXPECT_THAT(parts.front()["objects"][0]["name"].get<std::string>(), StartsWith("Caf"));
}

TEST_F(InspectCommand, TextIsATable) {
  dir_.write("a.sql", kScript);
  const ProcessResult result = run({"inspect", "--dialect=tsql", "a.sql"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("what"));
  EXPECT_THAT(result.out, HasSubstr("create table SalesLT.Product"));
  EXPECT_THAT(result.out, HasSubstr("PK_Product on Product"));
  EXPECT_FALSE(has_control_characters(result.out));
}

TEST_F(InspectCommand, ExplainNamesTheDialectAndTheEncoding) {
  dir_.write("a.sql", kScript);
  const ProcessResult result = run({"inspect", "--explain", "a.sql"});
  EXPECT_THAT(result.err, HasSubstr("dialect tsql"));
  EXPECT_THAT(result.err, HasSubstr("encoding utf-8"));
}

TEST_F(InspectCommand, ALinkMeansItsTarget) {
  dir_.write("real/a.sql", kScript);
  std::filesystem::create_symlink("real/a.sql", dir_ / "link.sql");
  EXPECT_FALSE(inspect("link.sql").empty());
}

TEST_F(InspectCommand, AnEmptyFileHasNoParts) {
  dir_.write("a.sql", "");
  EXPECT_TRUE(inspect("a.sql").empty());
}

TEST_F(InspectCommand, ABrokenSourceIsAFailure) {
  dir_.write("broken.sql.gz", "not gzip");
  const ProcessResult result = run({"inspect", "broken.sql.gz"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_TRUE(is_one_line(result.err)) << result.err;
  EXPECT_THAT(result.err, StartsWith("engine: broken.sql.gz"));
}

TEST_F(InspectCommand, WhatIsNoFileIsWrongUsageWithWhatNext) {
  std::filesystem::create_directory(dir_ / "folder.sql");
  for (const char* file : {"nope.sql", "folder.sql"}) {
    const ProcessResult result = run({"inspect", file});
    EXPECT_EQ(result.exit_status, 2);
    EXPECT_TRUE(is_one_line(result.err)) << result.err;
    EXPECT_THAT(result.err, StartsWith(std::string("engine: ") + file));
    EXPECT_THAT(result.err, HasSubstr("; name "));
  }
}

TEST_F(InspectCommand, WhatIsNoTextIsSaid) {
  std::string bytes;
  for (int i = 0; i < 3000; ++i) bytes += static_cast<char>(i * i % 251);
  dir_.write("a.sql", bytes);
  EXPECT_THAT(run({"inspect", "--explain", "a.sql"}).err,
              ::testing::HasSubstr("\na.sql: holds control characters as no text does"));
}

}  // namespace
}  // namespace engine::test
