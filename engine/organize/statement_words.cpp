#include "engine/organize/statement_words.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "engine/sql/ascii.h"
#include "engine/sql/token_cursor.h"

namespace engine::organize {
namespace {

// "SET @id = 5", and not "SET @kept = @@setting" nor "SET @@setting = 5".
bool sets_variable(sql::TokenCursor* cursor) {
  if (!cursor->is("set") || !cursor->raw(1).starts_with('@')) return false;
  for (const std::size_t place : {1u, 3u, 4u}) {
    if (cursor->raw(place).starts_with("@@")) return false;
  }
  return true;
}

// A setting that rows are read by: what a time means, or a backslash.
bool sets_meaning(sql::TokenCursor* cursor) {
  for (std::size_t word = 0; !cursor->at_end() && word < 16; cursor->advance(), ++word) {
    if (cursor->is_any({"time", "timezone", "time_zone", "datestyle", "intervalstyle", "dateformat",
                        "datefirst", "language", "names", "sql_mode", "timestamp", "insert_id",
                        "standard_conforming_strings", "search_path", "client_encoding", "role",
                        "authorization"})) {
      return true;
    }
  }
  return false;
}

}  // namespace

bool changes_shape(std::string_view text, Dialect dialect) {
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  const bool procedure = cursor.is_any({"exec", "execute"});  // sp_rename
  bool changes = cursor.is("rename");                         // TABLE
  for (std::size_t word = 0; !cursor.at_end(); cursor.advance(), ++word) {
    const bool to_default = cursor.is_any({"set", "drop"}) && cursor.is("default", 1);
    if (to_default || cursor.is("owner")) return false;
    if (word < 2) continue;  // ALTER TABLE
    changes = changes || cursor.is_any({"add", "drop", "rename", "modify", "change", "type",
                                        "column", "attach", "detach", "schema"});
  }
  return changes || procedure;
}

bool has_column_action(std::string_view text, Dialect dialect) {
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  for (; !cursor.at_end(); cursor.advance()) {
    if (cursor.is_any({"column", "rename", "modify", "change"})) return true;
  }
  return false;
}

bool changes_type(std::string_view text, Dialect dialect) {
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  for (std::size_t word = 0; !cursor.at_end() && word < 16; cursor.advance(), ++word) {
    if (cursor.is("owner")) return false;
  }
  return true;
}

bool may_touch_rows(std::string_view text, Dialect dialect) {
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  if (cursor.raw().starts_with("/*!")) cursor.advance();
  if (cursor.at_end() || cursor.is_symbol('\\')) return false;
  if (sets_variable(&cursor)) return true;
  if (cursor.is("set")) return sets_meaning(&cursor);
  if (cursor.is_any({"use", "pragma", "print", "prompt", "show", "go", "analyze"})) {
    return false;
  }
  return !mentions(text, dialect, "set_config");
}

bool sets_encoding(std::string_view text, Dialect dialect) {
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  if (cursor.raw().starts_with("/*!")) cursor.advance();
  if (cursor.is_symbol('\\')) return cursor.is("encoding", 1);
  return cursor.accept("set") && cursor.is_any({"client_encoding", "names"});
}

bool changes_defaults(std::string_view text, Dialect dialect) {
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  return cursor.is("alter") && cursor.is("default", 1) && cursor.is("privileges", 2);
}

bool grants_on_all(std::string_view text, Dialect dialect) {
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  if (changes_defaults(text, dialect)) return true;
  for (std::size_t word = 0; !cursor.at_end() && word < 64; cursor.advance(), ++word) {
    if (cursor.is("on") && cursor.is("all", 1)) return true;
  }
  return false;
}

bool runs_program(std::string_view text, Dialect dialect) {
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  if (cursor.is_any({"do", "call", "begin", "declare"})) return true;
  if (!cursor.is_any({"exec", "execute"})) return false;
  const std::string_view name = cursor.raw(1);
  return !name.starts_with("sp_") && !name.starts_with("sys") && !name.starts_with("xp_");
}

bool runs_block(std::string_view text, Dialect dialect) {
  return sql::TokenCursor(text, 0, text.size(), dialect).is_any({"do", "begin", "declare"});
}

bool creates_if_absent(std::string_view text, Dialect dialect) {
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  for (std::size_t word = 0; word < 6; ++word, cursor.advance()) {
    if (cursor.is("if") && cursor.is("not", 1)) return true;
  }
  return false;
}

// What a trigger is for stands before its body.
bool fires_on_insert(std::string_view text, Dialect dialect) {
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  for (; !cursor.at_end(); cursor.advance()) {
    if (cursor.is("insert")) return true;
    if (cursor.is_any({"begin", "as", "execute", "each", "when", "declare", "is", "call"})) break;
  }
  return false;
}

bool has_actions(std::string_view text, Dialect dialect) {
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  for (; !cursor.at_end(); cursor.advance()) {
    if (cursor.is("cascade")) return true;
    if (cursor.is("set") && cursor.is_any({"null", "default"}, 1)) return true;
  }
  return false;
}

bool holds_counters(std::string_view table, Dialect dialect) {
  return dialect == Dialect::kSqlite && sql::equal_words(table, "sqlite_sequence");
}

bool loads_quietly(std::string_view text, Dialect dialect) {
  if (dialect != Dialect::kTsql) return false;
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  return cursor.is("bulk") && !mentions(text, dialect, "fire_triggers");
}

bool mentions(std::string_view text, Dialect dialect, const sql::Word& word) {
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  for (; !cursor.at_end(); cursor.advance()) {
    if (cursor.is(word)) return true;
  }
  return false;
}

}  // namespace engine::organize
