#include "io/cli/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include "io/cli/figures.h"
#include "io/cli/neo4j_feed.h"

namespace engine::io {
namespace {

void add_row(std::string& out, std::string_view name, std::string_view text) {
  out += fmt::format("{:<14}{}\n", name, text);
}

void add_lines(std::string& out, const FirstLines& list,
               std::size_t most = std::numeric_limits<std::size_t>::max()) {
  std::size_t shown = 0;
  for (auto line = list.lines().begin(); line != list.lines().end() && shown < most; ++line) {
    out += "  " + *line + "\n";
    ++shown;
  }
  const std::uint64_t more = list.count() - shown;
  if (more != 0) out += fmt::format("  ... and {} more\n", grouped(more));
}

std::string sources_text(const LoadOutcome& outcome) {
  const LoadStats& load = outcome.stats.load;
  std::string text = fmt::format("{}: {} done, {} failed, {} unchanged", grouped(load.sources),
                                 grouped(load.sources_done), grouped(load.sources_failed),
                                 grouped(load.sources_unchanged));
  if (load.sources_gone != 0) {
    text +=
        fmt::format(", {} gone{}", grouped(load.sources_gone), outcome.watch ? " or renamed" : "");
  }
  if (outcome.not_processed != 0) {
    text += fmt::format(", {} not processed", grouped(outcome.not_processed));
  }
  return text;
}

void add_objects(std::string& out, const LoadOutcome& outcome) {
  add_row(out, "objects", grouped(outcome.stats.load.objects));
  std::vector<std::pair<std::string, std::uint64_t>> types(outcome.findings.objects.begin(),
                                                           outcome.findings.objects.end());
  std::stable_sort(types.begin(), types.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  for (const auto& [type, count] : types) {
    out += fmt::format("  {:<24}{:>12}\n", type, grouped(count));
  }
}

void add_outputs(std::string& out, const LoadOutcome& outcome) {
  const LoadStats& load = outcome.stats.load;
  if (outcome.dry_run) {
    add_row(out, "outputs",
            fmt::format("{} in all (dry run: nothing written or compared)",
                        grouped(load.outputs_written)));
  } else {
    add_row(out, "outputs",
            fmt::format("{} written, {}; {} unchanged", grouped(load.outputs_written),
                        megabytes(load.bytes_written), grouped(load.outputs_unchanged)));
  }
  if (outcome.findings.unclassified_units != 0) {
    add_row(out, "under other/",
            counted(outcome.findings.unclassified_units, "unit") +
                " without an object (SET, COMMIT, SELECT, ...)");
  }
}

// A folder may be uncertain as a whole: then what it is taken for says more than a list.
void add_uncertain(std::string& out, const Findings& findings) {
  constexpr std::size_t kAFew = 5;
  if (findings.uncertain.count() == findings.uncertain.lines().size()) {
    add_lines(out, findings.uncertain);
    return;
  }
  for (const auto& [dialect, count] : findings.uncertain_dialects) {
    out += fmt::format("  {} taken for {}\n", grouped(count), dialect);
  }
  add_lines(out, findings.uncertain, kAFew);
}

void add_findings(std::string& out, const Findings& findings) {
  if (findings.kept.count() != 0) {
    add_row(out, "kept",
            "the trees of " + counted(findings.kept.count(), "source") +
                ", of whatever version they are (--no-overwrite)");
    add_lines(out, findings.kept);
  }
  if (findings.unready.count() != 0) {
    add_row(out, "not ready",
            counted(findings.unready.count(), "source") + ", being written or just written");
    add_lines(out, findings.unready);
  }
  if (findings.uncertain.count() != 0) {
    add_row(out, "uncertain",
            counted(findings.uncertain.count(), "source") +
                " whose dialect is not certain (--dialect=GLOB=NAME decides)");
    add_uncertain(out, findings);
  }
  if (findings.warnings.count() != 0) {
    const bool are_all = findings.warnings.count() == findings.warnings.lines().size();
    add_row(out, "warnings",
            grouped(findings.warnings.count()) +
                (are_all ? "" : " (at most three of each source; --log-level=debug names all)"));
    add_lines(out, findings.warnings);
  }
  if (findings.failures.count() != 0) {
    add_row(out, "failures", grouped(findings.failures.count()));
    add_lines(out, findings.failures);
  }
}

void add_watch(std::string& out, const WatchOutcome& watch) {
  const WatchCounts& counts = watch.counts;
  add_row(out, "watched",
          fmt::format("{}, {} by {}", counted(counts.sources, "source"),
                      counts.directories == 1 ? "1 directory"
                                              : grouped(counts.directories) + " directories",
                      watch.event_source));
  add_row(
      out, "events",
      fmt::format("{}: {} of other files; {} changed, {} unchanged, {} gone ({} of them renamed)",
                  grouped(counts.notices), grouped(counts.filtered), grouped(counts.changed),
                  grouped(counts.unchanged), grouped(counts.gone), grouped(counts.renamed)));
  add_row(out, "rescans",
          fmt::format("{}, {} of the event queue", grouped(counts.rescans),
                      counted(counts.overflows, "overflow")));
}

}  // namespace

std::string summary(const LoadOutcome& outcome) {
  const LoadStats& load = outcome.stats.load;
  std::string out;
  add_row(out, "sources", sources_text(outcome));
  add_row(out, "read",
          fmt::format("{}, {}", megabytes(load.bytes_read), counted(load.units, "unit")));
  add_objects(out, outcome);
  add_row(out, "output", printable(outcome.output));
  add_outputs(out, outcome);
  add_findings(out, outcome.findings);
  if (load.retries != 0) {
    add_row(out, "retries",
            fmt::format("{}, after errors that might go away", grouped(load.retries)));
  }
  if (outcome.watch) add_watch(out, *outcome.watch);
  if (outcome.neo4j) {
    add_row(out, "neo4j",
            fmt::format("{}, in {:.2f} s", sync_text(outcome.neo4j->counts),
                        outcome.neo4j->elapsed_seconds));
  }
  const double finished =
      static_cast<double>(load.sources_done + load.sources_failed + load.sources_unchanged);
  add_row(
      out, "throughput",
      fmt::format("{:.0f} files/s, {:.1f} MB/s, in {:.2f} s",
                  per_second(finished, outcome.elapsed_seconds),
                  per_second(static_cast<double>(load.bytes_read) / 1e6, outcome.elapsed_seconds),
                  outcome.elapsed_seconds));
  add_row(out, "per source",
          fmt::format("p50 {:.2f} ms, p99 {:.2f} ms", load.latency_p50_ms, load.latency_p99_ms));
  add_row(out, "peak memory",
          fmt::format("{} RSS, {} anonymous", megabytes(outcome.peak_rss_bytes),
                      megabytes(outcome.peak_anon_bytes)));
  return out;
}

}  // namespace engine::io
