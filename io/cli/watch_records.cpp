#include "io/cli/watch_records.h"

#include <utility>

namespace engine::io {

Result<std::unique_ptr<WatchRecords>> WatchRecords::open(const CommandLine& line,
                                                         TreeWriter& writer,
                                                         const SourceFolder& folder,
                                                         const Logger& log,
                                                         SourceRecords::Requested requested) {
  Result<std::unique_ptr<SourceRecords>> records =
      SourceRecords::open(line, writer, log, std::move(requested));
  if (!records) return tl::make_unexpected(std::move(records.error()));
  std::unique_ptr<WatchRecords> watch(new WatchRecords(std::move(*records), folder));
  if (Result<void> read = watch->read(); !read) return tl::make_unexpected(read.error());
  return watch;
}

Result<void> WatchRecords::read() {
  const Result<bool> counts = records_->each([this](const SourceRecord& record) {
    if (record.state == SourceState::kGone) return;
    known_[record.path] = {record.version, record.tree, records_->is_done(record)};
  });
  if (!counts) return tl::make_unexpected(counts.error());
  if (*counts) return {};
  known_.clear();
  for (TreeWriter::PlacedTree& tree : records_->trees()) {
    known_[std::move(tree.source)] = {{}, std::move(tree.path), false};
  }
  return {};
}

std::optional<SourceVersion> WatchRecords::version_of(const std::string& path) {
  const auto node = known_.extract(path);
  if (node.empty()) return std::nullopt;
  const Known& known = node.mapped();
  const bool holds =
      known.is_done && known.tree == folder_.tree_path(path) && records_->has_tree(known.tree);
  return holds ? std::optional(known.version) : std::nullopt;
}

std::vector<RecordedVersions::Source> WatchRecords::take_not_found() {
  std::vector<Source> sources;
  sources.reserve(known_.size());
  for (const auto& [path, known] : known_) sources.push_back({path, known.version});
  known_.clear();
  return sources;
}

}  // namespace engine::io
