#include "engine/sql/classifier.h"

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

// The beginning of a T-SQL INSERT of rows, text[begin, name_end) and the byte behind, if any other
// that begins with it is one for the same table.
std::string_view rows_head(std::string_view text, std::size_t begin, std::size_t name_end) {
  if (name_end >= text.size() || kWordBytes.contains(text[name_end]) || text[name_end] == '.') {
    return {};
  }
  return text.substr(begin, name_end + 1 - begin);
}

// Behind the head the name does not go on: its column list follows, or VALUES.
bool has_rows_head(std::string_view text, std::size_t begin, std::size_t end,
                   std::string_view head) {
  if (head.empty() || text.substr(begin, head.size()) != head) return false;
  if (head.back() == '(') return true;
  const std::size_t next = kNonSpaces.find(text, begin + head.size());
  return head.back() == ' ' && next < end && (text[next] == '(' || lower(text[next]) == 'v');
}

bool is_module(std::string_view type) {
  return is_function(type) || type == "procedure" || type.ends_with("trigger");
}

}  // namespace

const std::vector<Statement>& Classifier::classify(const SplitPart& part) {
  if (goes_on(part)) {
    place_rows(part, &statements_.front());
    return statements_;
  }
  data_head_ = rows_head_ = {};
  statements_.clear();
  if (part.kind == PartKind::kDirective) {
    classify_directive(part);
  } else if (part.broken) {
    statements_.push_back(whole(part));
  } else if (dialect_ == Dialect::kTsql) {
    classify_batch(part);
  } else {
    statements_.push_back(whole(part));
    parse(part.offset, part.end(), &statements_.back());
  }
  for (Statement& statement : statements_) {
    close_elements(statement.offset + statement.length, &statement);
    statement.rows = part.rows;
    statement.terminator = part.terminator;
  }
  remember_data();
  return statements_;
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

Statement Classifier::whole(const SplitPart& part) const {
  Statement statement;
  statement.offset = part.offset;
  statement.length = part.length;
  statement.database = state_.database();
  return statement;
}

// Text[begin, end) is one statement.
void Classifier::parse(std::uint64_t begin, std::uint64_t end, Statement* statement) {
  TokenCursor cursor(text_, static_cast<std::size_t>(begin), static_cast<std::size_t>(end),
                     dialect_);
  if (!state_.observe(&cursor)) return;
  parse_statement(&cursor, statement);
  state_.apply(statement);
}

// Separable statements become one Statement each. Otherwise the whole batch goes with the object it
// creates, if there is one.
void Classifier::classify_batch(const SplitPart& part) {
  const auto begin = static_cast<std::size_t>(part.offset);
  const std::size_t end = begin + static_cast<std::size_t>(part.length);
  const Batch batch = read_tsql_batch(text_, begin, end);
  Statement program = whole(part);
  std::vector<Statement> found;
  std::string_view head;  // of found.back(), where that is rows
  for (BatchWalk walk(batch, text_, end); !walk.at_end(); walk.next()) {
    const std::size_t from = walk.begin();
    const bool nested = walk.nested();
    if (batch.separable && !nested && has_rows_head(text_, from, end, head)) {
      walk.pass_rows();
      continue;
    }
    const std::size_t to = walk.end();
    Statement statement;
    statement.database = state_.database();
    parse(from, to, &statement);
    if (nested) {
      for (ObjectRef& object : statement.objects) object.conditional = true;
    }
    if (batch.separable && (found.empty() || !nested)) {
      // Rows for the same table go on in the same statement, however many they are.
      if (!found.empty() && same_rows(found.back(), statement)) continue;
      statement.offset = found.empty() ? begin : from;
      const bool rows = statement.role == Role::kData;
      head = rows ? rows_head(text_, from, static_cast<std::size_t>(statement.owner_end)) : "";
      found.push_back(std::move(statement));
    } else {
      // The body of an IF belongs to the statement before it.
      head = {};
      Statement& outer = batch.separable ? found.back() : program;
      if (statement.role == Role::kDefinition && outer.role != Role::kDefinition) {
        outer.role = Role::kDefinition;
        outer.owner_type = statement.owner_type;
        outer.owner_schema = statement.owner_schema;
        outer.owner_name = statement.owner_name;
        outer.owner_signature = statement.owner_signature;
        outer.objects.clear();
        outer.elements.clear();
      }
      if (statement.role == outer.role || outer.role == Role::kDefinition) {
        if (!statement.objects.empty()) {
          // The text of a module is the rest of its batch.
          mark_definition(from, is_module(statement.objects.front().type) ? 0 : to, &statement);
        } else if (!outer.elements.empty() &&
                   goes_on_with_job(TokenCursor(text_, from, to, dialect_))) {
          outer.elements.back().end = to;
        }
        move_elements(&statement, &outer);
        for (ObjectRef& object : statement.objects) {
          // Rows say their table each time, and there may be millions of them.
          const bool again = statement.role == Role::kData && !outer.objects.empty() &&
                             outer.objects.back() == object;
          if (!again) outer.objects.push_back(std::move(object));
        }
      }
    }
  }
  if (!batch.separable || found.empty()) {
    // Rows that a program inserts are its doing, not the data of a table.
    if (batch.has_one()) parse(begin, end, &program);  // COMMIT by itself
    statements_.push_back(std::move(program));
    return;
  }
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::uint64_t next = i + 1 < found.size() ? found[i + 1].offset : end;
    found[i].length = next - found[i].offset;
  }
  statements_ = std::move(found);
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
  Statement statement = whole(part);
  if (part.role == DirectiveRole::kCloses) {
    statement.role = Role::kSettingPrevious;
  } else if (part.role == DirectiveRole::kIntroduces) {
    statement.role = Role::kSettingNext;
  } else {
    classify_command(part, &statement);
  }
  statements_.push_back(std::move(statement));
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
