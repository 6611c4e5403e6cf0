// Team: the thread that runs the job of a source, and the workers that have nothing else to do
// meanwhile. Work that can be shared is offered to all of them; whoever is free takes part.
//
//   deal(team, outputs.size(), [&](std::size_t i) { return write(outputs[i]); });
//
// Nobody waits for a worker that has not come: the thread that shares the work does all of it where
// none is idle. A helper goes back to the sources as soon as one waits.
//
// Thread contract: share() from the thread that runs the job; `work` is called by several threads
// at once, and what the caller did before is visible to them, as to the caller what they did.
// Errors: what `work` throws, on whichever thread, is thrown by share() when all have left it.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>

namespace engine {

class Team {
 public:
  /// One thread's share of the time.
  class Turn {
   public:
    virtual ~Turn() = default;
    /// True for a helper that is wanted elsewhere, or when another thread has found that none of
    /// the work is left to begin; never for the thread that runs the job.
    virtual bool is_over() const = 0;
    /// The thread that runs the job. What is known to take long without a look at is_over() is left
    /// to it.
    virtual bool is_own() const = 0;
    /// Sleeps until `ready`, or until the turn is over. Whoever makes it true calls Team::wake()
    /// behind that; seq_cst, as for EventCount::await().
    virtual void await(const std::function<bool()>& ready) const = 0;
  };

  /// Begins one piece of the work after the other. True: there is none left to begin. False: the
  /// turn is over.
  using Work = std::function<bool(const Turn& turn)>;

  virtual ~Team() = default;

  /// There is nobody who could help, now or later.
  virtual bool is_alone() const = 0;
  /// Somebody would help at once. By the time this returns they may have found other work.
  virtual bool has_idle() const = 0;

  /// There will be something to share in a moment: who sleeps is awake by then.
  virtual void expect() = 0;
  /// Calls `work` on this thread, and at the same time on those of idle workers. Returns when all
  /// of them have left it. Not from within `work`.
  virtual void share(const Work& work) = 0;
  /// Those who await something in their turns look again. From any thread.
  virtual void wake() = 0;
};

/// step(0) to step(count - 1), each once, begun in that order; after one that returns false no more
/// are begun. Without a team by this thread alone.
template <class Step>
void deal(Team* team, std::size_t count, Step step) {
  if (team == nullptr || count < 2) {
    for (std::size_t i = 0; i < count && step(i); ++i) {
    }
    return;
  }
  std::atomic<std::size_t> next{0};  // relaxed: a number; share() orders what steps read and write
  team->share([&](const Team::Turn& turn) {
    while (!turn.is_over()) {
      const std::size_t i = next.fetch_add(1, std::memory_order_relaxed);
      if (i >= count) return true;
      if (!step(i)) next.store(count, std::memory_order_relaxed);
    }
    return false;
  });
}

}  // namespace engine
