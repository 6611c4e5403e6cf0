// SharedWork: the Team of a WorkerPool: what its busy workers share, and the idle ones help with.
//
// Thread contract: share() from workers that run a task, several at once; is_open() and help() from
// workers that have none.
// Errors: engine/team.h.
#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <mutex>
#include <vector>

#include "engine/queue/event_count.h"
#include "engine/team.h"

namespace engine::run {

class SharedWork final : public Team {
 public:
  /// How the pool's other workers do; called by any of them.
  struct Workers {
    std::function<void()> wake;        ///< those that sleep look at is_open()
    std::function<bool()> task_waits;  ///< a helper's turn is over; seq_cst
    std::function<bool()> any_idle;
  };

  SharedWork(unsigned count, Workers workers);

  bool is_alone() const override { return count_ < 2; }
  bool has_idle() const override { return !is_alone() && workers_.any_idle(); }
  void expect() override;
  void share(const Work& work) override;
  /// Also for whoever brings a task: helpers that sleep leave for it.
  void wake() override { turns_.notify_all(); }

  /// There is something to help with, or will be in a moment. Fit for EventCount::await().
  bool is_open() const noexcept {
    // seq_cst: pairs with the stores in count_open() and expect()
    return open_.load(std::memory_order_seq_cst) != 0 || expected_.load(std::memory_order_seq_cst);
  }
  /// Takes part in what has the fewest helpers, until none of it is left to begin or a task waits.
  void help();

 private:
  struct Job;
  class OwnTurn;
  class HelpersTurn;

  void close(Job* job);
  void count_open();

  const unsigned count_;
  const Workers workers_;

  std::mutex mutex_;
  std::vector<Job*> jobs_;            // that helpers may join; guarded by mutex_
  std::atomic<std::size_t> open_{0};  // their number
  std::atomic<bool> expected_{false};
  EventCount turns_;  // those who await something sleep here
  EventCount left_;   // share() sleeps here, until its helpers have left
};

}  // namespace engine::run
