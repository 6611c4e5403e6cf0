// Real sample databases: as many units as psql, mariadb and sqlite3 send for each file.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
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
    if (cells.size() < 7 || cells[6].empty()) continue;
    rows.push_back({cells[0], cells[1], cells[5], std::stoul(cells[6])});
  }
  return rows;
}

TEST(ClientCounts, EqualWhatTheRealClientsSend) {
  const char* corpus = std::getenv("ENGINE_CORPUS");
  if (corpus == nullptr) GTEST_SKIP() << "ENGINE_CORPUS does not name a folder with counts.tsv";
  const std::vector<Row> rows = load_rows(corpus);
  ASSERT_GT(rows.size(), 400u);
  std::size_t more_batches_of_comments = 0;
  for (const Row& row : rows) {
    std::ifstream file(std::string(corpus) + "/" + row.path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    std::size_t units = 0;
    for (const Part& part : inspect(bytes, *dialect_from_name(row.dialect)).parts) {
      units += part.kind == PartKind::kUnit;
    }
    if (row.method == "go-batch") {
      // That splitter counts a batch of nothing but comments, and repeats "GO n" n times.
      EXPECT_LE(units, row.units) << row.path;
      more_batches_of_comments += units != row.units;
    } else {
      EXPECT_EQ(units, row.units) << row.path << " by " << row.method;
    }
  }
  EXPECT_LE(more_batches_of_comments, 20u);
}

}  // namespace
}  // namespace engine
