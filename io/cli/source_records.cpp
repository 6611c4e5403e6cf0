#include "io/cli/source_records.h"

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "engine/glob.h"
#include "io/base/output_directory.h"
#include "io/cli/figures.h"
#include "io/cli/tree_places.h"
#include "io/watch/version_age.h"

namespace engine::io {

std::string state_path(const CommandLine& line) {
  return line.state ? *line.state : line.output + '/' + in_engine_directory(kStoreName);
}

FileEvent asked_for(const std::string& path) {
  FileEvent event{path};  // the priorities' globs are the engine's
  event.settled = event.forced = true;
  return event;
}

SourceRecords::SourceRecords(const CommandLine& line, TreeWriter& writer)
    : line_(line),
      marks_(line.output),
      writer_(writer),
      output_options_(line.options, ENGINE_VERSION) {}

Result<std::unique_ptr<SourceRecords>> SourceRecords::open(const CommandLine& line,
                                                           TreeWriter& writer, const Logger& log,
                                                           Requested requested) {
  std::unique_ptr<SourceRecords> records(new SourceRecords(line, writer));
  Result<StoreLock> lock = StoreLock::take(state_path(line), line.output);
  if (!lock) return tl::make_unexpected(std::move(lock.error()));
  records->lock_ = std::move(*lock);
  StateStore::Hooks hooks;
  hooks.tell = [log](const std::string& text) { log->warn("{}", printable(text)); };
  hooks.requested = std::move(requested);
  if (writer.durability() == Durability::kPower) {
    hooks.sync = [&writer] { return writer.sync_published(); };
  }
  Result<std::unique_ptr<StateStore>> store =
      StateStore::open(state_path(line), line.durability, std::move(hooks));
  if (!store) return tl::make_unexpected(std::move(store.error()));
  records->store_ = std::move(*store);
  if (Result<void> taken = records->lock_.take_made(); !taken) {
    return tl::make_unexpected(std::move(taken.error()));
  }
  return records;
}

Result<bool> SourceRecords::each(const std::function<void(const SourceRecord&)>& call) {
  const std::string in = place();
  for (const OutputOptions::Choice& choice : output_options_.choices()) {
    const Result<std::int64_t> id = store_->options_id(output_options_.text(choice) + in);
    if (!id) return tl::make_unexpected(id.error());
    options_ids_[choice] = *id;
  }
  store_->forget_requests();
  const Result<void> read = store_->each_outcome([&](const SourceRecord& record) {
    if (record.state == SourceState::kDone && record.durability == Durability::kPower) {
      writer_.trust(record.tree);
    }
    // Somebody has deleted it, or a watch was killed before it forgot the source.
    if (record.state == SourceState::kGone && !may_have_tree(record.path, record.tree, writer_)) {
      without_tree_.push_back(record.path);
      return;
    }
    call(record);
  });
  if (!read) return tl::make_unexpected(read.error());
  return !store_->was_damaged();
}

Result<void> SourceRecords::start() {
  if (Result<void> started = store_->start(); !started) return started;
  for (const std::string& path : without_tree_) forget(path);
  without_tree_.clear();
  return {};
}

// The clock that stamps files is up to a tick behind.
std::vector<SourceRecord> SourceRecords::trees() const {
  std::vector<SourceRecord> records;
  for (PlacedTree& tree : writer_.all_trees()) {
    SourceRecord& record = records.emplace_back();
    record.finished_ns = writer_.manifest_time_ns(tree.path) + kTickNs;
    record.path = std::move(tree.source);
    record.tree = std::move(tree.path);
  }
  return records;
}

bool SourceRecords::is_done(const SourceRecord& record) const {
  return !line_.force && record.state == SourceState::kDone && record.version != SourceVersion{} &&
         record.options == options_of(record.path) && record.durability >= line_.durability;
}

// One that was found before may have been done after, from what was open then.
std::optional<std::int64_t> SourceRecords::seen_ns(const SourceRecord& record) {
  if (record.state == SourceState::kGone) return std::nullopt;
  return record.queued_ns != 0 ? record.queued_ns : record.finished_ns;
}

std::int64_t SourceRecords::options_of(const std::string& path) const {
  return options_ids_.at(output_options_.choice_of(path));
}

// A store that is put elsewhere may be named for two OUTPUTs: what is done in one of them is not
// done in the other, though an older tree may lie there.
std::string SourceRecords::place() const {
  if (!line_.state) return {};
  std::error_code error;
  const std::filesystem::path output = std::filesystem::canonical(line_.output, error);
  return " output=" + (error ? line_.output : output.string());
}

void SourceRecords::connect(SourceObserver& next) {
  StateRecorder::Knowledge knowledge;
  knowledge.options = [this](const std::string& path) { return options_of(path); };
  if (writer_.durability() == Durability::kPower) {
    knowledge.durable = [this](const std::string& tree) { writer_.trust(tree); };
    knowledge.again = [this](const std::string& path, unsigned times) {
      return do_again(path, times);
    };
  }
  recorder_ = std::make_unique<StateRecorder>(*store_, next, std::move(knowledge));
}

void SourceRecords::queued(const std::string& path, const SourceVersion& version,
                           const std::string& tree) {
  const Priority* const named = last_match(line_.options.priority_globs, path);
  recorder_->source_queued(path, version, tree, named == nullptr ? Priority::kNormal : *named);
}

void SourceRecords::do_again_by(Requested again) {
  const std::lock_guard lock(again_mutex_);
  again_ = std::move(again);
}

bool SourceRecords::do_again(const std::string& path, unsigned times) {
  const std::lock_guard lock(again_mutex_);
  if (!again_ || times > line_.options.retry_limit) return false;
  SourceRecord record;
  record.path = path;
  again_(record);
  return true;
}

void SourceRecords::correct(LoadStats* load) const {
  if (recorder_ != nullptr) recorder_->correct(load);
}

Result<void> SourceRecords::close() {
  const std::uint64_t lost = store_->close();
  if (lost == 0) return {};
  return fail(ErrorCode::kUnwritable,
              fmt::format("{}: not recorded: {}; the next start does them once more",
                          state_path(line_), counted(lost, "change")));
}

}  // namespace engine::io
