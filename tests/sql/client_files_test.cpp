// SQL of other projects: as many units as the real client sends, and each holds what it sent.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "engine/sql/splitter.h"
#include "tests/sql/compare_units.h"
#include "tests/support/real_client.h"

namespace engine::test {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> scripts_below(const fs::path& folder) {
  std::vector<fs::path> files;
  if (!fs::is_directory(folder)) return files;
  for (auto place = fs::recursive_directory_iterator(folder); place != fs::end(place); ++place) {
    const fs::directory_entry& entry = *place;
    const fs::path suffix = entry.path().extension();
    // Scripts of another package, for mariadb-test, which is no client of ours.
    if (entry.path().filename() == "mysql-test") place.disable_recursion_pending();
    if (entry.is_regular_file() && (suffix == ".sql" || suffix == ".test" || suffix == ".inc")) {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

// Scripts with a quote or comment that is never closed are left out: there the client swallows the
// rest, and we do not.
bool is_whole(std::string_view script, Dialect dialect) {
  sql::Splitter splitter(script, dialect);
  sql::SplitPart part;
  bool whole = true;
  while (splitter.next(&part)) whole &= !part.broken;
  return whole;
}

void compare_folder(const fs::path& folder, Dialect dialect) {
  if (!RealClient::installed(dialect)) GTEST_SKIP() << "the client is not installed";
  if (!fs::is_directory(folder)) GTEST_SKIP() << folder << " is not there: install its package";
  constexpr std::size_t kAtOnce = 50;
  RealClient client(dialect);
  const auto files = scripts_below(folder);
  std::size_t compared = 0, broken = 0, different = 0;
  for (std::size_t i = 0; i < files.size();) {
    std::vector<std::string> scripts;
    std::vector<fs::path> names;
    for (; i < files.size() && scripts.size() < kAtOnce; ++i) {
      std::string script = defused(read_file(files[i]), dialect);
      const bool whole = is_whole(script, dialect);
      broken += !whole;
      if (script.empty() || !whole) continue;
      scripts.push_back(std::move(script));
      names.push_back(files[i]);
    }
    const auto sent = client.send(scripts);
    for (std::size_t k = 0; k < scripts.size(); ++k) {
      const std::string difference = difference_of(scripts[k], dialect, sent[k]);
      ++compared;
      different += !difference.empty();
      EXPECT_EQ(difference, "") << names[k];
    }
  }
  EXPECT_GT(compared, 0u) << folder << " has no scripts";
  std::cout << folder << ": " << compared - different << " of " << compared << " scripts equal, "
            << broken << " with something that is never closed left out\n";
}

TEST(ClientFiles, ExtensionsOfPostgresql) {
  compare_folder("/usr/share/postgresql/15/extension", Dialect::kPostgresql);
}
TEST(ClientFiles, SystemTablesOfMariadb) { compare_folder("/usr/share/mysql", Dialect::kMysql); }
TEST(ClientFiles, MediawikiForMysql) {
  compare_folder("/usr/share/mediawiki/maintenance/archives", Dialect::kMysql);
}
TEST(ClientFiles, MediawikiForPostgresql) {
  compare_folder("/usr/share/mediawiki/maintenance/postgres", Dialect::kPostgresql);
}

// ENGINE_CLIENT_FILES names a folder, ENGINE_CLIENT_DIALECT its dialect: PostgreSQL's regression
// suite, MariaDB's mysql-test.
TEST(ClientFiles, OfTheFolderThatTheEnvironmentNames) {
  const char* folder = std::getenv("ENGINE_CLIENT_FILES");
  const char* name = std::getenv("ENGINE_CLIENT_DIALECT");
  if (folder == nullptr || name == nullptr) {
    GTEST_SKIP() << "ENGINE_CLIENT_FILES and ENGINE_CLIENT_DIALECT do not name a folder";
  }
  const auto dialect = dialect_from_name(name);
  ASSERT_TRUE(dialect == Dialect::kPostgresql || dialect == Dialect::kMysql) << name;
  compare_folder(folder, *dialect);
}

}  // namespace
}  // namespace engine::test
