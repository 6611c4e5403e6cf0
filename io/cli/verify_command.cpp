#include "io/cli/verify_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>

#include "io/cli/command_definition.h"
#include "io/cli/figures.h"
#include "io/cli/source_records.h"
#include "io/cli/sources_at_work.h"
#include "io/file/verify.h"
#include "io/state/state_reader.h"
#include "io/watch/tree_scan.h"

namespace engine::io {
namespace {

// What is recorded as done and has no tree was lost; what failed may never have had one.
// Those that have been named are put into `named`.
void check_records(const CommandLine& line, Verification* verified, std::set<std::string>* named) {
  Result<StateReader> reader = StateReader::open(state_path(line));
  if (!reader) {
    // A tree by itself has none, nor has what a library wrote.
    if (reader.error().code != ErrorCode::kNotFound) {
      verified->notes.push_back(reader.error().message);
    }
    return;
  }
  const auto note = [&](const SourceRecord& record, const std::string& what) {
    const bool failed = record.state == SourceState::kFailed;
    std::vector<std::string>& lines = failed ? verified->notes : verified->differences;
    if (verified->tree_of.contains(record.path)) return;
    if (failed || !verified->without_manifest.contains(record.tree)) {
      lines.push_back(record.path + ": " + what);
    }
    named->insert(record.path);
  };
  Result<void> read = reader->each(SourceState::kDone, [&](const SourceRecord& record) {
    note(record, "its tree " + record.tree +
                     " is missing; the next load makes it anew, or the next "
                     "rescan of a watch (SIGHUP)");
  });
  if (read) {
    read = reader->each(SourceState::kFailed, [&](const SourceRecord& record) {
      note(record, "has no tree: it failed; engine status --failed says why");
    });
  }
  if (!read) verified->notes.push_back(read.error().message);
}

// A source that is gone is one thing, all of them for others is another. What is as long as one of
// them may be that one by a new name.
bool is_other_folder(const TreeScan& scan, const Verification& verified) {
  const bool all_gone = verified.trees > 0 && verified.sources_gone == verified.trees;
  return all_gone && !scan.sources.empty() &&
         std::none_of(scan.sources.begin(), scan.sources.end(), [&](const FoundSource& source) {
           return verified.tree_of.contains(source.path) ||
                  verified.sizes_gone.contains(source.version.size);
         });
}

// Whoever deletes the sources next wants to know of those that nobody has loaded.
void check_sources(const CommandLine& line, const std::set<std::string>& named,
                   Verification* verified) {
  const Result<TreeScan> scan = scan_tree(
      *line.verify_input, SourceNames(line.include, line.exclude), directory_id(line.output));
  if (!scan) return verified->notes.push_back(scan.error().message);
  for (const Error& problem : scan->problems) verified->notes.push_back(problem.message);
  if (is_other_folder(*scan, *verified)) {
    verified->differences.push_back(*line.verify_input +
                                    ": holds no source of any tree, but others: it is not the "
                                    "folder that was loaded; name that: --input=DIR");
  }
  for (const FoundSource& source : scan->sources) {
    if (verified->tree_of.contains(source.path) || named.contains(source.path)) continue;
    verified->notes.push_back(source.path +
                              ": has no tree: it has not been loaded, or was left out");
  }
}

}  // namespace

Result<CommandLine> parse_verify(int argc, const char* const* argv) {
  CommandLine line;
  line.command = Command::kVerify;
  CommandDefinition define("checks every manifest against its tree, byte for byte",
                           "Usage: engine verify OUTPUT_DIR [--input=DIR]\n", line);
  define.add_argument("OUTPUT_DIR", line.output, "What a load has written");
  define.add("--input", "DIR", read_text(line.verify_input), "Check the sources there as well");
  return define.parse(argc, argv, 1);
}

ExitStatus run_verify(const CommandLine& line, Console& console) {
  SourcesAtWork at_work(line);
  Result<Verification> verified =
      verify(line.output, line.verify_input,
             [&](const std::string& source) { return at_work.has(source); });
  if (!verified) {
    console.line("engine: " + printable(verified.error().message));
    return kExitUsage;
  }
  std::set<std::string> named;
  check_records(line, &*verified, &named);
  const bool is_one_tree = std::filesystem::exists(line.output + '/' + kManifestName);
  if (line.verify_input && !is_one_tree) check_sources(line, named, &*verified);
  std::string out;
  for (const std::string& difference : verified->differences) out += printable(difference) + "\n";
  for (const std::string& note : verified->notes) out += "note: " + printable(note) + "\n";
  out += fmt::format("{}, {}, {}: {}\n", counted(verified->trees, "tree"),
                     counted(verified->outputs, "output"), megabytes(verified->bytes),
                     counted(verified->differences.size(), "difference"));
  if (!print(out)) {
    console.line("engine: standard output: cannot be written");
    return kExitFailed;
  }
  return verified->differences.empty() ? kExitDone : kExitFailed;
}

}  // namespace engine::io
