#include "io/watch/settling.h"

namespace engine::io {

void Settling::wait_until(const EntryKey& file, const SourceVersion& version, TimePoint now,
                          TimePoint until) {
  const auto deadline = deadlines_.emplace(until, file);
  const auto [waiting, is_new] = files_.try_emplace(file, Waiting{version, now, deadline});
  if (is_new) return;
  deadlines_.erase(waiting->second.deadline);
  waiting->second.deadline = deadline;
  if (waiting->second.version != version) {
    waiting->second.version = version;
    waiting->second.since = now;
  }
}

void Settling::forget(const EntryKey& file) {
  const auto waiting = files_.find(file);
  if (waiting == files_.end()) return;
  deadlines_.erase(waiting->second.deadline);
  files_.erase(waiting);
}

std::optional<SourceVersion> Settling::version_of(const EntryKey& file) const {
  const auto waiting = files_.find(file);
  return waiting == files_.end() ? std::nullopt : std::optional(waiting->second.version);
}

std::optional<Duration> Settling::quiet_for(const EntryKey& file, const SourceVersion& version,
                                            TimePoint now) const {
  const auto waiting = files_.find(file);
  if (waiting == files_.end()) return std::nullopt;
  if (waiting->second.version != version) return Duration::zero();
  return now - waiting->second.since;
}

std::optional<EntryKey> Settling::due(TimePoint now) const {
  if (deadlines_.empty() || deadlines_.begin()->first > now) return std::nullopt;
  return deadlines_.begin()->second;
}

std::optional<TimePoint> Settling::next_deadline() const {
  if (deadlines_.empty()) return std::nullopt;
  return deadlines_.begin()->first;
}

}  // namespace engine::io
