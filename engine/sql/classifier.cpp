#include "engine/sql/classifier.h"

#include <cassert>
#include <iterator>
#include <utility>

#include "engine/sql/ascii.h"
#include "engine/sql/qualified_name.h"
#include "engine/sql/statement_parser.h"
#include "engine/sql/system_procedures.h"
#include "engine/sql/tsql_batch.h"
#include "engine/sql/type_phrases.h"

namespace engine::sql {
namespace {

bool same_rows(const Statement& a, const Statement& b) {
  return a.role == Role::kData && b.role == Role::kData && a.objects == b.objects;
}

bool is_module(std::string_view type) {
  return is_function(type) || type == "procedure" || type.ends_with("trigger");
}

// Rows say their table each time, and there may be millions of them, of several tables in turn.
// What is between them counts: a definition, or rows for a table of that name elsewhere.
bool are_known(const ObjectRef& rows, const std::vector<ObjectRef>& objects) {
  for (auto last = objects.rbegin(); last != objects.rend(); ++last) {
    if (*last == rows) return true;
    const bool elsewhere = last->name == rows.name && last->schema == rows.schema;
    if (elsewhere || last->action != Action::kData) return false;
  }
  return false;
}

// `inner` is a part of `outer`.
void add_inner(std::string_view text, Statement* inner, Statement* outer) {
  if (inner->role == Role::kDefinition && outer->role != Role::kDefinition) {
    outer->role = Role::kDefinition;
    outer->owner_type = inner->owner_type;
    outer->owner_schema = inner->owner_schema;
    outer->owner_name = inner->owner_name;
    outer->owner_signature = inner->owner_signature;
    outer->objects.clear();
    outer->elements.clear();
  }
  if (inner->role != outer->role && outer->role != Role::kDefinition) return;
  const auto begin = static_cast<std::size_t>(inner->offset);
  const std::size_t end = begin + static_cast<std::size_t>(inner->length);
  if (!inner->objects.empty()) {
    // The text of a module is the rest of its batch.
    const bool to_end = is_module(inner->objects.front().type);
    mark_definition(begin, to_end ? 0 : end, inner);
  } else if (!outer->elements.empty() &&
             goes_on_with_job(TokenCursor(text, begin, end, Dialect::kTsql))) {
    outer->elements.back().end = end;
  }
  move_elements(inner, outer);
  for (ObjectRef& object : inner->objects) {
    const bool rows = inner->role == Role::kData;
    if (!rows || !are_known(object, outer->objects)) outer->objects.push_back(std::move(object));
  }
}

// So many that they are worth handing on, and not more than are soon done with.
bool is_stretch(const std::vector<Statement>& statements, std::uint64_t end) {
  constexpr std::size_t kMostStatements = 512;
  constexpr std::uint64_t kMostText = 16 << 10;
  if (statements.empty()) return false;
  return statements.size() >= kMostStatements || end - statements.front().offset >= kMostText;
}

// Each ends where the next one begins.
void set_lengths(std::uint64_t end, std::vector<Statement>* statements) {
  for (auto statement = statements->rbegin(); statement != statements->rend(); ++statement) {
    statement->length = end - statement->offset;
    end = statement->offset;
  }
}

}  // namespace

const std::vector<Statement>& Classifier::classify(const SplitPart& part) {
  if (goes_on(part)) {
    place_rows(part, &statements_.front());
    return statements_;
  }
  assert(!has_more());
  data_head_ = rows_head_ = {};
  lines_.move_to(part.offset, line_ = part.line);
  statements_.clear();
  if (part.kind == PartKind::kDirective) {
    classify_directive(part);
  } else if (part.broken) {
    add_whole(part);
  } else if (dialect_ == Dialect::kTsql) {
    classify_batch(part);
  } else {
    parse(part.offset, part.end(), &add_whole(part));
  }
  finish(part);
  remember_data();
  return statements_;
}

const std::vector<Statement>& Classifier::classify_more() {
  const SplitPart part = batch_->part;
  line_ = lines_.line_at(batch_->next->offset);
  statements_.clear();
  classify_stretch();
  finish(part);
  return statements_;
}

void Classifier::finish(const SplitPart& part) {
  for (Statement& statement : statements_) {
    close_elements(statement.offset + statement.length, &statement);
    statement.rows = part.rows;
    statement.terminator = part.terminator;
  }
}

// Rows that follow may go on with the last ones, so these stay.
void Classifier::take_statements(std::vector<Statement>* out) {
  if (!data_head_.empty()) {
    out->push_back(statements_.front());
    return;
  }
  if (out->empty()) return out->swap(statements_);
  out->insert(out->end(), std::make_move_iterator(statements_.begin()),
              std::make_move_iterator(statements_.end()));
}

bool Classifier::goes_on(const SplitPart& part) const {
  return !data_head_.empty() && !part.broken && part.kind == PartKind::kUnit &&
         part.in(text_).substr(0, data_head_.size()) == data_head_;
}

std::size_t Classifier::count_going_on(const RowRun& rows) const {
  if (rows_head_.empty()) return 0;
  std::size_t count = 0;
  while (count < rows.size() && text_.compare(static_cast<std::size_t>(rows.offset(count)),
                                              rows_head_.size(), rows_head_) == 0) {
    ++count;
  }
  return count;
}

// The statement that the batch is at, with all behind it in the same words where it is rows.
// REQUIRES: `statement` is a new one.
void Classifier::read_next(OpenBatch* open, Statement* statement) {
  Batch* const batch = &open->batch;
  const auto unit_end = static_cast<std::size_t>(open->part.end());
  if (const Statement* rows = open->rows.find(batch->begin(), unit_end, batch->nested())) {
    batch->pass_rows();
    *statement = *rows;
    return;
  }
  statement->database = state_.database();
  parse(batch->begin(), batch->end(), statement);
  statement->offset = batch->begin();
  statement->length = batch->end() - batch->begin();
  if (batch->nested()) {
    for (ObjectRef& object : statement->objects) object.conditional = true;
  }
  open->rows.note(*statement, batch->nested());
}

// `statement`, a new one, is all of the part.
Statement& Classifier::begin_whole(const SplitPart& part, Statement* statement) const {
  statement->offset = part.offset;
  statement->length = part.length;
  statement->database = state_.database();
  return *statement;
}

// In its place: most units and directives are one statement, and moving one costs more than to
// make it.
Statement& Classifier::add_whole(const SplitPart& part) {
  return begin_whole(part, &statements_.emplace_back());
}

// Text[begin, end) is one statement.
void Classifier::parse(std::uint64_t begin, std::uint64_t end, Statement* statement) {
  TokenCursor cursor(text_, static_cast<std::size_t>(begin), static_cast<std::size_t>(end),
                     dialect_);
  if (!state_.observe(&cursor)) return;
  parse_statement(&cursor, statement);
  state_.apply(statement);
}

Classifier::OpenBatch::OpenBatch(std::string_view text, const SplitPart& unit)
    : part(unit),
      batch(text, static_cast<std::size_t>(unit.offset), static_cast<std::size_t>(unit.end())),
      rows(text) {}

// Separable statements become one Statement each. Otherwise the whole batch goes with the object it
// creates, if there is one.
void Classifier::classify_batch(const SplitPart& part) {
  batch_.emplace(text_, part);
  if (batch_->batch.is_separable()) {
    classify_stretch();
  } else {
    classify_program();
  }
}

// Rows that a program inserts are its doing, not the data of a table.
void Classifier::classify_program() {
  const SplitPart& part = batch_->part;
  Batch& batch = batch_->batch;
  Statement program;
  begin_whole(part, &program);
  for (; !batch.at_end(); batch.next()) {
    Statement statement;
    read_next(&*batch_, &statement);
    add_inner(text_, &statement, &program);
  }
  if (batch.has_one()) parse(part.offset, part.end(), &program);  // COMMIT by itself
  statements_.push_back(std::move(program));
  batch_.reset();
}

void Classifier::classify_stretch() {
  const SplitPart& part = batch_->part;
  Batch& batch = batch_->batch;
  std::optional<Statement>& next = batch_->next;
  if (next) statements_.push_back(*std::exchange(next, std::nullopt));
  for (; !next && !batch.at_end(); batch.next()) {
    if (statements_.empty()) {
      read_next(&*batch_, &statements_.emplace_back());
      statements_.back().offset = part.offset;
      continue;
    }
    Statement statement;
    read_next(&*batch_, &statement);
    if (batch.nested()) {  // the body of an IF belongs to the statement before it
      add_inner(text_, &statement, &statements_.back());
    } else if (same_rows(statements_.back(), statement)) {
      // Rows for the same table go on in the same statement, however many they are.
    } else if (is_stretch(statements_, statement.offset)) {
      next = std::move(statement);
    } else {
      statements_.push_back(std::move(statement));
    }
  }
  if (statements_.empty()) add_whole(part);
  set_lengths(next ? next->offset : part.end(), &statements_);
  if (!next) batch_.reset();
}

// Not for T-SQL: a batch that begins with the same INSERT may hold other statements behind it.
void Classifier::remember_data() {
  if (dialect_ == Dialect::kTsql || statements_.size() != 1) return;
  const Statement& statement = statements_.front();
  if (statement.role != Role::kData || statement.rows != 0) return;
  const auto begin = static_cast<std::size_t>(statement.offset);
  const auto end = static_cast<std::size_t>(statement.owner_end);
  const bool name_goes_on =
      end >= text_.size() || kWordBytes.contains(text_[end]) || text_[end] == '.';
  const bool insert = kWordBytes.contains(text_[begin]) &&
                      (lower(text_[begin]) == 'i' || lower(text_[begin]) == 'r');
  if (!insert || name_goes_on) return;
  data_head_ = text_.substr(begin, end + 1 - begin);
  rows_head_ = head_of_rows(text_, begin, end, begin + static_cast<std::size_t>(statement.length));
}

// Which way a line for the client goes.
void Classifier::classify_directive(const SplitPart& part) {
  Statement& statement = add_whole(part);
  if (part.role == DirectiveRole::kCloses) {
    statement.role = Role::kSettingPrevious;
  } else if (part.role == DirectiveRole::kIntroduces) {
    statement.role = Role::kSettingNext;
  } else {
    classify_command(part, &statement);
  }
}

// \copy fills a table; \connect, CONNECT and USE change where what follows lies.
void Classifier::classify_command(const SplitPart& part, Statement* statement) {
  const bool meta = dialect_ == Dialect::kPostgresql;
  const auto begin = static_cast<std::size_t>(part.offset) + meta;
  TokenCursor cursor(text_, begin, static_cast<std::size_t>(part.end()), dialect_);
  if (meta && cursor.is("copy")) {
    parse_statement(&cursor, statement);
    state_.apply(statement);
  } else if (cursor.accept("connect") || (meta ? cursor.accept("c") : cursor.accept("conn"))) {
    state_.connect(&cursor);
  } else if (!meta) {
    state_.observe(&cursor);
  }
}

void place_rows(const SplitPart& part, Statement* rows) {
  rows->owner_end += part.offset - rows->offset;
  rows->offset = part.offset;
  rows->length = part.length;
  rows->terminator = part.terminator;
}

}  // namespace engine::sql
