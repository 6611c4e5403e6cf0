// Calls of Oracle's own packages that make or drop an object, as CREATE and DROP do elsewhere.
// Source: Oracle Database PL/SQL Packages and Types Reference, DBMS_SCHEDULER.
#include <string>
#include <string_view>
#include <utility>

#include "engine/sql/object_name.h"
#include "engine/sql/statement_parser.h"

namespace engine::sql {
namespace {

// A procedure of DBMS_SCHEDULER, whose first parameter is the name of what it makes or changes.
struct SchedulerCall {
  Word procedure;
  Action action;
  std::string_view type;
  Word parameter;
};

constexpr SchedulerCall kSchedulerCalls[] = {
    {"create_job", Action::kCreate, "job", "job_name"},
    {"drop_job", Action::kDrop, "job", "job_name"},
    {"set_job_argument_value", Action::kAlter, "job", "job_name"},
    {"create_program", Action::kCreate, "program", "program_name"},
    {"define_program_argument", Action::kAlter, "program", "program_name"},
    {"drop_program", Action::kDrop, "program", "program_name"},
    {"create_schedule", Action::kCreate, "schedule", "schedule_name"},
    {"drop_schedule", Action::kDrop, "schedule", "schedule_name"},
    {"create_chain", Action::kCreate, "chain", "chain_name"},
    {"define_chain_step", Action::kAlter, "chain", "chain_name"},
    {"define_chain_rule", Action::kAlter, "chain", "chain_name"},
    {"drop_chain", Action::kDrop, "chain", "chain_name"},
};

// To the argument of `parameter`: the first one, or the one behind "parameter =>".
bool find_argument(TokenCursor* cursor, const Word& parameter) {
  const auto named = [cursor] { return cursor->is_symbol('=', 1) && cursor->is_symbol('>', 2); };
  if (!named()) return true;
  while (!cursor->at_end() && !cursor->is_symbol(')')) {
    if (named() && cursor->is(parameter)) {
      for (int token = 0; token < 3; ++token) cursor->advance();
      return true;
    }
    if (cursor->is_symbol('(')) {
      cursor->skip_parentheses();
    } else {
      cursor->advance();
    }
  }
  return false;
}

}  // namespace

// A name that is put together at run time is not known.
void parse_package_call(TokenCursor* cursor, Statement* statement) {
  if (cursor->accept("sys") && !cursor->accept_symbol('.')) return;
  if (!cursor->accept("dbms_scheduler") || !cursor->accept_symbol('.')) return;
  for (const SchedulerCall& call : kSchedulerCalls) {
    if (!cursor->accept(call.procedure)) continue;
    if (!cursor->accept_symbol('(') || !find_argument(cursor, call.parameter)) return;
    if (cursor->peek().kind != TokenKind::kString) return;
    const std::string text = literal_text(cursor->raw());
    cursor->advance();
    if (!cursor->is_symbol(',') && !cursor->is_symbol(')')) return;
    TokenCursor name(text, 0, text.size(), cursor->dialect());
    ObjectRef object = object_of(call.action, call.type);
    if (read_object_name(&name, &object)) add_definition(std::move(object), statement);
    return;
  }
}

}  // namespace engine::sql
