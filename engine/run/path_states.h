// PathStates: what is going on with each path, so that a path has one worker at most and no request
// for it is lost.
//
//   IDLE ----ask----> QUEUED --begin--> RUNNING --finish--> IDLE
//                       ^                 | ask
//                       |                 v
//                       +----wake---- WAITING <--finish-- DIRTY      (asked for while it ran)
//                                         ^
//                                         +------pause--- RUNNING    (will be tried again)
//
// A path that is QUEUED has a ticket of its priority on the way to a worker. A request that raises
// the priority sends another ticket; begin() gives the turn to the first that comes with the
// priority the path has then, and the others are void. IDLE paths are not stored, so memory grows
// with the paths that are under way.
//
// Thread contract: every method from any thread. Calls for one path are in one order; finish() and
// pause() belong to whoever got the turn from begin().
// Errors: std::bad_alloc from ask(); the path then is as it was.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "engine/base/cache_line.h"
#include "engine/base/counters.h"
#include "engine/clock.h"
#include "engine/priority.h"

namespace engine::run {

/// What is to be done with a path.
struct Request {
  Priority priority = Priority::kNormal;
  TimePoint since{};          ///< of the first event or submission that is not done yet
  bool forced = false;        ///< to be done even if nothing changed
  bool tree_missing = false;  ///< to be done even if nothing changed, if it has no tree
  bool submitted = false;     ///< no event: that it is not there is a failure
};

/// What a worker has to know of a path that is its own now.
struct Turn {
  Request request;
  unsigned attempts = 0;  ///< that failed before this one
  unsigned looks = 0;     ///< at a source that was not settled
  Duration worked{};      ///< in those
  bool is_probe = false;  ///< finds out whether the output has room again
};

class PathStates {
 public:
  /// True: the path is QUEUED now, and the caller brings its ticket on the way. False: the request
  /// is merged with one that waits, or will be done after what runs.
  bool ask(const std::string& path, const Request& request);

  /// The ticket has reached a worker. Nothing: it is void.
  std::optional<Turn> begin(const std::string& path, Priority priority);

  /// False: IDLE. True: it was asked for meanwhile and is WAITING; somebody has to wake() it.
  bool finish(const std::string& path);

  /// To WAITING, with the turn that the next one goes on from. A request that came meanwhile is
  /// merged, and begins to count anew.
  void pause(const std::string& path, const Turn& turn);

  /// To QUEUED: the priority of the ticket that the caller brings on the way. Nothing: the path
  /// does not wait.
  std::optional<Priority> wake(const std::string& path, bool as_probe = false);

  /// Takes back what ask() answered with true: the ticket was not taken.
  void withdraw(const std::string& path);

  /// Paths that are not IDLE.
  std::size_t active() const noexcept {
    // seq_cst: pairs with the changes in ask(), finish() and withdraw(); whoever waits for zero
    // announces that first
    return active_.load(std::memory_order_seq_cst);
  }

  std::uint64_t accepted() const { return accepted_.value(); }  ///< requests, not counting
  std::uint64_t merged() const { return merged_.value(); }      ///< those that were merged

 private:
  enum class State : std::uint8_t { kQueued, kRunning, kDirty, kWaiting };

  struct Entry {
    State state = State::kQueued;
    Turn turn;
    Request next;  ///< of kDirty
  };

  struct Shard {
    std::mutex mutex;
    std::unordered_map<std::string, Entry> entries;  // guarded by mutex
  };

  static constexpr std::size_t kShards = 16;

  Shard& shard_of(const std::string& path) {
    // The low bits choose the bucket within the shard.
    return shards_[(std::hash<std::string>()(path) >> 32) % kShards].value;
  }
  void erase(Shard& shard, std::unordered_map<std::string, Entry>::iterator entry);

  std::array<Padded<Shard>, kShards> shards_;
  std::atomic<std::size_t> active_{0};
  Counter accepted_;
  Counter merged_;
};

}  // namespace engine::run
