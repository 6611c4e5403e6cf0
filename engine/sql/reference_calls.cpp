// ReferenceFinder: calls of a server's own procedures by which a script makes or changes an object.
// They are no calls that the object makes; what a job or a program runs is.
// Source: Oracle Database PL/SQL Packages and Types Reference, DBMS_SCHEDULER; sp_add_jobstep of
// SQL Server's documentation.
#include <string>
#include <string_view>
#include <vector>

#include "engine/sql/ascii.h"
#include "engine/sql/procedure_call.h"
#include "engine/sql/reference_finder.h"
#include "engine/sql/system_procedures.h"

namespace engine::sql {
namespace {

// An argument of a call that is a literal, under its name where it is given one.
struct Argument {
  std::string name;
  Token literal;
};

// sp_addextendedproperty and its kin, in a routine too: of an object, not of a call.
bool is_property(std::string_view procedure) {
  constexpr std::string_view kEnd = "extendedproperty";
  return procedure.size() > kEnd.size() &&
         equal_words(procedure.substr(procedure.size() - kEnd.size()), kEnd);
}

// At "(": those in the parentheses, one by one; the token of what is no literal is empty.
std::vector<Argument> read_literals(TokenCursor* cursor) {
  std::vector<Argument> found(1);
  cursor->advance();
  while (!cursor->at_end() && !cursor->is_symbol(')')) {
    if (cursor->is_symbol('=', 1) && cursor->is_symbol('>', 2)) {
      found.back().name = lower(cursor->raw());
      for (int token = 0; token < 3; ++token) cursor->advance();
    } else if (cursor->is_symbol(',')) {
      found.emplace_back();
      cursor->advance();
    } else if (cursor->is_symbol('(')) {
      cursor->skip_parentheses();
    } else {
      const bool literal = cursor->peek().kind == TokenKind::kString;
      if (literal && found.back().literal.size() == 0) found.back().literal = cursor->peek();
      cursor->advance();
    }
  }
  return found;
}

}  // namespace

// sp_addtype, sp_addextendedproperty, sp_add_job: at the name, which stays there where it is none
// of them. A step's command is run by the job.
bool ReferenceFinder::read_system_procedure() {
  TokenCursor ahead = cursor_;
  const auto procedure = read_name(&ahead);
  if (!procedure || !stands_for_statement(procedure->name)) return false;
  if (!is_of_script() && !is_property(procedure->name)) return false;
  cursor_ = ahead;
  if (equal_words(procedure->name, "sp_rename")) {
    const SystemRename rename = read_sp_rename(&ahead);
    QualifiedName becomes;
    becomes.name = rename.new_name;
    if (becomes.name.empty() || rename.is_of_part()) return true;
    list_->add(ReferenceKind::kBecomes, becomes, rename.position);
  } else {
    const Token command = CallArguments(&ahead).value("@command", CallArguments::kNoPlace);
    if (command.kind == TokenKind::kString) literals_.push_back({command.begin, command.end});
  }
  return true;
}

bool ReferenceFinder::is_scheduler_call(const QualifiedName& routine) {
  return dialect_ == Dialect::kOracle && routine.schema == "DBMS_SCHEDULER" && is_of_script() &&
         cursor_.is_symbol('(');
}

// CREATE_JOB(job_name, job_type, job_action) or (job_name, program_name, schedule_name), and its
// kin: at "(". What they name: a text to run, a routine, a program, a schedule, a chain.
void ReferenceFinder::read_scheduler_call(const QualifiedName& routine) {
  TokenCursor ahead = cursor_;
  const std::vector<Argument> arguments = read_literals(&ahead);
  const auto text_of = [this](const Token& literal) {
    return literal.size() > 0 ? literal_text(literal.in(text_)) : std::string();
  };
  const auto argument = [&](std::string_view name, std::size_t place) {
    for (const Argument& one : arguments) {
      if (one.name == name) return one.literal;
    }
    const bool placed = place < arguments.size() && arguments[place].name.empty();
    return placed ? arguments[place].literal : Token();
  };
  constexpr std::size_t kNowhere = ~std::size_t{0};
  const std::string& name = routine.name;
  const bool job = name == "CREATE_JOB";
  if (job || name == "CREATE_PROGRAM") {
    const std::string type = lower(text_of(argument(job ? "job_type" : "program_type", 1)));
    const bool typed = type == "plsql_block" || type == "stored_procedure" || type == "chain" ||
                       type == "executable" || type.ends_with("_script");
    if (typed) {
      read_action(type, argument(job ? "job_action" : "program_action", 2));
    } else {
      read_action("program", argument("program_name", 1));
    }
    read_action("schedule", argument("schedule_name", typed ? kNowhere : 2));
  } else if (name == "DEFINE_CHAIN_STEP") {
    read_action("program", argument("program_name", 2));
  }
}

void ReferenceFinder::read_action(std::string_view type, const Token& action) {
  if (action.size() == 0 || type == "executable" || type.ends_with("_script")) return;
  if (type == "plsql_block") return literals_.push_back({action.begin, action.end});
  const std::string text = literal_text(action.in(text_));
  TokenCursor inner(text, 0, text.size(), dialect_);
  const auto name = read_name(&inner);
  if (!name) return;
  const bool called = type == "stored_procedure";
  list_->add(called ? ReferenceKind::kCalls : ReferenceKind::kUses, *name, action.begin);
}

}  // namespace engine::sql
