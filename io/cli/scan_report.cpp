#include "io/cli/scan_report.h"

#include <fmt/format.h>

#include <utility>

#include "io/cli/figures.h"

namespace engine::io {

void ScanReport::source_finished(const SourceReport& report) {
  next_.source_finished(report);
  const std::lock_guard lock(mutex_);
  const auto ended = under_way_.extract(report.path);
  if (ended.empty()) return;
  if (report.status == SourceStatus::kFailed) {
    ++counts_.failed;
  } else if (report.status == SourceStatus::kGone) {
    ++(ended.mapped() ? counts_.renamed : counts_.gone);
  } else if (report.status != SourceStatus::kUnchanged) {
    ++counts_.done;
  }
  tell_if_over();
}

void ScanReport::ask() {
  const std::lock_guard lock(mutex_);
  is_asked_ = true;
}

void ScanReport::scan_began() {
  const std::lock_guard lock(mutex_);
  if (!is_asked_ || state_ == State::kScanning) return;
  is_asked_ = false;
  // What the one before has handed on and is not done yet is told with this one's.
  if (state_ == State::kTold) counts_ = {};
  state_ = State::kScanning;
}

void ScanReport::handed_on(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (state_ == State::kScanning) under_way_.try_emplace(path, false);
}

void ScanReport::renamed(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (state_ == State::kScanning) under_way_.insert_or_assign(path, true);
}

void ScanReport::scan_ended(std::uint64_t sources, std::uint64_t unready,
                            std::uint64_t left_alone) {
  const std::lock_guard lock(mutex_);
  if (state_ != State::kScanning) return;
  state_ = State::kUnderWay;
  counts_.sources = sources;
  counts_.unready = unready;
  counts_.left_alone = left_alone;
  tell_if_over();
}

void ScanReport::tell_if_over() {
  if (state_ != State::kUnderWay || !under_way_.empty()) return;
  state_ = State::kTold;
  const bool is_first = std::exchange(is_first_, false);
  const std::string what = is_first ? "loaded" : "looked through the folder: loaded";
  const auto [sources, unready, left_alone, done, failed, gone, renamed] = counts_;
  const std::uint64_t others = done + failed + unready + left_alone;
  std::string text =
      fmt::format("{} {}, {} failed", what, counted(done, "source"), grouped(failed));
  if (sources > others) text += fmt::format(", {} unchanged", grouped(sources - others));
  if (left_alone != 0) text += fmt::format(", {} left alone (--no-existing)", grouped(left_alone));
  if (unready != 0) text += fmt::format(", {} not ready yet", grouped(unready));
  if (renamed != 0) text += fmt::format(", {} renamed", grouped(renamed));
  if (gone != 0) text += fmt::format(", {} gone", grouped(gone));
  log_->info("{}; watching", text);
}

}  // namespace engine::io
