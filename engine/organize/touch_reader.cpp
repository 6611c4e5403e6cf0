#include "engine/organize/touch_reader.h"

#include <algorithm>
#include <utility>

#include "engine/organize/object_key.h"
#include "engine/organize/statement_words.h"
#include "engine/sql/object_type.h"
#include "engine/sql/qualified_name.h"
#include "engine/sql/token_cursor.h"

namespace engine::organize {
namespace {

using sql::Role;
using sql::Statement;
using sql::TokenCursor;
constexpr std::size_t kNone = NameBook::kNone;

bool is_relation(std::string_view type) {
  return name_space(type) == "relation" && type != "sequence";
}
bool is_view(std::string_view type) { return type == "view"; }

// Something that is done once, with the rows that are there.
bool keeps_rows(std::string_view type) { return is_relation(type) && !is_view(type); }

}  // namespace

TouchReader::TouchReader(std::string_view text, Dialect dialect, NameBook* book)
    : text_(text),
      dialect_(dialect),
      book_(*book),
      all_rows_(book_.entry(NameKind::kRows, std::nullopt, "", "all")),
      all_sequences_(book_.entry(NameKind::kRows, std::nullopt, "", "sequences")) {
  book_[all_rows_].told = book_[all_sequences_].told = true;
  book_[all_rows_].made = book_[all_sequences_].made = true;
}

void TouchReader::read(const Statement& statement, const std::vector<Reference>& references) {
  touches_.clear();
  gone_.clear();
  shows_ = kNone;
  own_schema_.reset();
  if (!statement.objects.empty()) own_schema_ = statement.objects.front().schema;
  if (statement.role == Role::kData || statement.role == Role::kDataFrame) {
    read_rows(statement);
  } else if (statement.role == Role::kDefinition) {
    for (const ObjectRef& object : statement.objects) read_object(statement, object);
    read_renames(statement);
  } else if (statement.temporary) {
    shows_ = book_.entry(NameKind::kRelation, std::nullopt, *statement.temporary);
    book_[shows_].told = true;
    touch(shows_, Use::kMakes);
  }
  read_references(statement, references);
}

std::string_view TouchReader::text_of(const Statement& statement) const {
  return text_.substr(static_cast<std::size_t>(statement.offset),
                      static_cast<std::size_t>(statement.length));
}

std::size_t TouchReader::relation(const std::optional<std::string>& schema,
                                  std::string_view name) const {
  return book_.find(NameKind::kRelation, schema, name, own_schema_);
}

void TouchReader::read_object(const Statement& statement, const ObjectRef& object) {
  const sql::ObjectType& type = sql::object_type(object.type);
  if (!object.name && !object.parent) return;
  if (object.action == Action::kComment || object.action == Action::kGrant ||
      object.type == "extended_property" || object.type == "column") {
    const std::string& of = object.parent ? *object.parent : *object.name;
    for (const std::size_t name : book_.find_all(object.schema, of)) touch(name, Use::kNeeds);
  } else if (is_relation(object.type)) {
    const bool by_constraint = statement.objects.front().type == "constraint";
    const std::string_view text = text_of(statement);
    bool changes = object.action != Action::kAlter;
    if (!changes) {
      changes = by_constraint ? has_column_action(text, dialect_) : changes_shape(text, dialect_);
    }
    read_relation(object, text, changes);
  } else if (type.is_child || (object.parent && object.type != "sequence")) {
    read_child(object, text_of(statement));
    const bool unique_index = object.type == "index" && object.action == Action::kCreate &&
                              mentions(text_of(statement), dialect_, "unique");
    if (unique_index && object.parent) {
      touch_keys(relation(object.schema, *object.parent), Use::kMakes);
    }
  } else {
    read_other(object);
  }
}

void TouchReader::read_relation(const ObjectRef& object, std::string_view text, bool changes) {
  const bool creates = object.action == Action::kCreate;
  const std::size_t name = creates ? book_.entry(NameKind::kRelation, object.schema, *object.name)
                                   : relation(object.schema, *object.name);
  if (name == kNone) return;
  if (creates && book_[name].made && (object.conditional || creates_if_absent(text, dialect_))) {
    return touch(name, Use::kNeeds);
  }
  if (creates) {
    book_[name].lenient = is_view(object.type);
    book_[name].rows.clear();
    if (is_view(object.type)) shows_ = name;
  }
  // Dropped although nothing has made it: it was there before the script, or was not.
  if (object.action == Action::kDrop && !book_[name].made) return;
  touch(name, changes ? Use::kMakes : Use::kNeeds);
  if (object.action == Action::kDrop) read_drop(name);
}

// What hangs on it goes with it: the names are free.
void TouchReader::read_drop(std::size_t relation) {
  gone_.push_back(relation);
  for (const std::size_t child : book_[relation].children) {
    if (!book_[child].made || book_[child].parent != relation) continue;
    touch(child, Use::kMakes);
    gone_.push_back(child);
  }
  book_[relation].children.clear();
}

void TouchReader::rename(std::size_t from, std::size_t to) {
  book_[from].told = true;
  gone_.push_back(from);
  book_[to].rows = book_[from].rows;
  book_[to].children = std::exchange(book_[from].children, {});
  for (const std::size_t child : book_[to].children) book_[child].parent = to;
}

// Where a name is free on another table, it is told apart by its own.
std::size_t TouchReader::child_entry(const ObjectRef& object) {
  std::string type(name_space(object.type));
  std::optional<std::string> schema = object.schema;
  const bool by_table =
      object.type == "constraint" ||
      (object.type == "trigger" && dialect_ == Dialect::kPostgresql) ||
      (type == "index" && (dialect_ == Dialect::kMysql || dialect_ == Dialect::kTsql));
  if (by_table && object.parent) type += '\0' + sql::lower(*object.parent);
  if (by_table || object.type == "trigger") schema.reset();
  return book_.entry(NameKind::kOther, schema, *object.name, type);
}

// What hangs on a relation. A trigger acts on the rows that come behind it.
void TouchReader::read_child(const ObjectRef& object, std::string_view text) {
  const auto& schema = object.parent_schema ? object.parent_schema : object.schema;
  const bool creates = object.action == Action::kCreate;
  std::size_t of = object.parent ? relation(schema, *object.parent) : kNone;
  if (object.name) {
    const std::size_t own = child_entry(object);
    if (creates && of != kNone) {
      book_[own].parent = of;
      book_[of].children.push_back(own);
    }
    if (of == kNone) of = book_[own].parent;
    if (creates || book_[own].made) touch(own, Use::kMakes);
    if (object.action == Action::kDrop && book_[own].made) gone_.push_back(own);
  }
  if (of == kNone) return;
  touch(of, Use::kNeeds);
  const bool key = object.constraint_kind == "primary_key" || object.constraint_kind == "unique";
  if (key && creates) touch_keys(of, Use::kMakes);
  if (object.type != "trigger" && object.type != "rule") return;
  const bool on_insert = !creates || object.type == "rule" || fires_on_insert(text, dialect_);
  touch_rows(of, on_insert ? Use::kActsOnInsert : Use::kActs);
}

void TouchReader::read_other(const ObjectRef& object) {
  const sql::ObjectType& type = sql::object_type(object.type);
  const NameKind kind = type.is_routine ? NameKind::kRoutine : NameKind::kOther;
  std::string space(name_space(object.type));
  if (object.signature && type.is_routine) space += *object.signature;
  const std::size_t own = book_.entry(kind, object.schema, *object.name, space);
  book_[own].lenient = type.is_routine;
  if (object.action != Action::kCreate && !book_[own].made) return;
  if (object.action == Action::kDrop) gone_.push_back(own);
  touch(own, Use::kMakes);
  if (object.type != "sequence" || object.action != Action::kAlter) return;
  if (!object.parent) return touch(all_sequences_, Use::kMakes);
  touch(relation(object.schema, *object.parent), Use::kNeeds);
}

void TouchReader::read_rows(const Statement& statement) {
  const auto fill = [&](const std::optional<std::string>& schema, std::string_view name) {
    std::size_t of = relation(schema, name);
    if (of == kNone) of = book_.entry(NameKind::kRelation, schema, name);
    touch(of, Use::kEvaluates);
    touch_rows(of, Use::kFills);
  };
  if (statement.objects.empty()) fill(statement.owner_schema, statement.owner_name);
  for (const ObjectRef& object : statement.objects) {
    if (object.name) fill(object.schema, *object.name);
  }
  touch(all_rows_, Use::kEvaluates);
  touch(all_sequences_, Use::kEvaluates);
}

void TouchReader::touch_rows(std::size_t relation, Use use) {
  touch(book_.of_relation(NameKind::kRows, relation), use);
}

void TouchReader::touch_keys(std::size_t relation, Use use) {
  if (relation == kNone) return;
  const std::size_t keys = book_.of_relation(NameKind::kKeys, relation);
  book_[keys].lenient = true;
  touch(keys, use);
}

// The relation as it is, and the rows that it has or shows.
void TouchReader::evaluate(std::size_t relation) {
  if (relation == kNone) return;
  touch(relation, Use::kEvaluates);
  touch(book_.of_relation(NameKind::kRows, relation), Use::kEvaluates);
  for (const std::size_t rows : std::vector(book_[relation].rows)) touch(rows, Use::kEvaluates);
}

// ALTER TABLE a RENAME TO b, RENAME TABLE a TO b, c TO d, sp_rename 'a', 'b': the new names.
void TouchReader::read_renames(const Statement& statement) {
  const ObjectRef& object = statement.objects.front();
  if (object.action != Action::kAlter || !is_relation(object.type)) return;
  const std::string_view text = text_of(statement);
  TokenCursor cursor(text, 0, text.size(), dialect_);
  bool renames = cursor.is("rename");  // TABLE
  const bool procedure = cursor.is_any({"exec", "execute", "sp_rename"});
  std::size_t strings = 0;
  for (; !cursor.at_end(); cursor.advance()) {
    std::optional<sql::QualifiedName> to;
    const bool whole = cursor.is("rename") && cursor.is_any({"to", "as"}, 1);
    if (whole || (renames && cursor.is("to"))) {
      if (whole) cursor.advance();
      cursor.advance();
      to = sql::read_name(&cursor);
    } else if (procedure && cursor.peek().kind == sql::TokenKind::kString && ++strings == 2) {
      to.emplace().name = sql::literal_text(cursor.raw());
    }
    if (!to) continue;
    const auto& schema = to->schema ? to->schema : object.schema;
    const std::size_t name = book_.entry(NameKind::kRelation, schema, to->name);
    book_[name].told = true;
    book_[name].lenient = is_view(object.type);
    touch(name, Use::kMakes);
    const std::size_t old = relation(object.schema, *object.name);
    if (old != kNone && old != name) rename(old, name);
  }
}

void TouchReader::read_references(const Statement& statement,
                                  const std::vector<Reference>& references) {
  if (statement.role == Role::kDefinition) {
    const ObjectRef& object = statement.objects.front();
    const bool sql_body = dialect_ == Dialect::kPostgresql && !references.empty() &&
                          sql::object_type(object.type).is_routine &&
                          mentions(text_of(statement), dialect_, "sql");
    for (const Reference& one : references) read_definition(object, one, sql_body);
  } else {
    for (const Reference& one : references) read_step(one);
  }
}

void TouchReader::read_definition(const ObjectRef& object, const Reference& reference,
                                  bool body_counts) {
  const bool runs_later = sql::object_type(object.type).is_routine && !body_counts;
  switch (reference.kind) {
    case ReferenceKind::kReads:
    case ReferenceKind::kWrites: {
      if (runs_later) return;
      const std::size_t of = relation(reference.schema, reference.name);
      if (of == kNone) return;
      const bool creates = object.action == Action::kCreate;
      if (creates && keeps_rows(object.type)) return evaluate(of);
      touch(of, Use::kNeeds);
      if (shows_ == kNone || shows_ == of) return;
      std::vector<std::size_t> more = book_[of].rows;
      more.push_back(book_.of_relation(NameKind::kRows, of));
      constexpr std::size_t kVeryMany = 256;
      std::vector<std::size_t>& rows = book_[shows_].rows;
      for (const std::size_t one : more) {
        if (rows.size() >= kVeryMany) break;
        if (std::find(rows.begin(), rows.end(), one) == rows.end()) rows.push_back(one);
      }
      return;
    }
    case ReferenceKind::kReferences:
      if (const std::size_t of = relation(reference.schema, reference.name); of != kNone) {
        touch(of, Use::kNeeds);
        touch_keys(of, Use::kNeeds);
      }
      return;
    case ReferenceKind::kInherits:
      return touch(relation(reference.schema, reference.name), Use::kNeeds);
    case ReferenceKind::kCalls:
      if (runs_later && !(object.type == "trigger" && dialect_ == Dialect::kPostgresql)) return;
      [[fallthrough]];
    case ReferenceKind::kUses:
      for (const std::size_t name : book_.find_all(reference.schema, reference.name)) {
        touch(name, Use::kNeeds);
      }
      return;
  }
}

void TouchReader::read_step(const Reference& reference) {
  std::size_t of = relation(reference.schema, reference.name);
  switch (reference.kind) {
    case ReferenceKind::kWrites:
      if (of == kNone) of = book_.entry(NameKind::kRelation, reference.schema, reference.name);
      touch(of, Use::kEvaluates);
      return touch_rows(of, Use::kMakes);
    case ReferenceKind::kCalls:
      if (sql::lower(reference.name) == "setval") return touch(all_sequences_, Use::kMakes);
      for (const std::size_t name : book_.find_all(reference.schema, reference.name)) {
        if (book_[name].kind != NameKind::kRoutine) continue;
        touch(name, Use::kEvaluates);
        touch(all_rows_, Use::kMakes);
      }
      return;
    case ReferenceKind::kReads:
      evaluate(of);
      if (shows_ == kNone || of == kNone) return;
      book_[shows_].rows.push_back(book_.of_relation(NameKind::kRows, of));
      return;
    default:
      return;
  }
}

}  // namespace engine::organize
