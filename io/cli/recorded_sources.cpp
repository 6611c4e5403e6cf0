#include "io/cli/recorded_sources.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/glob.h"
#include "io/base/tree_name.h"
#include "io/cli/figures.h"

namespace engine::io {
namespace {

const FoundSource* find_source(const std::vector<FoundSource>& sources, const std::string& path) {
  const auto found = std::lower_bound(
      sources.begin(), sources.end(), path,
      [](const FoundSource& source, const std::string& wanted) { return source.path < wanted; });
  return found != sources.end() && found->path == path ? &*found : nullptr;
}

}  // namespace

std::string state_path(const CommandLine& line) {
  return line.state ? *line.state
                    : line.output + '/' + std::string(kEngineDirectory) + "/engine.db";
}

RecordedSources::RecordedSources(const CommandLine& line, TreeWriter& writer)
    : line_(line), writer_(writer), output_options_(line.options, ENGINE_VERSION) {}

Result<std::unique_ptr<RecordedSources>> RecordedSources::open(const CommandLine& line,
                                                               TreeWriter& writer, Logger log) {
  std::unique_ptr<RecordedSources> recorded(new RecordedSources(line, writer));
  StateStore::Hooks hooks;
  hooks.tell = [log](const std::string& text) { log->warn("{}", printable(text)); };
  if (DurableTrees* const durable = writer.durable(); durable != nullptr) {
    hooks.sync = [durable] { return durable->sync_published(); };
  }
  Result<std::unique_ptr<StateStore>> store =
      StateStore::open(state_path(line), line.durability, std::move(hooks));
  if (!store) return tl::make_unexpected(std::move(store.error()));
  recorded->store_ = std::move(*store);
  return recorded;
}

// Both are in the order of paths, so one walk over the two finds what belongs together.
Result<std::vector<FoundSource>> RecordedSources::hold_against(const TreeScan& scan) {
  const std::vector<FoundSource>& sources = scan.sources;
  for (const Dialect dialect : output_options_.dialects()) {
    const Result<std::int64_t> id = store_->options_id(output_options_.text(dialect));
    if (!id) return tl::make_unexpected(id.error());
    options_ids_[dialect] = *id;
  }
  standings_.assign(sources.size(), Standing::kNew);
  std::size_t next = 0;
  const Result<void> read = store_->each_source([&](const SourceRecord& record) {
    while (next < sources.size() && sources[next].path < record.path) ++next;
    if (next < sources.size() && sources[next].path == record.path) {
      standings_[next] = judge(sources[next], record);
    } else if (record.state != SourceState::kGone) {
      gone_.push_back(record);
    }
  });
  if (!read) return tl::make_unexpected(read.error());
  if (store_->was_damaged()) find_trees_without_source(sources);
  if (!scan.problems.empty()) gone_.clear();

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
                                                 const SourceRecord& record) {
  if (DurableTrees* const durable = writer_.durable(); durable != nullptr &&
                                                       record.state == SourceState::kDone &&
                                                       record.durability == Durability::kPower) {
    durable->trust(record.tree);
  }
  if (!line_.force && is_unchanged(source, record)) return Standing::kUnchanged;
  const bool is_queued = record.state == SourceState::kPending && record.attempts == 0 &&
                         record.version == source.version && record.tree == source.tree_path;
  return is_queued ? Standing::kQueued : Standing::kNew;
}

bool RecordedSources::is_unchanged(const FoundSource& source, const SourceRecord& record) const {
  return record.state == SourceState::kDone && record.version == source.version &&
         record.version != SourceVersion{} && record.tree == source.tree_path &&
         record.options == options_of(source.path) && record.durability >= line_.durability &&
         writer_.holds_manifest(record.tree);
}

// What a damaged store knew and the folder does not say: trees whose source is gone. The others are
// done once more, and where their tree is right it stays as it is.
void RecordedSources::find_trees_without_source(const std::vector<FoundSource>& sources) {
  gone_.clear();
  std::fill(standings_.begin(), standings_.end(), Standing::kNew);
  for (TreeWriter::PlacedTree& tree : writer_.all_trees()) {
    if (find_source(sources, tree.source) != nullptr) continue;
    SourceRecord record;
    record.path = std::move(tree.source);
    record.tree = std::move(tree.path);
    gone_.push_back(std::move(record));
  }
}

std::int64_t RecordedSources::options_of(const std::string& path) const {
  return options_ids_.at(output_options_.dialect_of(path));
}

Result<void> RecordedSources::start(const std::vector<FoundSource>& to_do, SourceObserver& next) {
  StateRecorder::Knowledge knowledge;
  knowledge.options = [this](const std::string& path) { return options_of(path); };
  knowledge.version = [&to_do](const std::string& path) {
    const FoundSource* const source = find_source(to_do, path);
    return source == nullptr ? SourceVersion{} : source->version;
  };
  if (DurableTrees* const durable = writer_.durable(); durable != nullptr) {
    knowledge.durable = [durable](const std::string& tree) { durable->trust(tree); };
  }
  recorder_ = std::make_unique<StateRecorder>(*store_, next, std::move(knowledge));
  if (Result<void> started = store_->start(); !started) return started;
  for (const SourceRecord& record : gone_) recorder_->source_gone(record.path, record.tree);
  for (std::size_t i = 0; i < to_do.size(); ++i) {
    if (standings_[i] == Standing::kQueued) continue;
    const FoundSource& source = to_do[i];
    const Priority* const named = last_match(line_.options.priority_globs, source.path);
    recorder_->source_queued(source.path, source.version, source.tree_path,
                             named == nullptr ? Priority::kNormal : *named);
  }
  return {};
}

Result<void> RecordedSources::close() {
  const std::uint64_t lost = store_->close();
  if (lost == 0) return {};
  return fail(ErrorCode::kUnwritable,
              fmt::format("{}: not recorded: {}; the same command does them once more",
                          state_path(line_), counted(lost, "change")));
}

}  // namespace engine::io
