// Settler: hands paths to the workers when their time has come: by its own thread, and where that
// would be late by whoever brings an event or has ended a task.
//
// Whatever waits for a time or for room waits here, in one place: events until their path has
// fallen quiet, sources that will be tried again, sources that wait for room on the output's disk,
// and tickets that the full queue did not take. No worker ever sleeps for any of them.
//
//   events --Debouncer--.
//   retries -DelayQueue--+--> tickets by priority --> the pool
//   full disk FullOutput-'
//
// Intake is full from a high-water mark of paths under way on, while memory is over its threshold
// and while the output has no room; it opens again at half of the mark (hysteresis), which the
// IntakeObserver is told on this thread. Of the output's room it is told on the worker's that found
// out. No lock is held meanwhile that observe() takes.
//
// Thread contract: every method from any thread; start() and the end from one.
// Errors: kInternal when the system has no thread to give.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engine/clock.h"
#include "engine/debounce/debouncer.h"
#include "engine/options.h"
#include "engine/ports.h"
#include "engine/queue/push_result.h"
#include "engine/result.h"
#include "engine/run/delay_queue.h"
#include "engine/run/full_output.h"
#include "engine/run/path_states.h"
#include "engine/run/tickets.h"
#include "engine/run/worker_pool.h"

namespace engine::run {

class Settler {
 public:
  /// What the settler needs of the pool.
  struct Workers {
    /// Takes the task it accepts. With workers it never waits and calls nothing here, and may throw
    /// std::bad_alloc, which leaves the task as it is; without, it does the task, and may call
    /// whatever a worker may.
    std::function<PushResult(Task&)> push;
    std::function<std::size_t()> outstanding;  ///< tasks that wait or run
    std::function<void()> drop_waiting;        ///< of these, those that wait
    std::function<void()> give_up;             ///< those that run too: they end soon
    /// Called about once a second while anything is under way; may be empty.
    std::function<void(TimePoint)> tick;
  };

  Settler(const Options& options, const Ports& ports, PathStates& states, Workers workers);
  ~Settler() { stop(false); }
  Settler(const Settler&) = delete;
  Settler& operator=(const Settler&) = delete;

  Result<void> start();

  /// Never waits.
  Intake observe(const FileEvent& event);
  void flush_now();

  /// Waits while too many sources wait here for another try, or the output has no room. False:
  /// stopped.
  bool await_room();

  /// The path, which is WAITING in the states, goes on after the pause; or when there is room,
  /// which there was not for the `reason`, if it has been tried.
  void go_on_after(const std::string& path, Duration pause);
  void go_on_with_room(const std::string& path, const std::string* reason);

  /// True: a source that is no probe should wait for room instead of being begun.
  bool output_full() const noexcept { return output_full_.load(std::memory_order_relaxed); }
  /// A source has been worked on: the one that was let go to find out, or any that was written.
  void probe_ended(bool was_written);
  void source_written() {
    if (output_doubtful_.load(std::memory_order_relaxed) && !output_full()) probe_ended(true);
  }

  /// A worker has ended a task; so many are left with the workers.
  void task_ended(std::size_t outstanding) {
    // seq_cst: pairs with the store in ask_for_places(), as the end of the task before it does
    if (static_cast<std::ptrdiff_t>(outstanding) <= wanted_.load(std::memory_order_seq_cst)) {
      place_is_free();
    }
  }

  /// No more events. True: returns when everything that came in is done, within its number of
  /// attempts, but for what waits for room on the output's disk. False: what waits here is left.
  /// After Options::stop_timeout the workers are to give up. What is left is asked for in the
  /// states, also where no more than an event has told of it.
  void stop(bool wait_for_completion);
  bool stopping() const noexcept { return stopping_.load(std::memory_order_relaxed); }

  BatchStats stats() const;

 private:
  using Lock = std::unique_lock<std::mutex>;

  void run();
  bool is_over(bool tickets_left) const;
  void end_thread(bool wait_for_completion);
  bool await_end();
  void collect(TimePoint now);
  void ask_for_due(TimePoint now);
  void wake(const std::string& path, bool as_probe = false);
  bool push_tickets(Lock& lock);
  PushResult push(Task& task, Lock& lock);
  PushResult push_or_wait(Task& task);
  bool may_hand_on(Priority priority) const;
  void hand_on(TimePoint now, Lock& lock);
  void place_is_free();
  bool ask_for_places(bool tickets_left);
  std::size_t under_way() const { return debouncer_.waiting() + states_.active(); }
  bool has_room() const;
  bool room_is_news() const;
  void tell_room(Lock& lock);
  void tick(Lock& lock);
  void sleep(Lock& lock, bool tickets_left);
  std::ptrdiff_t wanted_level(bool tickets_left) const;
  TimePoint next_deadline() const;
  void note_output();
  void poke_locked();

  const Options& options_;
  const Ports& ports_;
  PathStates& states_;
  const Workers workers_;
  const std::size_t high_water_;

  mutable std::mutex mutex_;      // before the pool's own, where there are workers
  std::mutex telling_;            // of calls to the IntakeObserver; taken last
  std::condition_variable wake_;  // of the thread
  std::condition_variable room_;  // of await_room()
  std::condition_variable over_;  // of stop()
  // Guarded by mutex_.
  Debouncer debouncer_;
  DelayQueue delayed_;
  FullOutput output_;
  Tickets tickets_;
  std::vector<FileEvent> due_;  // kept for its memory
  TimePoint sleeps_until_ = TimePoint::max();
  TimePoint next_tick_{};
  bool poked_ = false;
  bool told_full_ = false;  // somebody waits for intake_opened()
  bool drop_ = false;
  bool push_failed_ = false;  // for want of memory, since the thread slept
  bool is_over_ = false;      // the thread is at its end

  // Written under mutex_, read without it where a moment's delay does not matter.
  std::atomic<bool> stopping_{false};
  std::atomic<bool> output_full_{false};
  std::atomic<bool> output_doubtful_{false};
  std::atomic<std::ptrdiff_t> wanted_{-1};  // poke when so many tasks or fewer are left

  std::thread thread_;  // of start() and stop()
};

}  // namespace engine::run
