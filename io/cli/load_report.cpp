#include "io/cli/load_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "io/cli/figures.h"

namespace engine::io {
namespace {

// One source with very many leaves room for those of others.
constexpr std::size_t kWarningsOfASource = 3;

}  // namespace

void FirstLines::add(std::string line) {
  ++count_;
  lines_.insert(std::move(line));
  if (lines_.size() > kept_) lines_.erase(std::prev(lines_.end()));
}

LoadReport::LoadReport(const std::vector<FoundSource>& sources, Logger log, Warnings warnings,
                       std::function<void()> on_last)
    : sources_(sources), log_(std::move(log)), warnings_(warnings), on_last_(std::move(on_last)) {}

void LoadReport::source_finished(const SourceReport& report) {
  tell(report);
  bool is_last = false;
  News news;
  {
    const std::lock_guard lock(mutex_);
    news = add_findings(report);
    progress_.bytes += size_of(report.path);
    is_last = ++progress_.sources == sources_.size();
  }
  if (news.is_kept && warnings_ == Warnings::kAtOnce) {
    log_->info(
        "{}: its tree stays as it is (--no-overwrite), however often it is saved or "
        "engine retry asks for it",
        printable(report.path));
  }
  if (news.is_mended) log_->info("{}: had failed, and is done now", printable(report.path));
  if (is_last) on_last_();
}

void LoadReport::tell(const SourceReport& report) const {
  if (report.status == SourceStatus::kFailed) log_->error("{}", printable(report.error));
  const std::string path = printable(report.path);
  if (warnings_ == Warnings::kAtOnce && !report.warnings.empty()) {
    const Warning& first = report.warnings.front();
    const std::size_t others = report.warnings.size() - 1;
    log_->warn("{}: {}{}", place_in(path, first.line, first.column), printable(first.message),
               others == 0 ? "" : "; and " + counted(others, "more warning"));
  }
  for (const Warning& warning : report.warnings) {
    log_->debug("{}: {}", place_in(path, warning.line, warning.column), printable(warning.message));
  }
}

void LoadReport::source_waits(const SourceRetry& retry) {
  if (!retry.pause) {
    log_->info("{}; the next start does it", printable(retry.error));
    return;
  }
  log_->debug("{}; attempt {}, the next one in {:.3f} s or when there is room",
              printable(retry.error), retry.attempts,
              std::chrono::duration<double>(*retry.pause).count());
}

LoadReport::News LoadReport::add_findings(const SourceReport& report) {
  News news;
  if (report.status == SourceStatus::kFailed) {
    failed_.put(report.path, {}, printable(report.error));
  } else {
    news.is_mended = failed_.remove(report.path) && report.status != SourceStatus::kGone;
  }
  for (const auto& [type, count] : report.objects) {
    findings_.objects[type] += count;
    progress_.objects += count;
  }
  findings_.unclassified_units += report.unclassified_units;
  const std::string path = printable(report.path);
  if (report.dialect_uncertain) {
    uncertain_.put(report.path, report.dialect, report.dialect);
  } else if (report.status != SourceStatus::kFailed) {
    uncertain_.remove(report.path);
  }
  const std::size_t shown = std::min(report.warnings.size(), kWarningsOfASource);
  for (std::size_t i = 0; i < shown; ++i) {
    const Warning& warning = report.warnings[i];
    findings_.warnings.add(place_in(path, warning.line, warning.column) + ": " +
                           printable(warning.message));
  }
  findings_.warnings.add_unseen(report.warnings.size() - shown);
  if (report.status == SourceStatus::kKept) {
    news.is_kept = kept_.insert(report.path).second;
  } else if (report.status == SourceStatus::kGone) {
    kept_.erase(report.path);
  }
  return news;
}

void LoadReport::add_failure(const std::string& message) {
  log_->error("{}", printable(message));
  const std::lock_guard lock(mutex_);
  findings_.failures.add(printable(message));
}

void LoadReport::add_failure_of(const std::string& path, const std::string& message) {
  log_->error("{}", printable(message));
  const std::lock_guard lock(mutex_);
  failed_.put(path, {}, printable(message));
}

void LoadReport::tell_gone(const std::string& path, bool had_tree, bool has_tree) {
  if (!had_tree) return log_->debug("{}: is gone; it had no tree", printable(path));
  log_->info("{}: is gone; its tree {}", printable(path), has_tree ? "stays" : "is deleted");
}

void LoadReport::note(const std::string& message) { log_->info("{}", printable(message)); }

void LoadReport::warn(const std::string& message) { log_->warn("{}", printable(message)); }

Progress LoadReport::progress() const {
  const std::lock_guard lock(mutex_);
  return progress_;
}

Findings LoadReport::findings() const {
  const std::lock_guard lock(mutex_);
  Findings findings = findings_;
  for (const std::string& path : kept_) findings.kept.add(printable(path));
  const auto& reasons = failed_.notes();
  for (const auto& [path, reason] : reasons) findings.failures.add(reason);
  findings.failures.add_unseen(failed_.count() - reasons.size());
  const auto& named = uncertain_.notes();
  for (const auto& [path, dialect] : named) {
    findings.uncertain.add(
        fmt::format("{} (taken for {})", printable(path), dialect_name(dialect)));
  }
  findings.uncertain.add_unseen(uncertain_.count() - named.size());
  for (const auto& [dialect, count] : uncertain_.count_by_kind()) {
    findings.uncertain_dialects[std::string(dialect_name(dialect))] = count;
  }
  return findings;
}

std::uint64_t LoadReport::size_of(const std::string& path) const {
  const FoundSource* const found = find_source(sources_, path);
  return found == nullptr ? 0 : found->version.size;
}

}  // namespace engine::io
