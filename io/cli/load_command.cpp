#include "io/cli/load_command.h"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "engine/engine.h"
#include "engine/glob.h"
#include "io/cli/catalogue_update.h"
#include "io/cli/destination.h"
#include "io/cli/figures.h"
#include "io/cli/host.h"
#include "io/cli/idle_globs.h"
#include "io/cli/load_places.h"
#include "io/cli/load_records.h"
#include "io/cli/load_report.h"
#include "io/cli/log.h"
#include "io/cli/neo4j_feed.h"
#include "io/cli/owners_of_load.h"
#include "io/cli/progress.h"
#include "io/cli/space_log.h"
#include "io/cli/statistics_json.h"
#include "io/cli/stop_signals.h"
#include "io/cli/summary.h"
#include "io/cli/tree_places.h"
#include "io/watch/expected_sources.h"
#include "io/watch/tree_scan.h"

namespace engine::io {
namespace {

constexpr std::chrono::milliseconds kRedrawInterval{100};

class Load {
 public:
  Load(const CommandLine& line, Console& console, Logger log)
      : line_(line), console_(console), log_(std::move(log)) {}

  ExitStatus run() {
    if (Result<void> ready = prepare(); !ready) {
      console_.line("engine: " + printable(ready.error().message));
      return kExitUsage;
    }
    if (Result<void> processed = process(); !processed) {
      console_.line("engine: " + printable(processed.error().message));
      return kExitUsage;
    }
    return tell();
  }

 private:
  // Beyond this point the list of sources and the place of every tree is fixed.
  Result<void> prepare() {
    if (Result<void> places = check_places(line_.input, line_.output); !places) return places;
    if (Result<void> greeted = greet_neo4j(); !greeted) return greeted;
    const bool is_new = !directory_id(line_.output);
    Result<Destination> destination = open_destination(line_);
    if (!destination) return tl::make_unexpected(destination.error());
    destination_ = std::move(*destination);
    Result<TreeScan> scan = scan_tree(line_.input, SourceNames(line_.include, line_.exclude),
                                      directory_id(line_.output));
    if (!scan) return tl::make_unexpected(scan.error());
    scan_ = std::move(*scan);
    Result<std::unique_ptr<SourceFolder>> folder =
        SourceFolder::open(line_.input, destination_.temp_directory);
    if (!folder) return tl::make_unexpected(folder.error());
    folder_ = std::move(*folder);

    if (destination_.writer != nullptr) {
      if (Result<void> held = hold_against_record(); !held) return held;
    } else {
      to_do_ = scan_.sources;
    }
    report_ = std::make_unique<LoadReport>(to_do_, log_, LoadReport::Warnings::kInTheSummary,
                                           [this] { signals_.notify(); });
    for (const Error& problem : scan_.problems) report_->add_failure(problem.message);
    owners_ = std::make_unique<OwnersOfLoad>(scan_, *folder_, *report_);
    if (destination_.writer != nullptr) destination_.writer->set_owners(*owners_);
    place_trees(to_do_, *folder_, is_new ? nullptr : destination_.writer, *report_);
    for (const FoundSource& source : to_do_) total_.bytes += source.version.size;
    total_.sources = to_do_.size();
    for (const std::string& option : line_.without_effect) {
      log_->warn("{}", option);
    }
    warn_of_what_was_not_found();
    for (const std::string& path : scan_.outputs) {
      log_->info("{}: an output directory of engine, left out", printable(path));
    }
    const std::string passed_over = passed_over_text(scan_.links, scan_.special_files);
    if (!passed_over.empty()) log_->info("{}", passed_over);
    return {};
  }

  void warn_of_what_was_not_found() const {
    if (recorded_ != nullptr && recorded_->all_missing() != 0) {
      log_->warn("{}", printable(recorded_->missing_text(line_.input)));
    } else if (scan_.sources.empty() && scan_.problems.empty()) {
      log_->warn("{}: no SQL files found; {}", printable(line_.input),
                 scan_.excluded != 0 ? "--exclude leaves out what there is"
                                     : "--include=GLOB adds names to those that --help lists");
    }
    if (recorded_ != nullptr) {
      for (const std::string& place : recorded_->missing_mounts()) {
        log_->warn("{}", printable(holds_no_source(place).message));
      }
    }
    if (scan_.sources.empty()) return;
    for (const std::string& glob : idle_globs(line_, scan_.sources)) {
      log_->warn("{}", printable(glob));
    }
  }

  Result<void> greet_neo4j() {
    if (!line_.neo4j.url) return {};
    Result<std::unique_ptr<Neo4jFeed>> feed = Neo4jFeed::open(line_);
    if (!feed) return tl::make_unexpected(feed.error());
    neo4j_ = std::move(*feed);
    log_->info("{}", printable(neo4j_->description()));
    return {};
  }

  // Beyond this point only what is not done already is to do.
  Result<void> hold_against_record() {
    Result<std::unique_ptr<LoadRecords>> recorded =
        LoadRecords::open(line_, *destination_.writer, log_);
    if (!recorded) return tl::make_unexpected(recorded.error());
    recorded_ = std::move(*recorded);
    Result<std::vector<FoundSource>> to_do =
        recorded_->hold_against(scan_, SourceNames(line_.include, line_.exclude), *folder_);
    if (!to_do) return tl::make_unexpected(to_do.error());
    to_do_ = std::move(*to_do);
    return {};
  }

  // Fails, before any source is read, when the system has no threads to give.
  Result<void> process() {
    signals_.hold();  // before there are threads: they inherit it
    log_->debug("{}, {}", counted(total_.sources, "source"), megabytes(total_.bytes));
    SourceObserver* observer = report_.get();
    if (recorded_ != nullptr) {
      if (Result<void> started = recorded_->start(to_do_, *report_); !started) return started;
      observer = &recorded_->records().observer();
    }
    Engine engine(line_.options, host_.ports(*folder_, *destination_.sink, *observer, space_));
    if (Result<void> started = engine.start(); !started) return started;
    if (recorded_ != nullptr) {
      recorded_->records().do_again_by([&](const SourceRecord& record) {
        FileEvent event = asked_for(record.path);
        event.submitted = true;  // the scan has found it
        static_cast<void>(engine.observe(event));
      });
    }
    // submit() waits while the queue is full, and this thread must not: it hears the signals.
    std::thread submitter;
    try {
      submitter = std::thread([&] { submit_all(engine); });
    } catch (const std::system_error& error) {
      if (recorded_ != nullptr) recorded_->records().do_again_by({});
      return fail(ErrorCode::kInternal, std::string("cannot start a thread: ") + error.what());
    }
    const bool interrupted = !wait_for_last();
    signals_.release();  // one more ends the process at once
    if (interrupted) {
      console_.hurry();
      log_->warn("stopping: what runs is finished, what waits is left; once more ends it at once");
    }
    if (recorded_ != nullptr) recorded_->records().do_again_by({});
    engine.shutdown(/*wait_for_completion=*/!interrupted);
    submitter.join();
    if (recorded_ != nullptr) {
      if (Result<void> closed = recorded_->close(); !closed) {
        report_->add_failure(closed.error().message);
      }
      if (const Result<void> whole = destination_.writer->check_build(); !whole) {
        report_->add_failure(whole.error().message);
      }
    }
    console_.clear_progress();
    stats_ = engine.stats();
    not_processed_ = total_.sources - report_->progress().sources;
    if (not_processed_ == 0 && recorded_ != nullptr) bring_up_graph();
    return {};
  }

  // All files are there by now, whatever becomes of this.
  void bring_up_graph() {
    if (neo4j_ == nullptr && line_.catalog) {
      const Result<Catalogue> catalogue = open_catalogue(
          line_, [this](const std::string& problem) { log_->warn("{}", printable(problem)); });
      if (!catalogue) report_->add_failure(catalogue.error().message);
    }
    if (neo4j_ == nullptr) return;
    const TimePoint begin = host_.clock().now();
    const Result<SyncCounts> sent = neo4j_->bring_up({});
    if (!sent) return report_->add_failure(sent.error().message);
    const double seconds = std::chrono::duration<double>(host_.clock().now() - begin).count();
    neo4j_outcome_ = Neo4jOutcome{*sent, seconds};
    if (sent->rejected != 0) report_->add_failure(rejected_text(*sent, state_path(line_)));
  }

  // In the order of the engine's own priorities, because the queue is shorter than the list.
  void submit_all(Engine& engine) const {
    for (const Priority priority : {Priority::kCritical, Priority::kNormal, Priority::kBatch}) {
      for (const FoundSource& source : to_do_) {
        if (priority_of(source.path) != priority) continue;
        if (!engine.submit(source.path, Priority::kNormal)) return;  // the globs are the engine's
      }
    }
  }

  Priority priority_of(const std::string& path) const {
    const Priority* const named = last_match(line_.options.priority_globs, path);
    return named == nullptr ? Priority::kNormal : *named;
  }

  // False when a signal came first.
  bool wait_for_last() {
    while (report_->progress().sources < total_.sources) {
      host_.sample_memory();
      console_.progress(progress_text(report_->progress(), total_, host_.elapsed_seconds()));
      if (signals_.wait(kRedrawInterval) == StopSignals::Wake::kSignal) return false;
    }
    host_.sample_memory();
    return true;
  }

  LoadOutcome outcome() const {
    LoadOutcome outcome;
    outcome.stats = stats_;
    outcome.findings = report_->findings();
    LoadStats& load = outcome.stats.load;
    if (recorded_ != nullptr) recorded_->records().correct(&load);
    load.sources = total_.sources;
    if (recorded_ != nullptr) {
      load.sources += recorded_->unchanged() + recorded_->gone();
      load.sources_unchanged += recorded_->unchanged();
      load.sources_gone += recorded_->gone();
    }
    host_.describe(&outcome);
    outcome.links_not_followed = scan_.links;
    outcome.special_files = scan_.special_files;
    outcome.not_processed = not_processed_;
    outcome.neo4j = neo4j_outcome_;
    return outcome;
  }

  ExitStatus tell() const {
    const LoadOutcome told = outcome();
    const std::string text =
        line_.format == Format::kJson ? statistics_json(told) + "\n" : summary(told);
    if (told.not_processed != 0) {
      log_->error("interrupted: {} of {} not processed; the same command goes on",
                  grouped(told.not_processed), counted(total_.sources, "source"));
    }
    if (!print(text)) {
      log_->error("standard output: cannot be written");
      return kExitFailed;
    }
    const bool all_done = told.findings.failures.count() == 0 && told.not_processed == 0;
    return all_done ? kExitDone : kExitFailed;
  }

  const CommandLine& line_;
  Console& console_;
  const Logger log_;
  Host host_{line_};
  SpaceLog space_{log_};
  StopSignals signals_;

  // Constant after prepare().
  Destination destination_;
  TreeScan scan_;
  std::vector<FoundSource> to_do_;
  std::unique_ptr<SourceFolder> folder_;
  std::unique_ptr<LoadReport> report_;
  std::unique_ptr<OwnersOfLoad> owners_;
  std::unique_ptr<LoadRecords> recorded_;  ///< none with --dry-run
  std::unique_ptr<Neo4jFeed> neo4j_;       ///< with --neo4j
  ProgressTotal total_;

  // Constant after process().
  Stats stats_;
  std::uint64_t not_processed_ = 0;
  std::optional<Neo4jOutcome> neo4j_outcome_;
};

}  // namespace

ExitStatus run_load(const CommandLine& line, Console& console) {
  Result<Logger> log = open_log(line, console);
  if (!log) {
    console.line("engine: " + printable(log.error().message));
    return kExitUsage;
  }
  return Load(line, console, std::move(*log)).run();
}

}  // namespace engine::io
