#include "io/cli/order_command.h"

#include "io/cli/command_definition.h"
#include "io/cli/figures.h"
#include "io/file/order.h"

namespace engine::io {

namespace {

// Outputs each of which would have to be loaded before another one of them.
void warn_of(const std::vector<std::string>& ring, Console& console) {
  constexpr std::size_t kMostNamed = 8;
  std::string names;
  for (std::size_t i = 0; i < ring.size() && i < kMostNamed; ++i) {
    names += (i == 0 ? "" : ", ") + ring[i];
  }
  if (ring.size() > kMostNamed) {
    names += " and " + std::to_string(ring.size() - kMostNamed) + " more";
  }
  console.line("engine: warning: no order is sure to load these, they come as in the source: " +
               printable(names));
}

}  // namespace

Result<CommandLine> parse_order(int argc, const char* const* argv) {
  CommandLine line;
  line.command = Command::kOrder;
  bool by_dependency = false;
  CommandDefinition define("names a tree's files, one a line, in an order that loads",
                           "Usage: engine order [--by-dependency] TREE\n", line);
  define.add_argument("TREE", line.input, "A directory with a manifest.json");
  define.add_flag("--by-dependency", by_dependency,
                  "What is needed first, whatever the source's order: schemas, types, sequences, "
                  "tables, rows, keys, indexes, views, routines, triggers");
  Result<CommandLine> parsed = define.parse(argc, argv, 1);
  if (parsed && by_dependency) parsed->order = LoadOrder::kDependency;
  return parsed;
}

// Paths as the caller can open them. Names of a tree hold no control characters, and what the
// caller gave is the caller's, so they are printed as they are.
ExitStatus run_order(const CommandLine& line, Console& console) {
  const Result<OrderedPaths> ordered = order(line.input, line.order);
  if (!ordered) {
    console.line("engine: " + printable(ordered.error().message));
    return ordered.error().code == ErrorCode::kNotFound ? kExitUsage : kExitFailed;
  }
  for (const std::vector<std::string>& ring : ordered->rings) warn_of(ring, console);
  std::string tree = line.input;
  while (!tree.empty() && tree.back() == '/') tree.pop_back();
  std::string out;
  for (const std::string& path : ordered->paths)
    out.append(tree).append("/").append(path).append("\n");
  if (print(out)) return kExitDone;
  console.line("engine: standard output: cannot be written");
  return kExitFailed;
}

}  // namespace engine::io
