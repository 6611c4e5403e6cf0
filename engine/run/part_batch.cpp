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
// More than that is in one part: a statement of some milliseconds.
constexpr std::uint64_t kLong = 64 << 10;

}  // namespace

bool PartBatch::fill(sql::Splitter* splitter, sql::Classifier* classifier) {
  entries_.clear();
  row_ends_.clear();
  statements_.clear();
  lines_.clear();
  asking_ = 0;
  answered_ = false;
  do {
    if (classifier->has_more()) {
      const sql::SplitPart unit = classifier->unit();
      classifier->classify_more();
      add_statements(unit, classifier);
    } else if (!add_parts(splitter, classifier)) {
      return false;
    }
  } while (!is_full());
  return true;
}

bool PartBatch::is_full() const {
  return entries_.size() >= kMostParts || statements_.size() >= kMostParts ||
         asking_ >= kMostAsking || end_ - begin_ >= kMostText;
}

void PartBatch::note_line(sql::LinePlace place) {
  constexpr std::size_t kApart = 1 << 20;  // beside which the lines up to the next are few
  if (lines_.empty() || place.offset - lines_.back().offset >= kApart) lines_.push_back(place);
}

// Those behind a unit that the classifier is not done with wait.
bool PartBatch::add_parts(sql::Splitter* splitter, sql::Classifier* classifier) {
  sql::SplitParts next = splitter->next_parts();
  if (next.empty()) return false;
  while (!next.parts.empty() && !classifier->has_more()) {
    add(next.parts.front(), classifier);
    next.parts = next.parts.subspan(1);
  }
  if (classifier->has_more()) {
    splitter->put_back(next);
  } else {
    add(next.rows, classifier);
  }
  return true;
}

void PartBatch::push(const Entry& entry, std::uint64_t begin, std::uint64_t end) {
  if (entries_.empty()) begin_ = begin;
  end_ = end;
  entries_.push_back(entry);
}

void PartBatch::add(const sql::SplitPart& part, sql::Classifier* classifier) {
  if (part.kind != PartKind::kGap && (statements_.empty() || !classifier->goes_on(part))) {
    classifier->classify(part);
    add_statements(part, classifier);
  } else {
    push({part, 0, 0, part.line}, part.offset, part.end());
  }
}

// What the classifier has found of the part.
void PartBatch::add_statements(const sql::SplitPart& part, sql::Classifier* classifier) {
  const std::size_t before = statements_.size();
  classifier->take_statements(&statements_);
  for (std::size_t i = before; i < statements_.size(); ++i) {
    if (organize::is_surely_asked(statements_[i])) asking_ += statements_[i].length;
  }
  const sql::Statement& last = statements_.back();
  push({part, statements_.size() - before, 0, classifier->line()}, statements_[before].offset,
       last.offset + last.length);
}

// Those that go on with a statement in here are one entry.
void PartBatch::add(sql::RowRun rows, sql::Classifier* classifier) {
  while (!rows.empty()) {
    std::size_t count = statements_.empty() ? 0 : classifier->count_going_on(rows);
    if (count > 0) {
      const std::span<const sql::RowEnd> ends = rows.first(count).ends();
      row_ends_.insert(row_ends_.end(), ends.begin(), ends.end());
      push({rows.unit(0), 0, count, rows.line()}, rows.offset(), rows.offset(count));
    } else {
      add(rows.unit(0), classifier);
      add(rows.gap(0), classifier);
      count = 1;
    }
    rows = rows.behind(count);
  }
}

bool PartBatch::is_long() const { return asking_ > kLong; }

void PartBatch::answer(std::string_view text, Dialect dialect, char line_mark) {
  if (references_.size() < statements_.size()) references_.resize(statements_.size());
  sql::LineCursor lines(text, line_mark);
  std::size_t next = 0;
  for (const Entry& entry : entries_) {
    if (entry.statements > 0) lines.move_to(statements_[next].offset, entry.line);
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
  for (const sql::LinePlace& place : lines_) organizer->know_line(place);
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
}

}  // namespace engine::run
