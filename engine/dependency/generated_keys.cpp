#include "engine/dependency/generated_keys.h"

#include <algorithm>
#include <cassert>
#include <optional>
#include <span>

#include "engine/sql/ascii.h"
#include "engine/sql/qualified_name.h"
#include "engine/sql/token_cursor.h"

namespace engine::dependency {
namespace {

using sql::TokenCursor;
using sql::TokenKind;

// A word that a text is searched for by a byte that is rare in rows, and in INSERT and VALUES.
struct Mark {
  std::string_view word;  // in lower case
  std::size_t rare;       // the place of that byte
};

constexpr Mark kNextval = {"nextval", 2};
constexpr Mark kCurrval = {"currval", 4};
constexpr Mark kLastval = {"lastval", 4};
constexpr Mark kNext = {"next", 2};  // VALUE FOR s
constexpr Mark kPrev = {"prev", 0};  // VALUE FOR s
constexpr Mark kIdentity = {"@@identity", 0};

// One of these is in each expression of that kind.
std::span<const Mark> marks_of(Dialect dialect) {
  static constexpr Mark kPostgresql[] = {kNextval, kCurrval, kLastval, {"\\g", 0}};
  static constexpr Mark kMysql[] = {
      {"last_insert_id", 4}, {"row_count", 2}, {":=", 1}, kIdentity, kLastval, kNext, kPrev};
  static constexpr Mark kSqlite[] = {{"rowid", 2}, {"changes", 4}, {"sqlite_sequence", 1}};
  static constexpr Mark kTsql[] = {{"scope_identity", 5}, {"ident_current", 5}, kIdentity, kNext};
  static constexpr Mark kDb2[] = {{"identity_val_local", 8}, kNext, kCurrval, kPrev};
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

// The first place from `from` to before `until` where it begins; else `until`.
std::size_t find_mark(std::string_view text, std::size_t from, std::size_t until, const Mark& mark,
                      char byte) {
  const std::string_view stretch = text.substr(0, std::min(text.size(), until + mark.rare));
  for (std::size_t at = stretch.find(byte, from + mark.rare); at != std::string_view::npos;
       at = stretch.find(byte, at + 1)) {
    const std::size_t begin = at - mark.rare;
    if (sql::equal_words(text.substr(begin, mark.word.size()), mark.word)) return begin;
  }
  return until;
}

std::size_t find_mark(std::string_view text, std::size_t from, std::size_t until,
                      const Mark& mark) {
  const char byte = mark.word[mark.rare], upper = sql::upper(byte);
  until = find_mark(text, from, until, mark, byte);
  return byte == upper ? until : find_mark(text, from, until, mark, upper);
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

bool has_mark(std::string_view text, const Mark& mark) {
  return find_mark(text, 0, text.size(), mark) != text.size();
}

bool has_any_mark(std::string_view text, Dialect dialect) {
  const std::span<const Mark> marks = marks_of(dialect);
  return std::any_of(marks.begin(), marks.end(),
                     [text](const Mark& mark) { return has_mark(text, mark); });
}

}  // namespace

KeyUse find_key_use(std::string_view text, Dialect dialect) {
  return has_any_mark(text, dialect) ? KeyUseFinder(text, dialect).find() : KeyUse();
}

CountedColumns counted_columns(std::string_view text, std::string_view table, Dialect dialect) {
  constexpr Mark kSerial = {"serial", 4}, kOfColumn = {"identity", 3};
  const bool makes =
      dialect == Dialect::kPostgresql && (has_mark(text, kSerial) || has_mark(text, kOfColumn));
  if (!makes && !has_any_mark(text, dialect)) return {};
  return KeyUseFinder(text, dialect).columns(table);
}

bool leaves_out(std::string_view text, std::size_t list, std::string_view column, Dialect dialect) {
  TokenCursor cursor(text, list, text.size(), dialect);
  bool listed = !cursor.is_symbol('(');
  for (; !listed && !cursor.at_end() && !cursor.is_symbol(')'); cursor.advance()) {
    listed = sql::equal_words(sql::unquoted(cursor.raw()), column);
  }
  if (!listed) return true;
  constexpr Mark kDefault = {"default", 2};
  return has_mark(text.substr(list), kDefault);
}

KeyMarks::KeyMarks(std::string_view text, Dialect dialect) : text_(text), dialect_(dialect) {}

std::size_t KeyMarks::find(std::size_t begin, std::size_t end) {
  if (begin < clear_from_ || end > clear_until_) look(begin, end);
  return std::min(clear_until_, end);
}

void KeyMarks::look(std::size_t begin, std::size_t end) {
  constexpr std::size_t kStretch = 4 << 10;
  const std::span<const Mark> marks = marks_of(dialect_);
  assert(marks.size() <= stretches_.size());
  clear_from_ = begin;
  clear_until_ = text_.size();
  for (std::size_t i = 0; i < marks.size(); ++i) {
    Stretch& at = stretches_[i];
    if (begin < at.clear_from || begin > at.clear_until) at = {begin, begin, false};
    if (!at.found && at.clear_until < end) {
      const std::size_t until = std::min(text_.size(), std::max(end, at.clear_until + kStretch));
      at.clear_until = find_mark(text_, at.clear_until, until, marks[i]);
      at.found = at.clear_until < until;
    }
    clear_until_ = std::min(clear_until_, at.clear_until);
  }
}

bool KeyMarks::last_is_taken(std::size_t end) {
  constexpr std::size_t kNear = 64 << 10;
  if (!any(end, std::min(end + kNear, text_.size()))) return false;
  return KeyUseFinder(text_.substr(end, kNear), dialect_).takes_last_at_once();
}

}  // namespace engine::dependency
