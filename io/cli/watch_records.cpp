#include "io/cli/watch_records.h"

#include <algorithm>
#include <utility>

namespace engine::io {

WatchRecords::WatchRecords(const CommandLine& line, std::unique_ptr<SourceRecords> records,
                           const SourceFolder& folder)
    : removes_trees_(line.watch.on_delete == OnDelete::kRemove),
      lies_in_output_(!line.state),
      records_(std::move(records)),
      folder_(folder) {}

Result<std::unique_ptr<WatchRecords>> WatchRecords::open(const CommandLine& line,
                                                         TreeWriter& writer,
                                                         const SourceFolder& folder,
                                                         const Logger& log,
                                                         SourceRecords::Requested requested) {
  Result<std::unique_ptr<SourceRecords>> records =
      SourceRecords::open(line, writer, log, std::move(requested));
  if (!records) return tl::make_unexpected(std::move(records.error()));
  std::unique_ptr<WatchRecords> watch(new WatchRecords(line, std::move(*records), folder));
  if (Result<void> read = watch->read(); !read) return tl::make_unexpected(read.error());
  return watch;
}

Result<void> WatchRecords::read() {
  std::unordered_set<std::string> kept;  // the sources whose trees were
  const Result<bool> counts = records_->each([&](const SourceRecord& record) {
    if (record.state == SourceState::kGone && !removes_trees_) {
      kept.insert(record.path);
      return;
    }
    known_[record.path] = {record.version, record.tree, records_->is_done(record),
                           SourceRecords::seen_ns(record)};
  });
  if (!counts) return tl::make_unexpected(counts.error());
  const bool was_killed = records_->marks().is_watching();
  records_->marks().set_watching();
  if (!*counts) {
    known_.clear();
    kept.clear();
  }
  // Somebody may have deleted the store, whose place the manifests take.
  const bool is_new = lies_in_output_ && known_.empty();
  if (!*counts || was_killed || is_new) add_trees(kept);
  return {};
}

// Of those that are on record as gone everything has been told.
void WatchRecords::add_trees(const std::unordered_set<std::string>& kept) {
  asked_trees_ = true;
  keeps_mark_ = true;  // until somebody has asked for them: no record tells the next start
  for (SourceRecord& tree : records_->trees()) {
    if (kept.contains(tree.path)) continue;
    const auto seen_ns = SourceRecords::seen_ns(tree);
    known_.try_emplace(std::move(tree.path),
                       Known{{}, std::move(tree.tree), /*is_done=*/false, seen_ns});
  }
}

Result<void> WatchRecords::close() {
  Result<void> closed = records_->close();
  if (closed && !keeps_mark_ && !records_->was_damaged()) records_->marks().clear_watching();
  return closed;
}

std::optional<EarlierRuns::Source> WatchRecords::take(const std::string& path) {
  const auto node = known_.extract(path);
  if (node.empty()) return std::nullopt;
  const Known& known = node.mapped();
  const bool holds =
      known.is_done && known.tree == folder_.tree_path(path) && records_->has_tree(known.tree);
  return Source{path, known.version, holds, known.seen_ns};
}

void WatchRecords::note_missing_since(std::optional<std::int64_t> since_ns) {
  records_->marks().set_missing_since(since_ns);
  if (since_ns) keeps_mark_ = true;  // what only manifests know of is not told gone either
}

bool WatchRecords::misses_one(const std::function<bool(std::int64_t)>& should_be_there) const {
  return std::any_of(known_.begin(), known_.end(), [&](const auto& each) {
    const Known& known = each.second;
    return known.seen_ns && should_be_there(*known.seen_ns) && records_->has_tree(known.tree);
  });
}

std::vector<EarlierRuns::Source> WatchRecords::take_not_found() {
  keeps_mark_ = false;
  std::vector<Source> sources;
  sources.reserve(known_.size());
  for (const auto& [path, known] : known_) {
    const bool has_tree = known.seen_ns && records_->has_tree(known.tree);
    sources.push_back({path, known.version, false, has_tree ? known.seen_ns : std::nullopt});
  }
  known_.clear();
  return sources;
}

}  // namespace engine::io
