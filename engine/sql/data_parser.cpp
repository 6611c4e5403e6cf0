// INSERT, COPY, LOAD, BULK INSERT: rows for a table.
#include <algorithm>
#include <utility>

#include "engine/sql/ascii.h"
#include "engine/sql/object_name.h"
#include "engine/sql/statement_parser.h"

namespace engine::sql {
namespace {

bool is_sqlite_schema(const QualifiedName& name, Dialect dialect) {
  return dialect == Dialect::kSqlite &&
         (equal_words(name.name, "sqlite_schema") || equal_words(name.name, "sqlite_master"));
}

// INSERT ALL INTO t (...) VALUES (...) WHEN a > 1 THEN INTO u SELECT ...: each table once, the
// first of them first.
void parse_multitable_insert(TokenCursor* cursor, Statement* statement) {
  while (find_word(cursor, "into")) {
    const auto name = read_name(cursor);
    if (!name) continue;
    if (statement->role != Role::kData) {
      set_data(*name, statement);
      continue;
    }
    ObjectRef table = object_of(Action::kData, "table", *name);
    const auto& known = statement->objects;
    if (std::find(known.begin(), known.end(), table) == known.end()) {
      statement->objects.push_back(std::move(table));
    }
  }
}

// What SQL Server calls like a function: INSERT OPENROWSET(...), INSERT OPENQUERY(...)
bool is_rowset_function(TokenCursor* cursor) {
  return cursor->dialect() == Dialect::kTsql && cursor->is_symbol('(', 1) &&
         cursor->is_any({"opendatasource", "openquery", "openrowset"});
}

// LOAD DATA INTO | OVERWRITE [TABLE] t (...) FROM FILES (...)
void parse_load_data(TokenCursor* cursor, Statement* statement) {
  cursor->advance();
  if (!cursor->accept("into") && !cursor->accept("overwrite")) return;
  if (cursor->is_any({"temp", "temporary"}) && cursor->is("table", 1)) return;
  if (cursor->is("table") && !cursor->is_symbol('.', 1)) cursor->advance();
  const auto name = read_name(cursor);
  if (name && !name->temporary()) set_data(*name, statement);
}

}  // namespace

void set_data(const QualifiedName& name, Statement* statement) {
  statement->role = Role::kData;
  statement->owner_name = name.name;
  statement->owner_schema = name.schema;
  statement->owner_end = name.end;
  statement->objects.push_back(object_of(Action::kData, "table", name));
}

void set_data_frame(const QualifiedName& name, Statement* statement) {
  set_data(name, statement);
  statement->objects.clear();
  statement->role = Role::kDataFrame;
}

void parse_insert(TokenCursor* cursor, Statement* statement) {
  const Dialect dialect = cursor->dialect();
  if ((dialect == Dialect::kOracle || dialect == Dialect::kSnowflake) &&
      (cursor->is_any({"all", "first"}) ||
       (cursor->is("overwrite") && cursor->is_any({"all", "first"}, 1)))) {
    return parse_multitable_insert(cursor, statement);
  }
  while (cursor->is_any({"ignore", "low_priority", "delayed", "high_priority", "overwrite", "or",
                         "replace", "rollback", "abort", "fail"}) &&
         !cursor->is_symbol('.', 1)) {
    cursor->advance();
  }
  // T-SQL: INSERT TOP (5) t
  if (cursor->is("top") && cursor->is_symbol('(', 1)) {
    cursor->advance();
    cursor->skip_parentheses();
  }
  cursor->accept("into");
  cursor->accept("table");
  cursor->accept("only");
  if (is_rowset_function(cursor)) return;
  const auto name = read_name(cursor);
  if (!name || name->temporary()) return;
  if (is_sqlite_schema(*name, cursor->dialect())) {
    for (; !cursor->at_end(); cursor->advance()) {
      if (cursor->peek().kind == TokenKind::kString) parse_literal(cursor, statement);
    }
    return;
  }
  set_data(*name, statement);
}

void parse_bulk_insert(TokenCursor* cursor, Statement* statement) {
  if (!cursor->accept("insert")) return;
  if (const auto name = read_name(cursor); name && !name->temporary()) set_data(*name, statement);
}

void parse_copy(TokenCursor* cursor, Statement* statement) {
  if (cursor->dialect() != Dialect::kPostgresql && cursor->dialect() != Dialect::kSnowflake) return;
  cursor->accept("into");
  const auto name = read_name(cursor);
  if (!name) return;
  cursor->skip_parentheses();
  if (cursor->is("from")) set_data(*name, statement);
}

void parse_load(TokenCursor* cursor, Statement* statement) {
  if (cursor->dialect() == Dialect::kDb2) return parse_import(cursor, statement);
  if (!cursor->is_any({"data", "xml", "table"})) return;
  if (cursor->dialect() == Dialect::kBigquery) return parse_load_data(cursor, statement);
  while (!cursor->at_end()) {
    if (cursor->accept_all({"into", "table"})) {
      if (const auto name = read_name(cursor)) set_data(*name, statement);
      return;
    }
    cursor->advance();
  }
}

// Of Db2: LOAD | IMPORT FROM file OF DEL ... INSERT | REPLACE | ... INTO t
void parse_import(TokenCursor* cursor, Statement* statement) {
  if (cursor->dialect() != Dialect::kDb2) return;
  cursor->accept("client");
  if (!cursor->is("from") || !find_word(cursor, "into")) return;
  cursor->accept("table");
  const auto name = read_name(cursor);
  if (name && !name->temporary()) set_data(*name, statement);
}

}  // namespace engine::sql
