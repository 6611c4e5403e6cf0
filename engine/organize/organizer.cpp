#include "engine/organize/organizer.h"

#include <cassert>
#include <utility>

#include "engine/dependency/statement_words.h"
#include "engine/meant_types.h"
#include "engine/sql/classifier.h"
#include "engine/sql/object_type.h"
#include "engine/sql/psql_commands.h"

namespace engine::organize {
namespace {

// What an ALTER TABLE of a view, an ALTER ROUTINE of a procedure is of: its definition tells.
ObjectRef as_defined(ObjectRef object, const Draft& draft, Dialect dialect) {
  if (object.action == Action::kCreate || object.type == draft.own.type || !draft.created) {
    return object;
  }
  const sql::ObjectType& defined = sql::object_type(draft.own.type);
  if (!defined.is_child && may_mean(object.type, defined.name, dialect)) object.type = defined.name;
  return object;
}

// Of a directive of psql: \if counts one, \endif minus one.
int conditions_opened(std::string_view directive) {
  using Kind = sql::PsqlCommandKind;
  if (!directive.starts_with('\\')) return 0;
  const Kind kind = sql::psql_command(directive, 0, directive.size(), {}).kind;
  return (kind == Kind::kIf) - (kind == Kind::kEndif);
}

}  // namespace

using sql::Role;
using sql::SplitPart;
using sql::Statement;

Organizer::Organizer(std::string_view text, Dialect dialect, std::uint64_t segment_size,
                     std::pmr::memory_resource* memory)
    : text_(text),
      dialect_(dialect),
      segment_size_(segment_size),
      journal_(text, dialect, memory),
      drafts_(text, &journal_, memory),
      references_(text, dialect, &drafts_.lines()),
      parts_(dialect, &drafts_, &journal_, memory),
      segments_(text, dialect, segment_size, &drafts_, &journal_, &references_) {}

void Organizer::add_gap(const SplitPart& part) {
  drafts_.meet(part);
  if (drafts_.current() == kNoDraft || drafts_.assigned() != part.offset) return;
  // The rest of the line belongs to what it ends: "; -- the end". What follows introduces the next.
  const std::size_t end = part.in(text_).find(drafts_.lines().mark());
  if (end == std::string_view::npos) return;
  drafts_.attach(drafts_.current(), part.offset + end + 1, part.terminator);
  drafts_.begin_line(part.line + 1);
}

void Organizer::add(const SplitPart& part, std::span<const Statement> statements,
                    std::span<FoundReferences> references) {
  assert(!statements.empty());
  const Statement& last = statements.back();
  if (statements.front().offset == part.offset) begin_part(part);
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const Statement& statement = statements[i];
    const bool known = !references.empty() && is_surely_asked(statement);
    references_.expect(known ? &references[i] : nullptr);
    if (statement.offset > part.offset) drafts_.meet(statement.offset);
    if (statement.transaction.begins() && in_place_.draft == kNoDraft &&
        statement.offset >= looked_until_) {
      in_place_.undone = find_undone_work(text_, statement.offset, dialect_);
      looked_until_ = in_place_.undone.looked_until;
    }
    if (keeps_in_place(statement.offset)) {
      add_in_place(part, statement);
    } else {
      add_statement(part, statement);
    }
  }
  if (last.offset + last.length == part.end()) end_part(part);
}

void Organizer::begin_part(const SplitPart& part) {
  drafts_.meet(part);
  units_ += part.kind == PartKind::kUnit;
  unclassified_ = false;
  if (dialect_ == Dialect::kPostgresql && part.kind == PartKind::kDirective) {
    in_place_.conditions += conditions_opened(part.in(text_));
  }
  // It gets an output of its own: where others go back, as a COMMIT does, none may be behind it.
  if (part.leaves) {
    in_place_ = {};
    in_place_.draft = drafts_.add(drafts_.make());
    drafts_[in_place_.draft].leaves = true;
  }
}

void Organizer::end_part(const SplitPart& part) {
  if (in_place_.conditions <= 0 && in_place_.undone.end <= part.end()) in_place_ = {};
  unclassified_units_ += unclassified_;
  note_last(part);
}

// Most of them go on where those before them are, and need no look at each.
void Organizer::add_rows(sql::RowRun rows, Statement* statement) {
  while (!rows.empty()) {
    sql::place_rows(rows.unit(0), statement);
    std::size_t count =
        keeps_in_place(rows.offset()) ? 0 : segments_.count_going_on(rows, *statement);
    if (count > 0) {
      attach_rows(rows.first(count));
    } else {
      add(rows.unit(0), {statement, 1});
      add_gap(rows.gap(0));
      count = 1;
    }
    rows = rows.behind(count);
  }
}

void Organizer::attach_rows(const sql::RowRun& rows) {
  const SplitPart last = rows.unit(rows.size() - 1);
  drafts_.attach(drafts_.current(), rows.end(), last.terminator);
  drafts_.meet(rows.end(), rows.end_line());
  Draft& draft = drafts_[drafts_.current()];
  draft.units += rows.size();
  draft.last_unit = last.offset;
  units_ += rows.size();
}

bool Organizer::keeps_in_place(std::uint64_t offset) const {
  return offset < in_place_.undone.end || in_place_.conditions > 0 || in_place_.draft != kNoDraft;
}

// The files of a tree are loaded one behind the other: the last statement of the source may not be
// the last one there.
void Organizer::note_last(const SplitPart& part) {
  if (part.kind != PartKind::kUnit) return;
  missing_end_ = {};
  const bool by_client = dialect_ == Dialect::kTsql || dialect_ == Dialect::kOracle;
  if (part.end() != text_.size() || by_client || part.rows != 0 || part.broken) return;
  std::string_view unit = part.in(text_);
  while (!unit.empty() && std::string_view(" \t\r\n").find(unit.back()) < 4) unit.remove_suffix(1);
  const std::size_t line = unit.rfind('\n');
  const std::string_view last = unit.substr(line == std::string_view::npos ? 0 : line);
  const bool by_command = last.find('\\') != std::string_view::npos;
  if (!by_command && !unit.ends_with(part.terminator)) missing_end_ = part.terminator;
}

// A unit counts once in every output that holds a statement of it.
void Organizer::count_unit(const SplitPart& part, Draft* draft) {
  draft->units += std::exchange(pending_units_, 0);
  if (part.kind != PartKind::kUnit || draft->last_unit == part.offset) return;
  draft->last_unit = part.offset;
  ++draft->units;
}

void Organizer::add_statement(const SplitPart& part, const Statement& statement) {
  const bool is_unit = part.kind == PartKind::kUnit;
  std::size_t draft = kNoDraft;
  switch (statement.role) {
    case Role::kSettingNext:
      ++pending_settings_;
      pending_units_ += is_unit;
      return;
    case Role::kSettingPrevious:
      if (pending_settings_ > 0 || drafts_.current() == kNoDraft) {
        ++pending_settings_;
        pending_units_ += is_unit;
        return;
      }
      draft = drafts_.current();
      break;
    case Role::kFlow:
      if ((is_kept_ || defers_) && statement.transaction) {
        draft = kept_draft(statement);
        unclassified_ = unclassified_ || is_unit;
        break;
      }
      draft = flow_draft(statement.transaction);
      unclassified_ = unclassified_ || (is_unit && drafts_[draft].kind != OutputKind::kSegment);
      break;
    case Role::kDefinition:
      draft = definition_draft(statement);
      break;
    case Role::kData:
    case Role::kDataFrame:
      if (statement.rows != 0 && statement.length > segment_size_) {
        return attach_copy(part, statement);
      }
      draft = segments_.place(statement);
      if (draft == kNoDraft) draft = other_draft();
      break;
    case Role::kOther:
      draft = step_draft(statement);
      unclassified_ = unclassified_ || is_unit;
      break;
  }
  drafts_.attach(draft, statement.offset + statement.length, statement.terminator);
  const bool closes = statement.role == Role::kSettingPrevious && !is_unit;
  drafts_[draft].pieces.back().batch_ended = closes;
  count_unit(part, &drafts_[draft]);
  pending_settings_ = 0;
}

// \if ... \endif of psql: what stands between may be passed over. Of a transaction with a ROLLBACK
// what that undoes has never been: it makes no object. What it refers to may be known already, as
// found for the role that it had; for kOther that is the same, but of a statement so long as no
// work that is undone is (undone_work.h).
void Organizer::add_in_place(const SplitPart& part, const Statement& statement) {
  const bool undone = in_place_.undone.holds(statement.offset);
  Statement step = statement;
  step.transaction = {};
  if (undone) step.role = Role::kOther;
  if (in_place_.draft == kNoDraft) {
    in_place_.draft = step_draft(step);
  } else {
    references_.find(step);
    journal_.read(step, references_.all());
    journal_.note(in_place_.draft);
  }
  Draft& draft = drafts_[in_place_.draft];
  places_.clear();
  if (!undone) {
    for (const ObjectRef& object : statement.objects) places_.push_back(draft.objects.note(object));
  }
  if (!places_.empty()) references_.move_to(places_, &draft);
  segments_.close(statement.offset + statement.length);
  drafts_.attach(in_place_.draft, statement.offset + statement.length, statement.terminator);
  count_unit(part, &draft);
  unclassified_ = unclassified_ || (part.kind == PartKind::kUnit && statement.objects.empty());
  pending_settings_ = 0;
}

// A COPY larger than a segment goes on in further ones, cut between rows.
void Organizer::attach_copy(const SplitPart& part, const Statement& statement) {
  const auto end = static_cast<std::size_t>(statement.offset + statement.length);
  const std::string_view header =
      text_.substr(static_cast<std::size_t>(statement.offset),
                   static_cast<std::size_t>(statement.rows - statement.offset));
  std::size_t draft = segments_.add(statement);
  while (end - drafts_.assigned() > segment_size_) {
    const std::size_t row =
        text_.find('\n', static_cast<std::size_t>(drafts_.assigned() + segment_size_));
    if (row == std::string_view::npos || row + 1 >= end || text_.substr(row + 1, 2) == "\\.") break;
    drafts_.attach(draft, row + 1, statement.terminator);
    drafts_.begin_line(drafts_.lines().line_at(row + 1));
    drafts_[draft].copy_goes_on = true;
    draft = segments_.add(statement);
    drafts_[draft].copy_header = header;
  }
  drafts_.attach(draft, end, statement.terminator);
  count_unit(part, &drafts_[draft]);
  pending_settings_ = 0;
}

std::size_t Organizer::definition_draft(const Statement& statement) {
  references_.find(statement);
  journal_.read(statement, references_.all());
  const std::size_t draft = parts_.place(statement);
  places_.clear();
  for (const ObjectRef& object : statement.objects) {
    Draft& placed = drafts_[draft];
    places_.push_back(placed.objects.note(as_defined(object, placed, dialect_)));
  }
  references_.move_to(places_, &drafts_[draft]);
  journal_.note(draft);
  segments_.close(statement.offset + statement.length);
  defers_ = defers_ || dependency::defers_checks(statement, text_, dialect_);
  return draft;
}

std::size_t Organizer::other_draft() {
  if (drafts_.current() != kNoDraft && drafts_[drafts_.current()].kind == OutputKind::kOther)
    return drafts_.current();
  return drafts_.add(drafts_.make());
}

// A COMMIT goes back to where its transaction begins; what follows it does not.
std::size_t Organizer::step_draft(const Statement& statement) {
  references_.find(statement);
  Statement step = statement;
  step.role = Role::kOther;
  journal_.read(step, references_.all());
  std::size_t draft = other_draft();
  if (!drafts_[draft].pieces.empty() && journal_.parts(draft)) draft = drafts_.add(drafts_.make());
  journal_.note(draft);
  segments_.close(statement.offset + statement.length);
  // Oracle's transactions begin by themselves.
  const bool within = transaction_ != kNoDraft || dialect_ == Dialect::kOracle;
  is_kept_ =
      is_kept_ || (within && dependency::ends_with_transaction(statement.in(text_), dialect_));
  return draft;
}

// Where what ends with the transaction has to hold for all that stands in it, it begins and ends
// where the source has it.
std::size_t Organizer::kept_draft(const Statement& statement) {
  const std::size_t draft = step_draft(statement);
  if (statement.transaction.begins()) transaction_ = draft;
  if (statement.transaction.ends()) {
    is_kept_ = false;
    transaction_ = kNoDraft;
  }
  return draft;
}

// COMMIT every hundred rows does not cut a table's rows into pieces. An output that ends no
// transaction that it does not begin, nor leaves one open, runs by itself.
std::size_t Organizer::flow_draft(const sql::TransactionStep& transaction) {
  const bool within = transaction.goes_on() || transaction.ends();
  if (within && transaction_ != kNoDraft) {
    const std::size_t draft = journal_.node(transaction_);
    if (transaction.ends()) transaction_ = kNoDraft;
    return draft;
  }
  std::size_t draft = drafts_.current();
  if (!drafts_.is_rows(draft))
    draft = segments_.any_open() ? drafts_.last_segment() : other_draft();
  if (transaction.begins()) transaction_ = draft;
  return draft;
}

Drafts Organizer::finish() {
  if (!drafts_.is_complete()) {
    const bool settings = pending_settings_ > 0;
    const std::size_t draft =
        settings || drafts_.current() == kNoDraft ? other_draft() : drafts_.current();
    drafts_.attach_rest(draft);
    drafts_[draft].units += std::exchange(pending_units_, 0);
  }
  if (drafts_.current() != kNoDraft) drafts_[drafts_.current()].missing_end = missing_end_;
  return drafts_.take();
}

}  // namespace engine::organize
