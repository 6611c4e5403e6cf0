#include "engine/engine.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "engine/glob.h"
#include "engine/run/path_states.h"
#include "engine/run/retry_policy.h"
#include "engine/run/settler.h"
#include "engine/run/source_counters.h"
#include "engine/run/source_job.h"
#include "engine/run/worker_pool.h"
#include "engine/run/worker_scaler.h"

namespace engine {
namespace {

// The ports that an embedder may leave out.
struct DefaultPorts {
  SteadyClock clock;
  NoMemoryPressure memory;
  NoHostPressure pressure;
  NoThreadPlacement placement;
};

Ports with_defaults(Ports ports, DefaultPorts* defaults) {
  if (ports.clock == nullptr) ports.clock = &defaults->clock;
  if (ports.memory == nullptr) ports.memory = &defaults->memory;
  if (ports.pressure == nullptr) ports.pressure = &defaults->pressure;
  if (ports.placement == nullptr) ports.placement = &defaults->placement;
  return ports;
}

// As many threads as could be of use; how many of them work is up to the scaler.
Options with_workers(Options options, const Ports& ports) {
  if (options.workers == Options::kAutoWorkers) options.workers = ports.placement->usable_cpus();
  return options;
}

}  // namespace

// The way of the data, stage by stage; each stage is in the room that its type names.
class Engine::Impl {
 public:
  Impl(Options options, Ports ports)
      : ports_(with_defaults(ports, &defaults_)),
        adaptive_(options.workers == Options::kAutoWorkers),
        options_(with_workers(std::move(options), ports_)),
        retries_(options_),
        scaler_(chosen_workers(Options::kAutoWorkers, *ports_.placement), options_.workers),
        job_(options_, ports_, given_up_.get_token()),
        counters_(std::max(1u, options_.workers)),
        settler_(
            options_, ports_, states_,
            {[this](Task& task) { return pool_.try_submit(std::move(task)); },
             [this] { return pool_.outstanding(); }, [this] { pool_.drop_waiting(); },
             [this] { given_up_.request_stop(); },
             adaptive_ ? [this](TimePoint now) { scale(now); } : std::function<void(TimePoint)>()}),
        pool_(
            {options_.workers, options_.max_queue_size},
            [this](Task& task, unsigned worker) { return process(task, worker); }, *ports_.memory,
            *ports_.placement, {}, [this](std::size_t left) { settler_.task_ended(left); }) {}

  ~Impl() { shutdown(true); }

  Result<void> start() {
    if (adaptive_) pool_.set_active(scaler_.workers());
    if (auto started = pool_.start(); !started) return started;
    if (auto started = settler_.start(); !started) {
      shutdown(false);
      return started;
    }
    return {};
  }

  // An event: the path has changed, and may go on changing.
  Intake observe(const FileEvent& event) {
    FileEvent known = event;
    known.priority = priority_of(event.path, event.priority);
    return settler_.observe(known);
  }

  // Beyond this point the path is settled: it is on its way to a worker, or waits behind itself.
  bool submit(const std::string& path, Priority priority) {
    if (!settler_.await_room()) return false;
    priority = priority_of(path, priority);
    if (!states_.ask(path, {.priority = priority,
                            .since = ports_.clock->now(),
                            .forced = true,
                            .submitted = true}))
      return true;
    bool is_taken = false;
    try {
      is_taken = pool_.submit({path, priority});
    } catch (...) {  // no memory for it: nobody brings its ticket
      states_.withdraw(path);
      throw;
    }
    if (!is_taken) states_.withdraw(path);
    return is_taken;
  }

  void flush_now() { settler_.flush_now(); }

  // Stage by stage from the left, so that nothing is on its way into what has ended.
  void shutdown(bool wait_for_completion) {
    settler_.stop(wait_for_completion);
    pool_.shutdown(wait_for_completion);
  }

  // The pool counts tickets and attempts; what people submit and wait for are sources.
  Stats stats() const {
    Stats stats;
    stats.batch = settler_.stats();
    stats.load = counters_.load_stats();
    stats.load.sources = states_.accepted();
    stats.load.requests_merged = states_.merged();
    stats.watch = counters_.watch_stats();
    stats.pool = pool_.stats();
    stats.pool.tasks_completed =
        stats.load.sources_done + stats.load.sources_unchanged + stats.load.sources_gone;
    stats.pool.tasks_failed = stats.load.sources_failed;
    const std::uint64_t ended = stats.pool.tasks_completed + stats.pool.tasks_failed;
    stats.pool.tasks_submitted = std::max(stats.load.sources, ended);
    const bool has_ended = settler_.stopping() && !stats.pool.running;
    (has_ended ? stats.load.sources_left : stats.pool.tasks_pending) = states_.active();
    stats.pool.success_rate_percent =
        ended == 0
            ? 100
            : 100.0 * static_cast<double>(stats.pool.tasks_completed) / static_cast<double>(ended);
    return stats;
  }

 private:
  // On the settler's thread, once a second while there is work.
  void scale(TimePoint now) {
    pool_.set_active(scaler_.step(now, {.bytes = counters_.bytes_read(),
                                        .work_waits = pool_.waiting() != 0,
                                        .memory_short = ports_.memory->over_threshold(),
                                        .stalls = ports_.pressure->stalls()}));
  }

  Priority priority_of(const std::string& path, Priority priority) const {
    const Priority* named = last_match(options_.priority_globs, path);
    return named != nullptr ? *named : priority;
  }

  // A path that is a worker's own. It is given back however the worker ends with it: an observer
  // that throws must not leave shutdown() waiting for ever.
  class HeldPath {
   public:
    HeldPath(Impl* impl, const std::string& path) : impl_(impl), path_(path) {}
    HeldPath(const HeldPath&) = delete;
    HeldPath& operator=(const HeldPath&) = delete;
    ~HeldPath() {
      if (held_) finish();
    }
    void finish() {
      held_ = false;
      if (impl_->states_.finish(path_)) impl_->settler_.go_on_after(path_, Duration::zero());
    }
    /// Beyond this point another worker may have it.
    void pause(const run::Turn& turn) {
      held_ = false;
      impl_->states_.pause(path_, turn);
    }

   private:
    Impl* const impl_;
    const std::string& path_;
    bool held_ = true;
  };

  // On a worker.
  bool process(Task& task, unsigned worker) {
    std::optional<run::Turn> turn = states_.begin(task.path, task.priority);
    if (!turn) return true;
    HeldPath held(this, task.path);
    if (settler_.output_full() && !turn->is_probe) {
      held.pause(*turn);
      settler_.go_on_with_room(task.path, nullptr);
      return true;
    }
    if (ports_.observer != nullptr) ports_.observer->source_started(task.path);

    const TimePoint begin = ports_.clock->now();
    run::JobResult result = job_.run(task.path, *turn, pool_.team());
    if (put_off_if_unsettled(task.path, *turn, result.error, &held)) return true;
    if (leave_if_given_up(task.path, *turn, result.error, &held)) return true;
    ++turn->attempts;
    turn->worked += ports_.clock->now() - begin;
    result.report.attempts = turn->attempts;
    result.report.elapsed = turn->worked;
    const bool written = result.report.status == SourceStatus::kDone && !options_.dry_run;
    if (turn->is_probe) {
      settler_.probe_ended(written);
    } else if (written) {
      settler_.source_written();
    }
    if (result.error && retry_later(task.path, *turn, *result.error, worker, &held)) return true;
    tell_result(*turn, result, worker);
    held.finish();
    return result.report.status != SourceStatus::kFailed;
  }

  // True: it will be looked at again in a moment, by whoever is free then.
  bool put_off_if_unsettled(const std::string& path, run::Turn& turn,
                            const std::optional<Error>& error, HeldPath* held) {
    if (!error || error->code != ErrorCode::kUnsettled) return false;
    const auto pause = run::RetryPolicy::pause_until_settled(++turn.looks);
    if (!pause) return false;
    if (turn.is_probe) settler_.probe_ended(false);
    held->pause(turn);
    settler_.go_on_after(path, *pause);
    return true;
  }

  // True: it waits for another engine, since nothing is woken any more.
  bool leave_if_given_up(const std::string& path, const run::Turn& turn,
                         const std::optional<Error>& error, HeldPath* held) {
    if (!error || error->code != ErrorCode::kStopped || !given_up_.stop_requested()) return false;
    if (ports_.observer != nullptr) {
      ports_.observer->source_waits({path, error->message, turn.attempts, std::nullopt});
    }
    held->pause(turn);
    return true;
  }

  // True: it will be tried again.
  bool retry_later(const std::string& path, const run::Turn& turn, const Error& error,
                   unsigned worker, HeldPath* held) {
    const auto pause = retries_.pause_after(error, turn.attempts);
    if (!pause) return false;
    counters_.add_retry(worker);
    if (ports_.observer != nullptr) {
      ports_.observer->source_waits({path, error.message, turn.attempts, *pause});
    }
    held->pause(turn);
    if (error.code == ErrorCode::kNoSpace) {
      settler_.go_on_with_room(path, &error.message);
    } else {
      settler_.go_on_after(path, *pause);
    }
    return true;
  }

  void tell_result(const run::Turn& turn, const run::JobResult& result, unsigned worker) {
    counters_.add(worker, result);
    if (!turn.request.submitted && result.report.status == SourceStatus::kDone) {
      counters_.add_event_latency(worker, ports_.clock->now() - turn.request.since);
    }
    if (ports_.observer != nullptr) ports_.observer->source_finished(result.report);
  }

  // Constant after construction.
  DefaultPorts defaults_;
  const Ports ports_;
  const bool adaptive_;
  const Options options_;
  const run::RetryPolicy retries_;

  run::WorkerScaler scaler_;  // of start(), then of the settler's thread

  std::stop_source given_up_;
  // Synchronised in themselves.
  run::PathStates states_;
  run::SourceJob job_;
  run::SourceCounters counters_;
  run::Settler settler_;
  WorkerPool pool_;
};

Engine::Engine(Options options, Ports ports)
    : impl_(std::make_unique<Impl>(std::move(options), ports)) {}
Engine::~Engine() = default;
Result<void> Engine::start() { return impl_->start(); }
Intake Engine::observe(const FileEvent& event) { return impl_->observe(event); }
bool Engine::submit(const std::string& path, Priority priority) {
  return impl_->submit(path, priority);
}
void Engine::flush_now() { impl_->flush_now(); }
Stats Engine::stats() const { return impl_->stats(); }
void Engine::shutdown(bool wait_for_completion) { impl_->shutdown(wait_for_completion); }

}  // namespace engine
