#include "engine/sql/session_setting.h"

#include <string_view>

#include "engine/sql/ascii.h"

namespace engine::sql {
namespace {

// Of all dialects: what is set by these changes no object and no row.
constexpr std::string_view kQuietSettings[] = {
    // PostgreSQL
    "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout",
    "transaction_timeout", "client_min_messages", "row_security", "xmloption", "default_tablespace",
    "default_table_access_method", "default_with_oids", "check_function_bodies",
    "maintenance_work_mem", "work_mem", "synchronous_commit", "application_name", "enable_seqscan",
    // MySQL
    "sql_notes", "sql_log_bin", "net_read_timeout", "net_write_timeout", "max_allowed_packet",
    "interactive_timeout", "wait_timeout", "lock_wait_timeout", "transaction",
    // T-SQL
    "nocount", "xact_abort", "statistics", "deadlock_priority", "showplan_text",
    // SQLite
    "journal_mode", "synchronous", "cache_size", "temp_store", "page_size", "locking_mode",
    "mmap_size", "busy_timeout", "user_version", "application_id", "auto_vacuum",
    "wal_autocheckpoint", "cache_spill", "journal_size_limit", "secure_delete", "threads",
    // Oracle's client
    "define", "echo", "feedback", "verify", "serveroutput", "termout", "heading", "linesize",
    "pagesize", "sqlblanklines", "scan", "timing", "trimspool", "escape", "concat"};

bool is_quiet_setting(std::string_view word) { return equals_any(word, kQuietSettings); }

// PRAGMA [schema.]name = value, PRAGMA name(value); without a value it asks.
bool changes_pragma(TokenCursor* cursor) {
  if (cursor->is_symbol('.', 1)) {
    cursor->advance();
    cursor->advance();
  }
  if (is_quiet_setting(cursor->raw())) return false;
  return cursor->is_symbol('=', 1) || cursor->is_symbol('(', 1);
}

}  // namespace

bool changes_setting(TokenCursor* cursor) {
  if (cursor->accept("pragma")) return changes_pragma(cursor);
  if (cursor->is_symbol('\\')) return cursor->is_any({"connect", "c"}, 1);
  if (cursor->is("alter")) return cursor->is("session", 1);
  if (cursor->is("reset")) return !is_quiet_setting(cursor->raw(1));
  if (cursor->is("select")) {
    for (; !cursor->at_end() && !cursor->is_symbol(';'); cursor->advance()) {
      if (cursor->is("set_config")) return true;
    }
    return false;
  }
  if (!cursor->accept("set")) return false;
  for (; !cursor->at_end() && !cursor->is_symbol(';'); cursor->advance()) {
    if (cursor->is_any({"session", "local", "global"})) cursor->advance();
    const bool keeps = cursor->raw().starts_with('@') && !cursor->raw().starts_with("@@");
    if (!keeps && !is_quiet_setting(cursor->raw())) return true;
    while (!cursor->at_end() && !cursor->is_symbol(';') && !cursor->is_symbol(',')) {
      cursor->advance();
    }
    if (!cursor->is_symbol(',')) break;
  }
  return false;
}

bool changes_context(TokenCursor* cursor) {
  constexpr std::size_t kHead = 8;
  if (cursor->is("use")) return true;
  if (cursor->is_symbol('\\')) return cursor->is_any({"connect", "c"}, 1);
  const bool session = cursor->is("alter") && cursor->is("session", 1);
  const bool configures = cursor->is("select");
  if (!session && !configures && !cursor->is_any({"set", "reset"})) return false;
  bool configured = false;
  for (std::size_t i = 0; i < kHead && !cursor->at_end(); ++i, cursor->advance()) {
    if (cursor->is_any(
            {"search_path", "schema", "current_schema", "role", "authorization", "container"})) {
      return true;
    }
    configured = configured || cursor->is("set_config");
    if (configured && cursor->raw() == "'search_path'") return true;
  }
  return false;
}

}  // namespace engine::sql
