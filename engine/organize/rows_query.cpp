#include "engine/organize/rows_query.h"

#include <cstddef>
#include <span>

#include "engine/sql/ascii.h"
#include "engine/sql/token_cursor.h"

namespace engine::organize {
namespace {

using sql::TokenCursor;
using sql::TokenKind;

// A word that a text is searched for by a byte that is rare in rows.
struct Mark {
  std::string_view word;  // in lower case
  std::size_t rare;       // the place of that byte
};

constexpr Mark kNextval = {"nextval", 2};
constexpr Mark kCurrval = {"currval", 4};
constexpr Mark kLastval = {"lastval", 4};
constexpr Mark kNext = {"next", 2};  // VALUE FOR s
constexpr Mark kIdentity = {"@@identity", 0};

bool has_mark(std::string_view text, const Mark& mark, char byte) {
  for (std::size_t at = text.find(byte); at != std::string_view::npos;
       at = text.find(byte, at + 1)) {
    if (at < mark.rare) continue;
    if (sql::equal_words(text.substr(at - mark.rare, mark.word.size()), mark.word)) return true;
  }
  return false;
}

bool has_mark(std::string_view text, const Mark& mark) {
  const char byte = mark.word[mark.rare], upper = sql::upper(byte);
  return has_mark(text, mark, byte) || (upper != byte && has_mark(text, mark, upper));
}

// One of these is in each expression of that kind.
std::span<const Mark> marks_of_last_row(Dialect dialect) {
  static constexpr Mark kPostgresql[] = {kNextval, kCurrval, kLastval, {"\\g", 0}};
  static constexpr Mark kMysql[] = {
      {"last_insert_id", 4}, {"row_count", 2}, {":=", 0}, kIdentity, kLastval, kNext};
  static constexpr Mark kSqlite[] = {{"rowid", 2}, {"changes", 4}};
  static constexpr Mark kTsql[] = {{"scope_identity", 5}, {"ident_current", 5}, kIdentity, kNext};
  static constexpr Mark kDb2[] = {{"identity_val_local", 8}, kNext, kCurrval, {"prev", 3}};
  static constexpr Mark kFirebird[] = {{"gen_id", 3}, kNext};
  static constexpr Mark kOthers[] = {kNextval, kCurrval};
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
    case Dialect::kFirebird:
      return kFirebird;
    default:
      return kOthers;
  }
}

// The words of rows: a table or a column may be called like a function.
class LastRowFinder {
 public:
  LastRowFinder(std::string_view text, Dialect dialect) : cursor_(text, 0, text.size(), dialect) {}

  bool find() {
    for (; !cursor_.at_end(); cursor_.advance()) {
      if (cursor_.is_any({"insert", "replace", "into"})) in_values_ = false;
      if (cursor_.is_any({"values", "value", "select", "set"})) in_values_ = true;
      if (is_call() || is_other()) return true;
      previous_ = cursor_.raw();
    }
    return false;
  }

 private:
  bool is_call() {
    static constexpr std::string_view kFunctions[] = {
        "last_insert_id", "last_insert_rowid", "lastval", "scope_identity",
        "ident_current",  "row_count",         "changes", "identity_val_local",
        "nextval",        "currval",           "gen_id",  "total_changes"};
    if (!in_values_ || !cursor_.is_symbol('(', 1)) return false;
    std::string_view name = cursor_.raw();
    if (name.size() > 2 && name.front() == '"') name = name.substr(1, name.size() - 2);
    return sql::equals_any(name, kFunctions);
  }

  bool is_other() {
    if (previous_ == ".") return cursor_.is_any({"nextval", "currval", "prevval"});
    if (previous_ == "\\") return cursor_.is_any({"gset", "gexec"});
    if (cursor_.is_any({"next", "previous", "prev"})) {
      return cursor_.is("value", 1) && cursor_.is("for", 2);
    }
    if (cursor_.is_any({"nextval", "prevval"})) return cursor_.is("for", 1);
    static constexpr std::string_view kVariables[] = {"@@identity", "@@last_insert_id"};
    if (sql::equals_any(cursor_.raw(), kVariables)) return true;
    // @a := @a + 1
    return previous_.starts_with('@') && cursor_.is_symbol(':') && cursor_.is_symbol('=', 1);
  }

  TokenCursor cursor_;
  bool in_values_ = false;
  std::string_view previous_;
};

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
  for (const Mark& mark : marks_of_last_row(dialect)) {
    if (has_mark(text, mark)) return LastRowFinder(text, dialect).find();
  }
  return false;
}

}  // namespace engine::organize
