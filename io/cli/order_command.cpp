#include "io/cli/order_command.h"

#include "io/cli/figures.h"
#include "io/file/order.h"

namespace engine::io {

// Paths as the caller can open them. Names of a tree hold no control characters, and what the
// caller gave is the caller's, so they are printed as they are.
ExitStatus run_order(const CommandLine& line, Console& console) {
  const Result<std::vector<std::string>> paths = order(line.input, line.order);
  if (!paths) {
    console.line("engine: " + printable(paths.error().message));
    return paths.error().code == ErrorCode::kNotFound ? kExitUsage : kExitFailed;
  }
  std::string tree = line.input;
  while (!tree.empty() && tree.back() == '/') tree.pop_back();
  std::string out;
  for (const std::string& path : *paths) out.append(tree).append("/").append(path).append("\n");
  if (print(out)) return kExitDone;
  console.line("engine: standard output: cannot be written");
  return kExitFailed;
}

}  // namespace engine::io
