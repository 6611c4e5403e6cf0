#include "engine/order/mentions.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "engine/order/clause_words.h"
#include "engine/sql/ascii.h"
#include "engine/sql/qualified_name.h"
#include "engine/sql/token_cursor.h"

namespace engine::order {
namespace {

using sql::TokenCursor;
using sql::TokenKind;

constexpr std::string_view kSettings[] = {"search_path",
                                          "schema",
                                          "current_schema",
                                          "role",
                                          "session",
                                          "check_function_bodies",
                                          "names",
                                          "sql_mode",
                                          "foreign_key_checks",
                                          "client_encoding",
                                          "default_tablespace",
                                          "default_table_access_method"};

// A text of these types is the name of an object.
constexpr std::string_view kResolving[] = {"regclass", "regproc", "regprocedure", "regtype"};

class Finder {
 public:
  explicit Finder(Dialect dialect) : dialect_(dialect) {}

  /// `named`: the first word is a name.
  void scan(std::string_view text, bool weak, bool named = false) {
    TokenCursor cursor(text, 0, text.size(), dialect_);
    bool statement_begins = !weak;
    while (!cursor.at_end()) {
      if (statement_begins && skip_remark(&cursor)) continue;
      if (statement_begins) note_session(&cursor);
      statement_begins = !weak && (cursor.is_symbol(';') || is_slash(&cursor));
      const TokenKind kind = cursor.peek().kind;
      const bool names_next =
          cursor.is_any({"from", "into", "join", "like", "only", "references", "table", "update"});
      if (kind == TokenKind::kWord || kind == TokenKind::kName) {
        read_chain(&cursor, weak || (!named && is_of_clause(&cursor)));
      } else if (kind == TokenKind::kString) {
        read_string(&cursor, weak);
      } else {
        cursor.advance();
      }
      named = names_next;
    }
  }

  Mentions take() {
    for (const auto& [name, qualifier, weak] : found_) {
      found_mentions_.names.push_back({name, qualifier, weak});
    }
    return std::move(found_mentions_);
  }

 private:
  // LANGUAGE plpgsql speaks of no table `language`, most likely.
  static bool is_of_clause(TokenCursor* cursor) {
    return cursor->peek().kind == TokenKind::kWord && !cursor->is_symbol('.', 1) &&
           is_clause_word(cursor->raw());
  }

  void add(std::string name, std::string qualifier, bool weak) {
    // One that holds already makes a weak one superfluous.
    if (weak && found_.contains({name, qualifier, false})) return;
    if (!weak) found_.erase({name, qualifier, true});
    found_.emplace(std::move(name), std::move(qualifier), weak);
  }

  // "/" ends a statement in Oracle's client.
  bool is_slash(TokenCursor* cursor) const {
    return dialect_ == Dialect::kOracle && cursor->is_symbol('/');
  }

  // REM and PROMPT of Oracle's client: the rest of the line is for people.
  bool skip_remark(TokenCursor* cursor) {
    if (dialect_ != Dialect::kOracle || !cursor->is_any({"rem", "remark", "prompt"})) return false;
    const std::size_t end = cursor->text().find('\n', cursor->peek().begin);
    while (!cursor->at_end() && cursor->peek().begin < end) cursor->advance();
    return true;
  }

  // 'app'@'%' of MySQL, app@'%', where the mark is a part of the word.
  bool read_account(TokenCursor* cursor, std::string user) {
    if (dialect_ != Dialect::kMysql) return false;
    std::string host;
    if (user.size() > 1 && user.ends_with('@')) {
      user.pop_back();
    } else if (cursor->raw().starts_with('@')) {
      host = cursor->raw().substr(1);
      cursor->advance();
    } else {
      return false;
    }
    if (host.empty()) {
      host = sql::literal_text(cursor->raw());
      cursor->advance();
    }
    add(sql::lower(user + '@' + host), "", false);
    return true;
  }

  // a.b.c: each part with the one before it.
  void read_chain(TokenCursor* cursor, bool weak) {
    std::string qualifier;
    while (true) {
      std::string name =
          sql::lower(sql::catalogue_name(cursor->raw(), cursor->peek().kind, dialect_));
      // "nextval ('a.b')" and "'a.b'::regclass" are resolved at once.
      resolves_ = name == "nextval" || name == "regclass";
      cursor->advance();
      if (read_account(cursor, name)) return;
      add(name, std::exchange(qualifier, name), weak);
      while (cursor->is_symbol('.') && cursor->is_symbol('.', 1)) cursor->advance();
      const TokenKind next = cursor->peek(1).kind;
      if (!cursor->is_symbol('.') || (next != TokenKind::kWord && next != TokenKind::kName)) break;
      cursor->advance();
    }
  }

  void read_string(TokenCursor* cursor, bool weak) {
    constexpr int kDeepest = 4;
    const bool cast = cursor->is_symbol(':', 1) && cursor->is_symbol(':', 2) &&
                      sql::equals_any(sql::unquoted(cursor->raw(3)), kResolving);
    const std::string text = sql::literal_text(cursor->raw());
    cursor->advance();
    if (read_account(cursor, text)) return;
    const bool resolved = cast || std::exchange(resolves_, false);
    if (depth_ == kDeepest) return;
    ++depth_;
    scan(text, weak || !resolved, resolved);
    --depth_;
  }

  void note_session(TokenCursor* cursor) {
    const bool alter = cursor->is("alter") && cursor->is("session", 1);
    if (cursor->is_any({"use", "attach"}) || cursor->is_symbol('\\') || alter) {
      found_mentions_.changes_session = true;
    }
    if (dialect_ == Dialect::kPostgresql && cursor->is("reset")) {
      found_mentions_.changes_session = true;
    }
    if (dialect_ == Dialect::kTsql || !cursor->is("set")) return;
    for (std::size_t ahead = 1; ahead < 8 && !cursor->is_symbol(';', ahead); ++ahead) {
      if (cursor->peek(ahead).kind != TokenKind::kWord) continue;
      if (sql::equals_any(cursor->raw(ahead), kSettings)) found_mentions_.changes_session = true;
    }
  }

  Dialect dialect_;
  int depth_ = 0;
  bool resolves_ = false;
  std::set<std::tuple<std::string, std::string, bool>> found_;
  Mentions found_mentions_;
};

}  // namespace

Mentions find_mentions(std::string_view text, Dialect dialect) {
  Finder finder(dialect);
  finder.scan(text, false);
  return finder.take();
}

std::vector<std::string_view> operator_symbols(std::string_view text) {
  constexpr std::string_view kSymbols = "+-*/<>=~!@#%^&|`?";
  std::vector<std::string_view> symbols;
  std::size_t at = 0;
  while ((at = text.find_first_of(kSymbols, at)) != std::string_view::npos) {
    const std::size_t end = std::min(text.find_first_not_of(kSymbols, at), text.size());
    symbols.push_back(text.substr(at, end - at));
    at = end;
  }
  std::sort(symbols.begin(), symbols.end());
  symbols.erase(std::unique(symbols.begin(), symbols.end()), symbols.end());
  return symbols;
}

}  // namespace engine::order
