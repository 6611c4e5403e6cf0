#include "io/cli/graph_keeper.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

#include "io/cli/catalogue_update.h"
#include "io/cli/figures.h"
#include "io/cli/source_records.h"

namespace engine::io {
namespace {

constexpr std::chrono::seconds kQuiet{1};
constexpr std::chrono::seconds kLatest{30};
constexpr std::chrono::seconds kFirstPause{1};
constexpr std::chrono::seconds kLongestPause{60};
// So long an end waits for a Neo4j that does not answer.
constexpr std::chrono::seconds kLastPatience{5};

}  // namespace

GraphKeeper::~GraphKeeper() {
  stop_.request_stop();
  begin_to_end();
  if (thread_.joinable()) thread_.join();
}

// What is under way may be waiting for a Neo4j that does not answer.
void GraphKeeper::begin_to_end() {
  stop_following_.request_stop();
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  changed_or_ending_.notify_all();
}

Result<void> GraphKeeper::start() {
  first_change_ = last_change_ = Clock::now();
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::system_error& error) {
    return fail(ErrorCode::kInternal, std::string("cannot start a thread: ") + error.what());
  }
  return {};
}

Result<void> GraphKeeper::finish(std::optional<Clock::time_point> deadline) {
  begin_to_end();
  if (deadline) {
    std::unique_lock lock(mutex_);
    changed_or_ending_.wait_until(lock, *deadline, [this] { return last_.has_value(); });
    stop_.request_stop();
  }
  thread_.join();
  // No other thread is left that knows of this.
  if (*last_ || last_->error().code != ErrorCode::kStopped) return *last_;
  return fail(ErrorCode::kStopped,
              fmt::format("{} is not up to date: there was no time left (--stop-timeout); the next "
                          "start brings it up",
                          neo4j_ == nullptr ? "the catalogue" : "Neo4j"));
}

void GraphKeeper::source_finished(const SourceReport& report) {
  next_.source_finished(report);
  if (report.status == SourceStatus::kFailed || report.status == SourceStatus::kUnchanged) return;
  {
    const std::lock_guard lock(mutex_);
    last_change_ = Clock::now();
    if (first_change_) return;  // the thread waits for a time already
    first_change_ = last_change_;
  }
  changed_or_ending_.notify_all();
}

void GraphKeeper::run() {
  follow();
  bool is_missing = false;
  {
    const std::lock_guard lock(mutex_);
    is_missing = first_change_.has_value();
  }
  Result<void> last = is_missing ? bring_up(stop_.get_token(), kLastPatience) : Result<void>();
  {
    const std::lock_guard lock(mutex_);
    last_ = std::move(last);
  }
  changed_or_ending_.notify_all();
}

void GraphKeeper::follow() {
  Clock::duration next_pause = kFirstPause;
  while (wait_for_quiet()) {
    {
      const std::lock_guard lock(mutex_);
      first_change_.reset();  // what comes from here on is for the next time
    }
    const Result<void> done = bring_up(stop_following_.get_token(), std::nullopt);
    if (done) {
      next_pause = kFirstPause;
      continue;
    }
    {
      const std::lock_guard lock(mutex_);
      if (!first_change_) first_change_ = last_change_ = Clock::now();
      if (is_ending_) return;
    }
    log_->error("{}", printable(done.error().message));
    if (!pause(next_pause)) return;
    next_pause = std::min<Clock::duration>(next_pause * 2, kLongestPause);
  }
}

// False when this is to end.
bool GraphKeeper::wait_for_quiet() {
  std::unique_lock lock(mutex_);
  changed_or_ending_.wait(lock, [this] { return is_ending_ || first_change_; });
  while (!is_ending_) {
    const Clock::time_point due = std::min(last_change_ + kQuiet, *first_change_ + kLatest);
    if (Clock::now() >= due) return true;
    changed_or_ending_.wait_until(lock, due);
  }
  return false;
}

bool GraphKeeper::pause(Clock::duration time) {
  std::unique_lock lock(mutex_);
  return !changed_or_ending_.wait_for(lock, time, [this] { return is_ending_; });
}

Result<void> GraphKeeper::bring_up(const std::stop_token& stop,
                                   std::optional<Clock::duration> patience) {
  if (neo4j_ == nullptr) {
    const Result<Catalogue> catalogue = open_catalogue(line_, {}, stop);
    if (!catalogue) return tl::make_unexpected(catalogue.error());
    log_->debug("the catalogue is up to date");
    return {};
  }
  const Clock::time_point begin = Clock::now();
  const Result<SyncCounts> sent = neo4j_->bring_up(stop, patience);
  if (!sent) return tl::make_unexpected(sent.error());
  count(*sent, std::chrono::duration<double>(Clock::now() - begin).count());
  if (sent->trees + sent->removed != 0) log_->info("Neo4j: {}", sync_text(*sent));
  if (sent->rejected != 0) log_->error("{}", printable(rejected_text(*sent, state_path(line_))));
  return {};
}

void GraphKeeper::count(const SyncCounts& sent, double seconds) {
  const std::lock_guard lock(mutex_);
  SyncCounts& sum = sent_.counts;
  sum.trees += sent.trees;
  sum.removed += sent.removed;
  sum.nodes += sent.nodes;
  sum.relationships += sent.relationships;
  sum.nodes_seconds += sent.nodes_seconds;
  sum.relationships_seconds += sent.relationships_seconds;
  sum.retries += sent.retries;
  sum.rejected = sent.rejected;  // those of before are tried once more each time
  if (sum.first_reason.empty()) sum.first_reason = sent.first_reason;
  sent_.elapsed_seconds += seconds;
}

std::optional<Neo4jOutcome> GraphKeeper::outcome() const {
  if (neo4j_ == nullptr) return std::nullopt;
  const std::lock_guard lock(mutex_);
  return sent_;
}

}  // namespace engine::io
