#include "io/cli/verify_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>

#include "io/cli/command_definition.h"
#include "io/cli/figures.h"
#include "io/cli/source_records.h"
#include "io/cli/sources_at_work.h"
#include "io/file/output_lock.h"
#include "io/file/verify.h"
#include "io/state/state_reader.h"
#include "io/watch/tree_scan.h"

namespace engine::io {
namespace {

// What the state store says of the sources.
struct OnRecord {
  std::set<std::string> named;    // there is a line of it
  std::set<std::string> waiting;  // to be done
  std::uint64_t trees_kept = 0;   // of sources that went while others were there
};

// What is recorded as done and has no tree was lost; what failed may never have had one.
OnRecord check_records(const CommandLine& line, Verification* verified) {
  OnRecord on_record;
  Result<StateReader> reader = StateReader::open(state_path(line));
  if (!reader) {
    // A tree by itself has none, nor has what a library wrote.
    if (reader.error().code != ErrorCode::kNotFound) {
      verified->notes.push_back(reader.error().message);
    }
    return on_record;
  }
  const auto note = [&](const SourceRecord& record, const std::string& what) {
    const bool failed = record.state == SourceState::kFailed;
    std::vector<std::string>& lines = failed ? verified->notes : verified->differences;
    if (verified->tree_of.contains(record.path)) return;
    if (failed || !verified->without_manifest.contains(record.tree)) {
      lines.push_back(record.path + ": " + what);
    }
    on_record.named.insert(record.path);
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
  for (const SourceState state : {SourceState::kPending, SourceState::kRunning}) {
    if (!read) break;
    read = reader->each(state,
                        [&](const SourceRecord& record) { on_record.waiting.insert(record.path); });
  }
  if (read) {
    read = reader->each(SourceState::kGone, [&](const SourceRecord& record) {
      if (verified->tree_of.contains(record.path)) ++on_record.trees_kept;
    });
  }
  if (!read) verified->notes.push_back(read.error().message);
  return on_record;
}

// A source that is gone is one thing, all of them is another: a mount point without its disk, or
// another folder. Of those that an engine saw go it is known. What is as long as one of them may be
// that one by a new name.
bool is_other_folder(const TreeScan& scan, const Verification& verified,
                     const OnRecord& on_record) {
  const bool all_gone = verified.trees > 0 && verified.sources_gone == verified.trees;
  return all_gone && on_record.trees_kept < verified.trees &&
         std::none_of(scan.sources.begin(), scan.sources.end(), [&](const FoundSource& source) {
           return verified.tree_of.contains(source.path) ||
                  verified.sizes_gone.contains(source.version.size);
         });
}

// Whoever deletes the sources next wants to know of those that nobody has loaded.
void check_sources(const CommandLine& line, const OnRecord& on_record, Verification* verified) {
  const Result<TreeScan> scan = scan_tree(
      *line.verify_input, SourceNames(line.include, line.exclude), directory_id(line.output));
  if (!scan) return verified->notes.push_back(scan.error().message);
  for (const Error& problem : scan->problems) verified->notes.push_back(problem.message);
  if (is_other_folder(*scan, *verified, on_record)) {
    verified->differences.push_back(
        *line.verify_input +
        (scan->sources.empty()
             ? ": holds no source at all: its file system is not mounted, or it is not the folder "
               "that was loaded (name that: --input=DIR); where all are gone for good, delete "
               "their trees"
             : ": holds no source of any tree, but others: it is not the folder that was loaded; "
               "name that: --input=DIR"));
  }
  const char* const waits =
      is_output_locked(line.output)
          ? ": has no tree yet: it waits for the engine that runs, or for whoever is still "
            "writing it"
          : ": has no tree yet: it waits for the next load or watch";
  for (const FoundSource& source : scan->sources) {
    if (verified->tree_of.contains(source.path) || on_record.named.contains(source.path)) continue;
    verified->notes.push_back(source.path +
                              (on_record.waiting.contains(source.path)
                                   ? waits
                                   : ": has no tree: it has not been loaded, or was left out"));
  }
}

}  // namespace

Result<CommandLine> parse_verify(int argc, const char* const* argv) {
  CommandLine line;
  line.command = Command::kVerify;
  CommandDefinition define("checks every manifest against its tree, byte for byte",
                           "Usage: engine verify OUTPUT_DIR [--input=DIR]\n", line);
  define.add_output();
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
  const OnRecord on_record = check_records(line, &*verified);
  if (line.verify_input && !verified->is_one_tree) check_sources(line, on_record, &*verified);
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
