// TouchReader: which numbers rows take, that two tables may take of one sequence, and what is
// written by what is run with them.
#include <algorithm>

#include "engine/dependency/generated_keys.h"
#include "engine/dependency/statement_words.h"
#include "engine/dependency/touch_reader.h"
#include "engine/sql/ascii.h"
#include "engine/sql/token_cursor.h"

namespace engine::dependency {

using sql::Statement;

void TouchReader::read_key_use(std::string_view text) {
  const KeyUse use = find_key_use(text, dialect_);
  at_.takes_last_key = use.last;
  for (const std::string& sequence : use.sequences) touch(numbers_of(sequence), Use::kMakes);
}

// They are taken in the order of the source, whichever tables they are for.
std::size_t TouchReader::numbers_of(std::string_view sequence) {
  const std::size_t numbers = book_.entry(NameKind::kOther, std::nullopt, sequence, "numbers");
  book_[numbers].told = true;
  return numbers;
}

void TouchReader::add_counter(std::size_t relation, std::size_t numbers, std::string column) {
  std::pmr::vector<NameBook::Counter>& counters = book_[relation].counters;
  const bool known = std::any_of(counters.begin(), counters.end(),
                                 [&](const auto& counter) { return counter.numbers == numbers; });
  if (known) return;
  counters.push_back({numbers, std::move(column)});
  knows_counters_ = true;
}

// DEFAULT nextval('s').
void TouchReader::note_counters(const ObjectRef& object, std::string_view text) {
  if (!keeps_rows(object.type) || !object.name) return;
  const std::size_t of = relation(object.schema, *object.name);
  if (of == kNone) return;
  for (CountedColumn& one : counted_columns(text, *object.name, dialect_).columns) {
    add_counter(of, numbers_of(one.sequence), std::move(one.column));
  }
}

// ALTER SEQUENCE a RENAME TO b: what counts by a counts by b.
void TouchReader::rename_sequence(std::string_view from, std::string_view to) {
  const std::size_t old = numbers_of(sql::lower(from)), now = numbers_of(sql::lower(to));
  for (std::size_t i = 0; i < book_.size(); ++i) {
    for (const NameBook::Counter& one : std::vector(book_[i].counters)) {
      if (one.numbers != old) continue;
      add_counter(i, now, one.column);
      touch(i, Use::kNeeds);
    }
  }
}

// INHERITS, PARTITION OF, LIKE.
void TouchReader::inherit_counters(std::size_t child, std::size_t parent) {
  if (child == kNone || parent == kNone) return;
  for (const NameBook::Counter& one : std::vector(book_[parent].counters)) {
    add_counter(child, one.numbers, one.column);
  }
}

// What a trigger, a rule or the routine that it runs writes to has to be there.
void TouchReader::note_writes(const ObjectRef& object, const Reference& reference) {
  const bool acts = object.type == "trigger" || object.type == "rule";
  if (object.action != Action::kCreate || !object.name) return;
  if (acts) return note_fired_rows(object, relation(reference.schema, reference.name));
  if (dialect_ != Dialect::kPostgresql) return;
  writes_[other_entry(object)].push_back({reference.schema, reference.name});
}

void TouchReader::note_runs(const ObjectRef& object, std::size_t routine) {
  const auto found = writes_.find(routine);
  if (object.type != "trigger" || found == writes_.end()) return;
  for (const auto& [schema, name] : found->second) note_fired_rows(object, relation(schema, name));
}

void TouchReader::note_fired_rows(const ObjectRef& object, std::size_t written) {
  constexpr std::size_t kVeryMany = 16;
  if (object.type != "trigger" || written == kNone) return;
  std::pmr::vector<std::size_t>& runs = book_[child_entry(object)].refers;
  if (runs.size() < kVeryMany) runs.push_back(written);
}

std::vector<std::size_t> TouchReader::counters_of(const Statement& rows,
                                                  std::size_t relation) const {
  std::vector<std::size_t> counters;
  if (!knows_counters_ || relation == kNone) return counters;
  for (const NameBook::Counter& one : book_[relation].counters) {
    const std::string_view head = rows.rows == 0 ? rows.in(text_) : copy_head(rows);
    const std::size_t list =
        static_cast<std::size_t>(std::max(rows.owner_end, rows.offset) - rows.offset);
    if (one.column.empty() || leaves_out(head, std::min(list, head.size()), one.column, dialect_)) {
      counters.push_back(one.numbers);
    }
  }
  return counters;
}

std::string_view TouchReader::copy_head(const Statement& rows) const {
  return text_.substr(static_cast<std::size_t>(rows.offset),
                      static_cast<std::size_t>(rows.rows - rows.offset));
}

}  // namespace engine::dependency
