#include "io/cli/recorded_sources.h"

#include <algorithm>
#include <utility>

#include "io/watch/version_age.h"

namespace engine::io {

Result<std::unique_ptr<RecordedSources>> RecordedSources::open(const CommandLine& line,
                                                               TreeWriter& writer,
                                                               const Logger& log) {
  Result<std::unique_ptr<SourceRecords>> records = SourceRecords::open(line, writer, log, {});
  if (!records) return tl::make_unexpected(std::move(records.error()));
  return std::unique_ptr<RecordedSources>(new RecordedSources(std::move(*records)));
}

// Both are in the order of paths, so one walk over the two finds what belongs together.
Result<std::vector<FoundSource>> RecordedSources::hold_against(const TreeScan& scan,
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
      found_one_ = found_one_ || records_->should_be_there(record);
    } else if (record.state != SourceState::kGone) {
      gone_.push_back(record);
    }
  });
  if (!counts) return tl::make_unexpected(counts.error());
  // Somebody may have deleted the store of a folder that was missing.
  if (!*counts || (is_new && records_->marks().is_missing())) find_trees_without_source(sources);
  const bool saw_everything = scan.problems.empty();
  if (!saw_everything) gone_.clear();
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

RecordedSources::Standing RecordedSources::judge(const FoundSource& source,
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
void RecordedSources::find_trees_without_source(const std::vector<FoundSource>& sources) {
  gone_.clear();
  found_one_ = false;
  std::fill(standings_.begin(), standings_.end(), Standing::kNew);
  for (SourceRecord& tree : records_->trees()) {
    if (find_source(sources, tree.path) == nullptr) {
      gone_.push_back(std::move(tree));
    } else {
      found_one_ = found_one_ || records_->should_be_there(tree);
    }
  }
}

// As a watch does (io/watch/expected_sources.h).
void RecordedSources::doubt_that_all_are_gone(bool saw_everything) {
  if (!found_one_) {
    all_missing_ = static_cast<std::uint64_t>(
        std::count_if(gone_.begin(), gone_.end(), [&](const SourceRecord& record) {
          return records_->should_be_there(record) && records_->has_tree(record.tree);
        }));
  }
  if (all_missing_ != 0) {
    gone_.clear();
    records_->marks().set_missing(file_time_now_ns());
  } else if (found_one_ || saw_everything) {
    records_->marks().clear_missing();
  }
}

Result<void> RecordedSources::start(const std::vector<FoundSource>& to_do, SourceObserver& next) {
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
Result<void> RecordedSources::close() {
  Result<void> closed = records_->close();
  if (records_->was_damaged()) records_->marks().set_watching();
  return closed;
}

}  // namespace engine::io
