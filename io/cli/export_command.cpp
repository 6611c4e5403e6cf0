#include "io/cli/export_command.h"

#include <fmt/format.h>

#include <filesystem>
#include <string>

#include "io/cli/catalogue_update.h"
#include "io/cli/command_definition.h"
#include "io/cli/figures.h"
#include "io/graph/output_graph.h"
#include "io/neo4j/csv_export.h"

namespace engine::io {
namespace {

Result<std::string> exported(const CommandLine& line, Console& console) {
  Result<Catalogue> catalogue = open_catalogue(line, damage_told_on(console));
  if (!catalogue) return tl::make_unexpected(catalogue.error());
  const auto graph = OutputGraph::load(*catalogue, line.output);
  if (!graph) return tl::make_unexpected(graph.error());
  const PropertyGraph& properties = (*graph)->properties();
  if (Result<void> written = export_csv(properties, line.neo4j_csv); !written) {
    return tl::make_unexpected(written.error());
  }
  return fmt::format(
      "{}, {} in {}\n"
      "into a stopped server: neo4j-admin database import full @{} --overwrite-destination neo4j\n",
      counted(properties.nodes().size(), "node"),
      counted(properties.edges().size(), "relationship"), printable(line.neo4j_csv),
      printable((std::filesystem::path(line.neo4j_csv) / "import.args").string()));
}

}  // namespace

Result<CommandLine> parse_export(int argc, const char* const* argv) {
  CommandLine line;
  line.command = Command::kExport;
  CommandDefinition define("writes objects and what depends on what as files for other programs",
                           "Usage: engine export [OPTIONS] OUTPUT_DIR --neo4j-csv=DIR\n", line);
  define.add_output();
  define.add("--neo4j-csv", "DIR", read_text(line.neo4j_csv),
             "Write CSV files for neo4j-admin database import full into this directory");
  define.add_state();
  Result<CommandLine> parsed = define.parse(argc, argv, 1);
  if (parsed && parsed->command == Command::kExport && parsed->neo4j_csv.empty()) {
    return fail(ErrorCode::kInvalid, "--neo4j-csv is missing: where the files go; see --help");
  }
  return parsed;
}

ExitStatus run_export(const CommandLine& line, Console& console) {
  const Result<std::string> text = exported(line, console);
  if (!text) {
    console.line("engine: " + printable(text.error().message));
    return text.error().code == ErrorCode::kUnwritable ? kExitFailed : kExitUsage;
  }
  if (print(*text)) return kExitDone;
  console.line("engine: standard output: cannot be written");
  return kExitFailed;
}

}  // namespace engine::io
