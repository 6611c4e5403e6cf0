// TouchReader: which relations have rows that run volatile code, so that they keep their place
// among the rows of all others.
#include <algorithm>
#include <utility>

#include "engine/dependency/generated_keys.h"
#include "engine/dependency/statement_words.h"
#include "engine/dependency/touch_reader.h"
#include "engine/sql/object_type.h"

namespace engine::dependency {

using sql::Statement;

// Rows of a parent may be put into its parts: a trigger of either acts on those of both.
void TouchReader::mark_volatile(std::size_t relation, bool NameBook::Entry::*how) {
  book_.each_of_lineage(relation, [&](std::size_t one) { book_[one].*how = true; });
}

bool TouchReader::acts_on_others(std::size_t relation, bool on_keys) {
  if (relation == kNone) return false;
  look_at_callers();
  if (all_volatile_ || (book_[relation].lenient && book_[relation].made)) return true;
  bool acts = false;
  book_.each_of_lineage(relation, [&](std::size_t one) {
    acts = acts || book_[one].is_volatile || (on_keys && book_[one].on_change);
  });
  return acts;
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
    for (const ObjectRef& one : statement.objects) read_volatile_trigger(one, text, references);
  } else if (sql::object_type(object.type).is_routine) {
    if (object.action == Action::kCreate) {
      const bool changes = volatile_code_.note(other_entry(object), *object.name, text, references);
      if (changes) looked_at_ = 0;
    }
  } else if (object.type == "domain") {
    if (!find_key_use(text, dialect_).takes_any() && !volatile_code_.calls_volatile(references)) {
      return;
    }
    const std::size_t domain = other_entry(object);
    book_[domain].is_volatile = true;
    for (std::size_t i = 0; i < book_.size(); ++i) {
      const std::pmr::vector<std::size_t>& uses = book_[i].uses;
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
    } else {
      note_caller(of, true, references);
    }
  }
}

// A step of the script: it may make a trigger without naming its table, or where nobody looks.
void TouchReader::read_program(const Statement& statement,
                               const std::vector<Reference>& references) {
  const std::string_view text = statement.in(text_);
  const std::string_view code = runs_program(text, dialect_) ? text : std::string_view();
  all_volatile_ = all_volatile_ || volatile_code_.makes_anything(code, references);
}

// Of PostgreSQL the body is a function's. Elsewhere it may count by a sequence that it names, and
// rows of its own table are in their order anyway.
void TouchReader::read_volatile_trigger(const ObjectRef& object, std::string_view text,
                                        const std::vector<Reference>& references) {
  if (object.type != "trigger" && object.type != "rule") return;
  if (!object.parent) {
    all_volatile_ = all_volatile_ || object.dynamic;
    return;
  }
  const auto& schema = object.parent_schema ? object.parent_schema : object.schema;
  std::size_t of = relation(schema, *object.parent);
  if (of == kNone) of = book_.entry(NameKind::kRelation, schema, *object.parent);
  // EXEC('CREATE TRIGGER ...') says so in a string.
  const bool on_insert = object.type == "rule" || object.dynamic || fires_on_insert(text, dialect_);
  bool is_volatile = object.type == "rule";
  if (dialect_ == Dialect::kPostgresql) {
    if (object.action != Action::kCreate) return;
  } else {
    std::vector<Reference> others;
    for (const Reference& one : references) {
      const bool own = one.kind != ReferenceKind::kCalls && relation(one.schema, one.name) == of;
      if (!own) others.push_back(one);
    }
    const KeyUse use = find_key_use(text, dialect_);
    is_volatile = is_volatile || use.last || volatile_code_.is_volatile(text, others);
    for (const std::string& sequence : use.sequences) add_counter(of, numbers_of(sequence), {});
  }
  if (is_volatile) return mark_trigger(of, on_insert);
  note_caller(of, on_insert, references);
}

void TouchReader::note_caller(std::size_t relation, bool on_insert,
                              const std::vector<Reference>& references) {
  Caller caller{relation, on_insert, calls_of(references)};
  if (!caller.calls.empty()) callers_.push_back(std::move(caller));
}

void TouchReader::mark_trigger(std::size_t relation, bool on_insert) {
  mark_volatile(relation, &NameBook::Entry::on_change);
  if (on_insert) mark_volatile(relation, &NameBook::Entry::is_volatile);
}

// What a trigger or a default calls may be made behind it, or made anew.
void TouchReader::look_at_callers() {
  for (; looked_at_ < callers_.size(); ++looked_at_) {
    const Caller& caller = callers_[looked_at_];
    if (!volatile_code_.calls_volatile(caller.calls)) continue;
    mark_trigger(caller.relation, caller.on_insert);
  }
}

}  // namespace engine::dependency
