// CREATE: modifiers, type, name, and what the type calls for: the table of an index or trigger, the
// constraints of a table, the elements of a schema.
#include <optional>
#include <string>
#include <utility>

#include "engine/sql/ascii.h"
#include "engine/sql/object_name.h"
#include "engine/sql/signature.h"
#include "engine/sql/statement_parser.h"
#include "engine/sql/table_elements.h"
#include "engine/sql/type_phrases.h"

namespace engine::sql {
namespace {

struct Modifiers {
  bool temporary = false;
  bool global = false;
  bool is_public = false;
};

// Words between CREATE and the type that say nothing of the object's name or place.
constexpr std::string_view kCreateModifiers[] = {
    "or",         "replace",    "alter",        "global",      "local",          "unlogged",
    "unique",     "clustered",  "nonclustered", "bitmap",      "hash",           "primary",
    "recursive",  "force",      "noforce",      "editionable", "noneditionable", "shared",
    "private",    "secure",     "transient",    "iceberg",     "hybrid",         "trusted",
    "procedural", "and",        "resolve",      "compile",     "multiset",       "online",
    "offline",    "memory",     "immutable",    "duplicated",  "sharded",        "nonunique",
    "desc",       "descending", "asc",          "ascending",   "blockchain",     "large",
    "regular",    "smallfile",  "bigfile",      "inverted",    "multivalue",     "writable",
    "readable",   "web",        "editioning",   "summary",     "distinct",       "system"};

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
  while (cursor->peek().kind == TokenKind::kWord) {
    if (cursor->is_any({"temp", "temporary", "volatile"})) {
      modifiers.temporary = true;
    } else if (cursor->is("public")) {
      modifiers.is_public = true;
    } else if (cursor->is("global")) {
      modifiers.global = true;
    } else if (cursor->is("user") && cursor->is("temporary", 1)) {
      // TABLESPACE of Db2, which is no account of that name
    } else if (skip_option(cursor)) {
      continue;
    } else if (!(cursor->is("constraint") && cursor->is("trigger", 1)) &&
               !(cursor->is("default") && cursor->is("conversion", 1)) &&
               !equals_any(cursor->raw(), kCreateModifiers)) {
      break;
    }
    cursor->advance();
  }
  return modifiers;
}

// Objects of a session alone. A global temporary table of these servers stays, only its rows go.
bool is_temporary(const Modifiers& modifiers, const ObjectRef& object, Dialect dialect) {
  const std::string_view name = object.name ? std::string_view(*object.name) : std::string_view();
  if (dialect == Dialect::kTsql && name.starts_with('#')) return true;
  if (object.schema && dialect == Dialect::kSqlite && equal_words(*object.schema, "temp")) {
    return true;
  }
  if (object.schema && *object.schema == "pg_temp") return true;
  if (!modifiers.temporary) return false;
  const bool stays = modifiers.global && (dialect == Dialect::kOracle || dialect == Dialect::kDb2 ||
                                          dialect == Dialect::kFirebird);
  return !stays && (object.type == "table" || object.type == "view" || object.type == "sequence");
}

void hang_on_name(TokenCursor* cursor, ObjectRef* object) {
  if (const auto owner = read_name(cursor)) hang_on(*owner, object);
}

// ON [hr.]SCHEMA; ON CONNECT and ON ANY DDL STATEMENT of Firebird.
bool accept_no_table(TokenCursor* cursor) {
  const Dialect dialect = cursor->dialect();
  if (dialect == Dialect::kOracle) {
    return cursor->is("schema") || (cursor->is_symbol('.', 1) && cursor->is("schema", 2)) ||
           cursor->is("pluggable");
  }
  return dialect == Dialect::kFirebird &&
         cursor->is_any({"connect", "disconnect", "transaction", "any", "create", "alter", "drop"});
}

void read_trigger_table(TokenCursor* cursor, ObjectRef* object) {
  const bool firebird_for = cursor->dialect() == Dialect::kFirebird && cursor->accept("for");
  if (firebird_for) return hang_on_name(cursor, object);
  const bool any_ddl = cursor->dialect() == Dialect::kFirebird && cursor->is("any", 1);
  if (!any_ddl && !find_word(cursor, "on")) return;
  if (read_trigger_scope(cursor, object)) return;
  if (any_ddl || accept_no_table(cursor)) {
    object->type = "ddl_trigger";
    return;
  }
  if (cursor->accept_all({"nested", "table"})) find_word(cursor, "of");
  hang_on_name(cursor, object);
}

// The word before the name of what an object of this type hangs on; empty for most types.
Word owner_word(std::string_view type, Dialect dialect) {
  const bool postgresql = dialect == Dialect::kPostgresql;
  if (type == "rule") return postgresql ? Word("to") : Word();
  if (type == "statistics") return postgresql ? Word("from") : Word("on");
  if (type == "row_access_policy") return dialect == Dialect::kBigquery ? Word("on") : Word();
  for (const std::string_view child : {"index", "fulltext_index", "policy", "materialized_view_log",
                                       "search_index", "vector_index", "mask", "permission"}) {
    if (type == child) return "on";
  }
  return {};
}

// OPERATOR: (LEFTARG = a, RIGHTARG = b); AGGREGATE in its old form: (BASETYPE = a).
void read_operands(TokenCursor* cursor, ObjectRef* object) {
  std::string left;
  std::string right;
  int depth = 0;
  while (!cursor->at_end()) {
    if (cursor->is_symbol('(')) ++depth;
    if (cursor->is_symbol(')') && --depth == 0) break;
    const bool is_left = cursor->is("leftarg");
    if ((is_left || cursor->is("rightarg")) && cursor->is_symbol('=', 1)) {
      cursor->advance();
      cursor->advance();
      (is_left ? left : right) = read_type(cursor);
    } else {
      cursor->advance();
    }
  }
  std::string& signature = object->signature.emplace("(");
  signature.append(left.empty() ? "none" : left).append(", ");
  signature.append(right.empty() ? "none" : right) += ')';
}

void read_owner(TokenCursor* cursor, ObjectRef* object, Statement* statement) {
  const std::string_view type = object->type;
  const Dialect dialect = cursor->dialect();
  if (type == "trigger") {
    read_trigger_table(cursor, object);
  } else if (const Word word = owner_word(type, dialect); !word.empty()) {
    if (!find_word(cursor, word)) return;
    cursor->accept("only");
    cursor->accept("table");
    const bool of_cluster = cursor->dialect() == Dialect::kOracle && cursor->accept("cluster");
    hang_on_name(cursor, object);
    if (!of_cluster || !object->parent) return;
    statement->owner_type = "cluster";
    statement->owner_schema = object->schema;
    statement->owner_name = *object->parent;
  } else if (type == "operator" && dialect == Dialect::kPostgresql) {
    read_operands(cursor, object);
  } else if ((type == "operator_class" || type == "operator_family") &&
             find_word(cursor, "using")) {
    if (const auto method = read_name(cursor)) object->signature = "(" + method->name + ")";
  } else if (type == "sequence" && dialect == Dialect::kPostgresql) {
    // As an element of a schema it ends where the next one begins.
    while (!cursor->at_end() && !cursor->is_any({"owned", "create", "grant"})) cursor->advance();
    if (cursor->accept("owned")) read_owned_by(cursor, object);
  }
}

// CREATE TABLE t [OF type] [PARTITION OF parent] (elements ...
void read_elements(TokenCursor* cursor, Statement* statement) {
  const ObjectRef& object = statement->objects.back();
  const std::string_view type = object.type;
  if (type == "domain" && cursor->dialect() == Dialect::kPostgresql) {
    TableElements(cursor, object, &statement->objects).read_column();
    return;
  }
  if (!type.ends_with("table") || type == "virtual_table") return;
  cursor->accept("partition");
  if (cursor->accept("of")) read_name(cursor);
  if (cursor->is_symbol('(')) TableElements(cursor, object, &statement->objects).read_list();
}

bool read_schema_name(TokenCursor* cursor, ObjectRef* object) {
  cursor->accept_all({"if", "not", "exists"});
  cursor->accept("authorization");
  return read_object_name(cursor, object);
}

// CREATE SCHEMA s CREATE TABLE t (...) GRANT SELECT ON t TO r: objects of the schema.
void read_schema_elements(TokenCursor* cursor, Statement* statement) {
  std::optional<std::string> schema = statement->objects.front().name;
  while (!cursor->at_end()) {
    const bool create = cursor->is("create");
    if (create && cursor->is("schema", 1)) {  // a statement of its own that nothing parts from this
      cursor->accept_all({"create", "schema"});
      ObjectRef next = object_of(Action::kCreate, "schema");
      if (!read_schema_name(cursor, &next)) return;
      schema = next.name;
      statement->objects.push_back(std::move(next));
      continue;
    }
    if (!create && !cursor->is("grant")) {
      if (cursor->is_symbol('(')) {
        cursor->skip_parentheses();
      } else {
        cursor->advance();
      }
      continue;
    }
    statement->elements.push_back({cursor->peek().begin, 0, statement->objects.size(), {}, 0});
    cursor->advance();
    Statement element;
    element.depth = statement->depth;
    if (create) {
      parse_create(cursor, &element);
    } else {
      parse_grant(cursor, &element);
    }
    for (ObjectRef& object : element.objects) {
      if (!object.schema) object.schema = schema;
      statement->objects.push_back(std::move(object));
    }
  }
}

// CREATE USER a@h IDENTIFIED BY 'x', b@h ...: one statement for several accounts.
void read_more_accounts(TokenCursor* cursor, std::string_view type, Statement* statement) {
  if (cursor->dialect() != Dialect::kMysql) return;
  while (!cursor->at_end()) {
    if (!cursor->accept_symbol(',')) {
      cursor->advance();
      continue;
    }
    ObjectRef account = object_of(Action::kCreate, type);
    if (read_object_name(cursor, &account)) statement->objects.push_back(std::move(account));
  }
}

// What the server names itself: CREATE INDEX ON t, CREATE FULLTEXT INDEX ON t.
bool is_nameless(TokenCursor* cursor, std::string_view type) {
  return cursor->is("on") && (type == "index" || type == "fulltext_index" ||
                              type == "materialized_view_log" || type == "statistics");
}

std::string_view created_type(TokenCursor* cursor) {
  const std::string_view type = read_object_type(cursor);
  if (cursor->dialect() != Dialect::kMysql) return type;
  if (type == "fulltext_index") return "index";
  return type == "aggregate" ? "function" : type;  // a loadable one
}

}  // namespace

void parse_create(TokenCursor* cursor, Statement* statement) {
  const Modifiers modifiers = read_modifiers(cursor);
  ObjectRef object;
  object.type = created_type(cursor);
  if (object.type.empty() || object.type == "column") return;
  cursor->accept("concurrently");
  cursor->accept("nonconcurrently");  // YugabyteDB's
  cursor->accept_all({"if", "not", "exists"});
  const bool is_schema = object.type == "schema";
  if (is_schema) cursor->accept("authorization");
  if (!is_nameless(cursor, object.type) && !read_object_name(cursor, &object)) return;
  if (is_temporary(modifiers, object, cursor->dialect())) {
    statement->temporary = std::move(object.name);
    return;
  }
  if (modifiers.is_public) set_public(&object);
  if (!is_schema) read_owner(cursor, &object, statement);
  if (!object.name && object.type == "fulltext_index") object.name = object.parent;
  const std::string_view type = object.type;
  add_definition(std::move(object), statement);
  if (is_schema) {
    read_schema_elements(cursor, statement);
  } else if (type == "user" || type == "role") {
    read_more_accounts(cursor, type, statement);
  } else {
    read_elements(cursor, statement);
  }
}

}  // namespace engine::sql
