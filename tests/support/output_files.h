// output_files: every file of the trees below an OUTPUT, with its bytes.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "tests/support/temp_dir.h"

namespace engine::test {

/// By path relative to OUTPUT; without the engine's own directory.
inline std::map<std::string, std::string> output_files(const std::filesystem::path& output) {
  namespace fs = std::filesystem;
  std::map<std::string, std::string> found;
  if (!fs::exists(output)) return found;
  for (auto entry = fs::recursive_directory_iterator(output);
       entry != fs::recursive_directory_iterator(); ++entry) {
    if (entry.depth() == 0 && entry->path().filename() == ".engine") {
      entry.disable_recursion_pending();
    } else if (entry->is_regular_file()) {
      found[entry->path().lexically_relative(output).string()] = read_file(entry->path());
    }
  }
  return found;
}

}  // namespace engine::test
