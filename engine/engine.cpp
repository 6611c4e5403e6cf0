#include "engine/engine.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "engine/base/counters.h"
#include "engine/base/histogram.h"
#include "engine/debounce/debouncer.h"
#include "engine/glob.h"
#include "engine/run/source_job.h"
#include "engine/run/worker_pool.h"

namespace engine {
namespace {

// The settler looks again after so long, whatever its deadline.
constexpr Duration kLongestSleep = std::chrono::hours(1);

// The ports that an embedder may leave out.
struct DefaultPorts {
  SteadyClock clock;
  NoMemoryPressure memory;
  NoThreadPlacement placement;
};

Ports with_defaults(Ports ports, DefaultPorts* defaults) {
  if (ports.clock == nullptr) ports.clock = &defaults->clock;
  if (ports.memory == nullptr) ports.memory = &defaults->memory;
  if (ports.placement == nullptr) ports.placement = &defaults->placement;
  return ports;
}

Options with_workers(Options options, const Ports& ports) {
  options.workers = chosen_workers(options.workers, *ports.placement);
  return options;
}

// Counters of the sources; one set for each worker.
struct SourceCounters {
  Counter done, failed, unchanged, bytes_read, units, objects, warnings, retries;
  Counter outputs_written, outputs_unchanged, bytes_written;
};

}  // namespace

// The way of the data, stage by stage; each stage is in the room that its type names.
class Engine::Impl {
 public:
  Impl(Options options, Ports ports)
      : ports_(with_defaults(ports, &defaults_)),
        options_(with_workers(std::move(options), ports_)),
        debouncer_({options_.debounce_window, options_.batch_size_threshold, options_.max_delay,
                    !options_.disable_batching}),
        job_(options_, ports_),
        counters_(std::max(1u, options_.workers)),
        latency_(std::max(1u, options_.workers)),
        pool_(
            {options_.workers, options_.max_queue_size},
            [this](Task& task, unsigned worker) { return process(task, worker); }, *ports_.memory,
            *ports_.placement) {}

  Result<void> start() {
    if (options_.layout != Layout::kNested || options_.data != DataPlacement::kSeparate) {
      return fail(ErrorCode::kInvalid,
                  "options: only layout nested and data separate are there yet");
    }
    if (auto started = pool_.start(); !started) return started;
    try {
      settler_ = std::thread([this] { settle(); });
    } catch (const std::system_error& error) {
      pool_.shutdown(false);
      return fail(ErrorCode::kInternal, std::string("cannot start a thread: ") + error.what());
    }
    return {};
  }

  // An event: the path has changed, and may go on changing.
  Intake observe(const FileEvent& event) {
    Intake intake = Intake::kOpen;
    {
      const std::lock_guard lock(mutex_);
      debouncer_.observe(event, ports_.clock->now());
      if (debouncer_.stats().pending_files + due_ >= high_water()) full_ = true;
      if (full_) intake = Intake::kFull;
    }
    wake_.notify_one();
    return intake;
  }

  // Beyond this point the path is settled; no later event is merged with it.
  bool submit(const std::string& path, Priority priority) {
    if (const Priority* named = last_match(options_.priority_globs, path)) priority = *named;
    if (!pool_.submit({path, priority})) return false;
    sources_.add();
    return true;
  }

  void flush_now() {
    {
      const std::lock_guard lock(mutex_);
      debouncer_.flush_now();
    }
    wake_.notify_one();
  }

  void shutdown(bool wait_for_completion) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      stopping_ = true;
      if (wait_for_completion) debouncer_.flush_now();
      drop_waiting_ = !wait_for_completion;
    }
    wake_.notify_one();
    // What is dropped must not wait for room in the queue; what is not has to get into it first.
    if (!wait_for_completion) pool_.shutdown(false);
    if (settler_.joinable()) settler_.join();
    if (wait_for_completion) pool_.shutdown(true);
  }

  Stats stats() const {
    Stats stats;
    {
      const std::lock_guard lock(mutex_);
      stats.batch = debouncer_.stats();
    }
    stats.pool = pool_.stats();
    const auto sum = [&](Counter SourceCounters::*counter) {
      return counters_.sum([&](const SourceCounters& slot) { return (slot.*counter).value(); });
    };
    LoadStats& load = stats.load;
    load.sources = sources_.value();
    load.sources_done = sum(&SourceCounters::done);
    load.sources_failed = sum(&SourceCounters::failed);
    load.sources_unchanged = sum(&SourceCounters::unchanged);
    load.bytes_read = sum(&SourceCounters::bytes_read);
    load.units = sum(&SourceCounters::units);
    load.objects = sum(&SourceCounters::objects);
    load.outputs_written = sum(&SourceCounters::outputs_written);
    load.outputs_unchanged = sum(&SourceCounters::outputs_unchanged);
    load.bytes_written = sum(&SourceCounters::bytes_written);
    load.warnings = sum(&SourceCounters::warnings);
    load.retries = sum(&SourceCounters::retries);
    Histogram latency;
    latency_.each([&](const Histogram& one) { latency.merge(one); });
    load.latency_p50_ms = static_cast<double>(latency.percentile(50)) / 1e6;
    load.latency_p99_ms = static_cast<double>(latency.percentile(99)) / 1e6;
    return stats;
  }

 private:
  // Hands paths on when they have fallen quiet; sleeps until the next one may have.
  void settle() {
    std::vector<FileEvent> due;
    std::unique_lock lock(mutex_);
    while (!drop_waiting_) {
      due.clear();
      debouncer_.take_due(ports_.clock->now(), &due);
      if (!due.empty()) {
        due_ = due.size();
        lock.unlock();
        for (const FileEvent& event : due) {
          if (!submit(event.path, event.priority)) break;
        }
        lock.lock();
        due_ = 0;
        if (full_ && debouncer_.stats().pending_files <= high_water() / 2) {
          full_ = false;
          lock.unlock();
          if (ports_.intake != nullptr) ports_.intake->intake_opened();
          lock.lock();
        }
      } else if (stopping_) {
        return;
      } else if (const auto deadline = debouncer_.next_deadline()) {
        wake_.wait_for(lock, time_until(*deadline));
      } else {
        wake_.wait(lock);
      }
    }
  }

  std::size_t high_water() const { return options_.max_queue_size + options_.batch_size_threshold; }

  // Deadlines may be as far off as TimePoint can say.
  Duration time_until(TimePoint deadline) const {
    const TimePoint now = ports_.clock->now();
    return deadline <= now
               ? Duration::zero()
               : std::min<Duration>(deadline - std::max(now, TimePoint()), kLongestSleep);
  }

  // On a worker: the file's version is fixed in here, where the tree is checked and published.
  bool process(Task& task, unsigned worker) {
    const TimePoint begin = ports_.clock->now();
    const run::JobResult result = job_.run(task.path);
    const Duration taken = ports_.clock->now() - begin;
    latency_.worker(worker).record(static_cast<std::uint64_t>(
        std::max<std::int64_t>(0, std::chrono::nanoseconds(taken).count())));
    count(result, counters_.worker(worker));
    if (ports_.observer != nullptr) ports_.observer->source_finished(result.report);
    return result.report.status != SourceStatus::kFailed;
  }

  static void count(const run::JobResult& result, SourceCounters& counters) {
    const SourceReport& report = result.report;
    counters.done.add(report.status == SourceStatus::kDone);
    counters.failed.add(report.status == SourceStatus::kFailed);
    counters.unchanged.add(report.status == SourceStatus::kUnchanged);
    counters.bytes_read.add(report.bytes);
    counters.units.add(report.units);
    for (const auto& [type, number] : report.objects) counters.objects.add(number);
    counters.warnings.add(report.warnings.size());
    counters.retries.add(result.retries);
    counters.outputs_written.add(result.published.outputs_written);
    counters.outputs_unchanged.add(result.published.outputs_unchanged);
    counters.bytes_written.add(result.published.bytes_written);
  }

  // Constant after construction.
  DefaultPorts defaults_;
  const Ports ports_;
  const Options options_;

  // Guarded by mutex_.
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  Debouncer debouncer_;
  bool stopping_ = false;
  bool drop_waiting_ = false;
  std::size_t due_ = 0;  // on their way into the pool
  bool full_ = false;    // somebody was told so

  // Synchronised in themselves.
  run::SourceJob job_;
  PerThread<SourceCounters> counters_;
  Counter sources_;
  PerThread<Histogram> latency_;
  WorkerPool pool_;

  std::thread settler_;  // of start() and shutdown()
};

Engine::Engine(Options options, Ports ports)
    : impl_(std::make_unique<Impl>(std::move(options), ports)) {}
Engine::~Engine() { shutdown(true); }
Result<void> Engine::start() { return impl_->start(); }
Intake Engine::observe(const FileEvent& event) { return impl_->observe(event); }
bool Engine::submit(const std::string& path, Priority priority) {
  return impl_->submit(path, priority);
}
void Engine::flush_now() { impl_->flush_now(); }
Stats Engine::stats() const { return impl_->stats(); }
void Engine::shutdown(bool wait_for_completion) { impl_->shutdown(wait_for_completion); }

}  // namespace engine
