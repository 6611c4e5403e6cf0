// ReferenceFinder: what a word of a definition brings. The cursor stands behind it.
#include <utility>

#include "engine/sql/ascii.h"
#include "engine/sql/reference_finder.h"

namespace engine::sql {

void ReferenceFinder::definition_clause(ReferenceWord word) {
  switch (word) {
    case ReferenceWord::kReferences:
      return read_foreign_key();
    case ReferenceWord::kInherits:
      if (!cursor_.is_symbol('(')) return;
      cursor_.advance();
      read_names(ReferenceKind::kInherits);
      cursor_.accept_symbol(')');
      return;
    case ReferenceWord::kPartition:
      if (head_ == Head::kTable && cursor_.accept("of")) read_names(ReferenceKind::kInherits);
      return;
    case ReferenceWord::kStatement:
      return begin_statement();
    case ReferenceWord::kReferencing:
      return read_transition_tables();
    case ReferenceWord::kCreate:
      return read_create();
    case ReferenceWord::kReturns:
    case ReferenceWord::kSetReturn:
      return read_returns(word);
    case ReferenceWord::kLanguage:
      return read_language();
    case ReferenceWord::kCast:
      if (!cursor_.is_symbol('(')) return;
      {
        Level inner;
        inner.opened.is_cast = true;
        open(inner);
      }
      return;
    case ReferenceWord::kAs:
      if (level().opened.is_cast) return read_type();
      return begin_body();
    case ReferenceWord::kIs:
      return read_is();
    case ReferenceWord::kDeclare:
      start(Verb::kNone);
      if (dialect_ == Dialect::kTsql) {
        level().elements.kind = Elements::kParameters;
        level().elements.starts = true;
      } else {
        declaring_ = statement_start_ = true;
      }
      return;
    case ReferenceWord::kBegin:
      declaring_ = false;
      head_ = head_ == Head::kTrigger ? Head::kOther : head_;
      if (levels_.size() == 1) start(Verb::kNone);
      return;
    case ReferenceWord::kFor:
      // A lock's tables and an XML's options are no relations of the FROM.
      if (cursor_.is_any(
              {"browse", "fetch", "json", "key", "no", "read", "share", "update", "xml"})) {
        level().query.in_from = false;
      }
      if (head_ == Head::kTrigger && dialect_ == Dialect::kMysql && cursor_.is("each")) {
        head_ = Head::kOther;
      }
      return;
    default:
      return;
  }
}

// Of T-SQL, which needs no semicolon before it.
void ReferenceFinder::begin_statement() {
  if (level().query.cases > 0) return;  // ELSE
  if (levels_.size() == 1) {
    start(Verb::kNone);
    ctes_.clear();
  }
  if (previous_ == "alter" &&
      cursor_.is_any({"function", "proc", "procedure", "trigger", "view"})) {
    read_create();
  }
}

// RETURNS type, Firebird's RETURNS (a x, b y), Oracle's RETURN type; elsewhere RETURN brings a
// value.
void ReferenceFinder::read_returns(ReferenceWord word) {
  if (word == ReferenceWord::kReturns && dialect_ == Dialect::kFirebird && cursor_.is_symbol('(')) {
    Level parameters;
    parameters.elements.kind = Elements::kParameters;
    return open(parameters);
  }
  // T-SQL: RETURNS @r TABLE (i x)
  if (dialect_ == Dialect::kTsql && cursor_.raw().starts_with('@')) cursor_.advance();
  const bool of_head = dialect_ == Dialect::kOracle && head_ == Head::kRoutine && !procedural_;
  if (word == ReferenceWord::kReturns || of_head) read_type();
}

// IS [NOT] DISTINCT FROM, IS [NOT] NULL; or the head of a routine is over.
void ReferenceFinder::read_is() {
  const bool negated = cursor_.accept("not");
  if (!cursor_.accept_all({"distinct", "from"}) && !negated) begin_body();
}

// LANGUAGE plpgsql; old dumps write 'plpgsql'.
void ReferenceFinder::read_language() {
  language_ = lower(cursor_.raw());
  if (language_.size() > 1 && (language_[0] == '\'' || language_[0] == '"')) {
    language_ = language_.substr(1, language_.size() - 2);
  }
  cursor_.advance();
}

// AS or IS behind the head of a routine or trigger: declarations or statements follow.
void ReferenceFinder::begin_body() {
  if (levels_.size() != 1 || level().query.verb != Verb::kNone) return;
  if (dialect_ == Dialect::kTsql && (head_ == Head::kRoutine || head_ == Head::kTrigger)) {
    head_ = Head::kOther;
    start(Verb::kNone);
  } else if (dialect_ == Dialect::kOracle && head_ == Head::kRoutine &&
             !cursor_.is_any({"a", "dangling", "empty", "infinite", "json", "nan", "null", "of",
                              "record", "ref", "select", "table", "varray", "with"})) {
    declaring_ = procedural_ = statement_start_ = true;
  }
}

// REFERENCES table [(columns)], of a column or behind FOREIGN KEY (columns).
void ReferenceFinder::read_foreign_key() {
  const std::size_t position = cursor_.peek().begin;
  const auto table = read_name(&cursor_);
  if (!table) return;
  Reference key;
  key.kind = ReferenceKind::kReferences;
  key.database = table->database;
  key.schema = table->schema;
  key.name = table->name;
  if (!constraint_.empty()) key.constraint = std::exchange(constraint_, {});
  key.columns = std::exchange(key_columns_, {});
  if (key.columns.empty() && column_.size() > 0) {
    key.columns.push_back(catalogue_name(column_.in(text_), column_.kind, dialect_));
  }
  column_ = {};
  key.target_columns = read_columns();
  list_->add_foreign_key(std::move(key), position);
}

// (a, b), if it stands there.
std::vector<std::string> ReferenceFinder::read_columns() {
  std::vector<std::string> columns;
  if (!cursor_.accept_symbol('(')) return columns;
  while (!cursor_.at_end() && !cursor_.accept_symbol(')')) {
    const TokenKind kind = cursor_.peek().kind;
    if (kind == TokenKind::kWord || kind == TokenKind::kName) {
      columns.push_back(catalogue_name(cursor_.raw(), kind, dialect_));
    }
    cursor_.advance();
  }
  return columns;
}

// REFERENCING OLD TABLE AS a NEW TABLE AS b
void ReferenceFinder::read_transition_tables() {
  while (cursor_.is_any({"old", "new"})) {
    cursor_.advance();
    cursor_.accept("table");
    cursor_.accept("row");
    cursor_.accept("as");
    if (const auto own = read_name(&cursor_)) made_up_.push_back({own->name});
  }
}

}  // namespace engine::sql
