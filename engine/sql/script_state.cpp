#include "engine/sql/script_state.h"

#include <algorithm>
#include <utility>

#include "engine/sql/qualified_name.h"
#include "engine/sql/search_path.h"
#include "engine/sql/type_phrases.h"

namespace engine::sql {
namespace {

std::optional<std::string> bare_name(TokenCursor* cursor) {
  auto name = read_name(cursor);
  return name ? std::optional(std::move(name->name)) : std::nullopt;
}

// A name, or a string that holds one; nothing where the value is DEFAULT or empty.
std::optional<std::string> read_value(TokenCursor* cursor) {
  if (cursor->is("default")) return std::nullopt;
  const bool users = cursor->dialect() == Dialect::kDb2 &&
                     cursor->is_any({"user", "current_user", "session_user", "system_user"});
  if (users) return std::nullopt;  // SET SCHEMA USER: who that is no script says
  if (cursor->peek().kind != TokenKind::kString) return bare_name(cursor);
  std::string text = literal_text(cursor->raw());
  cursor->advance();
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

}  // namespace

bool ScriptState::observe(TokenCursor* cursor) {
  if (cursor->accept("use")) {
    use(cursor);
    return false;
  }
  const bool sets = cursor->is_any({"set", "reset"});
  const bool alters = cursor->is("alter") && cursor->is("session", 1);
  const bool connects = dialect_ == Dialect::kDb2 && cursor->is("connect") && cursor->is("to", 1);
  const bool selects = dialect_ == Dialect::kPostgresql && cursor->is("select");
  if (!sets && !alters && !connects && !selects) return true;
  TokenCursor ahead = *cursor;
  ahead.advance();
  if (connects) {
    ahead.advance();
    database_ = bare_name(&ahead);
  } else if (selects) {
    set_config(&ahead);
  } else {
    if (alters && !(ahead.accept("session") && ahead.accept("set"))) return true;
    set(&ahead);
  }
  return true;
}

// What SET LOCAL has set is put back at the end of its transaction, all else where it is undone.
void ScriptState::note_transaction(const TransactionStep& step) {
  if (step.begins() && !std::exchange(in_transaction_, true)) before_ = here();
  if (!step.completes()) return;
  const bool was_in_one = std::exchange(in_transaction_, step.chains);
  std::optional<Path> before = std::exchange(before_local_, std::nullopt);
  if (step.undoes() && was_in_one) before = std::move(before_);
  if (before) {
    schema_ = std::move(before->schema);
    search_path_ = std::move(before->search_path);
  }
  if (step.chains) before_ = here();
}

void ScriptState::keep_before_local() {
  if (in_transaction_ && !before_local_) before_local_ = here();
}

// Of Snowflake: USE [ROLE | WAREHOUSE | DATABASE | SCHEMA] name; elsewhere USE database.
void ScriptState::use(TokenCursor* cursor) {
  if (dialect_ == Dialect::kSnowflake && cursor->is_any({"role", "warehouse", "secondary"})) {
    return;
  }
  const bool of_schema = cursor->accept("schema");
  if (!of_schema) cursor->accept("database");
  auto name = read_name(cursor);
  if (!name) return;
  if (of_schema || (name->schema && dialect_ == Dialect::kSnowflake)) {
    if (name->schema) database_ = std::move(name->schema);
    schema_ = std::move(name->name);
  } else {
    open_database(std::move(name->name));
  }
}

void ScriptState::set(TokenCursor* cursor) {
  if (dialect_ == Dialect::kPostgresql) {
    if (!cursor->accept("session") && cursor->accept("local")) keep_before_local();
    if (cursor->accept("search_path") || cursor->accept("schema")) {
      take_search_path(cursor);
    } else if (cursor->accept("database")) {
      cursor->accept_symbol('=');
      database_ = read_value(cursor);
    }
  } else if (dialect_ == Dialect::kOracle || dialect_ == Dialect::kDb2) {
    const bool current = cursor->accept("current");
    if (!cursor->accept("current_schema") && !cursor->accept("schema")) return;
    if (dialect_ == Dialect::kOracle && current) return;
    cursor->accept_symbol('=');
    schema_ = read_value(cursor);
  }
}

// SELECT pg_catalog.set_config('search_path', 'a, b', false)
void ScriptState::set_config(TokenCursor* cursor) {
  const auto function = read_name(cursor);
  if (!function || function->name != "set_config" || !cursor->accept_symbol('(')) return;
  if (literal_text(cursor->raw()) != "search_path" || !cursor->is_symbol(',', 1)) return;
  cursor->advance();
  cursor->advance();
  const std::string path = literal_text(cursor->raw());
  cursor->advance();
  if (cursor->accept_symbol(',') && cursor->is("true")) keep_before_local();
  TokenCursor names(path, 0, path.size(), dialect_);
  take_search_path(&names);
}

// New objects go to the first schema of the path.
void ScriptState::take_search_path(TokenCursor* cursor) {
  search_path_ = read_search_path(cursor);
  schema_.reset();
  if (!search_path_.empty()) schema_ = search_path_.front();
}

void ScriptState::connect(TokenCursor* cursor) {
  if (dialect_ == Dialect::kOracle) {
    // CONNECT user/password@database: the schema is the user's.
    auto user = bare_name(cursor);
    schema_ = user && user->find('&') == std::string::npos ? std::move(user) : std::nullopt;
    return;
  }
  // "\connect -" keeps the database; "-reuse-previous=on dbname='x'" is not read.
  if (auto database = bare_name(cursor)) {
    database_ = std::move(database);
    schema_.reset();
    search_path_.clear();
    temporary_.clear();
  }
}

// BigQuery has no USE: a dataset without a project lies in the session's, which is taken for the
// one that the script names first. Nothing says so, so the objects are listed as they are written.
void ScriptState::note_project(Statement* statement) {
  for (const ObjectRef& object : statement->objects) {
    if (database_) break;
    const bool of_dataset = object.schema && (object.type == "table" || is_function(object.type) ||
                                              object.type.ends_with("view"));
    if (of_dataset || object.type == "schema") database_ = object.database;
  }
  statement->database = database_;
}

void ScriptState::apply(Statement* statement) {
  if (dialect_ == Dialect::kPostgresql) note_transaction(statement->transaction);
  if (dialect_ == Dialect::kBigquery) note_project(statement);
  if (statement->temporary) temporary_.push_back(*statement->temporary);
  if (!temporary_.empty()) remove_temporary(statement);
  if (database_ || schema_) complete(statement);
  if (dialect_ == Dialect::kSnowflake) {
    for (const ObjectRef& object : statement->objects) note_created(object);
  }
}

// Snowflake goes on in a schema or database that it made.
void ScriptState::note_created(const ObjectRef& object) {
  if (object.action != Action::kCreate) return;
  if (object.type == "schema") {
    schema_ = object.name;
    if (object.database) database_ = object.database;
  } else if (object.type == "database") {
    open_database(object.name);
  }
}

// A database of Snowflake has a schema PUBLIC, and is opened there.
void ScriptState::open_database(std::optional<std::string> name) {
  database_ = std::move(name);
  schema_.reset();
  if (dialect_ == Dialect::kSnowflake) schema_ = "PUBLIC";
}

void ScriptState::complete(Statement* statement) const {
  for (ObjectRef& object : statement->objects) complete(&object, statement->owner_type);
  if (!statement->elements.empty() && statement->objects.front().type == "schema") {
    look_in_own_schema_first(&statement->objects);
  }
  const std::string_view owner = statement->owner_type.empty() ? "table" : statement->owner_type;
  if (!statement->owner_schema && scope_of(owner, dialect_) == Scope::kSchema) {
    statement->owner_schema = dialect_ == Dialect::kMysql ? database_ : schema_;
  }
}

// PostgreSQL puts the schema before the path as long as its CREATE SCHEMA runs.
void ScriptState::look_in_own_schema_first(std::vector<ObjectRef>* elements) {
  for (ObjectRef& element : *elements) {
    std::vector<std::string>& path = element.search_path;
    if (!path.empty() && element.schema) path.insert(path.begin(), *element.schema);
  }
}

void ScriptState::complete(ObjectRef* object, std::string_view owner_type) const {
  std::string_view type = object->type;
  if (type == "extended_property") {
    if (!object->database) object->database = database_;
    return;
  }
  if (type == "grant" && !owner_type.empty()) type = owner_type;
  const Scope scope = scope_of(type, dialect_);
  if (scope == Scope::kServer) return;
  if (dialect_ == Dialect::kMysql) {
    if (scope != Scope::kSchema) return;
    // SHOP.V, made while another database is in use: its query is read in that one, as a body never
    // is.
    const bool reads_elsewhere = object->schema && database_ && object->schema != database_ &&
                                 object->action == Action::kCreate &&
                                 (object->type == "table" || object->type == "view");
    if (reads_elsewhere) object->search_path = {*database_};
    if (!object->schema) object->schema = database_;
    return;
  }
  if (scope == Scope::kSchema && !object->schema) object->schema = schema_;
  if (scope == Scope::kSchema) note_search_path(object);
  if (!object->database && dialect_ != Dialect::kBigquery) object->database = database_;
}

// What is looked for nowhere but in the object's own schema needs no path.
void ScriptState::note_search_path(ObjectRef* object) const {
  if (object->action != Action::kCreate && object->action != Action::kAlter) return;
  const bool own_alone = search_path_.size() == 1 && search_path_.front() == object->schema;
  if (!own_alone) object->search_path = search_path_;
}

// A name that a schema is written before means another table.
bool ScriptState::is_temporary(const std::optional<std::string>& schema,
                               const std::optional<std::string>& name) const {
  return name && !schema &&
         std::find(temporary_.begin(), temporary_.end(), *name) != temporary_.end();
}

void ScriptState::remove_temporary(Statement* statement) {
  std::vector<ObjectRef>& objects = statement->objects;
  if (objects.empty()) return;
  std::vector<std::string> dropped;
  std::erase_if(objects, [&](const ObjectRef& object) {
    if (is_temporary(object.schema, object.parent)) return true;
    if (object.type != "table" && object.type != "view" && object.type != "sequence") return false;
    if (!is_temporary(object.schema, object.name)) return false;
    if (object.action == Action::kDrop) dropped.push_back(*object.name);
    return object.action != Action::kCreate;
  });
  for (const std::string& name : dropped) std::erase(temporary_, name);
  if (objects.empty()) statement->role = Role::kOther;
}

}  // namespace engine::sql
