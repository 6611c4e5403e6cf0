#include "io/cli/deps_command.h"

#include <fmt/format.h>

#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "io/cli/catalogue_update.h"
#include "io/cli/command_definition.h"
#include "io/cli/figures.h"
#include "io/cli/graph_page.h"
#include "io/cli/graph_text.h"
#include "io/graph/name_pattern.h"
#include "io/graph/object_title.h"
#include "io/graph/reachable.h"

namespace engine::io {
namespace {

ExitStatus tell(const Result<std::string>& text, Console& console) {
  if (!text) {
    console.line("engine: " + printable(text.error().message));
    return kExitUsage;
  }
  if (print(*text)) return kExitDone;
  console.line("engine: standard output: cannot be written");
  return kExitFailed;
}

std::string is_called_by_none(const CommandLine& line) {
  return fmt::format("{}: no object is called so in {}; engine find {} '*' lists all", line.name,
                     line.output, line.output);
}

std::string shown(const ObjectGraph& graph, const std::vector<std::size_t>& edges,
                  GraphFormat format) {
  switch (format) {
    case GraphFormat::kText:
      return edges_text(graph, edges);
    case GraphFormat::kJson:
      return edges_json(graph, edges);
    case GraphFormat::kDot:
      return edges_dot(graph, edges);
    case GraphFormat::kMermaid:
      return edges_mermaid(graph, edges);
    case GraphFormat::kHtml:
      return graph_page(graph, edges);
  }
  return {};
}

Result<std::string> deps_text(const CommandLine& line, Console& console) {
  Result<Catalogue> catalogue = open_catalogue(line, damage_told_on(console));
  if (!catalogue) return tl::make_unexpected(catalogue.error());
  const Result<ObjectGraph> graph = ObjectGraph::load(*catalogue);
  if (!graph) return tl::make_unexpected(graph.error());
  std::vector<std::size_t> edges;
  if (line.name.empty()) {
    edges.resize(graph->edges().size());
    std::iota(edges.begin(), edges.end(), std::size_t{0});
  } else {
    const std::vector<std::uint32_t> start = nodes_named(*graph, NamePattern(line.name));
    if (start.empty()) {
      return fail(ErrorCode::kNotFound, is_called_by_none(line));
    }
    edges = reachable_edges(*graph, start, line.reverse, line.depth);
  }
  return shown(*graph, edges, line.graph_format);
}

std::string object_line(const RecordedObject& object, bool says_database) {
  const CatalogueObject& said = object.object;
  return printable(fmt::format("{} {}  {}{}{}", said.type, object_title(object, says_database),
                               object.tree.empty() ? "" : object.tree + '/', said.output,
                               said.defined ? "" : "  (altered)")) +
         '\n';
}

Result<std::string> find_text(const CommandLine& line, Console& console) {
  Result<Catalogue> catalogue = open_catalogue(line, damage_told_on(console));
  if (!catalogue) return tl::make_unexpected(catalogue.error());
  const NamePattern pattern(line.name);
  DatabasesMet databases;
  std::vector<RecordedObject> found;
  const Result<void> read = catalogue->each_object([&](RecordedObject&& object) {
    databases.meet(object);
    if (pattern.matches(object)) found.push_back(std::move(object));
  });
  if (!read) return tl::make_unexpected(read.error());
  std::string text;
  for (const RecordedObject& object : found) {
    text += line.format == Format::kJson ? object_json(object)
                                         : object_line(object, databases.are_several());
  }
  return text;
}

}  // namespace

Result<CommandLine> parse_deps(int argc, const char* const* argv) {
  CommandLine line;
  line.command = Command::kDeps;
  CommandDefinition define("shows what depends on what; without NAME, all of it",
                           "Usage: engine deps [OPTIONS] OUTPUT_DIR [NAME]\n", line);
  define.add_output();
  define.add_argument("NAME", line.name,
                      "An object: name or schema.name, * and ? for others: what it depends on");
  define.add_flag("--reverse", line.reverse, "What depends on NAME instead");
  define.add("--depth", "N", read_number(line.depth, std::size_t{0}, std::size_t{1'000'000}),
             "So many steps away [0: all the way]");
  define.add("--format", "text|json|dot|mermaid|html",
             read_choice({"text", "json", "dot", "mermaid", "html"},
                         [&](std::size_t i) { line.graph_format = static_cast<GraphFormat>(i); }),
             "For people; JSON, one edge a line; a graph for Graphviz or Mermaid; a page to look "
             "around in [text]");
  define.add_state();
  Result<CommandLine> parsed = define.parse(argc, argv, 1);
  for (const char* option : {"--reverse", "--depth"}) {
    if (parsed && parsed->command == Command::kDeps && parsed->name.empty() &&
        define.was_given(option)) {
      return fail(ErrorCode::kInvalid, std::string(option) + ": has a meaning only with NAME");
    }
  }
  return parsed;
}

Result<CommandLine> parse_find(int argc, const char* const* argv) {
  CommandLine line;
  line.command = Command::kFind;
  CommandDefinition define("shows the objects with a name, and where they lie",
                           "Usage: engine find [OPTIONS] OUTPUT_DIR PATTERN\n", line);
  define.add_output();
  define.add_argument("PATTERN", line.name,
                      "name or schema.name, in any letter case; * and ? stand for others");
  define.add_format("For people, or JSON, one object a line [text]");
  define.add_state();
  return define.parse(argc, argv, 2);
}

ExitStatus run_deps(const CommandLine& line, Console& console) {
  return tell(deps_text(line, console), console);
}

ExitStatus run_find(const CommandLine& line, Console& console) {
  const Result<std::string> text = find_text(line, console);
  if (text && text->empty()) {
    console.line("engine: " + printable(is_called_by_none(line)));
    return kExitFailed;
  }
  return tell(text, console);
}

}  // namespace engine::io
