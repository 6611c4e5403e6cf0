// ReferenceFinder: heads of definitions, and the places where a type stands.
#include <utility>

#include "engine/sql/ascii.h"
#include "engine/sql/reference_finder.h"
#include "engine/sql/word_set.h"

namespace engine::sql {
namespace {

// A column's definition may go on with these instead of a type; a table's element may begin so.
constexpr std::string_view kColumnClausesText =
    "as check collate constraint default exclude foreign generated identity not null period "
    "primary references unique";
constexpr WordSet<count_words(kColumnClausesText)> kColumnClauses(kColumnClausesText);

constexpr std::string_view kTypeModifiersText =
    "constant in inout nocopy not null out ref setof variadic";
constexpr WordSet<count_words(kTypeModifiersText)> kTypeModifiers(kTypeModifiersText);

// Second words of built-in types: "double precision", "timestamp with time zone".
constexpr std::string_view kTypeTailsText = "array default precision varying with without";
constexpr WordSet<count_words(kTypeTailsText)> kTypeTails(kTypeTailsText);

// Of an aggregate, an operator, a type: what runs for it, and the types that it takes.
constexpr std::string_view kSupportFunctionsText =
    "analyze canonical combinefunc deserialfunc finalfunc function input mfinalfunc minvfunc "
    "msfunc "
    "output procedure receive send serialfunc sfunc subscript subtype_diff typmod_in typmod_out";
constexpr WordSet<count_words(kSupportFunctionsText)> kSupportFunctions(kSupportFunctionsText);
constexpr std::string_view kSupportTypesText = "basetype leftarg mstype rightarg stype subtype";
constexpr WordSet<count_words(kSupportTypesText)> kSupportTypes(kSupportTypesText);

// SSMS writes [int].
std::string_view bare(std::string_view raw) {
  return raw.size() > 2 && raw[0] == '[' ? raw.substr(1, raw.size() - 2) : raw;
}

bool is_system_schema(const std::optional<std::string>& schema) {
  return schema && (equal_words(*schema, "pg_catalog") || equal_words(*schema, "sys"));
}

}  // namespace

// Behind CREATE, or ALTER of something that has a text: to its name, and what follows at once.
void ReferenceFinder::read_create() {
  bool temporary = false;
  if (dialect_ == Dialect::kMysql) skip_view_options();
  for (int words = 0; words < 12 && cursor_.peek().kind == TokenKind::kWord; ++words) {
    if (cursor_.is("as")) return;  // CREATE TASK t AS INSERT ...
    if (cursor_.is_any({"temp", "temporary"})) temporary = true;
    if (cursor_.accept("table")) return read_table_head(temporary);
    if (cursor_.is_any({"function", "procedure", "proc", "method"})) {
      cursor_.advance();
      return read_routine_head();
    }
    if (cursor_.accept("index")) {
      while (!cursor_.at_end() && !cursor_.is("on") && !cursor_.is_symbol('(')) cursor_.advance();
      if (cursor_.accept("on")) {
        cursor_.accept("only");
        read_name(&cursor_);
        if (cursor_.accept("using")) cursor_.advance();
      }
      return;
    }
    if (cursor_.accept("trigger")) {
      head_ = Head::kTrigger;
      read_name(&cursor_);
      return;
    }
    if (cursor_.accept("view")) {
      is_view_ = levels_.size() == 1;
      cursor_.accept_all({"if", "not", "exists"});
      read_name(&cursor_);
      cursor_.skip_parentheses();
      return;
    }
    if (cursor_.is_any({"alias", "synonym"})) return read_synonym();
    if (dialect_ == Dialect::kSnowflake && cursor_.accept("stream")) return read_stream();
    if (cursor_.accept("domain")) {
      read_name(&cursor_);
      cursor_.accept("as");
      return read_type();
    }
    if (cursor_.accept("type")) return read_type_head();
    if (dialect_ == Dialect::kPostgresql) {
      if (cursor_.accept("cast")) return read_cast();
      if (cursor_.accept("aggregate")) {
        read_name(&cursor_);
        read_argument_types();
        return read_support_functions();
      }
      if (cursor_.is("operator")) return read_support_functions();
    }
    if (cursor_.is_any({"package", "body"})) {
      head_ = Head::kRoutine;  // IS begins declarations
    }
    cursor_.advance();
  }
}

// CREATE SYNONYM s FOR t, CREATE ALIAS s FOR TABLE t
void ReferenceFinder::read_synonym() {
  cursor_.advance();
  read_name(&cursor_);
  if (!cursor_.accept("for")) return;
  while (cursor_.is_any({"module", "public", "sequence", "table"}) && !cursor_.is_symbol('.', 1)) {
    cursor_.advance();
  }
  read_names(ReferenceKind::kUses);
}

// CREATE STREAM s ON TABLE t: its rows are what has changed in that.
void ReferenceFinder::read_stream() {
  cursor_.accept_all({"if", "not", "exists"});
  read_name(&cursor_);
  while (!cursor_.at_end() && !cursor_.accept("on")) cursor_.advance();
  if (cursor_.accept("stage")) return read_names(ReferenceKind::kUses);
  while (cursor_.is_any({"dynamic", "event", "external", "table", "view"})) cursor_.advance();
  read_names(ReferenceKind::kReads);
}

// CREATE CAST (a AS b): at "(".
void ReferenceFinder::read_cast() {
  if (!cursor_.accept_symbol('(')) return;
  read_type();
  if (cursor_.accept("as")) read_type();
  cursor_.accept_symbol(')');
}

// Of an aggregate: (a, VARIADIC b), (a ORDER BY b), (*); in the old syntax they are among its
// parts.
void ReferenceFinder::read_argument_types() {
  if (!cursor_.is_symbol('(') || cursor_.is_symbol('=', 2)) return;
  do {
    cursor_.advance();
    cursor_.accept_all({"order", "by"});
    if (kTypeModifiers.contains(cursor_.word())) cursor_.advance();
    if (starts_with_name()) cursor_.advance();
    read_type();
    while (!cursor_.at_end() && !cursor_.is_symbol(',') && !cursor_.is_symbol(')') &&
           !cursor_.is("order")) {
      cursor_.advance();
    }
  } while (cursor_.is_symbol(',') || cursor_.is("order"));
  cursor_.accept_symbol(')');
}

// CREATE AGGREGATE ... (SFUNC = f, STYPE = t, ...), CREATE OPERATOR ... (FUNCTION = f), and of
// types.
void ReferenceFinder::read_support_functions() {
  while (!cursor_.at_end() && !cursor_.is_symbol(';')) {
    const bool named = cursor_.is_symbol('=', 1);
    const Word part = cursor_.peek().kind == TokenKind::kWord ? cursor_.word() : Word();
    cursor_.advance();
    if (!named || part.size() == 0) continue;
    cursor_.advance();
    if (kSupportTypes.contains(part)) {
      read_type();
    } else if (kSupportFunctions.contains(part)) {
      const std::size_t position = cursor_.peek().begin;
      const auto routine = read_name(&cursor_);
      if (routine) list_->add(ReferenceKind::kCalls, *routine, position, true);
    }
  }
}

// MySQL: [OR REPLACE] ALGORITHM = x DEFINER = a@b SQL SECURITY y VIEW
void ReferenceFinder::skip_view_options() {
  TokenCursor ahead = cursor_;
  for (int tokens = 0; tokens < 20 && !ahead.is("view"); ++tokens) {
    if (ahead.is_any({"event", "function", "procedure", "table", "trigger"})) return;
    ahead.advance();
  }
  if (ahead.is("view")) cursor_ = ahead;
}

void ReferenceFinder::read_table_head(bool temporary) {
  cursor_.accept_all({"if", "not", "exists"});
  const auto own = read_name(&cursor_);
  if (own && temporary) make_temporary(own->name);
  if (levels_.size() == 1) head_ = Head::kTable;
  if (cursor_.accept("of")) read_type();
  const bool copies = (dialect_ == Dialect::kSnowflake || dialect_ == Dialect::kBigquery) &&
                      cursor_.is_any({"clone", "copy"});
  if (copies) cursor_.advance();
  if (copies || cursor_.accept("like")) read_names(ReferenceKind::kUses);
  if (!cursor_.is_symbol('(') || cursor_.is_any({"select", "with"}, 1)) return;
  Level columns;
  columns.elements.kind = Elements::kColumns;
  open(columns);
}

// A cursor that is declared before it is made reads it.
void ReferenceFinder::make_temporary(const std::string& name) {
  made_up_.push_back({name});
  if (levels_.size() > 1) return;
  level().query.target = level().query.changed = ReferenceList::kNone;
  aliases_.clear();
  list_->forget_relation(name);
}

void ReferenceFinder::read_routine_head() {
  cursor_.accept_all({"if", "not", "exists"});
  if (!read_name(&cursor_)) return;
  if (levels_.size() == 1) head_ = Head::kRoutine;
  if (cursor_.is_symbol('(')) {
    Level parameters;
    parameters.elements.kind = Elements::kParameters;
    open(parameters);
  } else if (dialect_ == Dialect::kTsql) {
    level().elements.kind = Elements::kParameters;
    level().elements.starts = true;
  }
}

// CREATE TYPE t AS (a x, b y), AS OBJECT (...), UNDER u, AS TABLE OF x
void ReferenceFinder::read_type_head() {
  cursor_.accept("body");
  read_name(&cursor_);
  if (dialect_ == Dialect::kOracle) {
    cursor_.accept("force");
    for (std::size_t clause = 0; clause < 2 && cursor_.is_any({"oid", "authid"}); ++clause) {
      cursor_.advance();
      cursor_.advance();
    }
  }
  const bool under = cursor_.accept("under");
  if (under) read_names(ReferenceKind::kInherits);
  if (dialect_ == Dialect::kPostgresql && cursor_.is_symbol('(')) return read_support_functions();
  if (!(under && cursor_.is_symbol('(')) && !cursor_.accept("as") && !cursor_.accept("is") &&
      !cursor_.accept("from"))
    return;
  if (cursor_.accept("enum")) return;
  if (cursor_.accept("range")) return read_support_functions();
  cursor_.accept("object");
  if (cursor_.accept_all({"table", "of"})) return read_type();
  if (cursor_.is_any({"varray", "varying"})) {  // VARRAY(10) OF x, VARYING ARRAY (10) OF x
    cursor_.advance();
    cursor_.accept("array");
    cursor_.skip_parentheses();
    if (cursor_.accept("of")) read_type();
    return;
  }
  cursor_.accept("table");
  if (!cursor_.is_symbol('(')) return;
  Level columns;
  columns.elements.kind = Elements::kColumns;
  open(columns);
}

// A column, a parameter, a declaration: its name, then its type.
void ReferenceFinder::read_element() {
  Level& now = level();
  const bool declaration = now.elements.kind == Elements::kNone;
  const bool columns = now.elements.kind == Elements::kColumns;
  now.elements.starts = statement_start_ = false;
  constraint_.clear();
  key_columns_.clear();
  column_ = {};
  const TokenKind kind = cursor_.peek().kind;
  if (kind != TokenKind::kWord && kind != TokenKind::kName) return;
  if (!columns && dialect_ == Dialect::kTsql && cursor_.raw()[0] != '@') return;  // AS, a cursor
  if (declaration && cursor_.is_any({"begin", "cursor", "function", "pragma", "procedure",
                                     "subtype", "type", "declare"})) {
    return;
  }
  if (declaration && cursor_.is("handler", 1)) return;  // EXIT HANDLER FOR
  if (declaration && dialect_ == Dialect::kFirebird) cursor_.accept("variable");
  if (columns) {
    if (cursor_.accept("like")) return read_names(ReferenceKind::kUses);
    const bool key = cursor_.is_any({"fulltext", "index", "key", "spatial"}) &&
                     (cursor_.is_symbol('(', 1) || cursor_.is_symbol('(', 2));
    if (kind == TokenKind::kWord && (key || kColumnClauses.contains(cursor_.word()))) return;
    if (dialect_ == Dialect::kOracle &&
        cursor_.is_any({"constructor", "final", "instantiable", "map", "member", "not", "order",
                        "overriding", "static"})) {
      return read_method();
    }
    column_ = cursor_.peek();
  } else if (!declaration && !starts_with_name()) {
    return read_type();
  }
  if (cursor_.raw() != "" && kTypeModifiers.contains(cursor_.word())) cursor_.advance();
  cursor_.advance();
  if (columns && cursor_.is("as")) return;  // a computed column: an expression follows
  cursor_.accept("as");
  if (cursor_.is_any({"alias", "condition", "cursor"})) return;
  if (cursor_.peek().kind == TokenKind::kWord && kColumnClauses.contains(cursor_.word()) &&
      columns) {
    return;
  }
  read_type();
}

// MEMBER FUNCTION f (a t) RETURN u, among the attributes of Oracle's type.
void ReferenceFinder::read_method() {
  for (int words = 0; words < 8 && !cursor_.is_any({"function", "procedure"}); ++words) {
    if (cursor_.peek().kind != TokenKind::kWord) return;
    cursor_.advance();
  }
  cursor_.advance();
  read_name(&cursor_);
  if (!cursor_.is_symbol('(')) return;
  Level parameters;
  parameters.elements.kind = Elements::kParameters;
  open(parameters);
}

// A parameter may be a type alone: is there something behind the first name that is a type?
bool ReferenceFinder::starts_with_name() {
  const std::size_t mode = kTypeModifiers.contains(cursor_.word()) ? 1 : 0;
  if (cursor_.is_symbol('.', mode + 1)) return false;
  const TokenKind next = cursor_.peek(mode + 1).kind;
  if (next != TokenKind::kWord && next != TokenKind::kName) return false;
  return next == TokenKind::kName || !kTypeTails.contains(cursor_.word(mode + 1));
}

void ReferenceFinder::read_type() {
  while (cursor_.peek().kind == TokenKind::kWord && kTypeModifiers.contains(cursor_.word())) {
    cursor_.advance();
  }
  const TokenKind kind = cursor_.peek().kind;
  if (kind != TokenKind::kWord && kind != TokenKind::kName) return;
  bool of_column = false;  // Firebird: TYPE OF d, TYPE OF COLUMN t.c
  if (dialect_ == Dialect::kFirebird && cursor_.accept_all({"type", "of"})) {
    of_column = cursor_.accept("column");
  }
  const bool qualified = cursor_.is_symbol('.', 1);
  if (cursor_.is("table") && cursor_.is_symbol('(', 1)) {  // RETURNS TABLE (a x)
    cursor_.advance();
    Level columns;
    columns.elements.kind = Elements::kColumns;
    return open(columns);
  }
  if (!qualified && is_builtin_type(Word::of(bare(cursor_.raw())))) {
    cursor_.advance();
    const bool size = cursor_.is_symbol('(') &&
                      (cursor_.peek(1).kind == TokenKind::kNumber || cursor_.is("max", 1));
    if (size) cursor_.skip_parentheses();
    return;
  }
  if (kind == TokenKind::kWord && !qualified &&
      !may_be_name(reference_word(cursor_.word(), dialect_))) {
    return;
  }
  const std::size_t position = cursor_.peek().begin;
  auto type = read_name(&cursor_);
  if (!type || type->temporary() || is_system_schema(type->schema)) return;
  of_column = of_column || (cursor_.is_symbol('%') && cursor_.is("type", 1));
  if (of_column) {  // or of a variable
    if (!type->schema) return;
    type->name = *std::exchange(type->schema, std::exchange(type->database, std::nullopt));
  }
  list_->add(ReferenceKind::kUses, *type, position);
}

}  // namespace engine::sql
