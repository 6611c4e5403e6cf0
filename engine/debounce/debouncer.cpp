#include "engine/debounce/debouncer.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace engine {
namespace {

/// start + delay, where "never" (a delay up to Duration::max()) must not wrap round to "long ago".
TimePoint later(TimePoint start, Duration delay) {
  if (start > TimePoint{} && delay > TimePoint::max() - start) return TimePoint::max();
  return start + delay;
}

}  // namespace

Debouncer::Debouncer(DebouncerOptions options) : options_(options) {}

TimePoint Debouncer::advance_to(TimePoint now) { return latest_ = std::max(latest_, now); }

void Debouncer::observe(const FileEvent& event, TimePoint now) {
  now = advance_to(now);
  ++events_received_;

  if (auto found = paths_.find(event.path); found != paths_.end()) {
    ++events_deduplicated_;
    Waiting& waiting = *found->second;
    waiting.event.priority = std::min(waiting.event.priority, event.priority);  // 1 is the highest
    waiting.event.forced |= event.forced;
    waiting.event.submitted |= event.submitted;
    if (event.tree_missing) {  // it has not changed
      waiting.event.tree_missing = true;
      return;
    }
    waiting.event.settled = event.settled;
    waiting.last = now;
    by_last_.splice(event.settled ? by_last_.begin() : by_last_.end(), by_last_, waiting.by_last);
    return;
  }

  const auto waiting = by_first_.insert(by_first_.end(), {event, next_order_++, now, now, {}});
  if (waiting->event.observed == TimePoint{}) waiting->event.observed = now;
  waiting->by_last = by_last_.insert(event.settled ? by_last_.begin() : by_last_.end(), &*waiting);
  paths_.emplace(waiting->event.path, waiting);
}

TimePoint Debouncer::quiet_at(const Waiting& waiting) const {
  return waiting.event.settled ? waiting.last : later(waiting.last, options_.window);
}

bool Debouncer::all_due() const {
  return flush_ || !options_.enabled || paths_.size() >= options_.batch_size_threshold;
}

void Debouncer::collect_due(TimePoint now) {
  due_.clear();
  if (all_due()) {
    for (const Waiting& waiting : by_first_) due_.push_back(&waiting);
    return;
  }
  for (const Waiting* waiting : by_last_) {
    if (quiet_at(*waiting) > now) break;
    due_.push_back(waiting);
  }
  for (const Waiting& waiting : by_first_) {
    if (later(waiting.first, options_.max_delay) > now) break;
    if (quiet_at(waiting) > now) due_.push_back(&waiting);  // the quiet ones are in
  }
  std::sort(due_.begin(), due_.end(),
            [](const Waiting* a, const Waiting* b) { return a->order < b->order; });
}

bool Debouncer::remove(const std::string& path, FileEvent* out) {
  const auto found = paths_.find(path);
  if (found == paths_.end()) return false;
  const auto waiting = found->second;
  paths_.erase(found);  // before the path that its key views is moved or freed
  by_last_.erase(waiting->by_last);
  if (out != nullptr) *out = std::move(waiting->event);
  by_first_.erase(waiting);
  return true;
}

std::size_t Debouncer::take_due(TimePoint now, std::vector<FileEvent>* out) {
  collect_due(advance_to(now));
  flush_ = false;
  for (const Waiting* waiting : due_) remove(waiting->event.path, &out->emplace_back());
  if (!due_.empty()) ++batches_processed_;
  events_processed_ += due_.size();
  return due_.size();
}

std::optional<TimePoint> Debouncer::next_deadline() const {
  if (paths_.empty()) return std::nullopt;
  if (all_due()) return latest_;
  return std::min(quiet_at(*by_last_.front()), later(by_first_.front().first, options_.max_delay));
}

void Debouncer::flush_now() { flush_ = !paths_.empty(); }

bool Debouncer::forget(const std::string& path) {
  const bool waited = remove(path, nullptr);
  events_forgotten_ += waited;
  if (paths_.empty()) flush_ = false;
  return waited;
}

BatchStats Debouncer::stats() const {
  BatchStats stats;
  stats.events_received = events_received_;
  stats.events_deduplicated = events_deduplicated_;
  stats.events_processed = events_processed_;
  stats.events_forgotten = events_forgotten_;
  stats.pending_files = paths_.size();
  stats.batches_processed = batches_processed_;
  if (events_received_ != 0) {
    stats.deduplication_rate_percent =
        100.0 * static_cast<double>(events_deduplicated_) / static_cast<double>(events_received_);
  }
  stats.hit_rate_percent = stats.deduplication_rate_percent;
  stats.debounce_window_seconds = std::chrono::duration<double>(options_.window).count();
  stats.batch_size_threshold = options_.batch_size_threshold;
  stats.batching_enabled = options_.enabled;
  return stats;
}

}  // namespace engine
