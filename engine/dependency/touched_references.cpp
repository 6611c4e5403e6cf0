// TouchReader: what a statement refers to: of a definition and of a step of the script.
#include <algorithm>

#include "engine/dependency/statement_words.h"
#include "engine/dependency/touch_reader.h"
#include "engine/sql/object_type.h"

namespace engine::dependency {

using sql::Role;
using sql::Statement;

void TouchReader::read_references(const Statement& statement,
                                  const std::vector<Reference>& references) {
  if (statement.role == Role::kDefinition) {
    const ObjectRef& object = statement.objects.front();
    const bool sql_body = dialect_ == Dialect::kPostgresql && !references.empty() &&
                          sql::object_type(object.type).is_routine &&
                          has_word(statement.in(text_), dialect_, "sql");
    at_.is_partition = object.type == "table" && object.action == Action::kCreate &&
                       !references.empty() && has_word(statement.in(text_), dialect_, "partition");
    // Its query may show all columns of a table whose key it groups by.
    at_.groups = dialect_ == Dialect::kPostgresql && object.action == Action::kCreate &&
                 (sql_body || is_relation(object.type)) &&
                 has_word(statement.in(text_), dialect_, "group");
    const bool refers = std::any_of(references.begin(), references.end(), [](const Reference& one) {
      return one.kind == ReferenceKind::kReferences;
    });
    at_.has_actions = refers && has_actions(statement.in(text_), dialect_);
    const bool program = object.dynamic && runs_block(statement.in(text_), dialect_);
    const bool uses = std::any_of(references.begin(), references.end(), [](const Reference& one) {
      return one.kind == ReferenceKind::kUses || one.kind == ReferenceKind::kCalls;
    });
    if (uses || dialect_ == Dialect::kMysql || dialect_ == Dialect::kPostgresql)
      note_counters(object, statement.in(text_));
    for (const Reference& one : references) {
      if (program) read_step(one, false);
      read_definition(object, one, sql_body);
    }
    read_volatile(statement, references);
    if (program) read_program(statement, references);
  } else {
    const bool rows = statement.role == Role::kData;
    for (const Reference& one : references) read_step(one, rows);
    if (!rows) read_program(statement, references);
  }
}

void TouchReader::read_definition(const ObjectRef& object, const Reference& reference,
                                  bool body_counts) {
  const bool runs_later = sql::object_type(object.type).is_routine && !body_counts;
  switch (reference.kind) {
    case ReferenceKind::kReads:
    case ReferenceKind::kWrites: {
      if (reference.kind == ReferenceKind::kWrites) note_writes(object, reference);
      if (runs_later) return;
      const std::size_t of = relation(reference.schema, reference.name);
      if (of == kNone) return;
      const bool creates = object.action == Action::kCreate;
      if (at_.groups) touch_told_keys(of);
      if (creates && keeps_rows(object.type)) return evaluate(of);
      touch(of, Use::kNeeds);
      note_shown(of);
      if (at_.shows == kNone || at_.shows == of) return;
      std::pmr::vector<std::size_t> more = book_[of].rows;
      more.push_back(book_.of_relation(NameKind::kRows, of));
      constexpr std::size_t kVeryMany = 256;
      std::pmr::vector<std::size_t>& rows = book_[at_.shows].rows;
      for (const std::size_t one : more) {
        if (rows.size() >= kVeryMany) break;
        if (std::find(rows.begin(), rows.end(), one) == rows.end()) rows.push_back(one);
      }
      return;
    }
    case ReferenceKind::kReferences:
      if (const std::size_t of = relation(reference.schema, reference.name); of != kNone) {
        touch(of, Use::kNeeds);
        touch_told_keys(of);
        if (at_.alters) touch_rows(of, Use::kChecks);
        note_referred(object, of);
        if (at_.has_actions) note_following(object, of);
      } else if (dialect_ == Dialect::kSqlite) {  // where the table may come later
        note_referred(object, book_.entry(NameKind::kRelation, reference.schema, reference.name));
      }
      return;
    case ReferenceKind::kAttaches:  // TouchedRelations reads both from the text
    case ReferenceKind::kBecomes:
      return;
    case ReferenceKind::kInherits: {
      const std::size_t of = relation(reference.schema, reference.name);
      if (of != kNone && at_.is_partition) touch_rows(of, Use::kMakes);
      if (object.name) note_relatives(relation(object.schema, *object.name), of);
      if (object.name) inherit_counters(relation(object.schema, *object.name), of);
      return touch(of, Use::kNeeds);
    }
    case ReferenceKind::kCalls:
      if (runs_later && !(object.type == "trigger" && dialect_ == Dialect::kPostgresql)) return;
      [[fallthrough]];
    case ReferenceKind::kUses:
      if (keeps_rows(object.type)) touch_children(relation(reference.schema, reference.name));
      for (const std::size_t name : book_.find_all(reference.schema, reference.name)) {
        touch(name, Use::kNeeds);
        note_shown(name);
        note_used(object, name);
        // LIKE t INCLUDING ALL
        const bool like = book_[name].kind == NameKind::kRelation && keeps_rows(object.type);
        if (like) touch_told_keys(name);
        if (like && object.name) inherit_counters(relation(object.schema, *object.name), name);
        if (reference.kind != ReferenceKind::kCalls) continue;
        note_fired(object, name);
        note_runs(object, name);
      }
      return;
  }
}

void TouchReader::read_step(const Reference& reference, bool rows) {
  std::size_t of = relation(reference.schema, reference.name);
  switch (reference.kind) {
    case ReferenceKind::kWrites:
      if (of == kNone) of = book_.entry(NameKind::kRelation, reference.schema, reference.name);
      if (rows && fills(of)) return;
      touch(of, Use::kEvaluates);
      touch_fired(of);
      touch_following(of);
      return touch_rows(of, Use::kMakes);
    case ReferenceKind::kCalls:
      if (!rows && sql::lower(reference.name) == "setval")
        return touch(all_sequences_, Use::kMakes);
      for (const std::size_t name : book_.find_routines(reference.schema, reference.name)) {
        book_[name].told = true;
        touch(name, Use::kEvaluates);
        if (!rows || volatile_code_.is_volatile(name)) touch(all_rows_, Use::kMakes);
        if (volatile_code_.is_volatile(name)) touch(all_objects_, Use::kMakes);
      }
      return;
    case ReferenceKind::kReads:
      evaluate(of);
      if (at_.shows == kNone || of == kNone) return;
      book_[at_.shows].rows.push_back(book_.of_relation(NameKind::kRows, of));
      return;
    default:
      return;
  }
}

}  // namespace engine::dependency
