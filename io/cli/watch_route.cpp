#include "io/cli/watch_route.h"

#include <utility>

#include "engine/glob.h"
#include "io/cli/figures.h"
#include "io/cli/source_records.h"

namespace engine::io {
namespace {

// New names all the time are no reason to remember them all.
constexpr std::size_t kMostNamed = 4096;

}  // namespace

Intake WatchRoute::source_changed(const ChangedSource& source) {
  if (!check_output()) watcher_->interrupt();
  parts_.scans.handed_on(source.path);
  if (!source.version) {
    parts_.doubts.told_gone(source.path);
  } else {
    parts_.doubts.told_there(source.path);
    named_.erase(source.path);
    if (parts_.records != nullptr) parts_.records->queued(source.path, *source.version);
  }
  FileEvent event{source.path};  // the priorities' globs are the engine's
  event.settled = source.is_settled;
  event.tree_missing = source.misses_tree;
  return engine_->observe(event);
}

// `engine status` counts it among what waits.
void WatchRoute::source_unready(const UnreadySource& source) {
  if (parts_.records != nullptr) parts_.records->queued(source.path, source.version);
}

void WatchRoute::passed_over(const std::string& path, bool is_link) {
  if (named_.size() == kMostNamed) named_.clear();
  const auto [named, is_new] = named_.try_emplace(path, is_link);
  if (!is_new && std::exchange(named->second, is_link) == is_link) return;
  log_->info("{}: {}", printable(path),
             is_link ? "not followed: it is a link" : "passed over: it is a special file");
}

// What has failed has no tree because of that, and is left alone until it changes.
bool WatchRoute::misses_tree(const std::string& path) const {
  return parts_.writer != nullptr &&
         !parts_.writer->holds_manifest(parts_.folder.tree_path(path)) &&
         !parts_.report.has_failed(path);
}

bool WatchRoute::is_urgent(const std::string& path) const {
  const Priority* const named = last_match(parts_.options.priority_globs, path);
  return named != nullptr && *named == Priority::kCritical;
}

void WatchRoute::source_renamed(const std::string& from, const std::string& to) {
  parts_.scans.renamed(from);
  log_->info("{}: is called {} now", printable(from), printable(to));
  parts_.trees.renamed(from, to);
}

void WatchRoute::tree_placed(const std::string& source, const std::string& tree_path) {
  parts_.doubts.told_there(source);
  parts_.trees.place(source, tree_path);
}

void WatchRoute::scan_ended(bool is_first) {
  if (must_reopen_) root_replaced();
  const WatchCounts counts = watcher_->counts();
  if (is_first) {
    log_->info("{} in {} {}", counted(counts.sources, "source"), grouped(counts.directories),
               counts.directories == 1 ? "directory" : "directories");
  } else if (!check_output()) {
    watcher_->interrupt();
  }
  std::string passed_over = passed_over_text(counts.links_not_followed, counts.special_files);
  if (passed_over != passed_over_ && !passed_over.empty()) log_->info("{}", passed_over);
  passed_over_ = std::move(passed_over);
  parts_.scans.scan_ended(counts.sources, counts.settling, counts.left_alone);
}

Result<void> WatchRoute::check_output() {
  if (parts_.writer == nullptr) return {};
  const Result<void> in_place = parts_.writer->check_place();
  if (parts_.writer->is_deleted()) return in_place;
  if (!in_place && !told_of_output_) problem(in_place.error());  // at the end it is a failure
  told_of_output_ = !in_place;
  return {};
}

void WatchRoute::root_replaced() {
  const Result<void> opened = parts_.folder.reopen();
  must_reopen_ = !opened;
  if (!opened) problem(opened.error());
}

void WatchRoute::requested(const std::string& path) {
  static_cast<void>(engine_->observe(asked_for(path)));
}

void WatchRoute::retried(const std::string& path) {
  log_->info("{}: engine retry asks for it", printable(path));
  requested(path);
}

void WatchRoute::doubted(const std::string& path) {
  FileEvent event{path};
  event.settled = true;
  static_cast<void>(engine_->observe(event));
}

// Where the watcher knows of no such source either, the two agree that it is gone, and the engine
// looks once more with that in mind.
void WatchRoute::missed(const std::string& path) {
  if (watcher_->look_again(path)) return;
  if (parts_.records != nullptr && parts_.records->expects(path)) return;
  parts_.doubts.told_gone(path);
  doubted(path);
}

}  // namespace engine::io
