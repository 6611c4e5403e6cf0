// SQL of other projects: as many units as the real client sends, and each holds what it sent.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/sql/compare_units.h"
#include "tests/support/real_client.h"

namespace engine::test {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> scripts_below(const fs::path& folder) {
  std::vector<fs::path> files;
  if (!fs::is_directory(folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const fs::path suffix = entry.path().extension();
    if (entry.is_regular_file() && (suffix == ".sql" || suffix == ".test" || suffix == ".inc")) {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

void compare_folder(const fs::path& folder, Dialect dialect) {
  RealClient client(dialect);
  const auto files = scripts_below(folder);
  std::size_t equal = 0, total = 0;
  for (std::size_t i = 0; i < files.size();) {
    std::vector<std::string> scripts;
    std::vector<fs::path> names;
    for (; i < files.size() && scripts.size() < 50; ++i) {
      std::string script = defused(read_file(files[i]), dialect);
      if (script.empty()) continue;
      scripts.push_back(std::move(script));
      names.push_back(files[i]);
    }
    const auto sent = client.send(scripts);
    for (std::size_t k = 0; k < scripts.size(); ++k) {
      const std::string difference = difference_of(scripts[k], dialect, sent[k]);
      ++total;
      equal += difference.empty();
      if (!difference.empty()) ADD_FAILURE() << names[k] << ": " << difference;
    }
  }
  std::cerr << folder << ": " << equal << " of " << total << " equal\n";
}

TEST(ClientFiles, Named) {
  const char* folder = std::getenv("ENGINE_CLIENT_FILES");
  const char* dialect = std::getenv("ENGINE_CLIENT_DIALECT");
  if (folder == nullptr || dialect == nullptr) GTEST_SKIP();
  compare_folder(folder, *dialect_from_name(dialect));
}

}  // namespace
}  // namespace engine::test
