#include "io/cli/load_records.h"

#include <algorithm>
#include <utility>

#include "io/watch/version_age.h"

namespace engine::io {

LoadRecords::LoadRecords(std::unique_ptr<SourceRecords> records)
    : records_(std::move(records)),
      expected_(records_->marks().missing_since_ns(), file_time_now_ns()) {}

Result<std::unique_ptr<LoadRecords>> LoadRecords::open(const CommandLine& line, TreeWriter& writer,
                                                       const Logger& log) {
  Result<std::unique_ptr<SourceRecords>> records = SourceRecords::open(line, writer, log, {});
  if (!records) return tl::make_unexpected(std::move(records.error()));
  return std::unique_ptr<LoadRecords>(new LoadRecords(std::move(*records)));
}

// Both are in the order of paths, so one walk over the two finds what belongs together.
Result<std::vector<FoundSource>> LoadRecords::hold_against(const TreeScan& scan,
                                                           const SourceNames& names,
                                                           const SourceFolder& folder) {
  const std::vector<FoundSource>& sources = scan.sources;
  standings_.assign(sources.size(), Standing::kNew);
  std::size_t next = 0;
  bool is_new = true;
  const Result<bool> counts = records_->each([&](const SourceRecord& record) {
    is_new = false;
    while (next < sources.size() && sources[next].path < record.path) ++next;
    if (next < sources.size() && sources[next].path == record.path) {
      standings_[next] = judge(sources[next], record);
      found(record);
    } else if (record.state != SourceState::kGone) {
      gone_.push_back(record);
    }
  });
  if (!counts) return tl::make_unexpected(counts.error());
  // Somebody may have deleted the store of a folder that was missing.
  if (!*counts || (is_new && records_->marks().is_missing())) find_trees_without_source(sources);
  const bool saw_everything = scan.problems.empty();
  std::erase_if(gone_, [&](const SourceRecord& record) {
    return !names.covers(record.path) || folder.has(record.path);
  });
  doubt_that_all_are_gone(saw_everything);

  std::vector<FoundSource> to_do;
  std::vector<Standing> standings;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (standings_[i] == Standing::kUnchanged) {
      ++unchanged_;
      continue;
    }
    to_do.push_back(sources[i]);
    standings.push_back(standings_[i]);
  }
  standings_ = std::move(standings);
  return to_do;
}

LoadRecords::Standing LoadRecords::judge(const FoundSource& source,
                                         const SourceRecord& record) const {
  const bool is_same = record.version == source.version && record.tree == source.tree_path;
  if (is_same && records_->is_done(record) && records_->has_tree(record.tree)) {
    return Standing::kUnchanged;
  }
  const bool is_queued = record.state == SourceState::kPending && record.attempts == 0;
  return is_same && is_queued ? Standing::kQueued : Standing::kNew;
}

// What a damaged store knew and the folder does not say: trees whose source is gone. The others are
// done once more, and where their tree is right it stays as it is.
void LoadRecords::find_trees_without_source(const std::vector<FoundSource>& sources) {
  gone_.clear();
  expected_ = ExpectedSources(records_->marks().missing_since_ns(), file_time_now_ns());
  std::fill(standings_.begin(), standings_.end(), Standing::kNew);
  for (SourceRecord& tree : records_->trees()) {
    if (find_source(sources, tree.path) == nullptr) {
      gone_.push_back(std::move(tree));
    } else {
      found(tree);
    }
  }
}

void LoadRecords::found(const SourceRecord& record) {
  if (expected_.should_be_there(SourceRecords::seen_ns(record))) expected_.found_one();
}

void LoadRecords::doubt_that_all_are_gone(bool saw_everything) {
  bool misses_one = false;
  for (const SourceRecord& record : gone_) {
    if (expected_.state() == FolderState::kSame) break;  // it costs a look at each tree
    const bool should_be_there = expected_.should_be_there(SourceRecords::seen_ns(record)) &&
                                 records_->has_tree(record.tree);
    misses_one = misses_one || should_be_there;
    if (saw_everything) expected_.expect({record.path, record.version, should_be_there});
  }
  const FolderState state = expected_.conclude(/*knows_all=*/saw_everything || !misses_one);
  if (!saw_everything || state == FolderState::kOther) gone_.clear();
  records_->marks().set_missing_since(expected_.missing_since_ns());
}

Result<void> LoadRecords::start(const std::vector<FoundSource>& to_do, SourceObserver& next) {
  records_->connect(next);
  if (Result<void> started = records_->start(); !started) return started;
  for (const SourceRecord& record : gone_) records_->gone(record.path, record.tree);
  for (std::size_t i = 0; i < to_do.size(); ++i) {
    if (standings_[i] == Standing::kQueued) continue;
    records_->queued(to_do[i].path, to_do[i].version, to_do[i].tree_path);
  }
  return {};
}

// What of the folder was left alone, and what is gone, is not in the new store.
Result<void> LoadRecords::close() {
  Result<void> closed = records_->close();
  if (records_->was_damaged()) records_->marks().set_watching();
  return closed;
}

}  // namespace engine::io
