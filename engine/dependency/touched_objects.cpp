// TouchReader: what hangs on a relation, and what is no relation: indexes, constraints, triggers;
// routines, types.
#include <algorithm>
#include <string>

#include "engine/dependency/object_key.h"
#include "engine/dependency/statement_words.h"
#include "engine/dependency/touch_reader.h"
#include "engine/sql/object_name.h"
#include "engine/sql/object_type.h"
#include "engine/sql/qualified_name.h"
#include "engine/sql/signature.h"
#include "engine/sql/token_cursor.h"

namespace engine::dependency {

using sql::Role;
using sql::Statement;
using sql::TokenCursor;

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

// CREATE INDEX ON t (i), ADD UNIQUE (i): the name is the server's, so what is said of a name that
// the script does not make may be said of it.
void TouchReader::read_unnamed(const ObjectRef& object, bool first) {
  constexpr std::size_t kVeryMany = 64;
  if (dialect_ != Dialect::kPostgresql) return;
  if (object.type != "index" && object.type != "constraint") return;
  if (object.action == Action::kCreate) {
    if (object.name || !first) return;
    const std::string name = std::to_string(unnamed_.size());
    unnamed_.push_back(book_.entry(NameKind::kOther, std::nullopt, name, "unnamed"));
    book_[unnamed_.back()].told = true;
    return touch(unnamed_.back(), Use::kMakes);
  }
  if (!object.name || book_[child_entry(object)].made) return;
  const std::size_t many = std::min(unnamed_.size(), kVeryMany);
  for (std::size_t i = unnamed_.size() - many; i < unnamed_.size(); ++i) {
    touch(unnamed_[i], Use::kNeeds);
  }
}

// GRANT ... TO a, b, REVOKE ... FROM a: who has been made, or renamed so. GRANT a, b TO c: they
// too.
void TouchReader::read_grantees(std::string_view text) {
  TokenCursor cursor(text, 0, text.size(), dialect_);
  const bool on_object = has_word(text, dialect_, "on");
  cursor.advance();
  while (!cursor.at_end() && !cursor.is_any({"to", "from"})) {
    if (on_object || !touch_account(&cursor)) cursor.advance();
  }
  do {
    cursor.advance();
    cursor.accept("group");
    if (!touch_account(&cursor)) return;
  } while (cursor.is_symbol(','));
}

bool TouchReader::touch_account(TokenCursor* cursor) {
  ObjectRef account;
  account.type = "user";
  if (!sql::read_object_name(cursor, &account)) {
    if (cursor->peek().kind != sql::TokenKind::kString) return false;
    account.name = sql::literal_text(cursor->raw());
    cursor->advance();
  }
  for (const std::size_t one : book_.find_all(std::nullopt, *account.name)) {
    if (book_[one].kind == NameKind::kOther) touch(one, Use::kNeeds);
  }
  return true;
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
    if (drops) note_first_drop(own);
    if (creates) note_made(own);
    if (drops && book_[own].made && object.type != "trigger") book_[own].again = true;
    const bool again = book_[own].again && (creates || drops);
    if (creates || drops || book_[own].made) touch(own, Use::kMakes);
    if (drops) gone_.push_back(own);
    if (drops && of == kNone) of = book_[own].parent;
    if (again && of != kNone) touch_rows(of, Use::kMakes);  // which it may not let in
    if (drops && object.type == "constraint") touch_referred(of);
  }
  if (object.type == "policy" && !at_.drops_first) read_words(text);
  if (of == kNone && object.parent) {
    for (const std::size_t one : book_.find_all(schema, *object.parent)) touch(one, Use::kNeeds);
  }
  if (of == kNone) return read_domain_constraint(object);
  touch(of, Use::kNeeds);
  const bool key = object.constraint_kind == "primary_key" || object.constraint_kind == "unique";
  if (key && creates) touch_keys(of, Use::kMakes);
  if (object.type != "trigger" && object.type != "rule") return;
  const bool on_insert = !creates || object.type == "rule" || fires_on_insert(text, dialect_);
  touch_rows(of, on_insert ? Use::kActsOnInsert : Use::kActs);
}

// ALTER DOMAIN d ADD CONSTRAINT, DROP CONSTRAINT: for the rows of all tables that use it.
void TouchReader::read_domain_constraint(const ObjectRef& object) {
  if (object.type != "constraint" || !object.parent || !at_.alters) return;
  for (const std::size_t one : book_.find_all(object.schema, *object.parent)) {
    if (book_[one].kind != NameKind::kOther || !book_[one].made) continue;
    remake(one, all_rows_);
    touch(one, Use::kMakes);
  }
}

// What has used it since it was made has used it as it was.
void TouchReader::remake(std::size_t name, std::size_t users) {
  remade_.push_back({name, users});
  touch(users, Use::kMakes);
}

// What lies in a schema that is dropped is gone with it.
void TouchReader::read_container(const ObjectRef& object) {
  for (std::size_t i = 0; i < book_.size(); ++i) {
    if (!book_[i].made || !book_.lies_in(i, *object.name)) continue;
    touch(i, Use::kMakes);
    gone_.push_back(i);
  }
}

// CREATE EXTENSION, IMPORT FOREIGN SCHEMA: all that comes behind may need what they bring, but what
// is dropped only makes way.
void TouchReader::read_brought(const Statement& statement) {
  if (dialect_ != Dialect::kPostgresql) return;
  const bool defines = statement.role == Role::kDefinition;
  if (!defines && imports_schema(statement.in(text_), dialect_)) {
    brings_ = true;
    return touch(brought_, Use::kFills);
  }
  const bool drops = defines && statement.objects.front().action == Action::kDrop;
  const bool extension = defines && statement.objects.front().type == "extension";
  if (extension && !drops && statement.objects.front().action != Action::kComment) {
    brings_ = true;
    if (const auto schema = extension_schema(statement.in(text_), dialect_)) {
      touch(book_.find_exact(NameKind::kOther, std::nullopt, *schema, "schema"), Use::kNeeds);
    }
    book_[brought_].lenient = true;
    touch(brought_, Use::kFills);
  } else if (brings_ && extension && drops) {
    book_[brought_].lenient = false;
    touch(brought_, Use::kMakes);
  } else if (brings_ && !drops) {
    touch(brought_, Use::kNeeds);
  }
}

// Of what is no relation: what rows are made with, in ways that no name tells.
bool TouchReader::serves_rows(const ObjectRef& object) const {
  const std::string_view type = object.type;
  return type == "function" || type == "aggregate" || type == "type" || type == "domain" ||
         type == "operator" || type == "collation" || type == "cast" || type == "synonym" ||
         type == "sequence";
}

std::size_t TouchReader::other_entry(const ObjectRef& object) {
  const sql::ObjectType& type = sql::object_type(object.type);
  const NameKind kind = type.is_routine ? NameKind::kRoutine : NameKind::kOther;
  // ROUTINE is either of the two.
  const bool procedure = dialect_ == Dialect::kPostgresql && object.type == "procedure";
  std::string space(name_space(procedure ? "function" : object.type));
  if (object.signature && type.is_routine) {
    space += sql::canonical_signature(
        *object.signature, object.schema.value_or(std::string(default_schema(dialect_))));
  }
  return book_.entry(kind, object.schema, *object.name, space);
}

// OPERATOR 7 @>, OPERATOR 8 <@ (a, b): a class of operators names them by symbols.
void TouchReader::read_operators(std::string_view text) {
  TokenCursor cursor(text, 0, text.size(), dialect_);
  for (; !cursor.at_end(); cursor.advance()) {
    if (!cursor.is("operator") || cursor.peek(1).kind != sql::TokenKind::kNumber) continue;
    cursor.advance();
    cursor.advance();
    const std::optional<sql::QualifiedName> name = sql::read_operator_name(&cursor);
    if (!name) continue;
    const std::string_view symbol = name->name;
    const std::size_t end = symbol.find_last_not_of(",;") + 1;
    for (const std::size_t one : book_.find_all(name->schema, symbol.substr(0, end))) {
      touch(one, Use::kNeeds);
    }
  }
}

void TouchReader::read_other(const ObjectRef& object, std::string_view text) {
  const sql::ObjectType& type = sql::object_type(object.type);
  const std::size_t own = other_entry(object);
  knows_routines_ = knows_routines_ || type.is_routine;
  const bool alters = object.action == Action::kAlter;
  const bool drops = object.action == Action::kDrop;
  const bool alters_sequence = alters && object.type == "sequence";
  if (alters_sequence && !object.parent) touch(all_sequences_, Use::kMakes);
  if (object.type == "operator_class" || object.type == "operator_family") {
    // A class may have made the family.
    for (const std::size_t one : book_.find_all(object.schema, *object.name)) {
      if (one != own) touch(one, Use::kNeeds);
    }
    read_operators(text);
  }
  if (alters && !book_[own].made) return;
  const bool again = object.action == Action::kCreate && book_[own].before;
  const bool changes =
      again || (drops && book_[own].made) || (alters && changes_type(text, dialect_));
  if (changes && serves_rows(object) && !object.parent) {
    remake(own, object.type == "sequence" ? all_sequences_ : all_rows_);
  }
  if (object.action == Action::kCreate) {
    book_[own].before = true;
  }
  book_[own].lenient = type.is_routine && !(drops && dialect_ == Dialect::kPostgresql);
  if (drops) note_first_drop(own);
  if (drops) gone_.push_back(own);
  if (drops && (object.type == "schema" || object.type == "database")) read_container(object);
  if (object.action == Action::kCreate) note_made(own);
  // A server names its wrapper, a publication its tables.
  if (!drops && !type.is_routine && dialect_ == Dialect::kPostgresql) read_words(text);
  touch(own, Use::kMakes);
  if (object.action == Action::kCreate && type.is_routine) touch(all_objects_, Use::kPrecedes);
  if (!alters_sequence || !object.parent) return;
  touch(relation(object.schema, *object.parent), Use::kNeeds);
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
    if (object.type == "sequence") rename_sequence(*object.name, to->name);
    const bool child = sql::object_type(object.type).is_child;
    ObjectRef named = object;
    gone_.push_back(child ? child_entry(named) : other_entry(named));
    named.name = to->name;
    const std::size_t name = child ? child_entry(named) : other_entry(named);
    book_[name].told = true;
    touch(name, Use::kMakes);
    book_[name].before = true;
    for (const std::size_t one : book_.find_all(object.schema, *object.name)) {
      touch(one, Use::kMakes);
    }
    if (object.type == "schema") touch(all_objects_, Use::kMakes);
    return;
  }
}

}  // namespace engine::dependency
