#include "io/cli/idle_globs.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/glob.h"

namespace engine::io {

std::vector<std::string> idle_globs(const CommandLine& line,
                                    const std::vector<FoundSource>& sources) {
  std::vector<std::string> idle;
  const auto look = [&](const char* option, const std::string& glob) {
    const bool matches =
        std::any_of(sources.begin(), sources.end(),
                    [&](const FoundSource& source) { return glob_match(glob, source.path); });
    if (!matches) idle.push_back(fmt::format("{}: no source matches '{}'", option, glob));
  };
  for (const auto& [glob, priority] : line.options.priority_globs) look("--priority", glob);
  for (const auto& [glob, dialect] : line.options.dialect_globs) look("--dialect", glob);
  for (const auto& [glob, encoding] : line.options.encoding_globs) look("--encoding", glob);
  for (const std::string& glob : line.include) look("--include", glob);
  return idle;
}

}  // namespace engine::io
