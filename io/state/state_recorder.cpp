#include "io/state/state_recorder.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

namespace engine::io {
namespace {

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

SourceChange change_of(SourceChange::Kind kind, const std::string& path) {
  SourceChange change;
  change.kind = kind;
  change.record.path = path;
  return change;
}

SourceChange::Kind kind_of(SourceStatus status) {
  switch (status) {
    case SourceStatus::kUnchanged:
      return SourceChange::Kind::kUnchanged;
    case SourceStatus::kGone:
      return SourceChange::Kind::kGone;
    case SourceStatus::kDone:
    case SourceStatus::kFailed:
    case SourceStatus::kKept:
      break;
  }
  return SourceChange::Kind::kFinished;
}

}  // namespace

void StateRecorder::source_queued(const std::string& path, const SourceVersion& version,
                                  const std::string& tree, Priority priority) {
  SourceChange change = change_of(SourceChange::Kind::kQueued, path);
  change.record.version = version;
  change.record.tree = tree;
  change.record.priority = priority;
  change.record.queued_ns = now_ns();
  store_.record(std::move(change));
}

void StateRecorder::source_gone(const std::string& path, const std::string& tree) {
  SourceChange change = change_of(SourceChange::Kind::kGone, path);
  change.record.tree = tree;
  change.record.finished_ns = now_ns();
  store_.record(std::move(change));
}

void StateRecorder::source_forgotten(const std::string& path) {
  store_.record(change_of(SourceChange::Kind::kForgotten, path));
}

void StateRecorder::source_started(const std::string& path) {
  SourceChange change = change_of(SourceChange::Kind::kStarted, path);
  change.record.started_ns = now_ns();
  store_.record(std::move(change));
}

void StateRecorder::source_waits(const SourceRetry& retry) {
  SourceChange change = change_of(SourceChange::Kind::kWaits, retry.path);
  change.record.attempts = retry.attempts;
  change.record.error = retry.error;
  store_.record(std::move(change));
  next_.source_waits(retry);
}

void StateRecorder::source_finished(const SourceReport& report) {
  auto passed_on = std::make_shared<SourceReport>(report);
  if (report.status == SourceStatus::kUnchanged) {
    // It is what was done last; but of that nobody knows what the disk has.
    const std::lock_guard lock(mutex_);
    const auto doubtful = doubtful_.find(report.path);
    if (doubtful != doubtful_.end()) {
      passed_on->status = SourceStatus::kFailed;
      passed_on->error = doubtful->second.error;
      in_doubt_.fetch_add(1, std::memory_order_relaxed);
    }
  }
  SourceChange change;
  change.kind = kind_of(passed_on->status);
  change.record = record_of(*passed_on);
  change.is_written = passed_on->status == SourceStatus::kDone;
  if (change.is_written) {
    expect_durable(&change, std::move(passed_on));
  } else {
    change.recorded = [this, passed_on](const auto&) { next_.source_finished(*passed_on); };
  }
  store_.record(std::move(change));
}

void StateRecorder::source_missed(const SourceReport& report) {
  SourceChange change = change_of(SourceChange::Kind::kWaits, report.path);
  change.record.attempts = report.attempts;
  change.record.error = report.path + ": not found, and nobody has seen that it is gone";
  change.recorded = [this, report](const auto&) { next_.source_finished(report); };
  store_.record(std::move(change));
}

void StateRecorder::expect_durable(SourceChange* change, std::shared_ptr<SourceReport> report) {
  change->not_durable = [this, report](const Error& error) {
    return do_again(report->path, error);
  };
  change->recorded = [this, report](const std::optional<Error>& not_durable) {
    if (not_durable) {
      report->status = SourceStatus::kFailed;
      report->error = report->path + ": " + not_durable->message;
      not_durable_.fetch_add(1, std::memory_order_relaxed);
    } else {
      if (knowledge_.durable) knowledge_.durable(report->tree_path);
      const std::lock_guard lock(mutex_);
      doubtful_.erase(report->path);
    }
    next_.source_finished(*report);
  };
}

// On the store's thread.
bool StateRecorder::do_again(const std::string& path, const Error& error) {
  unsigned times = 0;
  {
    const std::lock_guard lock(mutex_);
    NotDurable& doubtful = doubtful_[path];
    doubtful.error = path + ": " + error.message;
    times = ++doubtful.times;
  }
  if (!knowledge_.again || !knowledge_.again(path, times)) return false;
  done_again_.fetch_add(1, std::memory_order_relaxed);
  return true;
}

// The statistics may be a little older than these counters.
void StateRecorder::correct(LoadStats* load) const {
  const auto take = [](std::uint64_t& from, std::uint64_t count) { from -= std::min(from, count); };
  const std::uint64_t not_durable = not_durable_.load(std::memory_order_relaxed);
  const std::uint64_t in_doubt = in_doubt_.load(std::memory_order_relaxed);
  const std::uint64_t done_again = done_again_.load(std::memory_order_relaxed);
  take(load->sources, done_again);
  take(load->sources_done, done_again + not_durable);
  take(load->sources_unchanged, in_doubt);
  load->sources_failed += not_durable + in_doubt;
  load->retries += done_again;
}

SourceRecord StateRecorder::record_of(const SourceReport& report) const {
  SourceRecord record;
  record.path = report.path;
  record.state = report.status == SourceStatus::kFailed ? SourceState::kFailed : SourceState::kDone;
  record.tree = report.tree_path;
  record.version = report.version;
  record.hash = report.content_hash;
  // Kept by --no-overwrite, or written again within a tick of the clock of stamps, it is of no
  // version that anybody knows: no number, so never unchanged.
  const bool is_known = report.status == SourceStatus::kDone && report.version_is_certain;
  record.options = is_known ? knowledge_.options(report.path) : 0;
  record.durability = store_.durability();
  record.attempts = report.attempts;
  record.error = report.error;
  record.finished_ns = now_ns();
  record.elapsed_ns = report.elapsed.count();
  return record;
}

}  // namespace engine::io
