#include "engine/tree/tree_builder.h"

#include <algorithm>
#include <utility>

#include "engine/source/content_hash.h"
#include "engine/sql/lines.h"
#include "engine/tree/layout.h"
#include "engine/tree/manifest.h"
#include "engine/tree/merge.h"
#include "engine/tree/metadata_header.h"
#include "engine/tree/outputs_behind.h"

namespace engine::tree {
namespace {

bool ends_batch(const organize::Draft& draft) {
  return std::any_of(draft.pieces.begin(), draft.pieces.end(),
                     [](const organize::Piece& piece) { return piece.batch_ended; });
}

// Hashes of less are made before a worker that sleeps would be of use.
constexpr std::size_t kLeastDealt = std::size_t{1} << 20;

}  // namespace

TreeBuilder::TreeBuilder(const SourceFacts& facts, const Options& options,
                         std::pmr::memory_resource* memory)
    : facts_(facts),
      options_(options),
      memory_(memory),
      drafts_(memory),
      dropped_(memory),
      planned_(memory),
      added_text_(memory),
      manifest_(memory) {
  const std::size_t line = facts.text.find('\n');
  crlf_ = line != std::string_view::npos && line > 0 && facts.text[line - 1] == '\r';
}

Tree& TreeBuilder::build(organize::Drafts drafts, dependency::NeedGraph needs, Team* team,
                         const std::stop_token& given_up) {
  drafts_ = std::move(drafts);
  Places places =
      places_of(drafts_, facts_.dialect.dialect, options_.layout, options_.data, memory_);
  for (std::size_t i = 0; i < drafts_.size(); ++i) drafts_[i].elsewhere = places.elsewhere[i];
  std::pmr::vector<std::pmr::string>& paths = places.paths;
  take_dropped(&paths);
  if (options_.layout == Layout::kCompact || options_.data == DataPlacement::kInline) {
    merge_outputs(options_.layout, &needs, &drafts_, &paths);
  }
  has_batches_ = facts_.dialect.dialect == Dialect::kTsql &&
                 std::any_of(drafts_.begin(), drafts_.end(), ends_batch);
  std::pmr::vector<std::pmr::vector<std::size_t>> behind = outputs_behind(drafts_, needs, memory_);
  for (std::size_t i = 0; i < drafts_.size(); ++i) {
    if (given_up.stop_requested()) return tree_;
    plan(drafts_[i], std::move(paths[i]), std::move(behind[i]));
  }
  add_raw_tail();
  const bool takes_long = facts_.text.size() >= kLeastDealt;
  deal(takes_long ? team : nullptr, planned_.size(), [&](std::size_t i) {
    planned_[i].hash = source::hash_text(planned_[i].bytes);
    return !given_up.stop_requested();
  });
  if (given_up.stop_requested()) return tree_;
  tree_.source = facts_.path;
  tree_.path = facts_.tree_path;
  manifest_ = manifest_text(facts_, options_, planned_, dropped_, memory_);
  tree_.manifest = manifest_;
  tree_.outputs.reserve(planned_.size());
  for (const PlannedOutput& output : planned_) {
    tree_.outputs.push_back({output.path, output.bytes});
  }
  return tree_;
}

// What has no path is no output.
void TreeBuilder::take_dropped(std::pmr::vector<std::pmr::string>* paths) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < drafts_.size(); ++i) {
    if ((*paths)[i].empty()) {
      dropped_.push_back(std::move(drafts_[i]));
      continue;
    }
    if (kept != i) {
      drafts_[kept] = std::move(drafts_[i]);
      (*paths)[kept] = std::move((*paths)[i]);
    }
    ++kept;
  }
  drafts_.resize(kept);
  paths->resize(kept);
}

void TreeBuilder::add_bytes(std::string_view text, PlannedOutput* output) {
  if (text.empty()) return;
  output->added.push_back({output->size, text.size()});
  output->size += text.size();
  output->bytes.push_back(added_text_.emplace_back(text));
}

void TreeBuilder::plan(const organize::Draft& draft, std::pmr::string path,
                       std::pmr::vector<std::size_t> behind) {
  PlannedOutput& output = planned_.emplace_back(memory_);
  output.path = std::move(path);
  output.behind = std::move(behind);
  output.draft = &draft;
  if (!options_.no_metadata) {
    add_bytes(metadata_header(draft, facts_.path, facts_.text, line_end()), &output);
  }
  add_bytes(draft.copy_header, &output);
  const organize::Piece* previous = nullptr;
  std::string_view terminator = ";";
  for (const organize::Piece& piece : draft.pieces) {
    if (previous != nullptr) separate(draft, *previous, &output);
    change_terminator(terminator, piece.terminator_before, &output);
    terminator = piece.terminator_after;
    output.piece_offsets.push_back(output.size);
    output.bytes.push_back(facts_.text.substr(static_cast<std::size_t>(piece.offset),
                                              static_cast<std::size_t>(piece.length)));
    output.size += piece.length;
    previous = &piece;
  }
  begin_line(&output);
  if (!draft.missing_end.empty()) {
    add_bytes(std::string(draft.missing_end) + std::string(line_end()), &output);
  }
  change_terminator(terminator, ";", &output);
  if (has_batches_ && !draft.pieces.back().batch_ended) {
    add_bytes("GO" + std::string(line_end()), &output);
  }
  if (draft.copy_goes_on) add_bytes("\\." + std::string(line_end()), &output);
  if (!options_.no_metadata) add_lead_in(&output);
}

// The header grows, so that the longest piece lies at the same place beside the blocks as in the
// source.
void TreeBuilder::add_lead_in(PlannedOutput* output) {
  const std::size_t block = facts_.shared_block;
  const std::size_t mark = facts_.encoding.mark_length;
  const bool is_part = facts_.text.data() == facts_.bytes.data() + mark;
  const std::pmr::vector<organize::Piece>& pieces = output->draft->pieces;
  if (block == 0 || !is_part || pieces.empty()) return;
  const auto longest = std::max_element(
      pieces.begin(), pieces.end(), [](const organize::Piece& one, const organize::Piece& other) {
        return one.length < other.length;
      });
  if (longest->length < kLeastShared) return;
  const auto number = static_cast<std::size_t>(longest - pieces.begin());
  const std::uint64_t in_source = longest->offset + mark;
  const std::uint64_t apart = in_source + block - output->piece_offsets[number] % block;
  std::string more = lead_in(static_cast<std::size_t>(apart % block), block, line_end());

  for (PlannedOutput::Range& range : output->added) range.offset += more.size();
  for (std::uint64_t& offset : output->piece_offsets) offset += more.size();
  output->size += more.size();
  PlannedOutput::Range& header = output->added.front();
  header = {0, header.length + more.size()};
  output->bytes.front() = added_text_.emplace_back(output->bytes.front()).append(more);
}

void TreeBuilder::begin_line(PlannedOutput* output) {
  const std::string_view before = output->bytes.empty() ? "" : output->bytes.back();
  if (!before.empty() && before.back() != '\n') add_bytes(line_end(), output);
}

// Two stretches from different places: each on lines of its own, and in T-SQL each a batch, unless
// they are rows.
void TreeBuilder::separate(const organize::Draft& draft, const organize::Piece& previous,
                           PlannedOutput* output) {
  begin_line(output);
  const bool batches = facts_.dialect.dialect == Dialect::kTsql && !previous.batch_ended &&
                       draft.kind != organize::OutputKind::kSegment;
  if (batches) add_bytes("GO" + std::string(line_end()), output);
}

// Where the source changed the terminator elsewhere, the output says so itself, so that it runs by
// itself.
void TreeBuilder::change_terminator(std::string_view from, std::string_view to,
                                    PlannedOutput* output) {
  if (from == to) return;
  std::string line;
  switch (facts_.dialect.dialect) {
    case Dialect::kMysql:
      line = "DELIMITER " + std::string(to);
      break;
    case Dialect::kFirebird:
      line = "SET TERM " + std::string(to) + " " + std::string(from);
      break;
    case Dialect::kDb2:
      line = "--#SET TERMINATOR " + std::string(to);
      break;
    case Dialect::kOracle:
      line = "SET SQLTERMINATOR " + (to.empty() ? "OFF" : std::string(to));
      break;
    default:
      return;
  }
  add_bytes(line + std::string(line_end()), output);
}

// The odd last byte of a UTF-16 source is no character; it goes behind the last output as it is.
void TreeBuilder::add_raw_tail() {
  const std::size_t size = facts_.bytes.size();
  if (!is_utf16(facts_.encoding.encoding) || (size - facts_.encoding.mark_length) % 2 == 0) {
    return;
  }
  if (planned_.empty()) {
    planned_.emplace_back(memory_).path = other_path(options_.layout, 1);
  }
  PlannedOutput& last = planned_.back();
  last.raw_tail_line = 1 + sql::count_lines(facts_.text, sql::line_mark(facts_.text));
  last.bytes.push_back(facts_.bytes.substr(size - 1));
  last.size += 1;
}

}  // namespace engine::tree
