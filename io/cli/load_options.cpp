#include "io/cli/load_options.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "io/cli/command_definition.h"
#include "io/cli/option_values.h"

namespace engine::io {
namespace {

// Of those who kill what does not end, Kubernetes waits 30 s and systemd 90 s.
constexpr std::chrono::seconds kStopTimeout{20};

constexpr const char* kLoadUsage =
    "Usage: engine [OPTIONS] [INPUT_DIR] [OUTPUT_DIR]   load what is there, then exit\n"
    "       engine inspect [OPTIONS] FILE               show units and objects\n"
    "       engine join TREE                            the source again, on standard output\n"
    "       engine verify OUTPUT_DIR [--input=DIR]      check every manifest against its tree\n"
    "       engine status OUTPUT_DIR [--failed|--gone]  what is done, pending, failed, gone\n"
    "       engine retry OUTPUT_DIR [SOURCE...]         queue the failed, or these, again\n"
    "       engine deps OUTPUT_DIR [NAME]               what depends on what\n"
    "       engine find OUTPUT_DIR PATTERN              objects by name\n"
    "       engine export OUTPUT_DIR --neo4j-csv=DIR    files for neo4j-admin database import\n"
    "       engine order TREE                           its files in an order that loads\n"
    "       engine COMMAND --help                       more about one of them\n";

constexpr const char* kLoadFooter =
    "Examples:\n"
    "  engine sql out                       every table, view, procedure, ... of the files\n"
    "                                       below sql/ in a file of its own below out/\n"
    "  engine --workers=8 --dialect='legacy/**=oracle' --exclude='*_old.sql' sql out\n"
    "  engine --watch sql out               the same, and keeps it so while the files change\n"
    "  engine join out/AdventureWorks > AdventureWorks.sql\n"
    "\n"
    "A GLOB with a / is held against the path below INPUT_DIR, one without against the last name;\n"
    "* and ? stop at a /, ** does not, [a-z] is one character; letter case is ignored.\n"
    "\n"
    "Exit status: 0 done; 1 some source failed (each is named); 2 wrong usage, no INPUT_DIR, or "
    "an\n"
    "OUTPUT_DIR that cannot be used.";

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
  define.add_repeatable(
      "--priority", "GLOB=PRIORITY", read_priority_rule(options),
      "Which sources go first: critical, normal or batch; of several that match, the "
      "last one given counts [normal]");

  define.group("What is written");
  define.add_flag("--no-metadata", options.no_metadata, "Write no comment header into outputs");
  define.add_flag("--no-overwrite", options.no_overwrite,
                  "Skip a source that has a tree, and count it as unchanged");
  define.add_flag("--force", line.force, "Do every source, also those that are done and unchanged");
  define.add_state();
  define.add("--durability", "process|power",
             read_choice({"process", "power"},
                         [&](std::size_t i) { line.durability = static_cast<Durability>(i); }),
             "What a source that is recorded as done survives: the end of any process, or a power "
             "cut as well [process]");
  define.add("--reflink", "auto|never",
             read_choice({"auto", "never"},
                         [&](std::size_t i) { options.reflink = static_cast<Reflink>(i); }),
             "Whether long stretches of a source share its blocks on the disk, where XFS or btrfs "
             "holds INPUT and OUTPUT [auto]");
  define.add_flag("--dry-run", options.dry_run, "Do everything but write");
  define.add(
      "--layout", "nested|compact|flat",
      read_choice({"nested", "compact", "flat"},
                  [&](std::size_t i) { options.layout = static_cast<Layout>(i); }),
      "How outputs are arranged: a folder for each object, its children inside; a file for each "
      "object with its children; or all files in one folder [nested]");
  define.add(
      "--data", "separate|inline|drop",
      read_choice({"separate", "inline", "drop"},
                  [&](std::size_t i) { options.data = static_cast<DataPlacement>(i); }),
      "Where rows of tables go: files of their own, their table's file, or nowhere (then join "
      "refuses) [separate]");
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
  options.stop_timeout = kStopTimeout;
  define.add(
      "--stop-timeout", "SECONDS", read_seconds(options.stop_timeout),
      fmt::format("So long a signal to stop waits for what is under way; then that is left to "
                  "the next start; 0 as long as it takes [{}]",
                  kStopTimeout.count()));

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
  define.add("--log-file", "FILE", read_text(line.log_file), "Where log lines go [standard error]");
}

void define_watch(CommandDefinition& define, CommandLine& line) {
  WatchLine& watch = line.watch;
  define.group("Following the folder");
  define.add_flag("--watch", watch.is_wanted, "Go on after the load, following the folder");
  define.add_flag("--realtime", line.options.disable_batching,
                  "Watch, and process each path at once");
  define.add_flag("--disable-batching", line.options.disable_batching, "The same");
  define.add_flag("--no-existing", watch.no_existing, "Leave what was there before the start");
  define.add("--on-delete", "keep|remove",
             read_choice({"keep", "remove"},
                         [&](std::size_t i) { watch.on_delete = static_cast<OnDelete>(i); }),
             "What becomes of the tree of a deleted source [keep]");
  define.add("--settle-time", "SECONDS", read_seconds(watch.settle_time),
             "For files that appear without being closed or moved there [2]");
  define.add("--rescan-interval", "SECONDS", read_seconds(watch.rescan_interval),
             "Look through the folder so often, whatever the events say; 0 never [300]");
  define.add(
      "--event-source", "NAME",
      read_choice({kEventSourceNames.begin(), kEventSourceNames.end()},
                  [&](std::size_t i) { watch.event_source = static_cast<EventSourceKind>(i); }),
      "auto, fanotify-filesystem, fanotify-directory, inotify, polling [auto: the first "
      "that works there]");
  define.add("--event-loop", "auto|io_uring|poll",
             read_choice({kEventLoopNames.begin(), kEventLoopNames.end()},
                         [&](std::size_t i) { watch.event_loop = static_cast<EventLoopKind>(i); }),
             "How events are waited for [auto: io_uring where it is allowed]");
  define.add("--stats-interval", "SECONDS", read_seconds(watch.stats_interval),
             "Print statistics so often; with --stats=json one object a line [only at the end]");
}

void define_graph(CommandDefinition& define, CommandLine& line) {
  define.group("The graph");
  define.add_flag("--catalog", line.catalog,
                  "Bring the catalogue up at the end of the load, and in a watch's quiet moments, "
                  "not when it is first read");
  define.add("--neo4j", "URL", read_text(line.neo4j.url),
             "Keep a Neo4j database equal to what depends on what: http://HOST:7474; the user and "
             "password stand in NEO4J_USER and NEO4J_PASSWORD");
  define.add("--neo4j-database", "NAME", read_text(line.neo4j.database), "Which one [neo4j]");
  define.add("--neo4j-credentials", "FILE", read_text(line.neo4j.credentials),
             "Its first line is user:password");
  define.add("--neo4j-timeout", "SECONDS", read_seconds(line.neo4j.timeout),
             "So long Neo4j is waited for when it no longer answers; what is missing then is sent "
             "by the next load, or later by the watch [300]");
}

// Options of a load or a watch that do nothing beside others, or without them. A configuration file
// may serve several of them, so none of it is an error.
struct Idle {
  const char* when;
  bool (*is_so)(const CommandLine& line);
  std::vector<const char*> options;
};

const std::vector<Idle>& idle_options() {
  const auto is_load = [](const CommandLine& line) { return line.command == Command::kLoad; };
  static const std::vector<Idle> table = {
      {"without --watch: a load never waits",
       is_load,
       {"--debounce-window", "--batch-size-threshold", "--max-delay"}},
      {"without --watch",
       is_load,
       {"--no-existing", "--on-delete", "--settle-time", "--rescan-interval", "--event-source",
        "--event-loop", "--stats-interval"}},
      {"with --realtime: nothing waits to be batched",
       [](const CommandLine& line) { return line.options.disable_batching; },
       {"--debounce-window", "--batch-size-threshold", "--max-delay"}},
      {"with --dry-run: nothing is written",
       [](const CommandLine& line) { return line.options.dry_run; },
       {"--force", "--state", "--durability", "--reflink", "--on-delete", "--catalog", "--neo4j"}},
      {"without --neo4j",
       [](const CommandLine& line) { return !line.neo4j.url; },
       {"--neo4j-database", "--neo4j-credentials", "--neo4j-timeout"}}};
  return table;
}

void note_options_without_effect(const CommandDefinition& define, CommandLine* line) {
  for (const Idle& idle : idle_options()) {
    if (!idle.is_so(*line)) continue;
    for (const char* option : idle.options) {
      if (!define.was_given(option)) continue;
      line->without_effect.push_back(fmt::format("{}: has no effect {}", option, idle.when));
    }
  }
}

}  // namespace

Result<CommandLine> parse_load(int argc, const char* const* argv) {
  CommandLine line;
  CommandDefinition define("turns a folder of SQL into a tree with one file per database object",
                           kLoadUsage, line);
  define.add_argument("INPUT_DIR", line.input, "Where the SQL files are [" + line.input + "]");
  define.add_argument("OUTPUT_DIR", line.output, "Where the tree goes [" + line.output + "]");
  define_work(define, line);
  define_machine(define, line);
  define_watch(define, line);
  define_graph(define, line);
  CLI::App& app = define.app();
  app.set_version_flag("--version", std::string(ENGINE_VERSION), "Show the version")->group("Help");
  app.set_config("--config", "", "Read options from a TOML file, under the same names")
      ->type_name("FILE")
      ->group("How it runs");
  app.allow_config_extras(CLI::config_extras_mode::error);
  app.footer(kLoadFooter);
  Result<CommandLine> parsed = define.parse(argc, argv, 0);
  if (!parsed || parsed->command == Command::kAnswer) return parsed;
  const bool is_watch = parsed->watch.is_wanted || parsed->options.disable_batching;
  parsed->command = is_watch ? Command::kWatch : Command::kLoad;
  note_options_without_effect(define, &*parsed);
  return parsed;
}

}  // namespace engine::io
