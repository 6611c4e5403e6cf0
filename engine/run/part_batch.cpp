#include "engine/run/part_batch.h"

#include <span>

#include "engine/sql/line_cursor.h"

namespace engine::run {
namespace {

constexpr std::size_t kMostParts = 512;
constexpr std::uint64_t kMostText = 64 << 10;
// Finding what these refer to takes a tenth of a millisecond: many times what handing them over
// costs, and little enough for the last one to be waited for.
constexpr std::uint64_t kMostAsking = 4 << 10;
// More than that is in one part: a statement of some milliseconds, or a batch of very many, all of
// whose answers would be held at once.
constexpr std::uint64_t kLong = 64 << 10;
constexpr std::size_t kMany = 4096;

}  // namespace

bool PartBatch::fill(sql::Splitter* splitter, sql::Classifier* classifier) {
  entries_.clear();
  row_ends_.clear();
  statements_.clear();
  asking_ = 0;
  answered_ = false;
  do {
    const sql::SplitParts next = splitter->next_parts();
    if (next.empty()) return false;
    if (entries_.empty()) begin_ = next.offset();
    for (const sql::SplitPart& part : next.parts) add(part, classifier);
    add(next.rows, classifier);
    end_ = next.end();
  } while (!is_full());
  return true;
}

bool PartBatch::is_full() const {
  return entries_.size() >= kMostParts || asking_ >= kMostAsking || end_ - begin_ >= kMostText;
}

void PartBatch::add(const sql::SplitPart& part, sql::Classifier* classifier) {
  const std::size_t before = statements_.size();
  if (part.kind != PartKind::kGap && (before == 0 || !classifier->goes_on(part))) {
    classifier->classify(part);
    classifier->take_statements(&statements_);
    for (std::size_t i = before; i < statements_.size(); ++i) {
      if (organize::is_surely_asked(statements_[i])) asking_ += statements_[i].length;
    }
  }
  entries_.push_back({part, statements_.size() - before, 0});
}

// Those that go on with a statement in here are one entry.
void PartBatch::add(sql::RowRun rows, sql::Classifier* classifier) {
  while (!rows.empty()) {
    std::size_t count = statements_.empty() ? 0 : classifier->count_going_on(rows);
    if (count > 0) {
      const std::span<const sql::RowEnd> ends = rows.first(count).ends();
      row_ends_.insert(row_ends_.end(), ends.begin(), ends.end());
      entries_.push_back({rows.unit(0), 0, count});
    } else {
      add(rows.unit(0), classifier);
      add(rows.gap(0), classifier);
      count = 1;
    }
    rows = rows.behind(count);
  }
}

bool PartBatch::is_long() const { return asking_ > kLong || statements_.size() > kMany; }

void PartBatch::answer(std::string_view text, Dialect dialect, char line_mark) {
  if (references_.size() < statements_.size()) references_.resize(statements_.size());
  sql::LineCursor lines(text, line_mark);
  std::size_t next = 0;
  for (const Entry& entry : entries_) {
    lines.move_to(entry.part.offset, entry.part.line);
    for (std::size_t i = 0; i < entry.statements; ++i, ++next) {
      if (!organize::is_surely_asked(statements_[next])) continue;
      organize::find_references(statements_[next], text, dialect, &lines, &references_[next]);
    }
  }
  answered_ = true;
}

void PartBatch::organize(organize::Organizer* organizer) {
  const std::span<sql::Statement> statements(statements_);
  const std::span<organize::FoundReferences> references(references_);
  std::span<const sql::RowEnd> ends(row_ends_);
  std::size_t next = 0;
  for (const Entry& entry : entries_) {
    if (entry.rows > 0) {
      organizer->add_rows({entry.part.offset, entry.part.line, ends.first(entry.rows)},
                          &statements[next - 1]);
      ends = ends.subspan(entry.rows);
    } else if (entry.part.kind == PartKind::kGap) {
      organizer->add_gap(entry.part);
    } else if (entry.statements == 0) {
      sql::place_rows(entry.part, &statements[next - 1]);
      organizer->add(entry.part, statements.subspan(next - 1, 1));
    } else {
      const std::size_t count = entry.statements;
      organizer->add(
          entry.part, statements.subspan(next, count),
          answered_ ? references.subspan(next, count) : std::span<organize::FoundReferences>());
      next += count;
    }
  }
  if (statements_.capacity() > 2 * kMany) statements_ = {};
}

}  // namespace engine::run
