#include "engine/sql/classifier.h"

#include <algorithm>
#include <utility>

#include "engine/sql/ascii.h"
#include "engine/sql/qualified_name.h"
#include "engine/sql/statement_parser.h"
#include "engine/sql/tsql_batch.h"

namespace engine::sql {

const std::vector<Statement>& Classifier::classify(const SplitPart& part) {
  const std::string_view unit = part.in(text_);
  // Not for T-SQL: a batch that begins with the same INSERT may hold other statements behind it.
  same_data_ = !data_head_.empty() && !part.broken && part.kind == PartKind::kUnit &&
               unit.substr(0, data_head_.size()) == data_head_;
  if (same_data_) {
    statements_.front().offset = part.offset;
    statements_.front().length = part.length;
    return statements_;
  }
  data_head_ = {};
  statements_.clear();
  if (part.kind == PartKind::kDirective) {
    classify_directive(part);
  } else if (part.broken) {
    statements_.push_back({part.offset, part.length, Role::kOther, {}, {}, {}, {}});
  } else if (dialect_ == Dialect::kTsql) {
    classify_batch(part);
  } else {
    classify_unit(part);
  }
  for (Statement& statement : statements_) apply_state(&statement);
  remember_data(part);
  return statements_;
}

void Classifier::classify_unit(const SplitPart& part) {
  Statement statement;
  statement.offset = part.offset;
  statement.length = part.length;
  const auto begin = static_cast<std::size_t>(part.offset);
  TokenCursor cursor(text_, begin, begin + static_cast<std::size_t>(part.length), dialect_);
  parse_statement(&cursor, &statement);
  statements_.push_back(std::move(statement));
}

// Separable statements become one Statement each. Otherwise the whole batch goes with the object it
// creates, if there is one.
void Classifier::classify_batch(const SplitPart& part) {
  const auto begin = static_cast<std::size_t>(part.offset);
  const std::size_t end = begin + static_cast<std::size_t>(part.length);
  const Batch batch = read_tsql_batch(text_, begin, end);
  Statement whole;
  whole.offset = part.offset;
  whole.length = part.length;
  std::vector<Statement> found;
  for (std::size_t i = 0; i < batch.statements.size(); ++i) {
    const std::size_t from = batch.statements[i].begin;
    const std::size_t to = i + 1 < batch.statements.size() ? batch.statements[i + 1].begin : end;
    TokenCursor cursor(text_, from, to, dialect_);
    Statement statement;
    parse_statement(&cursor, &statement);
    if (batch.separable && (found.empty() || !batch.statements[i].nested)) {
      statement.offset = found.empty() ? begin : from;
      found.push_back(std::move(statement));
    } else {
      // The body of an IF belongs to the statement before it.
      Statement& outer = batch.separable ? found.back() : whole;
      if (statement.role == Role::kDefinition && outer.role != Role::kDefinition) {
        outer.role = Role::kDefinition;
        outer.owner_type = statement.owner_type;
        outer.owner_schema = statement.owner_schema;
        outer.owner_name = statement.owner_name;
        outer.objects.clear();
      }
      if (statement.role == outer.role || outer.role == Role::kDefinition) {
        for (ObjectRef& object : statement.objects) outer.objects.push_back(std::move(object));
      }
    }
    follow_use(found.empty() ? whole : found.back());
  }
  if (!batch.separable || found.empty()) {
    // Rows that a program inserts are its doing, not the data of a table.
    statements_.push_back(std::move(whole));
    return;
  }
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::uint64_t next = i + 1 < found.size() ? found[i + 1].offset : end;
    found[i].length = next - found[i].offset;
  }
  statements_ = std::move(found);
}

void Classifier::follow_use(const Statement& statement) {
  const auto begin = static_cast<std::size_t>(statement.offset);
  TokenCursor cursor(text_, begin, text_.size(), dialect_);
  if (!cursor.accept("use")) return;
  if (const auto name = read_name(&cursor)) database_ = name->name;
}

void Classifier::apply_state(Statement* statement) const {
  if (!database_) return;
  for (ObjectRef& object : statement->objects) {
    if (!object.database && object.type != "database" && object.type != "login") {
      object.database = database_;
    }
  }
}

void Classifier::remember_data(const SplitPart& part) {
  if (dialect_ == Dialect::kTsql || statements_.size() != 1 ||
      statements_.front().role != Role::kData) {
    return;
  }
  const auto begin = static_cast<std::size_t>(part.offset);
  TokenCursor cursor(text_, begin, begin + static_cast<std::size_t>(part.length), dialect_);
  if (!cursor.is("insert") && !cursor.is("replace")) return;
  cursor.advance();
  while (cursor.is_any({"into", "ignore", "or", "replace"})) cursor.advance();
  const auto name = read_name(&cursor);
  if (!name || name->end >= text_.size() || kWordBytes.contains(text_[name->end]) ||
      text_[name->end] == '.') {
    return;
  }
  data_head_ = text_.substr(begin, name->end + 1 - begin);
}

// Which way a line for the client goes: with what it ended, with what it introduces, or by itself.
void Classifier::classify_directive(const SplitPart& part) {
  Statement statement;
  statement.offset = part.offset;
  statement.length = part.length;
  const std::string_view line = part.in(text_);
  const auto begins = [&](std::string_view word) {
    return line.size() >= word.size() && equal_words(line.substr(0, word.size()), word);
  };
  statement.role = Role::kOther;
  if (begins("go") || line == "/" || line == "." || line == ";" || line == "@" ||
      begins("delimiter ;") || begins("--#set terminator ;") || begins("set term ;")) {
    statement.role = Role::kSettingPrevious;
  } else if (begins("delimiter") || begins("prompt") || begins("--#set") || begins("set term")) {
    statement.role = Role::kSettingNext;
  } else if (begins("\\copy")) {
    const auto begin = static_cast<std::size_t>(part.offset) + 1;
    TokenCursor cursor(text_, begin, begin + line.size() - 1, dialect_);
    parse_statement(&cursor, &statement);
  } else if (line.find('\n') != std::string_view::npos && dialect_ == Dialect::kPostgresql) {
    statement.role = Role::kSettingPrevious;  // COPY data behind another statement
  }
  statements_.push_back(std::move(statement));
}

}  // namespace engine::sql
