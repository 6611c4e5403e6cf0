#include "engine/sql/statement_parser.h"

#include <string>
#include <utility>

#include "engine/sql/ascii.h"
#include "engine/sql/qualified_name.h"
#include "engine/sql/signature.h"

namespace engine::sql {
namespace {

using Parse = void (*)(TokenCursor*, Statement*);

void parse_lock(TokenCursor* cursor, Statement* statement) {
  if (!cursor->accept("tables") && !cursor->accept("table")) return;
  if (cursor->dialect() != Dialect::kMysql) return;
  if (const auto name = read_name(cursor)) {
    set_data_frame(*name, statement);
  }
}

void parse_unlock(TokenCursor* cursor, Statement* statement) {
  if (cursor->is("tables")) statement->role = Role::kSettingPrevious;
}

// Transactions, PRINT: steps of a script that change no object.
void parse_flow(TokenCursor*, Statement* statement) { statement->role = Role::kFlow; }

// BEGIN [TRANSACTION], and not the block of a program.
void parse_begin(TokenCursor* cursor, Statement* statement) {
  if (cursor->at_end() || cursor->is_symbol(';') ||
      cursor->is_any({"tran", "transaction", "work", "isolation", "read", "immediate", "deferred",
                      "exclusive"})) {
    statement->role = Role::kFlow;
  }
}

// DISABLE TRIGGER dbo.g ON dbo.t
void parse_switch(TokenCursor* cursor, Statement* statement) {
  if (cursor->dialect() != Dialect::kTsql || !cursor->accept("trigger")) return;
  const auto name = read_name(cursor);
  if (!name || !cursor->accept("on")) return;
  ObjectRef object;
  object.action = Action::kAlter;
  object.type = "trigger";
  object.name = name->name;
  object.schema = name->schema;
  if (cursor->is("database") || cursor->is("all")) {
    object.type = "ddl_trigger";
  } else if (const auto table = read_name(cursor)) {
    object.parent = table->name;
    if (!object.schema) object.schema = table->schema;
  }
  statement->objects.push_back(std::move(object));
  statement->role = Role::kDefinition;
}

void parse_bulk(TokenCursor* cursor, Statement* statement) {
  if (!cursor->accept("insert")) return;
  if (const auto name = read_name(cursor); name && !name->temporary()) set_data(*name, statement);
}

constexpr std::pair<std::string_view, Parse> kParsers[] = {
    {"insert", parse_insert},  {"create", parse_create},   {"alter", parse_alter},
    {"drop", parse_drop},      {"set", parse_set},         {"comment", parse_comment},
    {"grant", parse_grant},    {"revoke", parse_grant},    {"deny", parse_grant},
    {"exec", parse_execute},   {"execute", parse_execute}, {"copy", parse_copy},
    {"replace", parse_insert}, {"load", parse_load},       {"lock", parse_lock},
    {"unlock", parse_unlock},  {"bulk", parse_bulk},       {"commit", parse_flow},
    {"rollback", parse_flow},  {"savepoint", parse_flow},  {"print", parse_flow},
    {"start", parse_flow},     {"end", parse_flow},        {"begin", parse_begin},
    {"disable", parse_switch}, {"enable", parse_switch},
};

// SET ANSI_NULLS ON and its kin, which SQL Server stores with the module that follows.
bool module_setting(TokenCursor* cursor) {
  return cursor->is_any({"ansi_nulls", "quoted_identifier", "ansi_padding", "ansi_warnings",
                         "ansi_null_dflt_on", "arithabort", "concat_null_yields_null",
                         "numeric_roundabort"});
}

// mysqldump puts settings round an object: SET @saved_x = @@x before, SET x = @saved_x behind.
void parse_mysql_set(TokenCursor* cursor, Statement* statement) {
  const std::string_view variable = cursor->raw();
  if (variable.substr(0, 7) == "@saved_") {
    statement->role = Role::kSettingNext;
    return;
  }
  if (!cursor->is_any({"character_set_client", "character_set_results", "collation_connection",
                       "sql_mode", "time_zone"})) {
    return;
  }
  cursor->advance();
  if (!cursor->accept_symbol('=')) return;
  const std::string_view value = cursor->raw();
  if (value.substr(0, 7) == "@saved_") {
    statement->role = Role::kSettingPrevious;
  } else if (value.substr(0, 1) != "@") {
    statement->role = Role::kSettingNext;
  }
}

// The arguments of a T-SQL procedure call, by name or by position.
struct Arguments {
  std::string values[8];  // name, value, level0type, level0name, level1type, ..., level2name
};

Arguments read_property_arguments(TokenCursor* cursor) {
  constexpr std::string_view kNames[8] = {"@name",       "@value",      "@level0type",
                                          "@level0name", "@level1type", "@level1name",
                                          "@level2type", "@level2name"};
  Arguments arguments;
  for (std::size_t position = 0; position < 8 && !cursor->at_end(); ++position) {
    std::size_t slot = position;
    if (cursor->is_symbol('=', 1)) {
      for (std::size_t i = 0; i < 8; ++i) {
        if (equal_words(cursor->raw(), kNames[i])) slot = i;
      }
      cursor->advance();
      cursor->advance();
    }
    if (!cursor->is("null")) {
      arguments.values[slot] = catalogue_name(cursor->raw(), cursor->peek().kind, Dialect::kTsql);
    }
    while (!cursor->at_end() && !cursor->is_symbol(',')) cursor->advance();
    cursor->advance();
  }
  return arguments;
}

void parse_extended_property(TokenCursor* cursor, Action action, Statement* statement) {
  const Arguments arguments = read_property_arguments(cursor);
  ObjectRef object;
  object.action = action;
  object.type = "extended_property";
  object.name = arguments.values[0];
  // Of an object of a schema, else of what level 0 names: a schema, a user, a DDL trigger.
  const bool in_schema = !arguments.values[5].empty();
  const std::string& owner = arguments.values[in_schema ? 5 : 3];
  if (in_schema) object.schema = arguments.values[3];
  if (!owner.empty()) {
    object.parent = owner;
    statement->owner_name = owner;
    statement->owner_schema = object.schema;
    statement->owner_type = lower(arguments.values[in_schema ? 4 : 2]);
    if (!in_schema && statement->owner_type == "trigger") statement->owner_type = "ddl_trigger";
  }
  statement->objects.push_back(std::move(object));
  statement->role = Role::kDefinition;
}

// @job_name=N'nightly' of sp_add_job; the first argument of sp_addtype.
void parse_system_create(TokenCursor* cursor, std::string_view type, std::string_view argument,
                         Statement* statement) {
  if (cursor->is_symbol('=', 1)) {
    while (!cursor->at_end() && !equal_words(cursor->raw(), argument)) cursor->advance();
    cursor->advance();
    cursor->advance();
  }
  if (cursor->at_end()) return;
  ObjectRef object;
  object.type = type;
  object.name = catalogue_name(cursor->raw(), cursor->peek().kind, cursor->dialect());
  statement->objects.push_back(std::move(object));
  statement->role = Role::kDefinition;
}

}  // namespace

void parse_statement(TokenCursor* cursor, Statement* statement) {
  while (cursor->accept_symbol(';') || cursor->accept_symbol('(')) {
  }
  if (cursor->peek().kind != TokenKind::kWord) return;
  for (const auto& [word, parse] : kParsers) {
    if (!cursor->is(word)) continue;
    cursor->advance();
    parse(cursor, statement);
    return;
  }
}

void set_data(const QualifiedName& name, Statement* statement) {
  statement->role = Role::kData;
  statement->owner_name = name.name;
  statement->owner_schema = name.schema;
  statement->owner_end = name.end;
  ObjectRef object;
  object.action = Action::kData;
  object.type = "table";
  object.database = name.database;
  object.schema = name.schema;
  object.name = name.name;
  statement->objects.push_back(std::move(object));
}

void set_data_frame(const QualifiedName& name, Statement* statement) {
  set_data(name, statement);
  statement->objects.clear();
  statement->role = Role::kDataFrame;
}

void read_overload(TokenCursor* cursor, ObjectRef* object) {
  const bool routine =
      object->type == "function" || object->type == "procedure" || object->type == "aggregate";
  if (routine && cursor->dialect() == Dialect::kPostgresql && cursor->is_symbol('(')) {
    object->signature = read_signature(cursor);
  }
}

void parse_insert(TokenCursor* cursor, Statement* statement) {
  while (cursor->is_any({"ignore", "low_priority", "delayed", "high_priority", "overwrite", "or",
                         "replace", "rollback", "abort", "fail", "all", "first"}) &&
         !cursor->is_symbol('.', 1)) {
    cursor->advance();
  }
  // T-SQL: INSERT TOP (5) t
  if (cursor->is("top") && cursor->is_symbol('(', 1)) {
    cursor->advance();
    cursor->skip_parentheses();
  }
  cursor->accept("into");
  cursor->accept("table");
  cursor->accept("only");
  const auto name = read_name(cursor);
  if (!name || name->temporary()) return;
  if (cursor->dialect() == Dialect::kSqlite &&
      (equal_words(name->name, "sqlite_schema") || equal_words(name->name, "sqlite_master"))) {
    for (; !cursor->at_end(); cursor->advance()) {
      if (cursor->peek().kind == TokenKind::kString) {
        parse_literal(cursor->raw(), cursor->dialect(), statement);
      }
    }
    return;
  }
  set_data(*name, statement);
}

void parse_literal(std::string_view literal, Dialect dialect, Statement* statement) {
  const std::string text = literal_text(literal);
  Statement inner;
  TokenCursor cursor(text, 0, text.size(), dialect);
  if (!cursor.is_any({"create", "alter"})) return;
  parse_statement(&cursor, &inner);
  if (inner.objects.empty()) return;
  statement->role = Role::kDefinition;
  for (ObjectRef& object : inner.objects) statement->objects.push_back(std::move(object));
}

void parse_copy(TokenCursor* cursor, Statement* statement) {
  if (cursor->dialect() != Dialect::kPostgresql && cursor->dialect() != Dialect::kSnowflake) return;
  cursor->accept("into");
  const auto name = read_name(cursor);
  if (!name) return;
  cursor->skip_parentheses();
  if (cursor->is("from")) set_data(*name, statement);
}

void parse_load(TokenCursor* cursor, Statement* statement) {
  if (!cursor->is_any({"data", "xml", "table"})) return;
  for (int tokens = 0; tokens < 50 && !cursor->at_end(); ++tokens) {
    if (cursor->accept_all({"into", "table"})) {
      if (const auto name = read_name(cursor)) set_data(*name, statement);
      return;
    }
    cursor->advance();
  }
}

void parse_set(TokenCursor* cursor, Statement* statement) {
  if (cursor->dialect() == Dialect::kTsql) {
    if (cursor->accept("identity_insert")) {
      const auto name = read_name(cursor);
      if (!name || name->temporary()) return;
      set_data_frame(*name, statement);
    } else if (cursor->is_any({"nocount", "xact_abort"})) {
      statement->role = Role::kFlow;
    } else if (module_setting(cursor)) {
      statement->role = Role::kSettingNext;
    }
  } else if (cursor->dialect() == Dialect::kMysql) {
    if (cursor->is("autocommit")) {
      statement->role = Role::kFlow;
    } else {
      parse_mysql_set(cursor, statement);
    }
  }
}

void parse_execute(TokenCursor* cursor, Statement* statement) {
  if (cursor->is_symbol('=', 1)) {  // EXEC @result = procedure
    cursor->advance();
    cursor->advance();
  }
  if (cursor->is_symbol('(')) {
    if (cursor->peek(1).kind == TokenKind::kString) {
      parse_literal(cursor->raw(1), cursor->dialect(), statement);
    }
    return;
  }
  const auto name = read_name(cursor);
  if (!name) return;
  if (equal_words(name->name, "sp_addextendedproperty")) {
    parse_extended_property(cursor, Action::kCreate, statement);
  } else if (equal_words(name->name, "sp_updateextendedproperty")) {
    parse_extended_property(cursor, Action::kAlter, statement);
  } else if (equal_words(name->name, "sp_dropextendedproperty")) {
    parse_extended_property(cursor, Action::kDrop, statement);
  } else if (equal_words(name->name, "sp_add_job")) {
    parse_system_create(cursor, "job", "@job_name", statement);
  } else if (equal_words(name->name, "sp_addtype")) {
    parse_system_create(cursor, "type", "@typename", statement);
  } else if (equal_words(name->name, "sp_executesql")) {
    for (int tokens = 0; tokens < 4; ++tokens, cursor->advance()) {
      if (cursor->peek().kind != TokenKind::kString) continue;
      parse_literal(cursor->raw(), cursor->dialect(), statement);
      return;
    }
  }
}

}  // namespace engine::sql
