#include "io/cli/watch_command.h"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/engine.h"
#include "io/cli/destination.h"
#include "io/cli/failed_sources.h"
#include "io/cli/figures.h"
#include "io/cli/graph_keeper.h"
#include "io/cli/load_places.h"
#include "io/cli/load_report.h"
#include "io/cli/log.h"
#include "io/cli/service_manager.h"
#include "io/cli/statistics_json.h"
#include "io/cli/summary.h"
#include "io/cli/tree_keeper.h"
#include "io/cli/watch_records.h"
#include "io/host/cpu_set.h"
#include "io/host/memory_monitor.h"
#include "io/host/process_memory.h"
#include "io/watch/watcher.h"

namespace engine::io {
namespace {

const std::vector<int> kSignals = {SIGINT, SIGTERM, SIGHUP, SIGUSR1};

bool ends(int signal) { return signal == SIGINT || signal == SIGTERM; }

// From here on signals are only told to whoever waits for them; all threads inherit that.
class HeldSignals {
 public:
  HeldSignals() {
    sigset_t set;
    ::sigemptyset(&set);
    for (const int signal : kSignals) ::sigaddset(&set, signal);
    ::pthread_sigmask(SIG_BLOCK, &set, &before_);
  }
  ~HeldSignals() { release(); }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

  void release() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

// What the watcher tells goes to the engine; what the engine tells, back to the watcher.
class Route final : public WatchClient, public IntakeObserver {
 public:
  /// Without `records` nothing is recorded.
  Route(SourceFolder& folder, TreeKeeper& trees, WatchRecords* records, Logger log)
      : folder_(folder), trees_(trees), records_(records), log_(std::move(log)) {}

  /// Both before the first event; they live as long as events come.
  void connect(Engine& engine, Watcher& watcher) {
    engine_ = &engine;
    watcher_ = &watcher;
  }

  Intake source_changed(const ChangedSource& source) override {
    if (records_ != nullptr && source.version) records_->queued(source.path, *source.version);
    FileEvent event{source.path};  // the priorities' globs are the engine's
    event.settled = source.is_settled;
    return engine_->observe(event);
  }
  void requested(const SourceRecord& record) {
    FileEvent event{record.path};
    event.settled = event.forced = true;
    static_cast<void>(engine_->observe(event));
  }
  void source_renamed(const std::string& from, const std::string& to) override {
    log_->info("{}: is called {} now", printable(from), printable(to));
    trees_.renamed(from, to);
  }
  void tree_placed(const std::string& source, const std::string& tree_path) override {
    trees_.place(source, tree_path);
  }
  void scan_ended(bool is_first) override {
    if (!is_first) return;
    const WatchCounts counts = watcher_->counts();
    log_->info("{} in {} {}", counted(counts.sources, "source"), grouped(counts.directories),
               counts.directories == 1 ? "directory" : "directories");
  }
  void root_replaced() override {
    if (const Result<void> opened = folder_.reopen(); !opened) problem(opened.error());
  }
  void problem(const Error& error) override { log_->error("{}", printable(error.message)); }
  void notice(const std::string& text) override { log_->info("{}", printable(text)); }

  void intake_opened() override { watcher_->intake_opened(); }
  void output_full(const std::string& reason) override { log_->error("{}", printable(reason)); }
  void output_has_room() override { log_->info("the output has room again"); }

 private:
  SourceFolder& folder_;
  TreeKeeper& trees_;
  WatchRecords* const records_;
  const Logger log_;
  Engine* engine_ = nullptr;
  Watcher* watcher_ = nullptr;
};

class Watch {
 public:
  Watch(const CommandLine& line, Console& console, Logger log)
      : line_(line), console_(console), log_(std::move(log)) {}

  ExitStatus run() {
    Result<void> done = prepare();
    if (done) done = follow();
    if (!done) {
      console_.line("engine: " + printable(done.error().message));
      return was_watching_ ? kExitFailed : kExitUsage;
    }
    if (!tell()) return kExitFailed;
    return failed_->count() == 0 && report_->findings().failures_outside == 0 ? kExitDone
                                                                              : kExitFailed;
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
    report_ = std::make_unique<LoadReport>(no_sources_, log_, [] {});
    failed_ = std::make_unique<FailedSources>(*report_);
    SourceObserver* last = failed_.get();
    if (destination_.writer != nullptr) {
      Result<std::unique_ptr<WatchRecords>> records =
          WatchRecords::open(line_, *destination_.writer, *folder_, log_,
                             [this](const SourceRecord& record) { route_->requested(record); });
      if (!records) return tl::make_unexpected(records.error());
      records_ = std::move(*records);
      records_->records().connect(*failed_);
      last = &records_->records().observer();
    }
    trees_ = std::make_unique<TreeKeeper>(*folder_, destination_.writer, line_.watch.on_delete,
                                          *report_, *last);
    if (records_ != nullptr && (line_.catalog || line_.neo4j.url)) {
      graph_ = std::make_unique<GraphKeeper>(line_, std::move(neo4j), log_, *trees_);
    }
    route_ = std::make_unique<Route>(*folder_, *trees_, records_.get(), log_);
    return open_watcher();
  }

  Result<void> open_watcher() {
    WatcherOptions options;
    options.root = line_.input;
    options.names = SourceNames(line_.include, line_.exclude);
    options.left_out = directory_id(line_.output);
    options.settle_time = line_.watch.settle_time;
    options.rescan_interval = line_.watch.rescan_interval;
    options.no_existing = line_.watch.no_existing;
    options.event_source = line_.watch.event_source;
    options.event_loop = line_.watch.event_loop;
    options.signals = kSignals;
    Result<std::unique_ptr<Watcher>> watcher =
        Watcher::open(std::move(options), *route_, records_.get());
    if (!watcher) return tl::make_unexpected(watcher.error());
    watcher_ = std::move(*watcher);
    const WatchOutcome watch = watch_outcome();
    log_->info("watching {}: {} ({}), {} ({})", printable(line_.input), watch.event_source,
               printable(watch.event_source_reason), watch.event_loop,
               printable(watch.event_loop_reason));
    return {};
  }

  Result<void> follow() {
    SourceObserver* observer = trees_.get();
    if (graph_ != nullptr) observer = graph_.get();
    Engine engine(line_.options, {.files = folder_.get(),
                                  .sink = destination_.sink.get(),
                                  .observer = observer,
                                  .intake = route_.get(),
                                  .clock = &clock_,
                                  .memory = &memory_,
                                  .placement = &placement_});
    if (Result<void> started = engine.start(); !started) return started;
    route_->connect(engine, *watcher_);
    if (records_ != nullptr) {
      if (Result<void> started = records_->records().start(); !started) return started;
    }
    if (graph_ != nullptr) {
      if (Result<void> started = graph_->start(); !started) return started;
    }
    was_watching_ = true;
    tell_service_manager("READY=1");
    const Result<void> watched = watch_until_ended(engine);
    watcher_->finish();
    tell_service_manager("STOPPING=1");
    signals_.release();  // one more ends the process at once; the next start finds the rest
    engine.shutdown(/*wait_for_completion=*/true);
    if (records_ != nullptr) {
      if (const Result<void> closed = records_->close(); !closed) {
        report_->add_failure(closed.error().message);
      }
    }
    if (graph_ != nullptr) {
      if (const Result<void> done = graph_->finish(); !done) {
        report_->add_failure(done.error().message);
      }
    }
    stats_ = engine.stats();
    return watched;
  }

  Result<void> watch_until_ended(Engine& engine) {
    const Duration interval = line_.watch.stats_interval;
    std::optional<TimePoint> next;
    if (interval > Duration::zero()) next = clock_.now() + interval;
    while (true) {
      Result<std::vector<int>> signals = watcher_->run_until(next);
      if (!signals) return tl::make_unexpected(signals.error());
      anonymous_.sample();
      bool is_wanted = std::find(signals->begin(), signals->end(), SIGUSR1) != signals->end();
      if (next && *next <= clock_.now()) {
        is_wanted = true;
        next = std::max(*next + interval, clock_.now());
      }
      if (is_wanted) {
        stats_ = engine.stats();
        static_cast<void>(tell());
      }
      if (std::find(signals->begin(), signals->end(), SIGHUP) != signals->end()) {
        log_->info("looking through the folder");
        watcher_->rescan();
      }
      if (std::any_of(signals->begin(), signals->end(), ends)) {
        log_->info("stopping: what has been seen is finished; once more ends it at once");
        return {};
      }
    }
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
    load.sources_failed += outcome.findings.failures_outside;
    if (records_ != nullptr) {
      load.sources_done -= records_->records().not_durable();
      load.sources_failed += records_->records().not_durable();
    }
    outcome.output = line_.output;
    outcome.elapsed_seconds = std::chrono::duration<double>(clock_.now() - begin_).count();
    outcome.peak_rss_bytes = peak_rss_bytes();
    outcome.peak_anon_bytes = anonymous_.bytes();
    outcome.usable_cpus = placement_.usable_cpus();
    outcome.pinned = placement_.pins(stats_.pool.num_workers) && stats_.pool.num_workers != 0;
    outcome.memory_usage_percent = memory_.usage_percent();
    outcome.memory_threshold = line_.options.memory_threshold;
    outcome.dry_run = line_.options.dry_run;
    outcome.watch = watch_outcome();
    if (graph_ != nullptr) outcome.neo4j = graph_->outcome();
    outcome.links_not_followed = outcome.watch->counts.links_not_followed;
    return outcome;
  }

  // The statistics as they are now.
  bool tell() const {
    const LoadOutcome told = outcome();
    if (print(line_.format == Format::kJson ? statistics_json(told) + "\n" : summary(told))) {
      return true;
    }
    log_->error("standard output: cannot be written");
    return false;
  }

  const CommandLine& line_;
  Console& console_;
  const Logger log_;
  HeldSignals signals_;  // before there are threads
  SteadyClock clock_;
  const TimePoint begin_ = clock_.now();
  MemoryMonitor memory_{line_.options.memory_threshold, clock_};
  CpuPlacement placement_{CpuSet::of_this_process(), !line_.no_pin};
  PeakAnonymousMemory anonymous_;
  const std::vector<FoundSource> no_sources_;

  // Constant after prepare().
  Destination destination_;
  std::unique_ptr<SourceFolder> folder_;
  std::unique_ptr<LoadReport> report_;
  std::unique_ptr<FailedSources> failed_;
  std::unique_ptr<WatchRecords> records_;  ///< none with --dry-run
  std::unique_ptr<TreeKeeper> trees_;
  std::unique_ptr<GraphKeeper> graph_;  ///< with --catalog or --neo4j
  std::unique_ptr<Route> route_;
  std::unique_ptr<Watcher> watcher_;

  Stats stats_;  // as last asked for
  bool was_watching_ = false;
};

}  // namespace

ExitStatus run_watch(const CommandLine& line, Console& console) {
  Result<Logger> log = open_log(line.log_level, line.log_file, console);
  if (!log) {
    console.line("engine: " + printable(log.error().message));
    return kExitUsage;
  }
  return Watch(line, console, std::move(*log)).run();
}

}  // namespace engine::io
