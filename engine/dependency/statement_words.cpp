#include "engine/dependency/statement_words.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "engine/dependency/text_marks.h"
#include "engine/sql/ascii.h"
#include "engine/sql/byte_set.h"
#include "engine/sql/qualified_name.h"
#include "engine/sql/session_setting.h"
#include "engine/sql/token_cursor.h"

namespace engine::dependency {
namespace {

// /*!40101 SET ... */
void skip_version_comment(sql::TokenCursor* cursor) {
  if (cursor->raw().starts_with("/*!")) cursor->advance();
}

// "SET @id = 5", and not "SET @kept = @@setting" nor "SET @@setting = 5".
bool sets_variable(sql::TokenCursor* cursor) {
  if (!cursor->is("set") || !cursor->raw(1).starts_with('@')) return false;
  for (const std::size_t place : {1u, 3u, 4u}) {
    if (cursor->raw(place).starts_with("@@")) return false;
  }
  return true;
}

// \set id 5; names in capital letters are psql's own settings.
bool sets_psql_variable(sql::TokenCursor* cursor) {
  if (!cursor->is_any({"set", "unset", "prompt"}, 1)) return false;
  const std::string_view name = cursor->raw(2);
  return std::any_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
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

// SELECT set_config('a.b', 'x', true).
bool configures_locally(sql::TokenCursor* cursor) {
  while (!cursor->at_end() && !cursor->is("set_config")) cursor->advance();
  while (!cursor->at_end() && !cursor->is_symbol(')') && !cursor->is("true")) cursor->advance();
  return cursor->is("true");
}

}  // namespace

sql::AlterEffect alter_effect(std::string_view text, Dialect dialect) {
  constexpr std::size_t kHead = 64;
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  sql::AlterEffect renames;
  renames.shape = true;
  if (cursor.is("rename")) return renames;  // TABLE
  for (std::size_t word = 0; !cursor.is("alter"); cursor.advance(), ++word) {
    if (cursor.at_end() || word == kHead) return renames;  // sp_rename
  }
  return sql::read_alter_effect(&cursor);
}

bool begins_with_alter(std::string_view text, Dialect dialect) {
  return sql::TokenCursor(text, 0, text.size(), dialect).is("alter");
}

bool has_column_action(std::string_view text, Dialect dialect) {
  static constexpr MarkSet kActions = {{"column", 2}, {"rename", 3}, {"modify", 3}, {"change", 1}};
  if (!kActions.any(text)) return false;
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  for (; !cursor.at_end(); cursor.advance()) {
    if (cursor.is_any({"column", "rename", "modify", "change"})) return true;
  }
  return false;
}

bool changes_type(std::string_view text, Dialect dialect) {
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  for (std::size_t word = 0; !cursor.at_end() && word < 256; cursor.advance(), ++word) {
    if (cursor.is("owner")) return false;
  }
  return true;
}

bool changes_setting(std::string_view text, Dialect dialect) {
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  skip_version_comment(&cursor);
  return sql::changes_setting(&cursor);
}

bool ends_with_transaction(std::string_view text, Dialect dialect) {
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  if (cursor.is("set")) {
    if (cursor.is_any({"constraint", "constraints"}, 1)) return true;
    return cursor.is("local", 1) && sql::changes_setting(&cursor);
  }
  if (cursor.is("pragma")) return has_word(text, dialect, "defer_foreign_keys");
  if (cursor.is("create")) {
    while (!cursor.at_end() && !(cursor.is("on") && cursor.is("commit", 1))) cursor.advance();
    return !cursor.at_end() && !cursor.is("preserve", 2);
  }
  if (cursor.is("select")) return configures_locally(&cursor);
  if (dialect != Dialect::kPostgresql) return false;
  if (cursor.is("declare")) {
    while (!cursor.at_end() && !(cursor.is("with") && cursor.is("hold", 1))) cursor.advance();
    return cursor.at_end();
  }
  return cursor.is_any({"lock", "do", "call"});
}

bool defers_checks(const sql::Statement& statement, std::string_view text, Dialect dialect) {
  const bool can =
      dialect == Dialect::kPostgresql || dialect == Dialect::kSqlite || dialect == Dialect::kOracle;
  const std::string_view type = statement.objects.front().type;
  if (!can || (type != "table" && type != "constraint")) return false;
  const std::string_view all = statement.in(text);
  sql::TokenCursor cursor(all, 0, all.size(), dialect);
  for (; !cursor.at_end(); cursor.advance()) {
    if (cursor.is("initially") && cursor.is("deferred", 1)) return true;
  }
  return false;
}

bool imports_schema(std::string_view text, Dialect dialect) {
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  return cursor.is("import") && cursor.is("foreign", 1) && cursor.is("schema", 2);
}

std::optional<std::string> extension_schema(std::string_view text, Dialect dialect) {
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  while (!cursor.at_end() && !cursor.is("schema")) cursor.advance();
  cursor.advance();
  const std::optional<sql::QualifiedName> name = sql::read_name(&cursor);
  return name ? std::optional(name->name) : std::nullopt;
}

bool changes_context(std::string_view text, Dialect dialect) {
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  return sql::changes_context(&cursor);
}

bool keeps_rows_of_tables(std::string_view text, Dialect dialect) {
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  if (cursor.is_any({"set", "refresh"})) return true;
  return cursor.is("select") && has_word(text, dialect, "setval");
}

bool may_touch_rows(std::string_view text, Dialect dialect) {
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  skip_version_comment(&cursor);
  if (cursor.at_end()) return false;
  if (cursor.is_symbol('\\')) return cursor.is("if", 1) || sets_psql_variable(&cursor);
  if (sets_variable(&cursor)) return true;
  if (cursor.is("set")) return sets_meaning(&cursor);
  if (cursor.is_any({"use", "pragma", "print", "prompt", "show", "go", "analyze"})) {
    return false;
  }
  return !has_word(text, dialect, "set_config");
}

bool sets_encoding(std::string_view text, Dialect dialect) {
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  skip_version_comment(&cursor);
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
  if (cursor.is_any({"do", "call", "begin", "start", "declare", "reassign"})) return true;
  if (cursor.is_symbol('\\')) return cursor.is("if", 1);
  if (cursor.is("drop") && cursor.is("owned", 1)) return true;
  // SELECT 'DROP TABLE ' || name FROM tables \gexec
  if (cursor.is("select")) return text.find("\\gexec") != std::string_view::npos;
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
  static constexpr MarkSet kActions = {{"cascade", 2}, {"set", 0}};
  if (!kActions.any(text)) return false;
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

bool commands_index(const sql::Statement& rows, std::string_view text, Dialect dialect) {
  if (dialect != Dialect::kSqlite || rows.owner_end <= rows.offset) return false;
  std::string_view behind = rows.in(text);
  behind.remove_prefix(
      std::min(behind.size(), static_cast<std::size_t>(rows.owner_end - rows.offset)));
  const std::size_t bracket = behind.find_first_not_of(" \t\r\n");
  if (bracket == std::string_view::npos || behind[bracket] != '(') return false;
  const std::size_t at = behind.find_first_not_of(" \t\r\n\"[`'", bracket + 1);
  if (at == std::string_view::npos) return false;
  const std::string_view name = behind.substr(at, rows.owner_name.size());
  const std::string_view rest = behind.substr(at + name.size(), 1);
  const bool ends = rest.empty() || !sql::kWordBytes.contains(rest.front());
  return ends && sql::same_letters(name, rows.owner_name);
}

bool loads_quietly(std::string_view text, Dialect dialect) {
  if (dialect != Dialect::kTsql) return false;
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  return cursor.is("bulk") && !has_word(text, dialect, "fire_triggers");
}

bool has_word(std::string_view text, Dialect dialect, const sql::Word& word) {
  // Of most texts it is not even a part.
  if (!MarkSet({{word.text(), 0}}).any(text)) return false;
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  for (; !cursor.at_end(); cursor.advance()) {
    if (cursor.is(word)) return true;
  }
  return false;
}

}  // namespace engine::dependency
