#include "io/cli/command_line.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <algorithm>
#include <array>
#include <string_view>

#include "io/cli/command_definition.h"
#include "io/cli/option_values.h"

namespace engine::io {
namespace {

constexpr const char* kLoadUsage =
    "Usage: engine [OPTIONS] [INPUT_DIR] [OUTPUT_DIR]   load what is there, then exit\n"
    "       engine inspect [OPTIONS] FILE               show units and objects\n"
    "       engine join TREE                            the source again, on standard output\n"
    "       engine verify OUTPUT_DIR [--input=DIR]      check every manifest against its tree\n"
    "       engine COMMAND --help                       more about one of them\n";

constexpr const char* kLoadFooter =
    "Examples:\n"
    "  engine sql out                       every table, view, procedure, ... of the files\n"
    "                                       below sql/ in a file of its own below out/\n"
    "  engine --workers=8 --dialect='legacy/**=oracle' --exclude='*_old.sql' sql out\n"
    "  engine join out/AdventureWorks > AdventureWorks.sql\n"
    "\n"
    "A GLOB with a / is held against the path below INPUT_DIR, one without against the last name;\n"
    "* and ? stop at a /, ** does not, [a-z] is one character; letter case is ignored.\n"
    "\n"
    "Exit status: 0 done; 1 some source failed (each is named); 2 wrong usage, no INPUT_DIR, or "
    "an\n"
    "OUTPUT_DIR that cannot be used.";

constexpr std::array<std::string_view, 6> kLaterCommands = {"order", "status", "retry",
                                                            "deps",  "find",   "export"};

void define_work(CommandDefinition& define, CommandLine& line) {
  Options& options = line.options;
  define.group("What is read");
  define.add_repeatable("--dialect", "NAME|GLOB=NAME", read_dialect_rule(options),
                        "SQL dialect of all sources, or of those that match: auto, tsql, "
                        "postgresql, mysql, oracle, sqlite, snowflake, bigquery, db2, firebird, "
                        "generic [auto: from the text]");
  define.add_repeatable("--encoding", "NAME|GLOB=NAME", read_encoding_rule(options),
                        "Encoding of all sources, or of those that match: utf-8, utf-16le, cp1252, "
                        "cp932, gbk, euc-jp, 8bit (as it is), ... [auto: from the bytes]");
  define.add_globs(
      "--include", line.include,
      "Read files that match as well as .sql, .ddl, .dml, .prc, .fnc, .trg, .vw, .pks, "
      ".pkb, .pkg, .pls, .tab, .dump and those with .gz, .zst, .xz, .bz2");
  define.add_globs("--exclude", line.exclude, "Do not read files or directories that match");
  define.add_repeatable("--priority", "GLOB=PRIORITY", read_priority_rule(options),
                        "Which sources go first: critical, normal or batch [normal]");

  define.group("What is written");
  define.add_flag("--no-metadata", options.no_metadata, "Write no comment header into outputs");
  define.add_flag("--no-overwrite", options.no_overwrite,
                  "Skip a source that has a tree, and count it as unchanged");
  define.add_flag("--dry-run", options.dry_run, "Do everything but write");
  define.add("--layout", "nested|compact|flat",
             read_choice({"nested", "compact", "flat"},
                         [&](std::size_t i) { options.layout = static_cast<Layout>(i); }),
             "How outputs are arranged (only nested is there yet) [nested]");
  define.add("--data", "separate|inline|drop",
             read_choice({"separate", "inline", "drop"},
                         [&](std::size_t i) { options.data = static_cast<DataPlacement>(i); }),
             "Where rows of tables go (only separate is there yet) [separate]");
}

void define_machine(CommandDefinition& define, CommandLine& line) {
  Options& options = line.options;
  define.group("How it runs");
  define.add("--workers", "N|auto", read_workers(options.workers),
             "Worker threads; 1 keeps the order of arrival, 0 works without a queue [auto: begins "
             "with min(4, CPUs) and goes on with what pays, up to all CPUs that may be used]");
  define.add_flag("--no-pin", line.no_pin, "Do not tie workers to CPUs");
  define.add("--max-queue-size", "N",
             read_number<std::size_t>(options.max_queue_size, 1, 1'000'000),
             fmt::format("Sources queued or running at once [{}]", options.max_queue_size));
  define.add("--memory-threshold", "PERCENT",
             read_number<unsigned>(options.memory_threshold, 1, 100),
             fmt::format("Pause reading while memory is fuller [{}]", options.memory_threshold));
  define.add("--debounce-window", "SECONDS", read_seconds(options.debounce_window),
             "Quiet time after the last event of a path; a load never waits [5]");
  define.add("--batch-size-threshold", "N",
             read_number<std::size_t>(options.batch_size_threshold, 1, 1'000'000),
             fmt::format("So many waiting paths go on at once [{}]", options.batch_size_threshold));
  define.add("--max-delay", "SECONDS", read_seconds(options.max_delay),
             "A path that never falls quiet goes on after this [30]");
  define.add("--retry-limit", "N", read_number<unsigned>(options.retry_limit, 0, 1000),
             fmt::format("So often a source is tried again after an error that may go away [{}]",
                         options.retry_limit));
  define.add("--retry-pause", "SECONDS", read_seconds(options.retry_pause),
             "Pause before the first of these, then twice as long each time [0.05]");

  define.group("What is reported");
  define.add(
      "--stats", "text|json",
      read_choice({"text", "json"}, [&](std::size_t i) { line.format = static_cast<Format>(i); }),
      "The summary at the end, or one JSON object with all statistics [text]");
  define.add("--log-level", "LEVEL",
             read_choice({"trace", "debug", "info", "warning", "error", "off"},
                         [&](std::size_t i) {
                           constexpr std::array names = {"trace",   "debug", "info",
                                                         "warning", "error", "off"};
                           line.log_level = names[i];
                         }),
             "Log lines from trace, debug, info, warning, error on, or off [info]");
  define.add(
      "--log-file", "FILE",
      [&line](const std::string& file) {
        line.log_file = file;
        return std::string();
      },
      "Where log lines go [standard error]");
}

void define_later(CommandDefinition& define) {
  define.group("Following the folder (not there yet)");
  define.add_later("--watch", "", "Go on after the load, following the folder");
  define.add_later("--realtime", "", "Watch, and process each path at once");
  define.add_later("--disable-batching", "", "The same");
  define.add_later("--no-existing", "", "Watch, and leave what was there before the start");
  define.add_later("--settle-time", "SECONDS", "For files that appear without being closed");
  define.add_later("--stats-interval", "SECONDS", "Print statistics so often");
}

Result<CommandLine> parse_load(int argc, const char* const* argv) {
  CommandLine line;
  CommandDefinition define("turns a folder of SQL into a tree with one file per database object",
                           kLoadUsage, line);
  define.add_argument("INPUT_DIR", line.input, "Where the SQL files are [" + line.input + "]");
  define.add_argument("OUTPUT_DIR", line.output, "Where the tree goes [" + line.output + "]");
  define_work(define, line);
  define_machine(define, line);
  define_later(define);
  CLI::App& app = define.app();
  app.set_version_flag("--version", std::string(ENGINE_VERSION), "Show the version")->group("Help");
  app.set_config("--config", "", "Read options from a TOML file, under the same names")
      ->type_name("FILE")
      ->group("How it runs");
  app.allow_config_extras(CLI::config_extras_mode::error);
  app.footer(kLoadFooter);
  Result<CommandLine> parsed = define.parse(argc, argv, 0);
  if (!parsed || parsed->command == Command::kAnswer) return parsed;
  if (parsed->options.layout != Layout::kNested) {
    return fail(ErrorCode::kInvalid, not_there_yet("--layout: another one than nested"));
  }
  if (parsed->options.data != DataPlacement::kSeparate) {
    return fail(ErrorCode::kInvalid, not_there_yet("--data: another one than separate"));
  }
  return parsed;
}

Result<CommandLine> parse_inspect(int argc, const char* const* argv) {
  CommandLine line;
  line.command = Command::kInspect;
  CommandDefinition define("shows the units and objects of one file",
                           "Usage: engine inspect [OPTIONS] FILE\n", line);
  define.add_argument("FILE", line.input, "The source; it may be compressed");
  define.add(
      "--format", "text|json",
      read_choice({"text", "json"}, [&](std::size_t i) { line.format = static_cast<Format>(i); }),
      "A table, or one JSON object a line [text]");
  define.add("--dialect", "NAME", read_dialect(line.options.dialect),
             "Its dialect [auto: from the text]");
  define.add("--encoding", "NAME", read_encoding(line.options.encoding),
             "Its encoding [auto: from the bytes]");
  define.add_flag("--explain", line.explain,
                  "Say on standard error what the encoding and the dialect were told by");
  return define.parse(argc, argv, 1);
}

Result<CommandLine> parse_join(int argc, const char* const* argv) {
  CommandLine line;
  line.command = Command::kJoin;
  CommandDefinition define("writes a source's exact bytes to standard output, from its tree alone",
                           "Usage: engine join TREE\n", line);
  define.add_argument("TREE", line.input, "A directory with a manifest.json");
  return define.parse(argc, argv, 1);
}

Result<CommandLine> parse_verify(int argc, const char* const* argv) {
  CommandLine line;
  line.command = Command::kVerify;
  CommandDefinition define("checks every manifest against its tree, byte for byte",
                           "Usage: engine verify OUTPUT_DIR [--input=DIR]\n", line);
  define.add_argument("OUTPUT_DIR", line.output, "What a load has written");
  define.add(
      "--input", "DIR",
      [&line](const std::string& directory) {
        line.verify_input = directory;
        return std::string();
      },
      "Check the sources there as well");
  return define.parse(argc, argv, 1);
}

}  // namespace

Result<CommandLine> parse_command_line(int argc, const char* const* argv) {
  // A command is a command in the first place only: behind it, the same word is a directory.
  const std::string_view first = argc > 1 ? argv[1] : "";
  if (first == "inspect") return parse_inspect(argc - 1, argv + 1);
  if (first == "join") return parse_join(argc - 1, argv + 1);
  if (first == "verify") return parse_verify(argc - 1, argv + 1);
  if (std::find(kLaterCommands.begin(), kLaterCommands.end(), first) != kLaterCommands.end()) {
    return fail(ErrorCode::kInvalid, not_there_yet(first));
  }
  return parse_load(argc, argv);
}

}  // namespace engine::io
