#include "io/cli/quiet_moments.h"

#include <chrono>
#include <utility>

#include "io/cli/figures.h"

namespace engine::io {
namespace {

constexpr std::chrono::seconds kQuiet{1};
constexpr std::chrono::seconds kLongestWait{10};  // for a folder that is never quiet
constexpr std::chrono::seconds kAfterFailure{30};

}  // namespace

QuietMoments::QuietMoments(Work work, SourceObserver& next, Logger log)
    : work_(std::move(work)), next_(next), log_(std::move(log)) {}

void QuietMoments::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void QuietMoments::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void QuietMoments::source_finished(const SourceReport& report) {
  next_.source_finished(report);
  {
    const std::lock_guard lock(mutex_);
    is_wanted_ = true;
  }
  changed_.notify_one();
}

void QuietMoments::run(const std::stop_token& stop) {
  while (wait_for_quiet(stop)) {
    if (do_work(stop)) continue;
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, kAfterFailure, [] { return false; });
    is_wanted_ = true;
  }
}

// False when it is to end.
bool QuietMoments::wait_for_quiet(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait(lock, stop, [this] { return is_wanted_; })) return false;
  const auto latest = std::chrono::steady_clock::now() + kLongestWait;
  while (is_wanted_ && std::chrono::steady_clock::now() < latest) {
    is_wanted_ = false;
    changed_.wait_for(lock, stop, kQuiet, [this] { return is_wanted_; });
    if (stop.stop_requested()) return false;
  }
  is_wanted_ = false;
  return true;
}

bool QuietMoments::do_work(const std::stop_token& stop) {
  const Result<std::string> done = work_(stop);
  if (done) {
    failure_.clear();
    if (!done->empty()) log_->info("{}", printable(*done));
    return true;
  }
  if (done.error().message != failure_ && !stop.stop_requested()) {
    log_->error("{}", printable(done.error().message));
  }
  failure_ = done.error().message;
  return false;
}

}  // namespace engine::io
