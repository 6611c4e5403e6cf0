#include "engine/sql/statement_parser.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/sql/ascii.h"
#include "engine/sql/object_name.h"
#include "engine/sql/transaction_step.h"

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

// PRINT: a step of a script that changes no object.
void parse_print(TokenCursor*, Statement* statement) { statement->role = Role::kFlow; }

// BEGIN, COMMIT and their kin, the block of a program, and END, which is the rest of one.
void parse_transaction(TokenCursor* cursor, Statement* statement) {
  statement->transaction = read_transaction_step(*cursor);
  if (statement->transaction || cursor->is_any({"start", "end", "commit", "rollback"})) {
    statement->role = Role::kFlow;
  } else if (cursor->dialect() != Dialect::kTsql && cursor->accept("begin")) {
    cursor->accept_all({"not", "atomic"});  // of MariaDB
    parse_block(cursor, statement);
  }
}

// CALL dbms_scheduler.create_job(...) of Oracle; any other CALL is a step of the script.
void parse_call(TokenCursor* cursor, Statement* statement) {
  if (cursor->dialect() == Dialect::kOracle) parse_package_call(cursor, statement);
}

// DECLARE ... BEGIN ... END of PL/SQL; DECLARE EXTERNAL FUNCTION f of Firebird.
void parse_declare(TokenCursor* cursor, Statement* statement) {
  const Dialect dialect = cursor->dialect();
  if (dialect == Dialect::kFirebird && cursor->is_any({"external", "filter"})) {
    const std::string_view type = cursor->accept("external") ? "function" : "filter";
    cursor->advance();
    ObjectRef object = object_of(Action::kCreate, type);
    if (read_object_name(cursor, &object)) add_definition(std::move(object), statement);
  } else if (dialect == Dialect::kOracle || dialect == Dialect::kSnowflake) {
    parse_block(cursor, statement);
  }
}

// DO [LANGUAGE l] $$ ... $$
void parse_do(TokenCursor* cursor, Statement* statement) {
  if (cursor->dialect() != Dialect::kPostgresql) return;
  if (cursor->accept("language")) cursor->advance();
  if (cursor->peek().kind == TokenKind::kString) parse_literal(cursor, statement);
}

// DISABLE TRIGGER dbo.g, dbo.h ON dbo.t; DISABLE TRIGGER ALL ON dbo.t goes with the table's rows.
void parse_switch(TokenCursor* cursor, Statement* statement) {
  if (cursor->dialect() != Dialect::kTsql || !cursor->accept("trigger")) return;
  if (cursor->is("all") && cursor->is("on", 1)) {
    cursor->accept_all({"all", "on"});
    if (cursor->is("database") || (cursor->is("all") && cursor->is("server", 1))) return;
    if (const auto table = read_name(cursor)) set_data_frame(*table, statement);
    return;
  }
  std::vector<ObjectRef> triggers;
  do {
    ObjectRef trigger = object_of(Action::kAlter, "trigger");
    if (!read_object_reference(cursor, &trigger)) return;
    triggers.push_back(std::move(trigger));
  } while (cursor->accept_symbol(','));
  // Behind the last one stands what all of them hang on.
  const ObjectRef last = triggers.back();
  for (ObjectRef& trigger : triggers) {
    trigger.type = last.type;
    trigger.parent = last.parent;
    if (!trigger.schema) trigger.schema = last.schema;
    add_definition(std::move(trigger), statement);
  }
}

// RENAME TABLE a TO b, c TO d; RENAME a TO b of Oracle and Db2, which is a relation of any kind.
void parse_rename(TokenCursor* cursor, Statement* statement) {
  const Dialect dialect = cursor->dialect();
  const bool bare = (dialect == Dialect::kOracle || dialect == Dialect::kDb2) &&
                    (cursor->is("to", 1) || (cursor->is_symbol('.', 1) && cursor->is("to", 3)));
  if (!bare && !cursor->accept("table") && !cursor->accept("tables")) return;
  do {
    ObjectRef table = object_of(Action::kAlter, "table");
    if (!read_object_name(cursor, &table)) return;
    add_definition(std::move(table), statement);
    if (cursor->accept("to")) read_name(cursor);
  } while (cursor->accept_symbol(','));
}

// SET ANSI_NULLS ON and its kin, which SQL Server stores with the module that follows.
bool module_setting(TokenCursor* cursor) {
  return cursor->is_any({"ansi_nulls", "quoted_identifier", "ansi_padding", "ansi_warnings",
                         "ansi_null_dflt_on", "arithabort", "concat_null_yields_null",
                         "numeric_roundabort"});
}

// mysqldump puts settings round an object: SET @saved_x = @@x before, SET x = @saved_x behind;
// round rows, with --no-autocommit, SET @OLD_AUTOCOMMIT.
void parse_mysql_set(TokenCursor* cursor, Statement* statement) {
  const std::string_view variable = cursor->raw();
  if (variable.substr(0, 7) == "@saved_" || lower(variable) == "@old_autocommit") {
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

// UPDATE OR INSERT INTO t of Firebird; any other UPDATE is a step of the script.
void parse_update(TokenCursor* cursor, Statement* statement) {
  if (cursor->dialect() != Dialect::kFirebird) return;
  if (cursor->accept_all({"or", "insert"})) parse_insert(cursor, statement);
}

// SELECT ... INTO t FROM ...: a table that is made and filled. Of a program, INTO fills variables.
void parse_select(TokenCursor* cursor, Statement* statement) {
  const Dialect dialect = cursor->dialect();
  if (dialect != Dialect::kTsql && dialect != Dialect::kPostgresql) return;
  while (!cursor->at_end() && !cursor->is_symbol(';') && !cursor->is("from")) {
    if (cursor->is_symbol('(')) {
      cursor->skip_parentheses();
    } else if (cursor->accept("into")) {
      if (cursor->is_any({"temp", "temporary"})) return;
      cursor->accept("unlogged");
      cursor->accept("table");
      const auto name = read_name(cursor);
      if (!name || name->temporary()) return;
      return add_definition(object_of(Action::kCreate, "table", *name), statement);
    } else {
      cursor->advance();
    }
  }
}

// WITH a AS (SELECT ...), b AS (...) INSERT INTO t ..., or SELECT ... INTO t
void parse_with(TokenCursor* cursor, Statement* statement) {
  while (!cursor->at_end() && !cursor->is_symbol(';')) {
    if (cursor->is_symbol('(')) {
      cursor->skip_parentheses();
    } else if (cursor->accept("insert")) {
      return parse_insert(cursor, statement);
    } else if (cursor->accept("select")) {
      return parse_select(cursor, statement);
    } else if (cursor->is_any({"update", "delete", "merge", "values"})) {
      return;
    } else {
      cursor->advance();
    }
  }
}

struct StatementWord {
  Word word;
  Parse parse;
};

// The commonest first.
constexpr StatementWord kStatementWords[] = {
    {"insert", parse_insert},   {"create", parse_create},   {"alter", parse_alter},
    {"set", parse_set},         {"drop", parse_drop},       {"comment", parse_comment},
    {"grant", parse_grant},     {"revoke", parse_grant},    {"deny", parse_grant},
    {"exec", parse_execute},    {"execute", parse_execute}, {"copy", parse_copy},
    {"replace", parse_insert},  {"upsert", parse_insert},   {"load", parse_load},
    {"lock", parse_lock},       {"unlock", parse_unlock},   {"bulk", parse_bulk_insert},
    {"print", parse_print},     {"declare", parse_declare}, {"do", parse_do},
    {"disable", parse_switch},  {"enable", parse_switch},   {"rename", parse_rename},
    {"recreate", parse_create}, {"with", parse_with},       {"select", parse_select},
    {"update", parse_update},   {"import", parse_import},   {"call", parse_call},
};

// The clients pass over NULs that stand between statements.
bool accept_nul(TokenCursor* cursor) {
  if (cursor->peek().kind != TokenKind::kSymbol || !cursor->is_symbol('\0')) return false;
  cursor->advance();
  return true;
}

}  // namespace

void parse_statement(TokenCursor* cursor, Statement* statement) {
  while (cursor->accept_symbol(';') || cursor->accept_symbol('(') || accept_nul(cursor)) {
  }
  if (cursor->peek().kind != TokenKind::kWord) return;
  for (const StatementWord& candidate : kStatementWords) {
    if (!cursor->is(candidate.word)) continue;
    cursor->advance();
    candidate.parse(cursor, statement);
    return;
  }
  parse_transaction(cursor, statement);
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

}  // namespace engine::sql
