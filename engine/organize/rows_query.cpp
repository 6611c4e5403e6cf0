#include "engine/organize/rows_query.h"

#include <span>

#include "engine/sql/token_cursor.h"

namespace engine::organize {
namespace {

using sql::TokenCursor;

bool has_any(std::string_view text, std::span<const std::string_view> parts) {
  for (const std::string_view part : parts) {
    if (text.find(part) != std::string_view::npos) return true;
  }
  return false;
}

// One of these is in the name of each function of that kind.
std::span<const std::string_view> marks_of_last_row(Dialect dialect) {
  static constexpr std::string_view kValue[] = {"VAL", "val"};
  static constexpr std::string_view kPostgresql[] = {"VAL(", "val(", "\\g"};
  static constexpr std::string_view kMysql[] = {"LAST_INSERT", "last_insert", "ROW_COUNT",
                                                "row_count", ":="};
  static constexpr std::string_view kSqlite[] = {"ROWID(", "rowid(", "CHANGES(", "changes("};
  static constexpr std::string_view kTsql[] = {"IDENT", "ident", "Ident"};
  static constexpr std::string_view kDb2[] = {"VAL", "val", "PREVIOUS", "previous"};
  switch (dialect) {
    case Dialect::kPostgresql:
      return kPostgresql;
    case Dialect::kMysql:
      return kMysql;
    case Dialect::kSqlite:
      return kSqlite;
    case Dialect::kTsql:
      return kTsql;
    case Dialect::kDb2:
      return kDb2;
    default:
      return kValue;
  }
}

bool is_of_last_row(TokenCursor* cursor) {
  if (cursor->is_any({"last_insert_id", "last_insert_rowid", "lastval", "scope_identity",
                      "ident_current", "identity_val_local", "row_count", "changes", "nextval",
                      "currval", "gset", "gexec"})) {
    return true;
  }
  if (cursor->is("previous") && cursor->is_any({"value"}, 1)) return true;
  if (sql::equal_words(cursor->raw(), "@@identity")) return true;
  return cursor->is_symbol(':') && cursor->is_symbol('=', 1);  // @a := @a + 1
}

}  // namespace

// SELECT without FROM gives the same rows wherever it is run.
bool has_query(std::string_view text, Dialect dialect) {
  if (text.find("ELECT") == std::string_view::npos &&
      text.find("elect") == std::string_view::npos) {
    return false;
  }
  TokenCursor cursor(text, 0, text.size(), dialect);
  bool selects = false;
  for (; !cursor.at_end(); cursor.advance()) {
    selects = selects || cursor.is("select");
    if (selects && cursor.is("from") && !cursor.is("dual", 1)) return true;
  }
  return false;
}

bool rests_on_last_row(std::string_view text, Dialect dialect) {
  if (!has_any(text, marks_of_last_row(dialect))) return false;
  TokenCursor cursor(text, 0, text.size(), dialect);
  for (; !cursor.at_end(); cursor.advance()) {
    if (is_of_last_row(&cursor)) return true;
  }
  return false;
}

}  // namespace engine::organize
