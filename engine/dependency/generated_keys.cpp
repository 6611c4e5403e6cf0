#include "engine/dependency/generated_keys.h"

#include <algorithm>
#include <optional>

#include "engine/sql/ascii.h"
#include "engine/sql/qualified_name.h"
#include "engine/sql/token_cursor.h"

namespace engine::dependency {
namespace {

using sql::TokenCursor;
using sql::TokenKind;

constexpr Mark kNextval = {"nextval", 2};
constexpr Mark kCurrval = {"currval", 3};
constexpr Mark kLastval = {"lastval", 3};
constexpr Mark kNext = {"next", 2};  // VALUE FOR s
constexpr Mark kPrev = {"prev", 0};  // VALUE FOR s
constexpr Mark kIdentity = {"@@identity", 0};

// One of these is in each expression of that kind.
const MarkSet& marks_of(Dialect dialect) {
  static constexpr MarkSet kPostgresql = {kNextval, kCurrval, kLastval, {"\\g", 0}};
  static constexpr MarkSet kMysql = {
      {"last_insert_id", 3}, {"row_count", 2}, {":=", 0}, kIdentity, kLastval, kNext, kPrev};
  static constexpr MarkSet kSqlite = {{"rowid", 2}, {"changes", 4}, {"sqlite_sequence", 1}};
  static constexpr MarkSet kTsql = {{"scope_identity", 5}, {"ident_current", 5}, kIdentity, kNext};
  static constexpr MarkSet kDb2 = {{"identity_val_local", 8}, kNext, kCurrval, kPrev};
  static constexpr MarkSet kFirebird = {{"gen_id", 3}, kNext};
  static constexpr MarkSet kOthers = {kNextval, kCurrval};
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

// The words of rows and of steps: a table or a column may be called like a function.
class KeyUseFinder {
 public:
  KeyUseFinder(std::string_view text, Dialect dialect) : cursor_(text, 0, text.size(), dialect) {}

  KeyUse find() {
    for (; !cursor_.at_end(); advance()) read();
    return std::move(use_);
  }

  CountedColumns columns(std::string_view table) {
    std::vector<CountedColumn> found;
    std::string_view column;
    for (int depth = 0; !cursor_.at_end(); advance()) {
      depth += cursor_.is_symbol('(') - cursor_.is_symbol(')');
      const bool begins = depth == 1 && (previous_ == "(" || previous_ == ",");
      if (begins || (depth == 0 && sql::equal_words(previous_, "column"))) column = cursor_.raw();
      const std::string name = sql::lower(sql::unquoted(column));
      if (depth == 1 && cursor_.dialect() == Dialect::kPostgresql && makes_sequence()) {
        found.push_back({name, sql::lower(table) + '_' + name + "_seq"});
      }
      const std::size_t known = use_.sequences.size();
      if (cursor_.is("sequence") && cursor_.is("name", 1)) read_behind(2);  // of an identity
      read();
      for (std::size_t i = known; i < use_.sequences.size(); ++i) {
        found.push_back({name, use_.sequences[i]});
      }
    }
    return {std::move(found), use_.last};
  }

  /// With no rows in between, but those that take the key themselves.
  bool takes_last_at_once() {
    bool begun = false, open = false;  // a statement with rows
    for (; !cursor_.at_end(); advance()) {
      if (begins_rows()) {
        if (begun) return false;
        begun = open = true;
      }
      open = open && !cursor_.is_symbol(';');
      read();
      if (use_.last) return !begun || open;
    }
    return false;
  }

 private:
  // Without semicolons the name behind it tells INSERT from one of a MERGE.
  bool begins_rows() {
    if (cursor_.dialect() == Dialect::kTsql)
      return cursor_.is("insert") && !cursor_.is_symbol('(', 1);
    return (previous_.empty() || previous_ == ";" || previous_ == "/") &&
           cursor_.is_any({"insert", "replace", "copy", "merge", "load"});
  }

  bool makes_sequence() {
    return cursor_.is_any(
        {"serial", "bigserial", "smallserial", "serial2", "serial4", "serial8", "identity"});
  }

  void advance() {
    before_ = previous_;
    previous_ = cursor_.raw();
    cursor_.advance();
  }

  void read() {
    if (cursor_.is_any({"insert", "replace", "into"})) in_values_ = false;
    if (cursor_.is_any({"values", "value", "select", "set", "call", "declare", "default"})) {
      in_values_ = true;
    }
    if (in_values_ && cursor_.is_symbol('(', 1)) read_call();
    read_other();
  }

  void read_call() {
    static constexpr std::string_view kLast[] = {
        "last_insert_id", "last_insert_rowid",  "lastval",
        "scope_identity", "ident_current",      "row_count",
        "changes",        "identity_val_local", "currval",
        "gen_id",         "total_changes",      "nextval"};
    const std::string_view name = sql::unquoted(cursor_.raw());
    if (!sql::equals_any(name, kLast)) return;
    const bool next = sql::equal_words(name, "nextval") || sql::equal_words(name, "gen_id");
    if (!next || !read_argument()) use_.last = true;
  }

  // 's', 'public.s'::regclass, s; not s, 0, which only looks. What is worked out is not known.
  bool read_argument() {
    TokenCursor argument = cursor_;
    argument.advance();
    argument.advance();
    if (argument.peek().kind == TokenKind::kString) {
      const std::string text = sql::literal_text(argument.raw());
      argument.advance();
      const bool whole =
          argument.is_symbol(')') || argument.is_symbol(':') || argument.is_symbol(',');
      TokenCursor inner(text, 0, text.size(), cursor_.dialect());
      return whole && read_sequence(&inner);
    }
    return read_sequence(&argument) && !argument.is_symbol('(') && argument.raw(1) != "0";
  }

  bool read_sequence(TokenCursor* at) {
    const std::optional<sql::QualifiedName> name = sql::read_name(at);
    if (name) use_.sequences.push_back(sql::lower(name->name));
    return name.has_value();
  }

  void read_other() {
    if (previous_ == "." && cursor_.is_any({"nextval", "currval", "prevval"})) {
      if (cursor_.is("nextval")) {
        use_.sequences.push_back(sql::lower(sql::unquoted(before_)));
      } else {
        use_.last = true;
      }
    } else if (cursor_.is("next") && cursor_.is("value", 1) && cursor_.is("for", 2)) {
      read_behind(3);
    } else if (cursor_.is("nextval") && cursor_.is("for", 1)) {
      read_behind(2);
    } else {
      use_.last = use_.last || takes_last();
    }
  }

  void read_behind(std::size_t words) {
    TokenCursor name = cursor_;
    for (; words > 0; --words) name.advance();
    if (!read_sequence(&name)) use_.last = true;
  }

  bool takes_last() {
    if (previous_ == "\\") return cursor_.is_any({"gset", "gexec"});
    if (cursor_.is("sqlite_sequence")) return sql::equal_words(previous_, "from");
    if (cursor_.is_any({"previous", "prev"})) return cursor_.is("value", 1) && cursor_.is("for", 2);
    if (cursor_.is("prevval")) return cursor_.is("for", 1);
    static constexpr std::string_view kVariables[] = {"@@identity", "@@last_insert_id"};
    if (sql::equals_any(cursor_.raw(), kVariables)) return true;
    // @a := @a + 1
    return previous_.starts_with('@') && cursor_.is_symbol(':') && cursor_.is_symbol('=', 1);
  }

  TokenCursor cursor_;
  bool in_values_ = false;
  std::string_view previous_, before_;  // the word before, and the one before that
  KeyUse use_;
};

}  // namespace

KeyUse find_key_use(std::string_view text, Dialect dialect) {
  return marks_of(dialect).any(text) ? KeyUseFinder(text, dialect).find() : KeyUse();
}

CountedColumns counted_columns(std::string_view text, std::string_view table, Dialect dialect) {
  static constexpr MarkSet kMakers = {{"serial", 2}, {"identity", 3}};
  const bool makes = dialect == Dialect::kPostgresql && kMakers.any(text);
  if (!makes && !marks_of(dialect).any(text)) return {};
  return KeyUseFinder(text, dialect).columns(table);
}

bool leaves_out(std::string_view text, std::size_t list, std::string_view column, Dialect dialect) {
  TokenCursor cursor(text, list, text.size(), dialect);
  bool listed = !cursor.is_symbol('(');
  for (; !listed && !cursor.at_end() && !cursor.is_symbol(')'); cursor.advance()) {
    listed = sql::equal_words(sql::unquoted(cursor.raw()), column);
  }
  if (!listed) return true;
  static constexpr MarkSet kDefault = {{"default", 2}};
  return kDefault.any(text.substr(list));
}

KeyMarks::KeyMarks(std::string_view text, Dialect dialect)
    : text_(text), dialect_(dialect), marks_(text, marks_of(dialect)) {}

bool KeyMarks::last_is_taken(std::size_t end) {
  constexpr std::size_t kNear = 64 << 10;
  if (!any(end, std::min(end + kNear, text_.size()))) return false;
  return KeyUseFinder(text_.substr(end, kNear), dialect_).takes_last_at_once();
}

}  // namespace engine::dependency
