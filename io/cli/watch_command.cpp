#include "io/cli/watch_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/engine.h"
#include "io/cli/destination.h"
#include "io/cli/figures.h"
#include "io/cli/graph_keeper.h"
#include "io/cli/host.h"
#include "io/cli/line_writer.h"
#include "io/cli/load_places.h"
#include "io/cli/load_report.h"
#include "io/cli/log.h"
#include "io/cli/output_retries.h"
#include "io/cli/scan_report.h"
#include "io/cli/service_manager.h"
#include "io/cli/statistics_json.h"
#include "io/cli/summary.h"
#include "io/cli/tree_keeper.h"
#include "io/cli/watch_records.h"
#include "io/cli/watch_route.h"
#include "io/watch/watcher.h"

namespace engine::io {
namespace {

std::optional<TimePoint> earlier(std::optional<TimePoint> one, std::optional<TimePoint> other) {
  if (!one || !other) return one ? one : other;
  return std::min(*one, *other);
}

// ", 3 of them not ready (a.sql, b.sql and 1 more)"
std::string still_written(const FirstLines& unready) {
  if (unready.count() == 0) return {};
  constexpr std::size_t kMostNamed = 8;
  std::string names;
  std::size_t named = 0;
  for (auto line = unready.lines().begin(); line != unready.lines().end() && named < kMostNamed;
       ++line, ++named) {
    names += (named == 0 ? "" : ", ") + *line;
  }
  if (unready.count() > named) names += fmt::format(" and {} more", unready.count() - named);
  return fmt::format(", {} of them not ready ({})", grouped(unready.count()), names);
}

class Watch {
 public:
  Watch(const CommandLine& line, Console& console, HeldSignals& signals, Logger log)
      : line_(line), console_(console), log_(std::move(log)), signals_(signals) {}

  ExitStatus run() {
    Result<void> done = prepare();
    if (done) done = follow();
    if (!done) {
      console_.line("engine: " + printable(done.error().message));
      return was_watching_ ? kExitFailed : kExitUsage;
    }
    const LoadOutcome told = outcome();
    // What somebody is still writing nobody could have done; where nobody can know whether somebody
    // does, it may have been there to be done.
    const auto written = std::count_if(unready_.begin(), unready_.end(),
                                       [](const auto& each) { return !each.may_be_done; });
    const bool all_done = told.findings.failures.count() == 0 &&
                          told.not_processed <= static_cast<std::uint64_t>(written);
    if (told.not_processed != 0) {
      log_->warn("not processed: {}{}; the next start does the rest",
                 counted(told.not_processed, "source"), still_written(told.findings.unready));
    }
    return tell(told) && all_done ? kExitDone : kExitFailed;
  }

 private:
  Result<void> prepare() {
    if (Result<void> places = check_places(line_.input, line_.output); !places) return places;
    std::unique_ptr<Neo4jFeed> neo4j;
    if (line_.neo4j.url) {
      Result<std::unique_ptr<Neo4jFeed>> feed = Neo4jFeed::open(line_);
      if (!feed) return tl::make_unexpected(feed.error());
      neo4j = std::move(*feed);
      log_->info("{}", printable(neo4j->description()));
    }
    Result<Destination> destination = open_destination(line_);
    if (!destination) return tl::make_unexpected(destination.error());
    destination_ = std::move(*destination);
    Result<std::unique_ptr<SourceFolder>> folder =
        SourceFolder::open(line_.input, destination_.temp_directory, LaterWrites::kTold);
    if (!folder) return tl::make_unexpected(folder.error());
    folder_ = std::move(*folder);
    report_ = std::make_unique<LoadReport>(no_sources_, log_, LoadReport::Warnings::kAtOnce, [] {});
    scans_ = std::make_unique<ScanReport>(*report_, log_);
    retries_ = std::make_unique<OutputRetries>(*scans_, host_.clock(), line_.options.retry_pause,
                                               [this] { watcher_->interrupt(); });
    SourceObserver* last = retries_.get();
    if (destination_.writer != nullptr) {
      Result<std::unique_ptr<WatchRecords>> records =
          WatchRecords::open(line_, *destination_.writer, *folder_, log_,
                             [this](const SourceRecord& record) { route_->retried(record.path); });
      if (!records) return tl::make_unexpected(records.error());
      records_ = std::move(*records);
      records_->records().connect(*retries_);
      last = &records_->records().observer();
    }
    TreeWriter* const writer = destination_.writer;
    trees_ = std::make_unique<TreeKeeper>(TreeKeeper::Parts{
        *folder_, SourceNames(line_.include, line_.exclude), writer, line_.watch.on_delete,
        *report_, doubts_, *retries_, records_ == nullptr ? nullptr : &records_->records(), *last});
    if (writer != nullptr) writer->set_owners(*trees_);
    retries_->call_when_noted([this](const std::string& path) { trees_->tell_undropped(path); });
    if (records_ != nullptr && (line_.catalog || line_.neo4j.url)) {
      graph_ = std::make_unique<GraphKeeper>(line_, std::move(neo4j), log_, *trees_);
    }
    route_ = std::make_unique<WatchRoute>(
        WatchRoute::Parts{line_.options, *folder_, writer, records_.get(), *trees_, doubts_,
                          *report_, *scans_},
        log_);
    return open_watcher();
  }

  Result<void> open_watcher() {
    WatcherOptions options;
    options.root = line_.input;
    options.names = SourceNames(line_.include, line_.exclude);
    options.left_out = directory_id(line_.output);
    const auto& priorities = line_.options.priority_globs;
    options.has_urgent = std::any_of(priorities.begin(), priorities.end(), [](const auto& glob) {
      return glob.second == Priority::kCritical;
    });
    options.settle_time = line_.watch.settle_time;
    options.rescan_interval = line_.watch.rescan_interval;
    options.no_existing = line_.watch.no_existing;
    options.event_source = line_.watch.event_source;
    options.event_loop = line_.watch.event_loop;
    options.signals.assign(kWatchSignals.begin(), kWatchSignals.end());
    Result<std::unique_ptr<Watcher>> watcher =
        Watcher::open(std::move(options), *route_, records_.get());
    if (!watcher) return tl::make_unexpected(watcher.error());
    watcher_ = std::move(*watcher);
    const WatchOutcome watch = watch_outcome();
    log_->info("watching {}: {} ({}), {} ({})", printable(line_.input), watch.event_source,
               printable(watch.event_source_reason), watch.event_loop,
               printable(watch.event_loop_reason));
    for (const std::string& option : line_.without_effect) log_->warn("{}", option);
    return {};
  }

  Result<void> follow() {
    SourceObserver* observer = trees_.get();
    if (graph_ != nullptr) observer = graph_.get();
    Engine engine(line_.options, host_.ports(*folder_, *destination_.sink, *observer, *route_));
    if (Result<void> started = engine.start(); !started) return started;
    route_->connect(engine, *watcher_);
    if (records_ != nullptr) {
      SourceRecords& records = records_->records();
      if (Result<void> started = records.start(); !started) return started;
      records.do_again_by([this](const SourceRecord& record) { route_->requested(record.path); });
    }
    if (graph_ != nullptr) {
      if (Result<void> started = graph_->start(); !started) return started;
    }
    was_watching_ = true;
    signals_.call_at_end([this] { watcher_->interrupt(); });
    tell_service_manager("READY=1");
    const Result<void> watched = watch_until_ended(engine);
    signals_.call_at_end({});
    const std::optional<TimePoint> deadline = deadline_of_the_end();
    if (watched) log_->info("stopping: what has been seen is finished; once more ends it at once");
    tell_service_manager("STOPPING=1");
    if (!watcher_->finish()) {
      log_->warn("a part of the folder was not looked through: the next start finds the rest");
    }
    if (records_ != nullptr) {
      records_->records().end_requests();
      records_->records().do_again_by({});
    }
    const bool can_write = destination_.writer == nullptr || !destination_.writer->is_deleted();
    engine.shutdown(/*wait_for_completion=*/can_write);
    take_stock(engine);
    leave_unready();
    if (records_ != nullptr) {
      // Whose source is left may be needed there, as its trees were when it was called otherwise.
      if (trees_->leaves_trees() || stats_.load.sources_left != 0) records_->keep_mark();
      if (!watcher_->counts().sees_everything) records_->keep_mark_of_unseen();
      if (const Result<void> closed = records_->close(); !closed) {
        report_->add_failure(closed.error().message);
      }
      for (const Result<void>& whole :
           {destination_.writer->check_build(), destination_.writer->check_place()}) {
        if (!whole && watched) report_->add_failure(whole.error().message);
      }
    }
    if (graph_ != nullptr) {
      if (const Result<void> done = graph_->finish(deadline); !done) {
        report_->add_failure(done.error().message);
      }
    }
    return watched;
  }

  void take_stock(const Engine& engine) {
    stats_ = engine.stats();
    unready_ = watcher_->unready();
  }

  // Seen and never brought: to the statistics they are sources like those that a signal leaves.
  void leave_unready() {
    for (const UnreadySource& source : unready_) {
      if (records_ != nullptr) records_->queued(source.path, source.version);
      ++stats_.load.sources;
      ++stats_.load.sources_left;
    }
  }

  std::optional<TimePoint> deadline_of_the_end() const {
    if (line_.options.stop_timeout == Duration::zero()) return std::nullopt;
    return host_.clock().now() + line_.options.stop_timeout;
  }

  Result<void> watch_until_ended(Engine& engine) {
    const Duration interval = line_.watch.stats_interval;
    const Clock& clock = host_.clock();
    std::optional<TimePoint> next;
    if (interval > Duration::zero()) next = clock.now() + interval;
    while (!signals_.is_end_asked()) {
      Result<std::vector<int>> signals =
          watcher_->run_until(earlier(next, earlier(retries_->due(), doubts_.due())));
      if (!signals) return tl::make_unexpected(signals.error());
      if (Result<void> there = route_->check_output(); !there) return there;
      host_.sample_memory();
      for (const std::string& path : retries_->take_due()) route_->requested(path);
      const DoubtfulSources::Due doubtful = doubts_.take_due();
      for (const std::string& path : doubtful.found) route_->doubted(path);
      for (const std::string& path : doubtful.missed) route_->missed(path);
      bool is_wanted = std::find(signals->begin(), signals->end(), SIGUSR1) != signals->end();
      if (next && *next <= clock.now()) {
        is_wanted = true;
        next = std::max(*next + interval, clock.now());
      }
      if (is_wanted) {
        take_stock(engine);
        static_cast<void>(tell(outcome()));
      }
      if (std::find(signals->begin(), signals->end(), SIGHUP) != signals->end()) {
        log_->info("looking through the folder");
        scans_->ask();
        watcher_->rescan();
        retries_->hasten();
      }
    }
    return {};
  }

  WatchOutcome watch_outcome() const {
    const auto source = static_cast<std::size_t>(watcher_->source().kind());
    const auto loop = static_cast<std::size_t>(watcher_->loop().kind());
    return {watcher_->counts(), std::string(kEventSourceNames[source]), watcher_->source_reason(),
            std::string(kEventLoopNames[loop]), watcher_->loop().reason()};
  }

  LoadOutcome outcome() const {
    LoadOutcome outcome;
    outcome.stats = stats_;
    outcome.findings = report_->findings();
    LoadStats& load = outcome.stats.load;
    if (records_ != nullptr) records_->records().correct(&load);
    outcome.not_processed = load.sources_left;
    host_.describe(&outcome);
    outcome.watch = watch_outcome();
    if (!outcome.watch->counts.sees_everything) {
      outcome.findings.failures.add(printable(line_.input) +
                                    ": a part of it could not be looked at; the log names it");
    }
    if (graph_ != nullptr) outcome.neo4j = graph_->outcome();
    for (const UnreadySource& source : unready_) {
      outcome.findings.unready.add(printable(source.path));
    }
    outcome.links_not_followed = outcome.watch->counts.links_not_followed;
    outcome.special_files = outcome.watch->counts.special_files;
    return outcome;
  }

  bool tell(const LoadOutcome& told) {
    if (out_.write(line_.format == Format::kJson ? statistics_json(told) + "\n" : summary(told))) {
      return true;
    }
    log_->error("standard output: cannot be written, or nobody reads it");
    return false;
  }

  const CommandLine& line_;
  Console& console_;
  const Logger log_;
  HeldSignals& signals_;
  Host host_{line_};
  LineWriter out_{STDOUT_FILENO, console_.patience()};
  const std::vector<FoundSource> no_sources_;

  // Constant after prepare().
  Destination destination_;
  std::unique_ptr<SourceFolder> folder_;
  std::unique_ptr<LoadReport> report_;
  std::unique_ptr<ScanReport> scans_;
  std::unique_ptr<OutputRetries> retries_;
  DoubtfulSources doubts_{host_.clock(), [this] { watcher_->interrupt(); }};
  std::unique_ptr<WatchRecords> records_;  ///< none with --dry-run
  std::unique_ptr<TreeKeeper> trees_;
  std::unique_ptr<GraphKeeper> graph_;  ///< with --catalog or --neo4j
  std::unique_ptr<WatchRoute> route_;
  std::unique_ptr<Watcher> watcher_;

  // As last asked for.
  Stats stats_;
  std::vector<UnreadySource> unready_;

  bool was_watching_ = false;
};

}  // namespace

ExitStatus run_watch(const CommandLine& line, Console& console, HeldSignals& signals) {
  if (const Result<void> listening = signals.listen(); !listening) {
    console.line("engine: " + listening.error().message);
    return kExitUsage;
  }
  console.hurry();  // the folder does not wait for who reads of it
  Result<Logger> log = open_log(line, console);
  if (!log) {
    console.line("engine: " + printable(log.error().message));
    return kExitUsage;
  }
  return Watch(line, console, signals, std::move(*log)).run();
}

}  // namespace engine::io
