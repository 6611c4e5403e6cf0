#include "engine/run/settler.h"

#include <algorithm>
#include <chrono>
#include <new>
#include <system_error>
#include <utility>

namespace engine::run {
namespace {

// The thread looks again after so long, whatever its deadline.
constexpr Duration kLongestSleep = std::chrono::hours(1);
// Memory sends no word when it falls, nor does a task that submit() does by itself when it ends.
constexpr Duration kPoll = std::chrono::milliseconds(20);
constexpr Duration kTick = std::chrono::seconds(1);
// Added to a clock, it does not overflow.
constexpr Duration kForEver = std::chrono::hours(24 * 365);
// So many tickets, then the thread looks whether something more urgent has come due.
constexpr int kTicketsInARow = 64;

// Paths under way at which intake is full: the queue, and a batch that is still gathering.
std::size_t high_water_of(const Options& options) {
  const std::size_t sum = options.max_queue_size + options.batch_size_threshold;
  return std::max<std::size_t>(sum < options.max_queue_size ? ~std::size_t{0} : sum, 1);
}

}  // namespace

Settler::Settler(const Options& options, const Ports& ports, PathStates& states, Workers workers)
    : options_(options),
      ports_(ports),
      states_(states),
      workers_(std::move(workers)),
      high_water_(high_water_of(options)),
      debouncer_({options.debounce_window, options.batch_size_threshold, options.max_delay,
                  !options.disable_batching}),
      output_(options.retry_pause) {}

Result<void> Settler::start() {
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::system_error& error) {
    return fail(ErrorCode::kInternal, std::string("cannot start a thread: ") + error.what());
  }
  return {};
}

Intake Settler::observe(const FileEvent& event) {
  Lock lock(mutex_);
  if (stopping()) return Intake::kFull;
  const TimePoint now = ports_.clock->now();
  debouncer_.observe(event, now);
  const auto deadline = debouncer_.next_deadline();
  if (deadline && *deadline <= now && may_hand_on(event.priority)) {
    hand_on(now, lock);
  } else if (deadline && *deadline < sleeps_until_) {
    poke_locked();
  }
  if (!told_full_) {
    told_full_ = under_way() >= high_water_ || !has_room();
    if (told_full_) poke_locked();  // the thread has to say when it is so no more
  }
  return told_full_ ? Intake::kFull : Intake::kOpen;
}

// Whoever brings what is due at once hands it to the workers by itself, where nothing is before it:
// waking up this thread, only for it to wake up a worker, is time that each change would take.
bool Settler::may_hand_on(Priority priority) const {
  const bool is_first = priority == Priority::kCritical || (!told_full_ && tickets_.empty());
  return options_.workers != 0 && !output_.full() && is_first;
}

void Settler::hand_on(TimePoint now, Lock& lock) {
  collect(now);
  const bool tickets_left = push_tickets(lock);
  // A tick is due while anything is under way; who slept through did not know.
  const bool slept_through = workers_.tick && sleeps_until_ > now + kTick;
  if (tickets_left) ask_for_places(tickets_left);
  if (tickets_left || slept_through) poke_locked();
}

// What is urgent takes the place before the worker that has left it looks for its next task: by the
// time that this thread were awake, all workers would have taken what is less urgent.
void Settler::place_is_free() {
  Lock lock(mutex_);
  if (!tickets_.has_critical() || drop_) return poke_locked();
  const bool tickets_left = push_tickets(lock);
  if (ask_for_places(tickets_left)) poke_locked();
}

// From now on the workers' word comes when they have so few tasks left as is of use. True: they
// have by now.
bool Settler::ask_for_places(bool tickets_left) {
  const std::ptrdiff_t level = wanted_level(tickets_left);
  // seq_cst: pairs with the load in task_ended(): either the worker sees this, or we see its end
  wanted_.store(level, std::memory_order_seq_cst);
  return static_cast<std::ptrdiff_t>(workers_.outstanding()) <= level;
}

void Settler::flush_now() {
  const std::lock_guard lock(mutex_);
  debouncer_.flush_now();
  poke_locked();
}

bool Settler::await_room() {
  Lock lock(mutex_);
  room_.wait(lock, [this] {
    return stopping() || (!output_.full() && delayed_.size() < options_.max_queue_size);
  });
  return !stopping();
}

void Settler::go_on_after(const std::string& path, Duration pause) {
  const std::lock_guard lock(mutex_);
  const TimePoint when = ports_.clock->now() + pause;
  delayed_.push(path, when);
  if (when < sleeps_until_) poke_locked();
}

void Settler::go_on_with_room(const std::string& path, const std::string* reason) {
  std::unique_lock lock(mutex_);
  const TimePoint now = ports_.clock->now();
  const bool is_news = reason != nullptr && output_.found_full(now) && ports_.intake != nullptr;
  if (output_.full()) {
    output_.hold(path);
  } else {
    delayed_.push(path, now);  // there is room again since it was sent here
  }
  note_output();
  poke_locked();
  if (!is_news) return;
  const std::lock_guard told(telling_);  // taken first, so that news comes in its order
  lock.unlock();
  ports_.intake->output_full(*reason);
}

void Settler::probe_ended(bool was_written) {
  std::unique_lock lock(mutex_);
  const bool is_news = was_written && output_.doubtful() && ports_.intake != nullptr;
  if (was_written) {
    for (const std::string& path : output_.found_room()) wake(path);
  } else {
    output_.probe_failed(ports_.clock->now());
  }
  note_output();
  poke_locked();
  if (!is_news) return;
  const std::lock_guard told(telling_);
  lock.unlock();
  ports_.intake->output_has_room();
}

void Settler::note_output() {
  output_full_.store(output_.full(), std::memory_order_relaxed);
  output_doubtful_.store(output_.doubtful(), std::memory_order_relaxed);
}

void Settler::stop(bool wait_for_completion) {
  {
    const std::lock_guard lock(mutex_);
    stopping_.store(true, std::memory_order_relaxed);
    debouncer_.flush_now();
    drop_ |= !wait_for_completion;
    poke_locked();
  }
  room_.notify_all();
  if (thread_.joinable()) end_thread(wait_for_completion);
  const std::lock_guard lock(mutex_);
  ask_for_due(ports_.clock->now());
}

// Where there is none any more, neither are there workers.
void Settler::end_thread(bool wait_for_completion) {
  if (!wait_for_completion) workers_.drop_waiting();
  if (!await_end()) {
    {
      const std::lock_guard lock(mutex_);
      drop_ = true;
      poke_locked();
    }
    workers_.drop_waiting();
    workers_.give_up();
  }
  thread_.join();
}

// False: there is no more time for it.
bool Settler::await_end() {
  Lock lock(mutex_);
  const auto is_over = [this] { return is_over_; };
  if (options_.stop_timeout != Duration::zero()) {
    return over_.wait_for(lock, std::min<Duration>(options_.stop_timeout, kForEver), is_over);
  }
  over_.wait(lock, is_over);
  return true;
}

BatchStats Settler::stats() const {
  const std::lock_guard lock(mutex_);
  return debouncer_.stats();
}

void Settler::run() {
  Lock lock(mutex_);
  while (true) {
    poked_ = false;
    bool tickets_left = false;
    if (!drop_) {
      collect(ports_.clock->now());
      tickets_left = push_tickets(lock);
      tell_room(lock);
      tick(lock);
    }
    if (is_over(tickets_left)) break;
    sleep(lock, tickets_left);
  }
  is_over_ = true;
  over_.notify_all();
}

// Nobody who stops waits for room on the output's disk: what does is left.
bool Settler::is_over(bool tickets_left) const {
  if (!stopping()) return false;
  if (drop_) return workers_.outstanding() == 0;
  return !tickets_left && under_way() == (output_.full() ? output_.size() : 0);
}

// Of what gathered: everything whose time has come gets its ticket.
void Settler::ask_for_due(TimePoint now) {
  due_.clear();
  debouncer_.take_due(now, &due_);
  for (FileEvent& event : due_) {
    const Request request{.priority = event.priority,
                          .since = event.observed,
                          .forced = event.forced,
                          .tree_missing = event.tree_missing,
                          .submitted = event.submitted};
    if (states_.ask(event.path, request)) {
      tickets_.add(std::move(event.path), event.priority);
    }
  }
}

void Settler::collect(TimePoint now) {
  ask_for_due(now);
  while (const auto path = delayed_.take_due(now)) wake(*path);
  if (!stopping()) {
    if (const auto path = output_.take_probe(now)) wake(*path, /*as_probe=*/true);
  }
  if (output_.stuck()) {
    for (const std::string& path : output_.release()) wake(path);
    note_output();
  }
}

void Settler::wake(const std::string& path, bool as_probe) {
  if (const auto priority = states_.wake(path, as_probe)) tickets_.add(path, *priority);
}

// True: some are left, because the pool has no room or because it is time to look about.
bool Settler::push_tickets(Lock& lock) {
  for (int pushed = 0; !tickets_.empty(); ++pushed) {
    if (pushed == kTicketsInARow) {
      poked_ = true;
      return true;
    }
    Task task = *tickets_.take();
    const Priority priority = task.priority;
    const PushResult result = push(task, lock);
    if (result == PushResult::kFull) {
      tickets_.put_back(std::move(task));
      return true;
    }
    tickets_.hand_over(priority);
  }
  return false;
}

// Without workers this does the task itself. Where there are some it never waits, and who ends a
// task meanwhile waits for it: what is urgent is in the queue or among the tickets, never between.
PushResult Settler::push(Task& task, Lock& lock) {
  if (options_.workers != 0) return push_or_wait(task);
  lock.unlock();
  const PushResult result = workers_.push(task);
  lock.lock();
  return result;
}

// For want of memory the queue has no room either: its ticket waits a moment, whoever brings it.
PushResult Settler::push_or_wait(Task& task) {
  try {
    return workers_.push(task);
  } catch (const std::bad_alloc&) {
    push_failed_ = true;
    return PushResult::kFull;
  }
}

// The work that is under way always goes on, so one source at a time comes in however short memory
// is; the output is another matter.
bool Settler::has_room() const {
  return !output_.full() && (!ports_.memory->over_threshold() || under_way() <= 1);
}

// Somebody was told that the intake is full, and it no longer is.
bool Settler::room_is_news() const {
  return told_full_ && !stopping() && under_way() <= high_water_ / 2 && has_room();
}

void Settler::tell_room(Lock& lock) {
  room_.notify_all();
  if (!room_is_news()) return;
  told_full_ = false;
  if (ports_.intake == nullptr) return;
  lock.unlock();
  {
    const std::lock_guard told(telling_);
    ports_.intake->intake_opened();
  }
  lock.lock();
}

void Settler::tick(Lock& lock) {
  const TimePoint now = ports_.clock->now();
  if (!workers_.tick || now < next_tick_) return;
  next_tick_ = now + kTick;
  lock.unlock();
  workers_.tick(now);
  lock.lock();
}

// How few tasks the workers must have left for their word to be of use here; -1: never.
std::ptrdiff_t Settler::wanted_level(bool tickets_left) const {
  const auto capacity = static_cast<std::ptrdiff_t>(options_.max_queue_size);
  if (tickets_left) {
    // What is urgent takes the first place that is free; the rest comes in bulk.
    return tickets_.has_critical() ? capacity - 1 : capacity / 2;
  }
  if (told_full_) {
    const auto elsewhere =
        static_cast<std::ptrdiff_t>(debouncer_.waiting() + delayed_.size() + output_.size());
    return std::max<std::ptrdiff_t>(
        static_cast<std::ptrdiff_t>(std::min<std::size_t>(high_water_ / 2, PTRDIFF_MAX)) -
            elsewhere,
        0);
  }
  return stopping() ? 0 : -1;
}

TimePoint Settler::next_deadline() const {
  TimePoint next = TimePoint::max();
  if (drop_) return next;
  const auto consider = [&](std::optional<TimePoint> deadline) {
    if (deadline) next = std::min(next, *deadline);
  };
  consider(debouncer_.next_deadline());
  consider(delayed_.next_deadline());
  if (!stopping()) consider(output_.next_deadline());
  if (workers_.tick && states_.active() != 0) consider(next_tick_);
  return next;
}

void Settler::sleep(Lock& lock, bool tickets_left) {
  const bool came_meanwhile = ask_for_places(tickets_left);
  const bool push_failed = std::exchange(push_failed_, false);
  const bool memory_short =
      push_failed || ((tickets_left || told_full_) && ports_.memory->over_threshold());
  if (came_meanwhile && tickets_left && !memory_short) return;
  // The last tasks may have ended since tell_room() looked, before anybody wanted to know.
  if (room_is_news()) return;

  const TimePoint now = ports_.clock->now();
  sleeps_until_ = next_deadline();
  Duration longest =
      sleeps_until_ <= now
          ? Duration::zero()
          : std::min<Duration>(sleeps_until_ - std::max(now, TimePoint()), kLongestSleep);
  if (memory_short || stopping()) longest = std::min(longest, kPoll);
  wake_.wait_for(lock, longest, [this] { return poked_; });
  // Awake: it looks by itself; but who ends a task before it has takes what is urgent along.
  sleeps_until_ = TimePoint::min();
  if (!tickets_.has_critical()) wanted_.store(-1, std::memory_order_relaxed);
}

void Settler::poke_locked() {
  poked_ = true;
  wake_.notify_one();
}

}  // namespace engine::run
