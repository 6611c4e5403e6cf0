#include "engine/run/path_states.h"

#include <algorithm>
#include <cassert>

namespace engine::run {
namespace {

void merge(const Request& from, Request* into) {
  into->priority = std::min(into->priority, from.priority);  // 1 is the highest
  into->since = std::min(into->since, from.since);
  into->forced |= from.forced;
  into->tree_missing |= from.tree_missing;
  into->submitted |= from.submitted;
}

}  // namespace

bool PathStates::ask(const std::string& path, const Request& request) {
  Shard& shard = shard_of(path);
  const std::lock_guard lock(shard.mutex);
  const auto [found, is_new] = shard.entries.try_emplace(path);
  Entry& entry = found->second;
  if (is_new) {
    entry.turn.request = request;
    active_.fetch_add(1, std::memory_order_seq_cst);  // pairs with active()
    accepted_.add();
    return true;
  }
  switch (entry.state) {
    case State::kQueued: {
      merged_.add();
      const Priority before = entry.turn.request.priority;
      merge(request, &entry.turn.request);
      return entry.turn.request.priority != before;
    }
    case State::kWaiting:
      merged_.add();
      merge(request, &entry.turn.request);
      entry.turn.attempts = entry.turn.looks = 0;  // what failed was another version
      return false;
    case State::kRunning:
      entry.state = State::kDirty;
      entry.next = request;
      return false;
    case State::kDirty:
      merged_.add();
      merge(request, &entry.next);
      return false;
  }
  return false;
}

std::optional<Turn> PathStates::begin(const std::string& path, Priority priority) {
  Shard& shard = shard_of(path);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.entries.find(path);
  if (found == shard.entries.end()) return std::nullopt;
  Entry& entry = found->second;
  if (entry.state != State::kQueued || entry.turn.request.priority != priority) return std::nullopt;
  entry.state = State::kRunning;
  return entry.turn;
}

bool PathStates::finish(const std::string& path) {
  Shard& shard = shard_of(path);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.entries.find(path);
  assert(found != shard.entries.end());
  Entry& entry = found->second;
  if (entry.state != State::kDirty) {
    erase(shard, found);
    return false;
  }
  entry.state = State::kWaiting;
  entry.turn = {.request = entry.next};
  accepted_.add();
  return true;
}

void PathStates::pause(const std::string& path, const Turn& turn) {
  Shard& shard = shard_of(path);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.entries.find(path);
  assert(found != shard.entries.end());
  Entry& entry = found->second;
  const bool is_dirty = entry.state == State::kDirty;
  entry.state = State::kWaiting;
  entry.turn = turn;
  entry.turn.is_probe = false;
  if (is_dirty) {
    merged_.add();
    merge(entry.next, &entry.turn.request);
    entry.turn.attempts = entry.turn.looks = 0;
  }
}

std::optional<Priority> PathStates::wake(const std::string& path, bool as_probe) {
  Shard& shard = shard_of(path);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.entries.find(path);
  if (found == shard.entries.end() || found->second.state != State::kWaiting) return std::nullopt;
  Entry& entry = found->second;
  entry.state = State::kQueued;
  entry.turn.is_probe = as_probe;
  return entry.turn.request.priority;
}

void PathStates::withdraw(const std::string& path) {
  Shard& shard = shard_of(path);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.entries.find(path);
  if (found != shard.entries.end() && found->second.state == State::kQueued) erase(shard, found);
}

void PathStates::erase(Shard& shard, std::unordered_map<std::string, Entry>::iterator entry) {
  shard.entries.erase(entry);
  active_.fetch_sub(1, std::memory_order_seq_cst);  // pairs with active()
}

}  // namespace engine::run
