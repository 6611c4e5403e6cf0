// EXECUTE: strings that hold a statement, and the procedures of SQL Server that stand for one.
#include "engine/sql/system_procedures.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "engine/sql/ascii.h"
#include "engine/sql/object_name.h"
#include "engine/sql/procedure_call.h"
#include "engine/sql/statement_parser.h"
#include "engine/sql/type_phrases.h"

namespace engine::sql {
namespace {

// Of an object of a schema, or of what level 0 names: a schema, a user, a DDL trigger; of the
// database where no level is given. Level 2 is a part of the object: a column, an index.
void parse_extended_property(TokenCursor* cursor, Action action, Statement* statement) {
  const CallArguments arguments(cursor);
  const std::string of_level_0 = arguments.text("@level0name", 3);
  const std::string of_level_1 = arguments.text("@level1name", 5);
  const std::string of_level_2 = arguments.text("@level2name", 7);
  ObjectRef object = object_of(action, "extended_property");
  object.name = arguments.text("@name", 0);
  const bool in_schema = !of_level_1.empty();
  const std::string& owner = in_schema ? of_level_1 : of_level_0;
  if (in_schema) object.schema = of_level_0;
  if (!of_level_2.empty()) {
    object.minor = lower(arguments.text("@level2type", 6)) + " " + of_level_2;
  }
  if (!owner.empty()) {
    const std::string_view type = object_type_of(in_schema ? arguments.text("@level1type", 4)
                                                           : arguments.text("@level0type", 2));
    statement->owner_type = type == "trigger" && !in_schema ? "ddl_trigger" : type;
    statement->owner_name = owner;
    statement->owner_schema = object.schema;
    object.parent = owner;
  }
  add_definition(std::move(object), statement);
}

void parse_sp_rename(TokenCursor* cursor, Statement* statement) {
  const SystemRename rename = read_sp_rename(cursor);
  TokenCursor parts(rename.object, 0, rename.object.size(), Dialect::kTsql);
  auto renamed = read_name(&parts);
  if (!renamed) return;
  if (rename.is_of_part()) {
    // schema.table.part
    if (!renamed->schema) return;
    QualifiedName table;
    table.name = std::move(*renamed->schema);
    table.schema = std::move(renamed->database);
    if (equal_words(rename.kind, "column")) {
      return add_definition(object_of(Action::kAlter, "table", table), statement);
    }
    ObjectRef index = object_of(Action::kAlter, "index");
    index.name = std::move(renamed->name);
    hang_on(table, &index);
    return add_definition(std::move(index), statement);
  }
  const bool user_type = equal_words(rename.kind, "userdatatype");
  add_definition(object_of(Action::kAlter, user_type ? "type" : "table", *renamed), statement);
}

// Procedures whose named argument is the name of what they make or change.
struct Maker {
  std::string_view procedure;
  Action action;
  std::string_view type;
  std::string_view argument;
};

constexpr Maker kMakers[] = {
    {"sp_add_job", Action::kCreate, "job", "@job_name"},
    {"sp_update_job", Action::kAlter, "job", "@job_name"},
    {"sp_delete_job", Action::kDrop, "job", "@job_name"},
    {"sp_add_schedule", Action::kCreate, "schedule", "@schedule_name"},
    {"sp_add_alert", Action::kCreate, "alert", "@name"},
    {"sp_add_operator", Action::kCreate, "agent_operator", "@name"},
    {"sp_add_category", Action::kCreate, "category", "@name"},
    {"sp_addtype", Action::kCreate, "type", "@typename"},
    {"sp_droptype", Action::kDrop, "type", "@typename"},
    {"sp_addrole", Action::kCreate, "role", "@rolename"},
    {"sp_droprole", Action::kDrop, "role", "@rolename"},
    {"sp_addrolemember", Action::kAlter, "role", "@rolename"},
    {"sp_droprolemember", Action::kAlter, "role", "@rolename"},
    {"sp_addapprole", Action::kCreate, "application_role", "@rolename"},
    {"sp_addlogin", Action::kCreate, "login", "@loginame"},
    {"sp_grantlogin", Action::kCreate, "login", "@loginame"},
    {"sp_addsrvrolemember", Action::kAlter, "login", "@loginame"},
    {"sp_adduser", Action::kCreate, "user", "@loginame"},
    {"sp_grantdbaccess", Action::kCreate, "user", "@loginame"},
    {"sp_addlinkedserver", Action::kCreate, "linked_server", "@server"},
    {"sp_addlinkedsrvlogin", Action::kAlter, "linked_server", "@rmtsrvname"},
    {"sp_serveroption", Action::kAlter, "linked_server", "@server"},
    {"sp_addmessage", Action::kCreate, "message", "@msgnum"},
    {"sp_create_plan_guide", Action::kCreate, "plan_guide", "@name"},
    {"sp_settriggerorder", Action::kAlter, "trigger", "@triggername"},
    {"sp_tableoption", Action::kAlter, "table", "@tablenamepattern"},
    {"sp_refreshview", Action::kAlter, "view", "@viewname"},
};

// A name in a string may have its schema before it: 'dbo.t'.
void parse_maker(TokenCursor* cursor, const Maker& maker, Statement* statement) {
  std::string name = CallArguments(cursor).text(maker.argument, 0);
  if (name.empty() || name[0] == '@') return;
  ObjectRef object = object_of(maker.action, maker.type);
  if (maker.action == Action::kAlter && scope_of(maker.type, Dialect::kTsql) == Scope::kSchema) {
    TokenCursor parts(name, 0, name.size(), Dialect::kTsql);
    if (!read_object_name(&parts, &object)) return;
  } else {
    object.name = std::move(name);
  }
  add_definition(std::move(object), statement);
}

// The statement is the first string among the arguments.
void parse_executed_text(TokenCursor* cursor, const QualifiedName& procedure,
                         Statement* statement) {
  for (int tokens = 0; tokens < 4; ++tokens, cursor->advance()) {
    if (cursor->peek().kind != TokenKind::kString) continue;
    parse_literal(cursor, statement);
    for (ObjectRef& object : statement->objects) {
      if (!object.database) object.database = procedure.database;
    }
    return;
  }
}

// What goes on with the job that was made.
bool is_of_job(std::string_view name) {
  constexpr std::string_view kProcedures[] = {"sp_add_jobstep",     "sp_update_jobstep",
                                              "sp_add_jobschedule", "sp_add_jobserver",
                                              "sp_attach_schedule", "sp_add_notification"};
  return std::find(std::begin(kProcedures), std::end(kProcedures), name) != std::end(kProcedures);
}

}  // namespace

bool stands_for_statement(std::string_view procedure) {
  // Those that are read by themselves.
  constexpr std::string_view kOthers[] = {"sp_addextendedproperty", "sp_updateextendedproperty",
                                          "sp_dropextendedproperty", "sp_rename"};
  const std::string name = lower(procedure);
  return std::find(std::begin(kOthers), std::end(kOthers), name) != std::end(kOthers) ||
         is_of_job(name) ||
         std::any_of(std::begin(kMakers), std::end(kMakers),
                     [&](const Maker& maker) { return maker.procedure == name; });
}

bool goes_on_with_job(TokenCursor cursor) {
  const auto procedure = read_called_procedure(&cursor);
  return procedure && is_of_job(lower(procedure->name));
}

void parse_execute(TokenCursor* cursor, Statement* statement) {
  const Dialect dialect = cursor->dialect();
  if (dialect == Dialect::kFirebird && cursor->is("block")) return parse_block(cursor, statement);
  if (cursor->accept("immediate")) {
    if (cursor->peek().kind == TokenKind::kString) parse_literal(cursor, statement);
    return;
  }
  skip_return_status(cursor);
  if (cursor->accept_symbol('(')) {
    if (cursor->peek().kind == TokenKind::kString) parse_literal(cursor, statement);
    return;
  }
  if (dialect == Dialect::kOracle) return parse_package_call(cursor, statement);
  const auto procedure = read_name(cursor);
  if (!procedure || dialect != Dialect::kTsql) return;
  const std::string name = lower(procedure->name);
  if (name == "sp_addextendedproperty") {
    parse_extended_property(cursor, Action::kCreate, statement);
  } else if (name == "sp_updateextendedproperty") {
    parse_extended_property(cursor, Action::kAlter, statement);
  } else if (name == "sp_dropextendedproperty") {
    parse_extended_property(cursor, Action::kDrop, statement);
  } else if (name == "sp_executesql") {
    parse_executed_text(cursor, *procedure, statement);
  } else if (name == "sp_rename") {
    parse_sp_rename(cursor, statement);
  } else {
    for (const Maker& maker : kMakers) {
      if (maker.procedure == name) return parse_maker(cursor, maker, statement);
    }
  }
}

}  // namespace engine::sql
