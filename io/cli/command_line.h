// command_line: what the user asked for, read from the arguments and a configuration file.
//
// Thread contract: a free function, called once.
// Errors: kInvalid: one line that names the argument, what is wrong and what is allowed.
// Source: docs/design.md, "Command line"; CLI11.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/load_order.h"
#include "engine/options.h"
#include "engine/result.h"
#include "io/base/durability.h"
#include "io/cli/on_delete.h"
#include "io/state/source_record.h"
#include "io/watch/event_loop.h"
#include "io/watch/event_source.h"

namespace engine::io {

enum class Command : std::uint8_t {
  kLoad,   ///< no command word: INPUT_DIR into OUTPUT_DIR
  kWatch,  ///< the same with --watch
  kInspect,
  kJoin,
  kVerify,
  kStatus,
  kRetry,
  kDeps,
  kFind,
  kExport,
  kOrder,
  kAnswer,  ///< --help or --version: print `answer`
};

/// How results are printed: for people or for programs.
enum class Format : std::uint8_t { kText, kJson };

/// How `deps` prints a graph.
enum class GraphFormat : std::uint8_t { kText, kJson, kDot, kMermaid, kHtml };

/// What only a watch needs.
struct WatchLine {
  bool is_wanted = false;
  bool no_existing = false;
  OnDelete on_delete = OnDelete::kKeep;
  std::chrono::nanoseconds settle_time = std::chrono::seconds(2);
  std::chrono::nanoseconds rescan_interval = std::chrono::seconds(300);
  EventSourceKind event_source = EventSourceKind::kAuto;
  EventLoopKind event_loop = EventLoopKind::kAuto;
  std::chrono::nanoseconds stats_interval{0};  ///< 0: only at the end
};

/// The database that is kept equal to the graph.
struct Neo4jLine {
  std::optional<std::string> url;
  std::string database = "neo4j";
  std::optional<std::string> credentials;  ///< a file
  std::chrono::nanoseconds timeout = std::chrono::seconds(300);
};

struct CommandLine {
  Command command = Command::kLoad;
  std::string answer;

  std::string input = "./data/raw";             ///< of load; FILE of inspect; TREE of join, order
  std::string output = "./data/separated_sql";  ///< of load and of what reads it
  std::optional<std::string> verify_input;      ///< of verify: --input
  std::vector<std::string> sources;             ///< of retry
  std::optional<std::string> state;             ///< --state
  std::optional<SourceState> only_state;        ///< of status: --failed, --gone
  Format format = Format::kText;                ///< --stats of load, --format of inspect
  bool explain = false;                         ///< of inspect
  std::string name;                             ///< NAME of deps, PATTERN of find
  bool reverse = false;                         ///< of deps,
  std::size_t depth = 0;                        ///< and 0 for all the way
  GraphFormat graph_format = GraphFormat::kText;
  std::string neo4j_csv;                 ///< of export
  LoadOrder order = LoadOrder::kSource;  ///< of order

  std::vector<std::string> without_effect;  ///< "--option: has no effect ...", of those given

  Options options;
  std::vector<std::string> include;
  std::vector<std::string> exclude;
  bool no_pin = false;
  bool force = false;
  Durability durability = Durability::kProcess;
  std::string log_level = "info";
  std::optional<std::string> log_file;

  WatchLine watch;
  bool catalog = false;  ///< bring the catalogue up at the end of a load
  Neo4jLine neo4j;
};

Result<CommandLine> parse_command_line(int argc, const char* const* argv);

}  // namespace engine::io
