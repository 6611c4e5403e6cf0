// CREATE: modifiers, type, name, and for what hangs on a table, the table.
#include <optional>
#include <string>
#include <utility>

#include "engine/sql/object_types.h"
#include "engine/sql/qualified_name.h"
#include "engine/sql/signature.h"
#include "engine/sql/statement_parser.h"

namespace engine::sql {
namespace {

struct Modifiers {
  bool temporary = false;
  bool is_public = false;
};

// DEFINER = 'user'@'host', DEFINER = CURRENT_USER()
void skip_definer(TokenCursor* cursor) {
  cursor->accept_symbol('=');
  cursor->advance();
  const std::string_view next = cursor->raw();
  if (!next.empty() && next[0] == '@') {
    cursor->advance();
    if (next == "@") cursor->advance();
  }
  cursor->skip_parentheses();
}

bool skip_option(TokenCursor* cursor) {
  if (cursor->accept("definer")) {
    skip_definer(cursor);
  } else if (cursor->accept("algorithm")) {
    cursor->accept_symbol('=');
    cursor->advance();
  } else if (cursor->accept_all({"sql", "security"})) {
    cursor->advance();
  } else {
    return false;
  }
  return true;
}

// Everything that may stand between CREATE and the type.
Modifiers read_modifiers(TokenCursor* cursor) {
  Modifiers modifiers;
  while (true) {
    if (cursor->is_any({"temp", "temporary", "volatile"})) {
      modifiers.temporary = true;
    } else if (cursor->is("public")) {
      modifiers.is_public = true;
    } else if (skip_option(cursor)) {
      continue;
    } else if (cursor->is("aggregate") && cursor->is("function", 1)) {
      // MySQL's loadable aggregate
    } else if (cursor->is("constraint") && cursor->is("trigger", 1)) {
      // a trigger all the same
    } else if (cursor->is("default") && cursor->is("conversion", 1)) {
      // PostgreSQL
    } else if (!cursor->is_any({"or",
                                "replace",
                                "alter",
                                "global",
                                "local",
                                "unlogged",
                                "unique",
                                "clustered",
                                "nonclustered",
                                "bitmap",
                                "hash",
                                "primary",
                                "recursive",
                                "force",
                                "noforce",
                                "editionable",
                                "noneditionable",
                                "shared",
                                "private",
                                "secure",
                                "transient",
                                "iceberg",
                                "dynamic",
                                "hybrid",
                                "trusted",
                                "procedural",
                                "and",
                                "resolve",
                                "compile",
                                "multiset",
                                "online",
                                "offline",
                                "memory",
                                "immutable",
                                "duplicated",
                                "sharded",
                                "vector",
                                "nonunique",
                                "desc",
                                "descending",
                                "asc",
                                "blockchain"}) &&
               !(cursor->is("columnstore") && cursor->is("index", 1)) &&
               !(cursor->is("fulltext") && cursor->dialect() == Dialect::kMysql) &&
               !(cursor->is("spatial") && cursor->is("index", 1))) {
      return modifiers;
    }
    cursor->advance();
  }
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

// Forward to the word ON outside parentheses, and behind it.
bool find_on(TokenCursor* cursor, std::string_view word) {
  for (int tokens = 0; tokens < 400 && !cursor->at_end(); ++tokens) {
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

void read_trigger_table(TokenCursor* cursor, ObjectRef* object) {
  if (!find_on(cursor, cursor->dialect() == Dialect::kFirebird ? "for" : "on")) return;
  if (cursor->accept_all({"all", "server"}) || cursor->accept("database") ||
      (cursor->is("schema") && cursor->dialect() == Dialect::kOracle)) {
    object->type = "ddl_trigger";
    return;
  }
  if (cursor->accept_all({"nested", "table"})) find_on(cursor, "of");
  if (const auto table = read_name(cursor)) {
    if (cursor->is_symbol('.') && cursor->is("schema", 1)) {
      object->type = "ddl_trigger";
      return;
    }
    hang_on(*table, object);
  }
}

void read_owner(TokenCursor* cursor, ObjectRef* object) {
  const std::string& type = object->type;
  if (type == "trigger") {
    read_trigger_table(cursor, object);
  } else if (type == "rule" && cursor->dialect() == Dialect::kPostgresql) {
    if (!find_on(cursor, "to")) return;
    if (const auto table = read_name(cursor)) hang_on(*table, object);
  } else if (type == "index" || type == "fulltext_index" || type == "policy" ||
             type == "statistics" || type == "materialized_view_log") {
    if (!find_on(cursor, type == "statistics" && cursor->dialect() == Dialect::kPostgresql
                             ? "from"
                             : "on")) {
      return;
    }
    cursor->accept("only");
    cursor->accept("table");
    cursor->accept("cluster");
    if (const auto table = read_name(cursor)) hang_on(*table, object);
  }
}

// CREATE SCHEMA s CREATE TABLE t (...) CREATE VIEW v AS ...: objects of the schema.
void read_schema_elements(TokenCursor* cursor, Statement* statement) {
  const std::optional<std::string> schema = statement->objects.front().name;
  int depth = 0;
  while (!cursor->at_end()) {
    if (cursor->is_symbol('(')) ++depth;
    if (cursor->is_symbol(')')) --depth;
    if (depth > 0 || !cursor->accept("create")) {
      cursor->advance();
      continue;
    }
    Statement element;
    const Modifiers modifiers = read_modifiers(cursor);
    const std::string_view type = read_object_type(cursor);
    if (type.empty() || modifiers.temporary) continue;
    cursor->accept_all({"if", "not", "exists"});
    const auto name = read_name(cursor);
    if (!name) continue;
    ObjectRef object;
    object.type = type;
    object.schema = name->schema ? name->schema : schema;
    object.name = name->name;
    read_owner(cursor, &object);
    statement->objects.push_back(std::move(object));
  }
}

// CREATE INDEX ON t, CREATE FULLTEXT INDEX ON t: the name is left to the server.
bool nameless(TokenCursor* cursor, std::string_view type) {
  return (type == "index" || type == "fulltext_index" || type == "materialized_view_log") &&
         cursor->is("on");
}

void read_created_name(TokenCursor* cursor, ObjectRef* object) {
  if (object->type.rfind("java_", 0) == 0) cursor->accept("named");
  const auto name = object->type == "operator" ? read_operator_name(cursor) : read_name(cursor);
  if (!name) return;
  object->database = name->database;
  object->schema = name->schema;
  object->name = name->name;
  // T-SQL's numbered procedures: CREATE PROCEDURE p;1
  if (object->type == "procedure" && cursor->is_symbol(';') &&
      cursor->peek(1).kind == TokenKind::kNumber && cursor->dialect() == Dialect::kTsql) {
    *object->name += ";" + std::string(cursor->raw(1));
  }
}

}  // namespace

void parse_create(TokenCursor* cursor, Statement* statement) {
  const Modifiers modifiers = read_modifiers(cursor);
  const std::string_view type = read_object_type(cursor);
  if (type.empty()) return;
  cursor->accept("concurrently");
  cursor->accept_all({"if", "not", "exists"});
  ObjectRef object;
  object.type = type;
  if (type == "schema") cursor->accept("authorization");
  if (!nameless(cursor, type)) read_created_name(cursor, &object);
  if (!object.name && !nameless(cursor, type)) return;
  QualifiedName written;
  if (object.name) written.name = *object.name;
  const bool table_like = type == "table" || type == "view";
  if ((modifiers.temporary && table_like) || written.temporary()) return;
  if (type == "synonym" && modifiers.is_public) object.schema = "PUBLIC";
  read_overload(cursor, &object);
  read_owner(cursor, &object);
  if (!object.name && type == "fulltext_index") object.name = object.parent;
  statement->role = Role::kDefinition;
  statement->objects.push_back(std::move(object));
  if (type == "schema" && cursor->dialect() == Dialect::kPostgresql) {
    read_schema_elements(cursor, statement);
  }
}

}  // namespace engine::sql
