#include "io/cli/load_records.h"

#include <fcntl.h>

#include <algorithm>
#include <utility>

#include "io/watch/entry_status.h"
#include "io/watch/version_age.h"

namespace engine::io {

LoadRecords::LoadRecords(const std::string& input, std::unique_ptr<SourceRecords> records)
    : input_(::open(input.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)),
      records_(std::move(records)),
      expected_(records_->marks().missing_since_ns(), file_time_now_ns()) {}

Result<std::unique_ptr<LoadRecords>> LoadRecords::open(const CommandLine& line, TreeWriter& writer,
                                                       const Logger& log) {
  Result<std::unique_ptr<SourceRecords>> records = SourceRecords::open(line, writer, log, {});
  if (!records) return tl::make_unexpected(std::move(records.error()));
  return std::unique_ptr<LoadRecords>(new LoadRecords(line.input, std::move(*records)));
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
      found(sources[next], record);
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
  keep_what_a_mount_may_hide(sources);

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
    if (const FoundSource* const source = find_source(sources, tree.path)) {
      found(*source, tree);
    } else {
      gone_.push_back(std::move(tree));
    }
  }
}

void LoadRecords::found(const FoundSource& source, const SourceRecord& record) {
  if (record.state == SourceState::kDone) {
    missing_mounts_.found_on(source.version.device, record.version.device);
  }
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

void LoadRecords::keep_what_a_mount_may_hide(const std::vector<FoundSource>& sources) {
  const auto holds_sources = [&](const MissingMounts::Place& place) {
    const std::string below = place.path + '/';
    const auto first = std::lower_bound(
        sources.begin(), sources.end(), below,
        [](const FoundSource& source, const std::string& path) { return source.path < path; });
    return first != sources.end() && first->path.starts_with(below);
  };
  EntryStatus input;
  if (gone_.empty() || status_of(input_.get(), ".", input) != 0) return gone_.clear();
  std::erase_if(gone_, [&](const SourceRecord& record) {
    const auto place = missing_mounts_.place_of(
        record.version, way_to(record.path, input.id.device), holds_sources);
    if (place) missing_places_.insert(place->path);
    return place.has_value();
  });
}

// The directories that are there on the way from INPUT, which is on that device, to the source.
std::vector<MissingMounts::Place> LoadRecords::way_to(const std::string& source,
                                                      std::uint64_t device) const {
  std::vector<MissingMounts::Place> way = {{"", device, false}};
  for (std::size_t end = source.find('/'); end != std::string::npos;
       end = source.find('/', end + 1)) {
    const std::string path = source.substr(0, end);
    EntryStatus status;
    const int error = status_of(input_.get(), path, status);
    if (error != 0 || status.kind != EntryKind::kDirectory) break;
    way.push_back({path, status.id.device, status.is_mount});
  }
  return way;
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
