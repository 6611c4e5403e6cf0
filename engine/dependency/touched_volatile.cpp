// TouchReader: which relations have rows that run volatile code, so that they keep their place
// among the rows of all others.
#include <algorithm>

#include "engine/dependency/generated_keys.h"
#include "engine/dependency/statement_words.h"
#include "engine/dependency/touch_reader.h"
#include "engine/sql/object_type.h"

namespace engine::dependency {

using sql::Statement;

// Rows of a parent may be put into its parts: a trigger of either acts on those of both.
void TouchReader::mark_volatile(std::size_t relation, bool NameBook::Entry::*how) {
  constexpr int kDeepest = 16;
  for (int i = 0; i < kDeepest && relation != kNone; ++i, relation = book_[relation].inherits) {
    book_[relation].*how = true;
  }
}

bool TouchReader::acts_on_others(std::size_t relation, bool on_keys) const {
  constexpr int kDeepest = 16;
  if (relation == kNone) return false;
  if (all_volatile_ || (book_[relation].lenient && book_[relation].made)) return true;
  for (int i = 0; i < kDeepest && relation != kNone; ++i, relation = book_[relation].inherits) {
    if (book_[relation].is_volatile || (on_keys && book_[relation].on_change)) return true;
  }
  return false;
}

// By foreign keys.
bool TouchReader::reaches(std::size_t from, std::size_t to) const {
  constexpr std::size_t kVeryMany = 256;
  std::vector<std::size_t> seen = {from};
  for (std::size_t i = 0; i < seen.size() && seen.size() < kVeryMany; ++i) {
    for (const std::size_t one : book_[seen[i]].refers) {
      if (one == to) return true;
      if (std::find(seen.begin(), seen.end(), one) == seen.end()) seen.push_back(one);
    }
  }
  return false;
}

// The code that it makes or puts into a table.
void TouchReader::read_volatile(const Statement& statement,
                                const std::vector<Reference>& references) {
  const ObjectRef& object = statement.objects.front();
  const std::string_view text = statement.in(text_);
  if (!object.name || object.action == Action::kDrop) return;
  if (object.type == "trigger" || object.type == "rule") {
    if (object.action == Action::kCreate) read_volatile_trigger(object, text, references);
  } else if (sql::object_type(object.type).is_routine) {
    if (object.action == Action::kCreate) {
      volatile_code_.note(other_entry(object), text, references);
    }
  } else if (object.type == "domain") {
    if (!find_key_use(text, dialect_).takes_any() && !volatile_code_.calls_volatile(references)) {
      return;
    }
    const std::size_t domain = other_entry(object);
    book_[domain].is_volatile = true;
    for (std::size_t i = 0; i < book_.size(); ++i) {
      const std::vector<std::size_t>& uses = book_[i].uses;
      if (std::find(uses.begin(), uses.end(), domain) != uses.end())
        mark_volatile(i, &NameBook::Entry::is_volatile);
    }
  } else {
    const auto& table = keeps_rows(object.type) ? object.name : object.parent;
    const auto& schema =
        !keeps_rows(object.type) && object.parent_schema ? object.parent_schema : object.schema;
    const std::size_t of = table ? relation(schema, *table) : kNone;
    if (of == kNone || book_[of].lenient) return;
    const bool takes_last = counted_columns(text, *table, dialect_).takes_last;
    if (takes_last || volatile_code_.calls_volatile(references)) {
      mark_volatile(of, &NameBook::Entry::is_volatile);
    }
  }
}

// What only counts does so by a sequence that it names.
void TouchReader::read_volatile_trigger(const ObjectRef& object, std::string_view text,
                                        const std::vector<Reference>& references) {
  if (!object.parent) return;
  const auto& schema = object.parent_schema ? object.parent_schema : object.schema;
  const std::size_t of = relation(schema, *object.parent);
  // Of PostgreSQL the body is a function's.
  const bool apart = dialect_ == Dialect::kPostgresql;
  const bool is_volatile =
      object.type == "rule" || (apart ? volatile_code_.calls_volatile(references)
                                      : volatile_code_.is_volatile(text, references));
  const bool on_insert = object.type == "rule" || fires_on_insert(text, dialect_);
  if (!is_volatile || of == kNone) return;
  mark_volatile(of, on_insert ? &NameBook::Entry::is_volatile : &NameBook::Entry::on_change);
  if (on_insert) mark_volatile(of, &NameBook::Entry::on_change);
}

}  // namespace engine::dependency
