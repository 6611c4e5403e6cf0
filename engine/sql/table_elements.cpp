#include "engine/sql/table_elements.h"

#include "engine/sql/ascii.h"
#include "engine/sql/qualified_name.h"

namespace engine::sql {

void TableElements::add(Action action, std::string_view type, std::optional<std::string> name,
                        std::string_view kind) {
  ObjectRef& object = objects_.emplace_back();
  object.action = action;
  object.type = type;
  object.database = owner_.database;
  object.schema = owner_.schema;
  object.name = std::move(name);
  object.parent = owner_.name;
  object.constraint_kind = kind;
}

// Asked of every word of a table: the first letter answers for most.
std::string_view TableElements::kind_here() {
  if (cursor_.peek().kind != TokenKind::kWord) return {};
  switch (lower(cursor_.raw().front())) {
    case 'p':
      return cursor_.is("primary") && cursor_.is("key", 1) ? "primary_key" : "";
    case 'f':
      return cursor_.is("foreign") && cursor_.is("key", 1) ? "foreign_key" : "";
    case 'r':
      return cursor_.is("references") ? "foreign_key" : "";
    case 'u':
      return cursor_.is("unique") ? "unique" : "";
    case 'c':
      return cursor_.is("check") && !cursor_.is("constraint", 1) ? "check" : "";
    case 'e': {
      const bool rows = cursor_.is("using", 1) || cursor_.is_symbol('(', 1);
      return rows && cursor_.is("exclude") ? "exclude" : "";
    }
    case 'd':
      return cursor_.dialect() == Dialect::kTsql && cursor_.is("default") ? "default" : "";
    default:
      return {};
  }
}

// Elsewhere a column may be called so.
bool TableElements::index_here() {
  const Dialect dialect = cursor_.dialect();
  if (dialect == Dialect::kMysql) {
    return cursor_.is_any({"index", "key"}) ||
           (cursor_.is_any({"fulltext", "spatial"}) && !cursor_.is_symbol(',', 1));
  }
  if (dialect == Dialect::kTsql) return cursor_.is("index");
  // CockroachDB: INDEX name (column); but "index varchar(10)" is a column.
  return dialect == Dialect::kPostgresql && cursor_.is("index") && cursor_.is_symbol('(', 2) &&
         cursor_.peek(3).kind != TokenKind::kNumber;
}

bool TableElements::at_element_end() {
  const Token& token = cursor_.peek();
  if (token.kind == TokenKind::kEnd) return true;
  if (token.kind == TokenKind::kSymbol) {
    return token.symbol == ',' || token.symbol == ')' || token.symbol == ';';
  }
  const Dialect dialect = cursor_.dialect();
  return (dialect == Dialect::kOracle || dialect == Dialect::kDb2) &&
         cursor_.is_any({"add", "modify", "drop"});
}

void TableElements::skip_to_element_end() {
  while (!at_element_end()) {
    if (cursor_.is_symbol('(')) {
      pass_parentheses();
    } else {
      cursor_.advance();
    }
  }
}

// Behind the words of `kind`.
void TableElements::skip_kind(std::string_view kind) {
  const bool words = cursor_.is_any({"primary", "foreign"});
  cursor_.advance();
  if (words) cursor_.advance();  // KEY
  if (kind == "unique" && !cursor_.accept("key")) cursor_.accept("index");
  // FOREIGN KEY [(columns)] REFERENCES t is one constraint.
  if (kind != "foreign_key") return;
  cursor_.skip_parentheses();
  cursor_.accept("references");
  read_name(&cursor_);
}

void TableElements::read_unnamed(std::string_view kind) {
  skip_kind(kind);
  std::optional<std::string> name;
  const Dialect dialect = cursor_.dialect();
  // UNIQUE KEY name (columns) of MySQL, UNIQUE INDEX name (columns) of
  // CockroachDB.
  if (kind == "unique" && (dialect == Dialect::kMysql || dialect == Dialect::kPostgresql)) {
    cursor_.accept_all({"if", "not", "exists"});
    const bool named = cursor_.is_symbol('(', 1) || cursor_.is("using", 1);
    if (auto read = named ? read_name(&cursor_) : std::nullopt) name = std::move(read->name);
  }
  add(Action::kCreate, "constraint", std::move(name), kind);
}

// Behind CONSTRAINT in a definition.
void TableElements::read_constraint() {
  std::string_view kind = kind_here();
  if (!kind.empty()) return read_unnamed(kind);
  cursor_.accept_all({"if", "not", "exists"});
  auto name = read_name(&cursor_);
  if (!name) return;
  kind = kind_here();
  if (!kind.empty()) {
    skip_kind(kind);
  } else if (cursor_.dialect() == Dialect::kOracle && cursor_.is("not") && cursor_.is("null", 1)) {
    kind = "check";
  } else {
    return;  // elsewhere the server forgets the name of a NOT NULL
  }
  add(Action::kCreate, "constraint", std::move(name->name), kind);
}

void TableElements::read_reference(Action action) {
  cursor_.accept_all({"if", "exists"});
  if (auto name = read_name(&cursor_)) add(action, "constraint", std::move(name->name));
}

void TableElements::read_index() {
  if (cursor_.is_any({"fulltext", "spatial"})) cursor_.advance();
  if (!cursor_.accept("index")) cursor_.accept("key");
  cursor_.accept_all({"if", "not", "exists"});
  std::optional<std::string> name;
  const bool nameless = cursor_.is_symbol('(') || cursor_.is("using");
  if (auto read = nameless ? std::nullopt : read_name(&cursor_)) name = std::move(read->name);
  add(Action::kCreate, "index", std::move(name));
}

// GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME s.q START WITH 1 ...); USING INDEX (CREATE INDEX i ON
// t
// ...) of Oracle.
void TableElements::pass_parentheses() {
  const bool names_sequence = cursor_.dialect() == Dialect::kPostgresql &&
                              cursor_.is("sequence", 1) && cursor_.is("name", 2);
  if (names_sequence) {
    TokenCursor inside = cursor_;
    inside.advance();
    inside.accept_all({"sequence", "name"});
    if (auto name = read_name(&inside)) {
      add(Action::kCreate, "sequence", std::move(name->name));
      if (name->schema) objects_.back().schema = std::move(name->schema);
    }
  }
  if (cursor_.dialect() == Dialect::kOracle && cursor_.is("create", 1)) {
    TokenCursor inside = cursor_;
    inside.advance();
    inside.advance();
    if (inside.is_any({"unique", "bitmap"})) inside.advance();
    auto name = inside.accept("index") ? read_name(&inside) : std::nullopt;
    if (name) {
      add(Action::kCreate, "index", std::move(name->name));
      if (name->schema) objects_.back().schema = std::move(name->schema);
    }
  }
  cursor_.skip_parentheses();
}

void TableElements::read_column() {
  while (!at_element_end()) {
    if (cursor_.is_symbol('(')) {
      pass_parentheses();
    } else if (cursor_.peek().kind != TokenKind::kWord) {
      cursor_.advance();
    } else if (cursor_.is("set") && cursor_.is("default", 1)) {  // ON DELETE SET DEFAULT
      cursor_.advance();
      cursor_.advance();
    } else if (cursor_.accept("constraint")) {
      read_constraint();
    } else if (const std::string_view kind = kind_here(); !kind.empty()) {
      skip_kind(kind);
      add(Action::kCreate, "constraint", std::nullopt, kind);
    } else if (cursor_.dialect() == Dialect::kMysql && cursor_.accept("key")) {
      add(Action::kCreate, "constraint", std::nullopt, "primary_key");
    } else if (cursor_.dialect() == Dialect::kTsql && cursor_.is("index")) {
      read_index();
    } else {
      cursor_.advance();
    }
  }
}

void TableElements::read_element() {
  if (cursor_.accept("constraint")) {
    read_constraint();
    skip_to_element_end();
  } else if (const std::string_view kind = kind_here(); !kind.empty()) {
    read_unnamed(kind);
    skip_to_element_end();
  } else if (index_here()) {
    read_index();
    skip_to_element_end();
  } else if (!at_element_end()) {
    cursor_.advance();  // the column's name
    read_column();
  }
}

void TableElements::read_list() {
  cursor_.advance();
  while (!cursor_.at_end()) {
    read_element();
    if (cursor_.accept_symbol(')') || cursor_.is_symbol(';')) return;
    cursor_.advance();  // ',', or a word that no element ends with
  }
}

}  // namespace engine::sql
