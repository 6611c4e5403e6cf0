#include "engine/sql/nameless.h"

#include "engine/sql/ascii.h"

namespace engine::sql {
namespace {

// The clauses of ALTER DATABASE, whose name may be left out in Oracle.
constexpr std::string_view kOracleClauses[] = {
    "activate",  "add",     "archivelog", "backup",  "begin",    "clear",  "close",        "commit",
    "convert",   "create",  "datafile",   "default", "disable",  "drop",   "enable",       "end",
    "flashback", "force",   "guard",      "logfile", "mount",    "move",   "noarchivelog", "no",
    "open",      "prepare", "property",   "recover", "register", "rename", "replace",      "set",
    "start",     "stop",    "switch",     "tempfile"};

// ALTER DATABASE [name] CHARACTER SET c
bool begins_database_option(TokenCursor* cursor) {
  if (cursor->is_any({"default", "collate"})) return true;  // reserved: no names
  if (cursor->is("character")) return cursor->is("set", 1);
  if (cursor->is("read")) return cursor->is("only", 1);
  const bool value = cursor->is_symbol('=', 1) || cursor->peek(1).kind == TokenKind::kString;
  return cursor->is_any({"charset", "encryption", "comment"}) && value;
}

}  // namespace

bool names_none(TokenCursor* cursor, std::string_view type) {
  const bool database = type == "database";
  const bool account = type == "user" || type == "role";
  switch (cursor->dialect()) {
    case Dialect::kTsql:
      return (database && cursor->is("current")) || type == "database_scoped_configuration";
    case Dialect::kMysql:
      if (account) {
        return cursor->is("current_user") || (cursor->is("user") && cursor->is_symbol('(', 1));
      }
      return (database || type == "schema") && begins_database_option(cursor);
    case Dialect::kPostgresql:
      return account && cursor->is_any({"all", "current_role", "current_user", "session_user"});
    case Dialect::kOracle:
      return database && equals_any(cursor->raw(), kOracleClauses);
    case Dialect::kFirebird:
      return database;
    default:
      return false;
  }
}

bool is_only_one(std::string_view type) {
  return type == "master_key" || type == "database_encryption_key" || type == "service_master_key";
}

}  // namespace engine::sql
