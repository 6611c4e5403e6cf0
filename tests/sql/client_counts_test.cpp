// Real sample databases: as many units as psql, mariadb and sqlite3 send for each file.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "engine/inspect.h"

namespace engine {
namespace {

struct Row {
  std::string path, dialect, method;
  std::size_t units;
};

std::vector<Row> load_rows(const std::string& corpus) {
  std::vector<Row> rows;
  std::ifstream file(corpus + "/counts.tsv");
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::vector<std::string> cells;
    std::stringstream stream(line);
    for (std::string cell; std::getline(stream, cell, '\t');) cells.push_back(cell);
    if (cells.size() < 2) continue;
    // Where no client could be had, neither method nor count.
    const bool counted = cells.size() > 6 && !cells[6].empty();
    rows.push_back({cells[0], cells[1], counted ? cells[5] : "",
                    counted ? std::stoul(cells[6]) : std::size_t{0}});
  }
  return rows;
}

// Where go-mssqldb's batch splitter counts more than Microsoft's parser would send: batches of
// nothing but comments, and those of nothing but commands of sqlcmd, which it takes for SQL.
struct MoreByGoBatch {
  std::string_view path;
  std::size_t comments, commands;
};
constexpr MoreByGoBatch kMoreByGoBatch[] = {
    {"tsql/adventure-works-lt/AdventureWorksLT.sql", 2, 0},
    {"tsql/adventure-works/oltp-install-script/instawdb.sql", 1, 0},
    {"tsql/jooq-sakila/sql-server-sakila-schema.sql", 1, 0},
    {"tsql/northwind-pubs/instpubs.sql", 1, 0},
    {"tsql/wide-world-importers/sample-scripts/always-encrypted/"
     "DemonstrateAlwaysEncrypted - Window 2.sql",
     1, 0},
    {"tsql/wide-world-importers/sample-scripts/dynamic-data-masking/DemonstrateDDM.SQL", 1, 0},
    {"tsql/wide-world-importers/sample-scripts/polybase/DemonstratePolybase.sql", 1, 0},
    {"tsql/wide-world-importers/sample-scripts/row-level-security/DemonstrateRLS - Window 2.sql", 1,
     0},
    {"tsql/wide-world-importers/sample-scripts/row-level-security/DemonstrateRLS.sql", 1, 0},
    {"tsql/wide-world-importers/wwi-dw-ssdt/wwi-dw-ssdt/PostDeploymentScripts/"
     "Script.PostDeployment1.sql",
     1, 0},
    {"tsql/wide-world-importers/wwi-ssdt/wwi-ssdt/PostDeploymentScripts/"
     "Script.PostDeployment1.sql",
     4, 3},
    {"tsql/wide-world-importers/wwi-ssdt/wwi-ssdt/PostDeploymentScripts/"
     "pds150-ins-app-cities-q.sql",
     1, 0},
    {"tsql/wide-world-importers/wwi-ssdt/wwi-ssdt/PostDeploymentScripts/"
     "pds150-ins-app-cities-x.sql",
     1, 0},
    {"tsql/wide-world-importers/wwi-ssdt/wwi-ssdt/PostDeploymentScripts/"
     "pds150-ins-app-cities-z.sql",
     1, 0},
    {"tsql/wide-world-importers/wwi-ssdt/wwi-ssdt/Security/Permissions.sql", 1, 0},
};

std::size_t expected_units(const Row& row) {
  for (const MoreByGoBatch& more : kMoreByGoBatch) {
    if (row.method == "go-batch" && row.path == more.path) {
      return row.units - more.comments - more.commands;
    }
  }
  return row.units;
}

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST(ClientCounts, EqualWhatTheRealClientsSendWithTheDialectToldOrNot) {
  const char* corpus = std::getenv("ENGINE_CORPUS");
  if (corpus == nullptr) GTEST_SKIP() << "ENGINE_CORPUS does not name a folder with counts.tsv";
  const std::vector<Row> rows = load_rows(corpus);
  ASSERT_GT(rows.size(), 400u);
  for (const Row& row : rows) {
    if (row.method.empty()) continue;
    const std::string bytes = read(std::string(corpus) + "/" + row.path);
    for (const Dialect dialect : {Dialect::kAuto, *dialect_from_name(row.dialect)}) {
      std::size_t units = 0;
      const Inspection inspection = *inspect(bytes, dialect);
      for (const Part& part : inspection.parts) units += part.kind == PartKind::kUnit;
      EXPECT_EQ(units, expected_units(row))
          << row.path << " by " << row.method << " as " << dialect_name(dialect);
    }
  }
}

// The directories say whose SQL a file is; detection never sees them.
TEST(ClientCounts, DialectsAreToldOrSaidToBeUncertain) {
  const char* corpus = std::getenv("ENGINE_CORPUS");
  if (corpus == nullptr) GTEST_SKIP() << "ENGINE_CORPUS does not name a folder with counts.tsv";
  std::size_t files = 0, told = 0, uncertain = 0;
  for (const Row& row : load_rows(corpus)) {
    if (row.path.ends_with(".txt") || row.path.ends_with(".dat")) continue;  // data, no SQL
    const std::string bytes = read(std::string(corpus) + "/" + row.path);
    const Inspection inspection = *inspect(bytes, Dialect::kAuto);
    ++files;
    const bool right = inspection.dialect == *dialect_from_name(row.dialect);
    told += right;
    uncertain += inspection.uncertain;
    EXPECT_TRUE(right || inspection.uncertain)
        << row.path << " taken for " << dialect_name(inspection.dialect);
  }
  // What is left are statements that any database takes: DROP TABLE, DELETE FROM.
  EXPECT_GE(told * 100, files * 98);
  EXPECT_LE(uncertain * 100, files * 3);
}

}  // namespace
}  // namespace engine
