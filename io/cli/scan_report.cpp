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
    ++failed_;
  } else if (report.status == SourceStatus::kGone) {
    ++(ended.mapped() ? renamed_ : gone_);
  } else if (report.status != SourceStatus::kUnchanged) {
    ++done_;
  }
  tell_if_over();
}

void ScanReport::ask() {
  const std::lock_guard lock(mutex_);
  is_asked_ = true;
}

void ScanReport::scan_began() {
  const std::lock_guard lock(mutex_);
  if (!is_asked_ || is_scanning_) return;
  is_asked_ = false;
  is_scanning_ = true;
  // What the one before has handed on and is not done yet is told with this one's.
  if (std::exchange(is_told_, false)) sources_ = done_ = failed_ = gone_ = renamed_ = 0;
}

void ScanReport::handed_on(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (is_scanning_) under_way_.try_emplace(path, false);
}

void ScanReport::renamed(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (is_scanning_) under_way_.insert_or_assign(path, true);
}

void ScanReport::scan_ended(std::uint64_t sources, std::uint64_t unready) {
  const std::lock_guard lock(mutex_);
  if (!is_scanning_) return;
  is_scanning_ = false;
  sources_ = sources;
  unready_ = unready;
  tell_if_over();
}

void ScanReport::tell_if_over() {
  if (is_scanning_ || is_told_ || !under_way_.empty()) return;
  is_told_ = true;
  const std::string what = is_first_ ? "loaded" : "looked through the folder: loaded";
  is_first_ = false;
  const std::uint64_t others = done_ + failed_ + unready_;
  std::string text =
      fmt::format("{} {}, {} failed", what, counted(done_, "source"), grouped(failed_));
  if (sources_ > others) text += fmt::format(", {} unchanged", grouped(sources_ - others));
  if (unready_ != 0) text += fmt::format(", {} still being written", grouped(unready_));
  if (renamed_ != 0) text += fmt::format(", {} renamed", grouped(renamed_));
  if (gone_ != 0) text += fmt::format(", {} gone", grouped(gone_));
  log_->info("{}; watching", text);
}

}  // namespace engine::io
