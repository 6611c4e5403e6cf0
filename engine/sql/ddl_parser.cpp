// ALTER, DROP, COMMENT ON: statements about objects that exist already.
#include <algorithm>
#include <string>
#include <utility>

#include "engine/sql/nameless.h"
#include "engine/sql/object_name.h"
#include "engine/sql/qualified_name.h"
#include "engine/sql/statement_parser.h"
#include "engine/sql/table_elements.h"
#include "engine/sql/type_phrases.h"

namespace engine::sql {
namespace {

// The actions of ALTER TABLE or ALTER DOMAIN as objects: constraints, indexes and triggers that are
// added, dropped, switched.
class TableActions {
 public:
  TableActions(TokenCursor* cursor, ObjectRef table, Statement* statement)
      : cursor_(*cursor),
        tsql_(cursor->dialect() == Dialect::kTsql),
        mysql_(cursor->dialect() == Dialect::kMysql),
        table_(std::move(table)),
        elements_(cursor, table_, &statement->objects),
        objects_(statement->objects) {}

  /// The first constraint comes first, the table itself where none is named by its own action.
  void read() {
    while (!cursor_.at_end() && !cursor_.is_symbol(';')) {
      read_action();
      while (!elements_.at_element_end()) {
        if (cursor_.is_symbol('(')) {
          elements_.pass_parentheses();
        } else {
          cursor_.advance();
        }
      }
      if (cursor_.accept_symbol(',') || cursor_.is_any({"add", "modify", "drop"})) continue;
      if (!cursor_.is_symbol(';')) cursor_.advance();
    }
    // MySQL's indexes may come before its constraints.
    std::stable_partition(objects_.begin(), objects_.end(),
                          [](const ObjectRef& object) { return object.type == "constraint"; });
    if (!of_child_ || objects_.empty()) {  // a child may be without a name
      objects_.insert(objects_.begin(), std::move(table_));
    } else if (of_table_) {
      objects_.push_back(std::move(table_));
    }
  }

 private:
  void read_action() {
    if (cursor_.accept("with") && cursor_.is_any({"check", "nocheck"})) cursor_.advance();
    if (cursor_.accept("add")) return read_addition();
    if (cursor_.accept("drop")) return read_drop();
    if (cursor_.is("constraint", 1) && !cursor_.is("set")) {  // CHECK, ENABLE, RENAME, ...
      cursor_.advance();
      cursor_.advance();
      return read_switched("constraint");
    }
    if (cursor_.is_any({"rename", "alter"}) && cursor_.is_any({"index", "key"}, 1)) {
      cursor_.advance();
      cursor_.advance();
      return read_switched("index");
    }
    if (cursor_.is_any({"enable", "disable"}) && cursor_.is("trigger", 1)) {
      cursor_.advance();
      cursor_.advance();
      return read_switched("trigger");
    }
    of_table_ = true;
    if (cursor_.accept("modify") || cursor_.accept("change")) {
      cursor_.accept("column");
      read_elements();
    }
  }

  void read_elements() {
    if (cursor_.is_symbol('(')) {
      elements_.read_list();
    } else {
      elements_.read_element();
    }
  }

  // In T-SQL a list behind one ADD; elsewhere one element, or a list in parentheses.
  void read_addition() {
    cursor_.accept("column");
    cursor_.accept_all({"if", "not", "exists"});
    do {
      const std::size_t first = cursor_.is_symbol('(') ? 1 : 0;
      const bool child =
          cursor_.is_any({"constraint", "primary", "foreign", "unique", "check", "exclude"},
                         first) ||
          !elements_.kind_here().empty() || elements_.index_here();
      (child ? of_child_ : of_table_) = true;
      read_elements();
    } while (tsql_ && cursor_.accept_symbol(','));
  }

  void read_drop() {
    const std::string_view kind = elements_.kind_here();
    if (!kind.empty()) {
      of_child_ = true;
      if (cursor_.is_any({"primary", "foreign"})) cursor_.advance();
      cursor_.advance();
      auto name = kind == "primary_key" ? std::nullopt : read_name(&cursor_);
      elements_.add(Action::kDrop, "constraint", bare(std::move(name)), kind);
      return;
    }
    std::string_view type;
    do {
      if (cursor_.accept("constraint")) {
        type = "constraint";
      } else if (mysql_ && (cursor_.accept("index") || cursor_.accept("key"))) {
        type = "index";
      } else if (cursor_.accept("column")) {
        type = {};
      }
      cursor_.accept_all({"if", "exists"});
      auto name = read_name(&cursor_);
      (type.empty() ? of_table_ : of_child_) = true;
      if (!type.empty() && name) elements_.add(Action::kDrop, type, bare(std::move(name)));
    } while (tsql_ && cursor_.accept_symbol(','));
  }

  void read_switched(std::string_view type) {
    if (cursor_.is_any({"all", "user"})) {
      of_table_ = true;
      return;
    }
    of_child_ = true;
    do {
      if (auto name = read_name(&cursor_)) {
        elements_.add(Action::kAlter, type, bare(std::move(name)));
      }
    } while (tsql_ && cursor_.accept_symbol(','));
  }

  static std::optional<std::string> bare(std::optional<QualifiedName> name) {
    return name ? std::optional(std::move(name->name)) : std::nullopt;
  }

  TokenCursor& cursor_;
  bool tsql_;
  bool mysql_;
  ObjectRef table_;
  TableElements elements_;
  std::vector<ObjectRef>& objects_;
  bool of_table_ = false;
  bool of_child_ = false;
};

// What is switched off before the rows are loaded, and on behind them: DISABLE KEYS, NOCHECK
// CONSTRAINT ALL, DISABLE TRIGGER ALL.
bool goes_with_rows(TokenCursor* cursor) {
  std::size_t at = 0;
  if (cursor->is("with") && cursor->is_any({"check", "nocheck"}, 1)) at = 2;
  const bool all = cursor->is("all", at + 2) || cursor->is("user", at + 2);
  switch (cursor->dialect()) {
    case Dialect::kMysql:
      return cursor->is_any({"disable", "enable"}) && cursor->is("keys", 1);
    case Dialect::kTsql:
    case Dialect::kPostgresql:
      return all &&
             ((cursor->is_any({"check", "nocheck"}, at) && cursor->is("constraint", at + 1)) ||
              (cursor->is_any({"disable", "enable"}, at) && cursor->is("trigger", at + 1)));
    default:
      return false;
  }
}

void parse_alter_table(TokenCursor* cursor, std::string_view type, Statement* statement) {
  cursor->accept_all({"if", "exists"});
  cursor->accept("only");
  if (cursor->is("all") && cursor->is("in", 1)) return;  // ALL IN TABLESPACE: no one table
  const auto name = read_name(cursor);
  if (!name || name->temporary()) return;
  cursor->accept_symbol('*');
  if (goes_with_rows(cursor)) return set_data_frame(*name, statement);
  TableActions(cursor, object_of(Action::kAlter, type, *name), statement).read();
  statement->role = Role::kDefinition;
  if (type != "domain") return;
  statement->owner_type = type;
  statement->owner_schema = name->schema;
  statement->owner_name = name->name;
}

// ALTER AUTHORIZATION ON SCHEMA::s TO u
void parse_alter_authorization(TokenCursor* cursor, Statement* statement) {
  if (!cursor->accept("on")) return;
  std::string_view type = read_object_type(cursor);
  cursor->accept("object");
  while (cursor->accept_symbol(':')) {
  }
  ObjectRef object = object_of(Action::kAlter, type.empty() ? "table" : type);
  if (read_object_reference(cursor, &object)) add_definition(std::move(object), statement);
}

// ALTER SEQUENCE s ... OWNED BY t.c
void read_new_owner(TokenCursor* cursor, ObjectRef* object) {
  if (object->type != "sequence" || cursor->dialect() != Dialect::kPostgresql) return;
  if (find_word(cursor, "owned")) read_owned_by(cursor, object);
}

// ALTER takes the place of CREATE in T-SQL's ALTER PROCEDURE and has its modifiers in MySQL.
bool is_definition(TokenCursor* cursor) {
  return (cursor->dialect() == Dialect::kTsql || cursor->dialect() == Dialect::kMysql) &&
         cursor->is_any(
             {"procedure", "proc", "function", "view", "trigger", "definer", "algorithm", "sql"});
}

// ALTER ONLINE IGNORE TABLE, DROP ONLINE INDEX of MySQL and MariaDB.
void accept_online(TokenCursor* cursor) {
  if (cursor->dialect() != Dialect::kMysql) return;
  while (cursor->accept("online") || cursor->accept("offline") || cursor->accept("ignore")) {
  }
}

// schema.table.column: the column hangs on the table.
void read_column_owner(ObjectRef* object) {
  if (!object->schema) return;
  object->parent = std::move(object->schema);
  object->schema = std::exchange(object->database, std::nullopt);
}

// Of Firebird: COMMENT ON [PROCEDURE | FUNCTION] PARAMETER routine.parameter
bool is_parameter(TokenCursor* cursor, std::string_view type) {
  if (cursor->dialect() != Dialect::kFirebird) return false;
  const bool routine = type == "procedure" || type == "function";
  return type == "parameter" || (routine && cursor->is("parameter") && !cursor->is("is", 1));
}

void parse_parameter_comment(TokenCursor* cursor, std::string_view type, Statement* statement) {
  cursor->accept("parameter");
  const auto parameter = read_name(cursor);
  if (!parameter || !parameter->schema) return;
  ObjectRef routine = object_of(Action::kComment, type == "parameter" ? "procedure" : type);
  routine.name = parameter->schema;
  add_definition(std::move(routine), statement);
}

}  // namespace

void parse_alter(TokenCursor* cursor, Statement* statement) {
  if (is_definition(cursor)) {
    parse_create(cursor, statement);
    for (ObjectRef& object : statement->objects) object.action = Action::kAlter;
    return;
  }
  if (cursor->accept("authorization")) return parse_alter_authorization(cursor, statement);
  const bool is_public = cursor->accept("public");
  accept_online(cursor);
  cursor->accept("specific");
  const std::string_view type = read_object_type(cursor);
  if (type.empty()) return;
  if (type == "default" && cursor->is("privileges")) {
    return parse_default_privileges(cursor, statement);
  }
  if (names_none(cursor, type)) return;
  if (type == "table" || type == "foreign_table" || type == "external_table" || type == "domain") {
    return parse_alter_table(cursor, type, statement);
  }
  cursor->accept_all({"if", "exists"});
  if (type == "index" && cursor->is("all") && cursor->is("on", 1)) {  // ALTER INDEX ALL ON t
    cursor->advance();
    cursor->advance();
    return parse_alter_table(cursor, "table", statement);
  }
  ObjectRef object = object_of(Action::kAlter, type);
  if (!read_object_reference(cursor, &object)) return;
  if (is_public) set_public(&object);
  read_new_owner(cursor, &object);
  add_definition(std::move(object), statement);
}

void parse_drop(TokenCursor* cursor, Statement* statement) {
  const bool is_public = cursor->accept("public");
  const bool temporary = cursor->accept("temporary");
  accept_online(cursor);
  cursor->accept("specific");  // the routine's other name in Db2
  const std::string_view type = read_object_type(cursor);
  if (type.empty() || names_none(cursor, type)) return;
  cursor->accept("concurrently");
  cursor->accept_all({"if", "exists"});
  do {
    ObjectRef object = object_of(Action::kDrop, type);
    if (!read_object_reference(cursor, &object)) break;
    if (is_public) set_public(&object);
    cursor->skip_parentheses();
    const bool tsql = cursor->dialect() == Dialect::kTsql;
    const bool of_session = temporary || (tsql && object.name && object.name->starts_with('#'));
    if (!of_session) add_definition(std::move(object), statement);
  } while (cursor->accept_symbol(','));
}

void parse_comment(TokenCursor* cursor, Statement* statement) {
  cursor->accept_all({"if", "exists"});
  if (!cursor->accept("on")) return;
  cursor->accept("specific");
  std::string_view type = read_object_type(cursor);
  if (type.empty() && cursor->dialect() == Dialect::kDb2) type = "table";  // ON t (c IS '...')
  if (type.empty() || names_none(cursor, type)) return;
  if (is_parameter(cursor, type)) return parse_parameter_comment(cursor, type, statement);
  ObjectRef object = object_of(Action::kComment, type);
  const bool of_domain = type == "constraint" && cursor->is("on", 1) && cursor->is("domain", 2);
  if (!read_object_reference(cursor, &object)) return;
  if (of_domain && object.parent) {
    statement->owner_type = "domain";
    statement->owner_schema = object.schema;
    statement->owner_name = *object.parent;
  }
  if (type == "column") {
    read_column_owner(&object);
    statement->owner_name = object.parent.value_or("");
    statement->owner_schema = object.schema;
  }
  add_definition(std::move(object), statement);
}

}  // namespace engine::sql
