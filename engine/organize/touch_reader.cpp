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
      all_sequences_(book_.entry(NameKind::kRows, std::nullopt, "", "sequences")),
      all_objects_(book_.entry(NameKind::kOther, std::nullopt, "", "objects")),
      all_grants_(book_.entry(NameKind::kOther, std::nullopt, "", "grants")) {
  for (const std::size_t all : {all_rows_, all_sequences_, all_objects_, all_grants_}) {
    book_[all].told = book_[all].made = true;
  }
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
  if (statement.role == Role::kOther) read_step(statement);
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
  if (object.action == Action::kGrant && grants_on_all(text_of(statement), dialect_)) {
    touch(all_grants_, Use::kMakes);
  }
  if (!object.name && !object.parent) return;
  read_schema(object);
  if (object.action == Action::kComment || object.action == Action::kGrant ||
      object.type == "extended_property" || object.type == "column") {
    const std::string& of = object.parent ? *object.parent : *object.name;
    for (const std::size_t name : book_.find_all(object.schema, of)) touch(name, Use::kNeeds);
  } else if (is_relation(object.type)) {
    const bool by_constraint = statement.objects.front().type == "constraint";
    const std::string_view text = text_of(statement);
    Use use = Use::kMakes;
    if (object.action == Action::kAlter) {
      const bool changes =
          by_constraint ? has_column_action(text, dialect_) : changes_shape(text, dialect_);
      const bool counts = dialect_ == Dialect::kMysql && mentions(text, dialect_, "auto_increment");
      if (!changes && counts) touch_rows(relation(object.schema, *object.name), Use::kMakes);
      if (counts) use = Use::kAmends;
      if (!changes) use = Use::kNeeds;
    }
    read_relation(object, text, use);
  } else if (type.is_child || (object.parent && object.type != "sequence")) {
    read_child(object, text_of(statement));
    const bool unique_index = object.type == "index" && object.action == Action::kCreate &&
                              mentions(text_of(statement), dialect_, "unique");
    if (unique_index && object.parent) {
      touch_keys(relation(object.schema, *object.parent), Use::kMakes);
    }
  } else {
    read_other(object, text_of(statement));
  }
}

// The schema that it lies in is there, and what has been granted on all that there are is not
// granted on it.
void TouchReader::read_schema(const ObjectRef& object) {
  if (object.action != Action::kCreate || object.parent) return;
  if (is_relation(object.type) || object.type == "sequence") touch(all_grants_, Use::kNeeds);
  if (!object.schema) return;
  touch(book_.find_exact(NameKind::kOther, std::nullopt, *object.schema, "schema"), Use::kNeeds);
}

void TouchReader::read_relation(const ObjectRef& object, std::string_view text, Use use) {
  const bool creates = object.action == Action::kCreate;
  const bool drops = object.action == Action::kDrop;
  std::size_t name = creates ? kNone : relation(object.schema, *object.name);
  if (creates || (drops && name == kNone)) {
    name = book_.entry(NameKind::kRelation, object.schema, *object.name);
  }
  if (name == kNone) return;
  if (creates && book_[name].made && (object.conditional || creates_if_absent(text, dialect_))) {
    return touch(name, Use::kNeeds);
  }
  if (creates) {
    book_[name].lenient = is_view(object.type);
    book_[name].rows.clear();
    if (is_view(object.type)) shows_ = name;
  }
  touch(name, use);
  if (use != Use::kNeeds && object.type != "view")
    touch(all_objects_, creates ? Use::kPrecedes : Use::kNeeds);
  if (drops) read_drop(name);
  if (drops) touch_referred(name);
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

// While there is a foreign key, what it refers to cannot be changed.
void TouchReader::touch_referred(std::size_t relation) {
  if (relation == kNone) return;
  for (const std::size_t one : book_[relation].refers) touch(one, Use::kNeeds);
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
    const bool drops = object.action == Action::kDrop;
    if (drops && book_[own].made && object.type != "trigger") book_[own].again = true;
    const bool again = book_[own].again && (creates || drops);
    if (creates || drops || book_[own].made) touch(own, Use::kMakes);
    if (drops) gone_.push_back(own);
    if (drops && of == kNone) of = book_[own].parent;
    if (again && of != kNone) touch_rows(of, Use::kMakes);  // which it may not let in
    if (drops && object.type == "constraint") touch_referred(of);
  }
  if (of == kNone) return;
  touch(of, Use::kNeeds);
  const bool key = object.constraint_kind == "primary_key" || object.constraint_kind == "unique";
  if (key && creates) touch_keys(of, Use::kMakes);
  if (object.type != "trigger" && object.type != "rule") return;
  const bool on_insert = !creates || object.type == "rule" || fires_on_insert(text, dialect_);
  touch_rows(of, on_insert ? Use::kActsOnInsert : Use::kActs);
}

std::size_t TouchReader::other_entry(const ObjectRef& object) {
  const sql::ObjectType& type = sql::object_type(object.type);
  const NameKind kind = type.is_routine ? NameKind::kRoutine : NameKind::kOther;
  // ROUTINE is either of the two.
  const bool procedure = dialect_ == Dialect::kPostgresql && object.type == "procedure";
  std::string space(name_space(procedure ? "function" : object.type));
  if (object.signature && type.is_routine) space += *object.signature;
  return book_.entry(kind, object.schema, *object.name, space);
}

void TouchReader::read_other(const ObjectRef& object, std::string_view text) {
  const sql::ObjectType& type = sql::object_type(object.type);
  const std::size_t own = other_entry(object);
  knows_routines_ = knows_routines_ || type.is_routine;
  const bool alters = object.action == Action::kAlter;
  const bool drops = object.action == Action::kDrop;
  const bool alters_sequence = alters && object.type == "sequence";
  if (alters_sequence && !object.parent) touch(all_sequences_, Use::kMakes);
  if (alters && !book_[own].made) return;
  book_[own].lenient = type.is_routine && !(drops && dialect_ == Dialect::kPostgresql);
  if (drops) gone_.push_back(own);
  touch(own, Use::kMakes);
  const bool of_values = object.type == "type" || object.type == "domain";
  if (alters && of_values && changes_type(text, dialect_)) touch(all_rows_, Use::kMakes);
  if (!alters_sequence || !object.parent) return;
  touch(relation(object.schema, *object.parent), Use::kNeeds);
}

void TouchReader::read_rows(const Statement& statement) {
  const bool on_keys = rests_on_keys(text_of(statement));
  const bool quiet = loads_quietly(text_of(statement), dialect_);
  // Rows that take the place of others are changed or deleted besides.
  const Use by_use = on_keys ? Use::kMakes : quiet ? Use::kLoads : Use::kFills;
  const auto fill = [&](const std::optional<std::string>& schema, std::string_view name) {
    std::size_t of = relation(schema, name);
    if (of == kNone) of = book_.entry(NameKind::kRelation, schema, name);
    touch(of, Use::kEvaluates);
    touch_rows(of, by_use);
    if (on_keys) {
      touch_keys(of, Use::kNeeds);
      book_[book_.of_relation(NameKind::kKeys, of)].told = true;
    }
  };
  if (statement.objects.empty()) fill(statement.owner_schema, statement.owner_name);
  for (const ObjectRef& object : statement.objects) {
    if (object.name) fill(object.schema, *object.name);
  }
  touch(all_rows_, Use::kEvaluates);
  touch(all_sequences_, Use::kEvaluates);
}

bool TouchReader::fills(std::size_t relation) {
  const std::size_t rows = book_.of_relation(NameKind::kRows, relation);
  return std::any_of(touches_.begin(), touches_.end(),
                     [rows](const Touch& one) { return one.name == rows && one.makes(); });
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
  touch(all_rows_, Use::kEvaluates);
  touch(book_.of_relation(NameKind::kRows, relation), Use::kEvaluates);
  for (const std::size_t rows : std::vector(book_[relation].rows)) touch(rows, Use::kEvaluates);
}

// ALTER TABLE a RENAME TO b, RENAME TABLE a TO b, c TO d, sp_rename 'a', 'b': the new names.
void TouchReader::read_renames(const Statement& statement) {
  const ObjectRef& object = statement.objects.front();
  if (object.action != Action::kAlter) return;
  const std::string_view text = text_of(statement);
  if (!is_relation(object.type)) return read_other_rename(object, text);
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

// ALTER TYPE, SEQUENCE, FUNCTION, INDEX, SCHEMA a RENAME TO b.
void TouchReader::read_other_rename(const ObjectRef& object, std::string_view text) {
  if (!object.name) return;
  TokenCursor cursor(text, 0, text.size(), dialect_);
  for (; !cursor.at_end(); cursor.advance()) {
    if (!cursor.is("rename") || !cursor.is("to", 1)) continue;
    cursor.advance();
    cursor.advance();
    const std::optional<sql::QualifiedName> to = sql::read_name(&cursor);
    if (!to) return;
    const bool child = sql::object_type(object.type).is_child;
    ObjectRef named = object;
    gone_.push_back(child ? child_entry(named) : other_entry(named));
    named.name = to->name;
    const std::size_t name = child ? child_entry(named) : other_entry(named);
    book_[name].told = true;
    touch(name, Use::kMakes);
    if (object.type == "schema") touch(all_objects_, Use::kMakes);
    return;
  }
}

void TouchReader::touch_children(std::size_t relation) {
  if (relation == kNone) return;
  for (const std::size_t child : book_[relation].children) {
    if (!book_[child].made) continue;
    book_[child].told = true;
    touch(child, Use::kNeeds);
  }
}

void TouchReader::read_references(const Statement& statement,
                                  const std::vector<Reference>& references) {
  if (statement.role == Role::kDefinition) {
    const ObjectRef& object = statement.objects.front();
    const bool sql_body = dialect_ == Dialect::kPostgresql && !references.empty() &&
                          sql::object_type(object.type).is_routine &&
                          mentions(text_of(statement), dialect_, "sql");
    is_partition_ = object.type == "table" && object.action == Action::kCreate &&
                    !references.empty() && mentions(text_of(statement), dialect_, "partition");
    for (const Reference& one : references) read_definition(object, one, sql_body);
  } else {
    const bool rows = statement.role == Role::kData;
    for (const Reference& one : references) read_step(one, rows);
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
        note_referred(object, of);
      }
      return;
    case ReferenceKind::kInherits: {
      const std::size_t of = relation(reference.schema, reference.name);
      if (of != kNone && is_partition_) touch_rows(of, Use::kMakes);
      return touch(of, Use::kNeeds);
    }
    case ReferenceKind::kCalls:
      if (runs_later && !(object.type == "trigger" && dialect_ == Dialect::kPostgresql)) return;
      [[fallthrough]];
    case ReferenceKind::kUses:
      if (keeps_rows(object.type)) touch_children(relation(reference.schema, reference.name));
      for (const std::size_t name : book_.find_all(reference.schema, reference.name)) {
        touch(name, Use::kNeeds);
      }
      return;
  }
}

void TouchReader::note_referred(const ObjectRef& object, std::size_t to) {
  constexpr std::size_t kVeryMany = 64;
  const auto& name = object.parent ? object.parent : object.name;
  const std::size_t from = name ? relation(object.schema, *name) : kNone;
  if (from == kNone || from == to) return;
  std::vector<std::size_t>& refers = book_[from].refers;
  const bool known = std::find(refers.begin(), refers.end(), to) != refers.end();
  if (!known && refers.size() < kVeryMany) refers.push_back(to);
}

// What a step does to rows is not known, but that a setting of the session does nothing.
void TouchReader::read_step(const Statement& statement) {
  const std::string_view text = text_of(statement);
  if (runs_program(text, dialect_)) touch(all_objects_, Use::kMakes);
  if (!may_touch_rows(text, dialect_)) return;
  touch(all_rows_, Use::kMakes);
  touch(all_sequences_, Use::kMakes);
}

void TouchReader::read_step(const Reference& reference, bool rows) {
  std::size_t of = relation(reference.schema, reference.name);
  switch (reference.kind) {
    case ReferenceKind::kWrites:
      if (of == kNone) of = book_.entry(NameKind::kRelation, reference.schema, reference.name);
      if (rows && fills(of)) return;
      touch(of, Use::kEvaluates);
      return touch_rows(of, Use::kMakes);
    case ReferenceKind::kCalls:
      if (!rows && sql::lower(reference.name) == "setval")
        return touch(all_sequences_, Use::kMakes);
      for (const std::size_t name : book_.find_all(reference.schema, reference.name)) {
        if (book_[name].kind != NameKind::kRoutine) continue;
        book_[name].told = true;
        touch(name, Use::kEvaluates);
        if (!rows) touch(all_rows_, Use::kMakes);
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
