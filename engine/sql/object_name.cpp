#include "engine/sql/object_name.h"

#include <string>
#include <utility>

#include "engine/sql/ascii.h"
#include "engine/sql/nameless.h"
#include "engine/sql/signature.h"
#include "engine/sql/type_phrases.h"

namespace engine::sql {
namespace {

// (source AS target), which has no other name.
bool read_cast(TokenCursor* cursor, ObjectRef* object) {
  if (!cursor->is_symbol('(')) return false;
  std::string name;
  for (cursor->advance(); !cursor->at_end() && !cursor->is_symbol(')'); cursor->advance()) {
    if (cursor->accept("as")) name += " AS";
    if (cursor->is_symbol('(')) cursor->skip_parentheses();
    if (cursor->is_symbol(')')) break;
    const bool tight = name.empty() || cursor->is_symbol('.') || name.back() == '.' ||
                       cursor->is_symbol('[') || cursor->is_symbol(']');
    if (!tight) name += ' ';
    name += catalogue_name(cursor->raw(), cursor->peek().kind, cursor->dialect());
  }
  cursor->advance();
  object->name = std::move(name);
  return true;
}

// FOR type LANGUAGE language
bool read_transform(TokenCursor* cursor, ObjectRef* object) {
  cursor->accept("for");
  const auto type = read_name(cursor);
  if (!type) return false;
  object->name = type->name;
  if (cursor->accept("language")) {
    if (const auto language = read_name(cursor)) *object->name += " language " + language->name;
  }
  return true;
}

// FOR user SERVER server
bool read_user_mapping(TokenCursor* cursor, ObjectRef* object) {
  cursor->accept("for");
  const auto user = read_name(cursor);
  if (!user) return false;
  object->name = user->name;
  if (cursor->accept("server")) {
    if (const auto server = read_name(cursor)) object->parent = server->name;
  }
  return true;
}

// 'user'@'host' of MySQL, in one token or three.
bool read_account(TokenCursor* cursor, ObjectRef* object) {
  const auto user = read_name(cursor);
  if (!user) return false;
  object->name = user->name;
  std::string host;
  if (user->name.ends_with('@')) {  // a@`host`: the mark is a part of the word
    object->name->pop_back();
  } else if (cursor->raw().starts_with('@')) {
    host = cursor->raw().substr(1);
    cursor->advance();
  } else {
    return true;
  }
  if (host.empty()) {
    host = catalogue_name(cursor->raw(), cursor->peek().kind, cursor->dialect());
    cursor->advance();
  }
  *object->name += "@" + host;
  return true;
}

bool is_account(std::string_view type, Dialect dialect) {
  return dialect == Dialect::kMysql && (type == "user" || type == "role");
}

// Of T-SQL's numbered procedures: CREATE PROCEDURE p;1
void read_procedure_number(TokenCursor* cursor, ObjectRef* object) {
  if (object->type != "procedure" || cursor->dialect() != Dialect::kTsql) return;
  if (!cursor->is_symbol(';') || cursor->peek(1).kind != TokenKind::kNumber) return;
  *object->name += ";" + std::string(cursor->raw(1));
}

bool read_large_object(TokenCursor* cursor, ObjectRef* object) {
  if (cursor->peek().kind != TokenKind::kNumber) return false;
  object->name = std::string(cursor->raw());
  cursor->advance();
  return true;
}

// AGGREGATE a (BASETYPE = type, ...), as before aggregates had parameters.
std::string read_base_type(TokenCursor* cursor) {
  std::string type = "*";
  int depth = 0;
  do {
    if (cursor->is_symbol('(')) ++depth;
    if (cursor->is_symbol(')')) --depth;
    if (cursor->is("basetype") && cursor->is_symbol('=', 1)) {
      cursor->advance();
      cursor->advance();
      type = read_type(cursor);
    } else {
      cursor->advance();
    }
  } while (depth > 0 && !cursor->at_end());
  return equal_words(type, "any") ? "(*)" : "(" + type + ")";
}

// ON table | ON DOMAIN domain, of a constraint, trigger, policy or rule that is there already.
void read_reference_owner(TokenCursor* cursor, ObjectRef* object) {
  if (!cursor->accept("on")) return;
  if (object->type == "trigger" && read_trigger_scope(cursor, object)) return;
  cursor->accept("domain");
  cursor->accept("table");
  if (const auto owner = read_name(cursor)) hang_on(*owner, object);
}

}  // namespace

ObjectRef object_of(Action action, std::string_view type, const QualifiedName& name) {
  ObjectRef object;
  object.action = action;
  object.type = type;
  object.database = name.database;
  object.schema = name.schema;
  if (!name.name.empty()) object.name = name.name;
  return object;
}

bool read_object_name(TokenCursor* cursor, ObjectRef* object) {
  const std::string_view type = object->type;
  if (is_only_one(type)) {
    object->name = std::string(type);
    return true;
  }
  if (type == "cast") return read_cast(cursor, object);
  if (type == "transform") return read_transform(cursor, object);
  if (type == "user_mapping") return read_user_mapping(cursor, object);
  if (type == "large_object") return read_large_object(cursor, object);
  if (is_account(type, cursor->dialect())) return read_account(cursor, object);
  if (type.substr(0, 5) == "java_") cursor->accept("named");
  const bool symbols = type == "operator" && cursor->dialect() != Dialect::kOracle;
  auto name = symbols ? read_operator_name(cursor) : read_name(cursor);
  if (!name) return false;
  object->database = std::move(name->database);
  object->schema = std::move(name->schema);
  object->name = std::move(name->name);
  // What lies in no schema has its database before it: CREATE SCHEMA db.s of Snowflake.
  if (!object->database && scope_of(type, cursor->dialect()) != Scope::kSchema) {
    object->database = std::exchange(object->schema, std::nullopt);
  }
  read_procedure_number(cursor, object);
  if (cursor->is_symbol('(') && has_overloads(type, cursor->dialect())) {
    const bool old_aggregate = type == "aggregate" && cursor->is_symbol('=', 2);
    object->signature = old_aggregate ? read_base_type(cursor) : read_signature(cursor);
  }
  return true;
}

bool read_object_reference(TokenCursor* cursor, ObjectRef* object) {
  const std::string_view type = object->type;
  // FULLTEXT INDEX ON t, MATERIALIZED VIEW LOG ON t: named by the table.
  if ((type == "fulltext_index" || type == "materialized_view_log") && cursor->is("on")) {
    read_reference_owner(cursor, object);
    if (type == "fulltext_index") object->name = object->parent;
    return true;
  }
  if (!read_object_name(cursor, object)) return false;
  if (type == "operator" && cursor->is_symbol('(')) {
    object->signature = read_signature(cursor);
  } else if (type == "operator_class" || type == "operator_family") {
    if (cursor->accept("using")) {
      if (const auto method = read_name(cursor)) object->signature = "(" + method->name + ")";
    }
  } else if (object_type(type).is_child || type == "row_access_policy") {
    read_reference_owner(cursor, object);
    // DROP INDEX t.i of T-SQL, before it had ON, and DROP STATISTICS t.s.
    if ((type == "index" || type == "statistics") && cursor->dialect() == Dialect::kTsql &&
        object->schema && !object->parent) {
      object->parent = std::exchange(object->schema, std::exchange(object->database, std::nullopt));
    }
  }
  return true;
}

void set_public(ObjectRef* object) {
  if (object->type == "synonym" || object->type == "database_link") object->schema = "PUBLIC";
}

bool read_trigger_scope(TokenCursor* cursor, ObjectRef* object) {
  if (cursor->accept("database")) {
    object->type = "ddl_trigger";
  } else if (cursor->accept_all({"all", "server"})) {
    object->type = "server_trigger";
  } else {
    return false;
  }
  return true;
}

void hang_on(const QualifiedName& owner, ObjectRef* object) {
  object->parent = owner.name;
  if (!object->schema) {
    object->schema = owner.schema;
  } else if (owner.schema && owner.schema != object->schema) {
    object->parent_schema = owner.schema;
  }
  if (!object->database) object->database = owner.database;
}

void read_owned_by(TokenCursor* cursor, ObjectRef* object) {
  if (!cursor->accept("by") || cursor->is("none")) return;
  auto column = read_name(cursor);
  if (!column || !column->schema) return;
  QualifiedName table;
  table.name = std::move(*column->schema);
  table.schema = std::move(column->database);
  hang_on(table, object);
}

bool find_word(TokenCursor* cursor, const Word& word) {
  while (!cursor->at_end() && !cursor->is_symbol(';')) {
    if (cursor->is_symbol('(')) {
      cursor->skip_parentheses();
    } else if (cursor->accept(word)) {
      return true;
    } else {
      cursor->advance();
    }
  }
  return false;
}

}  // namespace engine::sql
