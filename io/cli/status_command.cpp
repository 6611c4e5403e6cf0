#include "io/cli/status_command.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>

#include "io/base/descriptor.h"
#include "io/cli/command_definition.h"
#include "io/cli/figures.h"
#include "io/cli/source_records.h"
#include "io/cli/tree_places.h"
#include "io/file/beneath.h"
#include "io/file/manifest.h"
#include "io/file/output_lock.h"
#include "io/state/state_reader.h"

namespace engine::io {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array kStates = {SourceState::kPending, SourceState::kRunning, SourceState::kDone,
                                SourceState::kFailed, SourceState::kGone};

std::string dumped(const Json& json) {
  // A path may hold any byte.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string counts_text(const StateReader::Counts& counts, Format format) {
  const std::uint64_t all = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  Json json;
  json["sources"] = all;
  std::string text = fmt::format("{:<10}{}\n", "sources", grouped(all));
  for (const SourceState state : kStates) {
    const std::uint64_t count = counts[static_cast<std::size_t>(state)];
    const std::string name(state_name(state));
    json[name] = count;
    text += fmt::format("{:<10}{}\n", name, grouped(count));
  }
  return format == Format::kJson ? dumped(json) : text;
}

std::string failed_text(const SourceRecord& record, const std::string& tree, Format format) {
  if (format == Format::kJson) {
    Json json;
    json["path"] = record.path;
    json["error"] = record.error;
    json["attempts"] = record.attempts;
    json["size"] = record.version.size;
    json["tree"] = tree.empty() ? Json() : Json(tree);
    json["finished_ns"] = record.finished_ns;
    return dumped(json);
  }
  return fmt::format(
      "{} ({}{})\n", printable(record.error),
      counted(static_cast<std::uint64_t>(record.attempts), "attempt"),
      tree.empty() ? "" : "; of an earlier version there is a tree: " + printable(tree));
}

std::string gone_text(const SourceRecord& record, const std::string& tree, Format format) {
  if (format == Format::kJson) {
    Json json;
    json["path"] = record.path;
    json["tree"] = tree.empty() ? Json() : Json(tree);
    json["finished_ns"] = record.finished_ns;
    return dumped(json);
  }
  return fmt::format(
      "{}: is gone; {}\n", printable(record.path),
      tree.empty() ? "there is no tree of it any more" : "its tree: " + printable(tree));
}

// The tree of a source that is gone, or has failed since. It may have been deleted meanwhile, by
// whoever, or have made way for another.
std::string kept_tree(int output, const SourceRecord& record) {
  for (const std::string& place : {record.tree, other_place({record.path, record.tree, {}})}) {
    const Descriptor tree =
        is_plain_path(place) ? open_beneath(output, place, O_PATH | O_DIRECTORY) : Descriptor();
    if (!tree) continue;
    const Result<Manifest> manifest = read_manifest(tree.get(), place);
    if (manifest && manifest->source.path == record.path) return place;
  }
  return {};
}

// What an engine that was killed had in hand waits for the next start.
Result<StateReader::Counts> true_counts(StateReader& reader, bool engine_runs) {
  Result<StateReader::Counts> counts = reader.counts();
  if (!counts || engine_runs) return counts;
  std::uint64_t& running = (*counts)[static_cast<std::size_t>(SourceState::kRunning)];
  (*counts)[static_cast<std::size_t>(SourceState::kPending)] += std::exchange(running, 0);
  return counts;
}

Result<std::string> status_text(const CommandLine& line) {
  const bool engine_runs = is_output_locked(line.output);  // before its records are looked at
  Result<StateReader> reader = StateReader::open(state_path(line));
  if (!reader) return tl::make_unexpected(std::move(reader.error()));
  std::string text;
  if (line.only_state) {
    const Descriptor output(::open(line.output.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    const Result<void> read = reader->each(*line.only_state, [&](const SourceRecord& record) {
      const std::string tree = kept_tree(output.get(), record);
      text += *line.only_state == SourceState::kGone ? gone_text(record, tree, line.format)
                                                     : failed_text(record, tree, line.format);
    });
    if (!read) return tl::make_unexpected(read.error());
    return text;
  }
  const Result<StateReader::Counts> counts = true_counts(*reader, engine_runs);
  if (!counts) return tl::make_unexpected(counts.error());
  return counts_text(*counts, line.format);
}

}  // namespace

Result<CommandLine> parse_status(int argc, const char* const* argv) {
  CommandLine line;
  line.command = Command::kStatus;
  CommandDefinition define("shows what is done, pending and failed, also beside a running engine",
                           "Usage: engine status [OPTIONS] OUTPUT_DIR\n", line);
  define.add_output();
  bool only_failed = false, only_gone = false;
  define.add_flag("--failed", only_failed, "Name each source that has failed, and why");
  define.add_flag("--gone", only_gone,
                  "Name each source that is gone, and its tree, if that is there");
  define.add_format("For people, or JSON, one object a line [text]");
  define.add_state();
  Result<CommandLine> parsed = define.parse(argc, argv, 1);
  if (parsed && only_failed && only_gone) {
    return fail(ErrorCode::kInvalid, "--failed, --gone: give one of them");
  }
  if (parsed && only_failed) parsed->only_state = SourceState::kFailed;
  if (parsed && only_gone) parsed->only_state = SourceState::kGone;
  return parsed;
}

ExitStatus run_status(const CommandLine& line, Console& console) {
  const Result<std::string> text = status_text(line);
  if (!text) {
    console.line("engine: " + printable(text.error().message));
    return kExitUsage;
  }
  if (print(*text)) return kExitDone;
  console.line("engine: standard output: cannot be written");
  return kExitFailed;
}

}  // namespace engine::io
