#include "engine/sql/qualified_name.h"

#include <algorithm>
#include <utility>

#include "engine/sql/ascii.h"
#include "engine/sql/code_points.h"
#include "engine/sql/utf8.h"

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

// `body`, or what is made of it where it has quotes.
std::string_view undouble(std::string_view body, char quote, std::string* made) {
  if (std::find(body.begin(), body.end(), quote) == body.end()) return body;
  while (true) {
    const std::size_t twice = body.find(quote);
    if (twice == std::string_view::npos) return made->append(body);
    made->append(body.substr(0, twice + 1));
    body.remove_prefix(twice + 1);
    if (body.starts_with(quote)) body.remove_prefix(1);
  }
}

std::string undouble(std::string_view body, char quote) {
  std::string made;
  return std::string(undouble(body, quote, &made));
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

// Behind the parts that are there; of more than three the last count.
void add_part(std::string part, QualifiedName* name) {
  if (name->schema) name->database = std::move(name->schema);
  name->schema = std::move(name->name);
  name->name = std::move(part);
}

// BigQuery quotes a whole path: `project.dataset.table`.
void split_path(QualifiedName* name) {
  QualifiedName split;
  bool begins = true;
  std::optional<std::string> last = std::move(name->name);
  for (const auto* part : {&name->database, &name->schema, &last}) {
    std::string_view rest = *part ? std::string_view(**part) : std::string_view();
    for (bool more = part->has_value(); more;) {
      const std::size_t dot = rest.find('.');
      std::string one(rest.substr(0, dot));
      more = dot != std::string_view::npos;
      if (more) rest.remove_prefix(dot + 1);
      if (std::exchange(begins, false)) {
        split.name = std::move(one);
      } else {
        add_part(std::move(one), &split);
      }
    }
  }
  split.end = name->end;
  *name = std::move(split);
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

// At U&"..." [UESCAPE 'c']: its name, the cursor at its last token.
std::optional<std::string> read_code_points(TokenCursor* cursor) {
  const bool here = cursor->dialect() == Dialect::kPostgresql && cursor->is("u") &&
                    cursor->is_symbol('&', 1) && cursor->peek(2).kind == TokenKind::kName &&
                    cursor->peek(2).begin == cursor->peek().begin + 2;
  if (!here) return std::nullopt;
  const std::string_view raw = cursor->raw(2);
  for (int token = 0; token < 2; ++token) cursor->advance();
  char escape = '\\';
  if (cursor->is("uescape", 1) && cursor->raw(2).size() == 3) {
    escape = cursor->raw(2)[1];
    for (int token = 0; token < 2; ++token) cursor->advance();
  }
  return by_code_points(undouble(raw.substr(1, raw.size() - 2), '"'), escape);
}

// The part at hand, and the cursor at its last token.
std::string read_part(TokenCursor* cursor) {
  if (auto name = read_code_points(cursor)) return std::move(*name);
  return catalogue_name(cursor->raw(), cursor->peek().kind, cursor->dialect());
}

// Where a part of a name stands. In its place, because a name is long and is read for each
// relation.
std::optional<QualifiedName> read_parts(TokenCursor* cursor) {
  const Dialect dialect = cursor->dialect();
  std::optional<QualifiedName> read(std::in_place);
  QualifiedName& name = *read;
  name.name = read_part(cursor);
  while (true) {
    name.end = cursor->peek().end;
    cursor->advance();
    if (dialect == Dialect::kBigquery) read_dashes(cursor, &name.end, &name.name);
    bool empty_part = false;
    while (cursor->is_symbol('.') && cursor->is_symbol('.', 1)) {  // db..table
      cursor->advance();
      empty_part = true;
    }
    if (empty_part) add_part({}, &name);
    if (!cursor->is_symbol('.') || !is_name_part(cursor, 1)) break;
    cursor->advance();
    if (name.database && dialect == Dialect::kTsql) name.server = *name.database;
    add_part(read_part(cursor), &name);
  }
  if (dialect == Dialect::kBigquery) split_path(&name);
  if (name.schema && name.schema->empty()) name.schema.reset();
  if (name.database && name.database->empty()) name.database.reset();
  const bool is_mark = name.name.starts_with('#') || name.name.starts_with('@');
  name.of_session = (dialect == Dialect::kTsql && is_mark) ||
                    (name.schema && is_session_schema(*name.schema, dialect));
  return read;
}

}  // namespace

std::string_view catalogue_name(std::string_view raw, TokenKind kind, Dialect dialect,
                                std::string* made) {
  if (kind == TokenKind::kName && raw.size() >= 2) {
    const std::string_view body = raw.substr(1, raw.size() - 2);
    if (raw[0] == '[') {
      return lex_rules(dialect).bracket_escape ? undouble(body, ']', made) : body;
    }
    std::string_view name = undouble(body, raw[0], made);
    if (dialect == Dialect::kDb2) {
      // db2look pads them: "SALES   "."T"; blanks at its end are no part of a name.
      name = name.substr(0, name.find_last_not_of(' ') + 1);
      if (!made->empty()) made->resize(name.size());
    }
    return name;
  }
  if (kind == TokenKind::kString) return *made = literal_text(raw);
  const Folding fold = folding(dialect);
  if (fold == Folding::kKeep) return raw;
  const auto folded = [&](char c) { return fold == Folding::kLower ? lower(c) : upper(c); };
  if (std::all_of(raw.begin(), raw.end(), [&](char c) { return folded(c) == c; })) return raw;
  made->resize(raw.size());
  std::transform(raw.begin(), raw.end(), made->begin(), folded);
  return *made;
}

std::string catalogue_name(std::string_view raw, TokenKind kind, Dialect dialect) {
  std::string made;
  const std::string_view name = catalogue_name(raw, kind, dialect, &made);
  return made.empty() ? std::string(name) : std::move(made);
}

std::string literal_text(std::string_view raw) {
  const std::size_t open = raw.find_first_of("'\"$");
  if (open == std::string_view::npos || raw.size() < open + 2) return std::string(raw);
  if (raw[open] == '$') {
    const std::size_t tag = raw.find('$', open + 1) + 1;
    return std::string(raw.substr(tag, raw.size() - 2 * tag));
  }
  // q'[...]' of Oracle.
  if (open > 0 && lower(raw[open - 1]) == 'q') {
    const std::size_t mark = q_mark_length(raw, open + 1);
    const std::size_t around = open + 2 * (mark + 1);
    if (raw.size() >= around) return std::string(raw.substr(open + 1 + mark, raw.size() - around));
  }
  return undouble(raw.substr(open + 1, raw.size() - open - 2), raw[open]);
}

std::optional<QualifiedName> read_name(TokenCursor* cursor) {
  if (!is_name_part(cursor, 0)) return std::nullopt;
  if (cursor->dialect() == Dialect::kSnowflake && cursor->is("identifier") &&
      cursor->is_symbol('(', 1)) {
    return read_identifier(cursor);
  }
  return read_parts(cursor);
}

std::string_view unquoted(std::string_view name) {
  const bool quoted = name.size() > 2 && std::string_view("[\"`").find(name.front()) < 3;
  return quoted ? name.substr(1, name.size() - 2) : name;
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
