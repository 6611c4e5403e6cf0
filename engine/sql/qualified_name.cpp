#include "engine/sql/qualified_name.h"

#include <vector>

#include "engine/sql/ascii.h"

namespace engine::sql {
namespace {

enum class Folding { kKeep, kLower, kUpper };

Folding folding(Dialect dialect) {
  switch (dialect) {
    case Dialect::kPostgresql:
      return Folding::kLower;
    case Dialect::kOracle:
    case Dialect::kSnowflake:
    case Dialect::kDb2:
    case Dialect::kFirebird:
      return Folding::kUpper;
    default:
      return Folding::kKeep;
  }
}

std::string undouble(std::string_view body, char quote) {
  std::string out;
  while (true) {
    const std::size_t twice = body.find(quote);
    if (twice == std::string_view::npos) return out += body;
    out += body.substr(0, twice + 1);
    body.remove_prefix(twice + 1);
    if (body.starts_with(quote)) body.remove_prefix(1);
  }
}

bool is_name_part(TokenCursor* cursor, std::size_t ahead) {
  const Token& token = cursor->peek(ahead);
  if (token.kind == TokenKind::kWord || token.kind == TokenKind::kName) return true;
  const Dialect dialect = cursor->dialect();
  return token.kind == TokenKind::kString &&
         (dialect == Dialect::kSqlite || dialect == Dialect::kMysql);
}

// my-project.dataset.table of BigQuery: a project needs no quotes for its dashes.
void read_dashes(TokenCursor* cursor, std::size_t* end, std::string* part) {
  while (cursor->is_symbol('-') && cursor->peek().begin == *end &&
         cursor->peek(1).begin == *end + 1 &&
         (cursor->peek(1).kind == TokenKind::kWord || cursor->peek(1).kind == TokenKind::kNumber)) {
    part->append("-").append(cursor->raw(1));
    *end = cursor->peek(1).end;
    cursor->advance();
    cursor->advance();
  }
}

// The schema of what lasts as long as a session.
bool is_session_schema(std::string_view schema, Dialect dialect) {
  switch (dialect) {
    case Dialect::kPostgresql:
      return schema == "pg_temp";
    case Dialect::kSqlite:
      return equal_words(schema, "temp");
    case Dialect::kDb2:
      return schema == "SESSION";
    case Dialect::kBigquery:
      return equal_words(schema, "_session");
    default:
      return false;
  }
}

// BigQuery quotes a whole path: `project.dataset.table`.
void split_path(std::vector<std::string>* parts) {
  std::vector<std::string> split;
  for (const std::string& part : *parts) {
    std::size_t begin = 0;
    for (std::size_t dot; (dot = part.find('.', begin)) != std::string::npos; begin = dot + 1) {
      split.push_back(part.substr(begin, dot - begin));
    }
    split.push_back(part.substr(begin));
  }
  *parts = std::move(split);
}

// IDENTIFIER('db.s.t') of Snowflake: a name in a string; in a variable it is none that is known.
std::optional<QualifiedName> read_identifier(TokenCursor* cursor) {
  const bool text = cursor->peek(2).kind == TokenKind::kString;
  const std::string quoted = text ? literal_text(cursor->raw(2)) : std::string();
  cursor->advance();
  const std::size_t begin = cursor->peek().begin;
  cursor->skip_parentheses();
  TokenCursor inside(quoted, 0, quoted.size(), cursor->dialect());
  std::optional<QualifiedName> name = read_name(&inside);
  if (name) name->end = begin;
  return name;
}

}  // namespace

std::string catalogue_name(std::string_view raw, TokenKind kind, Dialect dialect) {
  if (kind == TokenKind::kName && raw.size() >= 2) {
    const std::string_view body = raw.substr(1, raw.size() - 2);
    if (raw[0] != '[') {
      std::string name = undouble(body, raw[0]);
      // db2look pads them: "SALES   "."T"; blanks at its end are no part of a name.
      if (dialect == Dialect::kDb2) name.erase(name.find_last_not_of(' ') + 1);
      return name;
    }
    return lex_rules(dialect).bracket_escape ? undouble(body, ']') : std::string(body);
  }
  if (kind == TokenKind::kString) return literal_text(raw);
  std::string name(raw);
  const Folding fold = folding(dialect);
  if (fold == Folding::kKeep) return name;
  for (char& c : name) c = fold == Folding::kLower ? lower(c) : upper(c);
  return name;
}

std::string literal_text(std::string_view raw) {
  const std::size_t open = raw.find_first_of("'\"$");
  if (open == std::string_view::npos || raw.size() < open + 2) return std::string(raw);
  if (raw[open] == '$') {
    const std::size_t tag = raw.find('$', open + 1) + 1;
    return std::string(raw.substr(tag, raw.size() - 2 * tag));
  }
  return undouble(raw.substr(open + 1, raw.size() - open - 2), raw[open]);
}

std::optional<QualifiedName> read_name(TokenCursor* cursor) {
  if (!is_name_part(cursor, 0)) return std::nullopt;
  if (cursor->dialect() == Dialect::kSnowflake && cursor->is("identifier") &&
      cursor->is_symbol('(', 1)) {
    return read_identifier(cursor);
  }
  const Dialect dialect = cursor->dialect();
  std::vector<std::string> parts;
  QualifiedName name;
  while (true) {
    parts.push_back(catalogue_name(cursor->raw(), cursor->peek().kind, dialect));
    name.end = cursor->peek().end;
    cursor->advance();
    if (dialect == Dialect::kBigquery) read_dashes(cursor, &name.end, &parts.back());
    bool empty_part = false;
    while (cursor->is_symbol('.') && cursor->is_symbol('.', 1)) {  // db..table
      cursor->advance();
      empty_part = true;
    }
    if (empty_part) parts.emplace_back();
    if (!cursor->is_symbol('.') || !is_name_part(cursor, 1)) break;
    cursor->advance();
  }
  if (dialect == Dialect::kBigquery) split_path(&parts);
  name.name = parts.back();
  if (parts.size() >= 2 && !parts[parts.size() - 2].empty()) name.schema = parts[parts.size() - 2];
  if (parts.size() >= 3 && !parts[parts.size() - 3].empty()) {
    name.database = parts[parts.size() - 3];
  }
  name.of_session = (dialect == Dialect::kTsql && name.name.find_first_of("#@") == 0) ||
                    (name.schema && is_session_schema(*name.schema, dialect));
  return name;
}

std::optional<QualifiedName> read_operator_name(TokenCursor* cursor) {
  QualifiedName name;
  if (is_name_part(cursor, 0) && cursor->is_symbol('.', 1)) {
    name.schema = catalogue_name(cursor->raw(), cursor->peek().kind, cursor->dialect());
    cursor->advance();
    cursor->advance();
  }
  std::size_t end = cursor->peek().begin;
  while (cursor->peek().kind == TokenKind::kSymbol && cursor->peek().begin == end &&
         !cursor->is_symbol('(')) {
    name.name += cursor->raw();
    end = name.end = cursor->peek().end;
    cursor->advance();
  }
  if (name.name.empty()) return std::nullopt;
  return name;
}

}  // namespace engine::sql
