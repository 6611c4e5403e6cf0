// ALTER, DROP, COMMENT ON, GRANT: statements about objects that exist already.
#include <string>
#include <utility>

#include "engine/sql/object_types.h"
#include "engine/sql/qualified_name.h"
#include "engine/sql/statement_parser.h"

namespace engine::sql {
namespace {

ObjectRef object_of(Action action, std::string_view type, const QualifiedName& name) {
  ObjectRef object;
  object.action = action;
  object.type = type;
  object.database = name.database;
  object.schema = name.schema;
  object.name = name.name;
  return object;
}

std::string_view constraint_kind(TokenCursor* cursor) {
  if (cursor->is("primary")) return "primary_key";
  if (cursor->is("foreign")) return "foreign_key";
  if (cursor->is("unique")) return "unique";
  if (cursor->is("check")) return "check";
  if (cursor->is("default")) return "default";
  if (cursor->is("exclude")) return "exclude";
  return "";
}

ObjectRef constraint_of(Action action, const QualifiedName& table, std::optional<std::string> name,
                        std::string_view kind) {
  ObjectRef object = object_of(action, "constraint", table);
  object.parent = table.name;
  object.name = std::move(name);
  object.constraint_kind = kind;
  return object;
}

// Behind CONSTRAINT: its name, if any, and its kind.
ObjectRef read_constraint(TokenCursor* cursor, Action action, const QualifiedName& table) {
  std::optional<std::string> name;
  if (constraint_kind(cursor).empty()) {
    cursor->accept_all({"if", "exists"});
    if (const auto read = read_name(cursor)) name = read->name;
  }
  return constraint_of(action, table, std::move(name), constraint_kind(cursor));
}

// One action of ALTER TABLE; false when the cursor stands at nothing that makes an object.
bool read_table_action(TokenCursor* cursor, const QualifiedName& table, Statement* statement) {
  const auto add = [&](ObjectRef object) { statement->objects.push_back(std::move(object)); };
  const bool adding = cursor->accept("add");
  if (adding) {
    cursor->accept_symbol('(');
    if (cursor->accept("constraint")) {
      add(read_constraint(cursor, Action::kCreate, table));
    } else if (!constraint_kind(cursor).empty() &&
               (!cursor->is("default") || cursor->dialect() == Dialect::kTsql)) {
      add(constraint_of(Action::kCreate, table, std::nullopt, constraint_kind(cursor)));
    } else if (cursor->is_any({"index", "key"}) ||
               (cursor->is_any({"fulltext", "spatial"}) && cursor->is_any({"index", "key"}, 1))) {
      cursor->advance();
      cursor->accept("index");
      cursor->accept("key");
      if (const auto name = read_name(cursor)) {
        ObjectRef index = object_of(Action::kCreate, "index", table);
        index.parent = table.name;
        index.name = name->name;
        add(std::move(index));
      }
    } else {
      return false;
    }
    return true;
  }
  const bool checks = cursor->is_any({"check", "nocheck", "enable", "disable", "validate"}) &&
                      cursor->is("constraint", 1);
  if (checks || (cursor->is_any({"drop", "alter", "rename"}) && cursor->is("constraint", 1))) {
    const Action action = cursor->is("drop") ? Action::kDrop : Action::kAlter;
    cursor->advance();
    cursor->advance();
    if (cursor->is("all")) return false;
    add(read_constraint(cursor, action, table));
    return true;
  }
  return false;
}

// ALTER TABLE t ADD CONSTRAINT a ..., ADD CONSTRAINT b ...: all constraints, the table itself when
// there is none.
void read_table_actions(TokenCursor* cursor, const QualifiedName& table, Statement* statement) {
  bool fresh = true;  // an action may begin here
  for (int tokens = 0; tokens < 5000 && !cursor->at_end() && !cursor->is_symbol(';'); ++tokens) {
    if (fresh && cursor->accept("with") && cursor->is_any({"check", "nocheck"})) {
      cursor->advance();
      continue;
    }
    if (fresh && read_table_action(cursor, table, statement)) {
      fresh = false;
      continue;
    }
    if (cursor->is("constraint") && !statement->objects.empty()) {
      cursor->advance();  // ADD CONSTRAINT a ..., CONSTRAINT b ...
      statement->objects.push_back(read_constraint(cursor, Action::kCreate, table));
      continue;
    }
    if (cursor->is_symbol('(')) {
      cursor->skip_parentheses();
      continue;
    }
    fresh = cursor->is_symbol(',');
    cursor->advance();
  }
}

void parse_alter_table(TokenCursor* cursor, std::string_view type, Statement* statement) {
  cursor->accept_all({"if", "exists"});
  cursor->accept("only");
  const auto table = read_name(cursor);
  if (!table || table->temporary()) return;
  cursor->accept_symbol('*');
  if (cursor->dialect() == Dialect::kMysql && cursor->is_any({"disable", "enable"}) &&
      cursor->is("keys", 1)) {
    set_data_frame(*table, statement);
    return;
  }
  read_table_actions(cursor, *table, statement);
  if (statement->objects.empty()) {
    statement->objects.push_back(object_of(Action::kAlter, type, *table));
  }
  statement->role = Role::kDefinition;
}

// DROP INDEX i ON t, DROP TRIGGER g ON t, and DROP INDEX t.i of T-SQL.
void read_dropped_owner(TokenCursor* cursor, ObjectRef* object) {
  if (object->type != "index" && object->type != "trigger" && object->type != "policy" &&
      object->type != "rule") {
    return;
  }
  if (cursor->accept("on")) {
    if (cursor->is("database") || cursor->is("all")) {
      object->type = "ddl_trigger";
    } else if (const auto owner = read_name(cursor)) {
      object->parent = owner->name;
      if (owner->schema) object->schema = owner->schema;
    }
  } else if (object->type == "index" && cursor->dialect() == Dialect::kTsql && object->schema) {
    object->parent = std::exchange(object->schema, std::exchange(object->database, std::nullopt));
  }
}

// GRANT ... ON [TABLE | SCHEMA::] name
bool read_grant_target(TokenCursor* cursor, Statement* statement) {
  std::string_view type = read_object_type(cursor);
  if (cursor->is_symbol(':') && cursor->is_symbol(':', 1)) {
    cursor->advance();
    cursor->advance();
  } else if (cursor->is("object") && cursor->is_symbol(':', 1)) {
    for (int i = 0; i < 3; ++i) cursor->advance();
  } else if (cursor->accept("all")) {
    return false;  // ALL TABLES IN SCHEMA s: no one object
  }
  const auto name = read_name(cursor);
  if (!name) return false;
  statement->owner_type = type;
  statement->owner_schema = name->schema;
  statement->owner_name = name->name;
  ObjectRef routine = object_of(Action::kGrant, type, *name);
  read_overload(cursor, &routine);
  statement->owner_signature = routine.signature;
  ObjectRef object = object_of(Action::kGrant, "grant", *name);
  object.signature = routine.signature;
  statement->objects.push_back(std::move(object));
  statement->role = Role::kDefinition;
  return true;
}

}  // namespace

void parse_alter(TokenCursor* cursor, Statement* statement) {
  // ALTER takes the place of CREATE in T-SQL's ALTER PROCEDURE and has its modifiers in MySQL.
  if (cursor->dialect() == Dialect::kTsql || cursor->dialect() == Dialect::kMysql) {
    if (cursor->is_any(
            {"procedure", "proc", "function", "view", "trigger", "definer", "algorithm", "sql"})) {
      parse_create(cursor, statement);
      for (ObjectRef& object : statement->objects) object.action = Action::kAlter;
      return;
    }
  }
  cursor->accept("public");
  const std::string_view type = read_object_type(cursor);
  if (type.empty() || (type == "default" && cursor->is("privileges"))) return;
  if (type == "table" || type == "foreign_table" || type == "external_table") {
    return parse_alter_table(cursor, type, statement);
  }
  cursor->accept_all({"if", "exists"});
  const auto name = read_name(cursor);
  if (!name) return;
  ObjectRef object = object_of(Action::kAlter, type, *name);
  read_overload(cursor, &object);
  if (type == "index") read_dropped_owner(cursor, &object);
  statement->objects.push_back(std::move(object));
  statement->role = Role::kDefinition;
}

void parse_drop(TokenCursor* cursor, Statement* statement) {
  cursor->accept("public");
  cursor->accept("temporary");
  const std::string_view type = read_object_type(cursor);
  if (type.empty()) return;
  cursor->accept("concurrently");
  cursor->accept_all({"if", "exists"});
  do {
    const auto name = read_name(cursor);
    if (!name) break;
    ObjectRef object = object_of(Action::kDrop, type, *name);
    read_overload(cursor, &object);
    cursor->skip_parentheses();
    read_dropped_owner(cursor, &object);
    if (!name->temporary()) statement->objects.push_back(std::move(object));
  } while (cursor->accept_symbol(','));
  if (!statement->objects.empty()) statement->role = Role::kDefinition;
}

void parse_comment(TokenCursor* cursor, Statement* statement) {
  cursor->accept_all({"if", "exists"});
  if (!cursor->accept("on")) return;
  const std::string_view type = read_object_type(cursor);
  if (type.empty()) return;
  const auto name = read_name(cursor);
  if (!name) return;
  ObjectRef object = object_of(Action::kComment, type, *name);
  read_overload(cursor, &object);
  if (type == "column" && name->schema) {
    // schema.table.column
    object.parent = name->schema;
    object.schema = std::exchange(object.database, std::nullopt);
    statement->owner_name = *object.parent;
    statement->owner_schema = object.schema;
  } else if (type == "constraint" || type == "trigger" || type == "policy" || type == "rule") {
    cursor->accept("on");
    cursor->accept("domain");
    if (const auto owner = read_name(cursor)) {
      object.parent = owner->name;
      object.schema = owner->schema;
    }
  }
  statement->objects.push_back(std::move(object));
  statement->role = Role::kDefinition;
}

void parse_grant(TokenCursor* cursor, Statement* statement) {
  for (int tokens = 0; tokens < 400 && !cursor->at_end(); ++tokens) {
    if (cursor->is_any({"to", "from"})) return;  // a role or a system privilege: no object
    if (cursor->accept("on")) {
      read_grant_target(cursor, statement);
      return;
    }
    if (cursor->is_symbol('(')) {
      cursor->skip_parentheses();
    } else {
      cursor->advance();
    }
  }
}

}  // namespace engine::sql
