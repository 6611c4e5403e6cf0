#include "engine/sql/token_cursor.h"

#include <algorithm>

#include "engine/sql/utf8.h"

namespace engine::sql {
namespace {

// To behind the ')' that closes so many, in a T-SQL text.
void leap_out(Scanner* scanner, int depth) {
  static const ByteSet stops = ByteSet(scanner->quote_stops()).add("()");
  while (depth > 0) {
    const Token token = scanner->next(stops);
    if (token.kind == TokenKind::kEnd) return;
    if (token.kind != TokenKind::kSymbol) continue;
    const char symbol = scanner->text()[token.begin];
    if (symbol == '(') ++depth;
    if (symbol == ')') --depth;
  }
}

}  // namespace

TokenCursor::TokenCursor(std::string_view text, std::size_t begin, std::size_t end, Dialect dialect)
    : text_(text.substr(0, end)),
      scanner_(text_, lex_rules(dialect), behind_byte_order_marks(text_, begin)),
      dialect_(dialect) {}

Token TokenCursor::scan() {
  while (true) {
    const Token token = scanner_.next_token();
    if (token.is_comment() || token.kind == TokenKind::kNewline) continue;
    // MySQL's "/*!50003 ... */": the marks are white space, what stands between
    // is code.
    if (token.kind == TokenKind::kSymbol && token.size() > 1) continue;
    return token;
  }
}

bool TokenCursor::is_any(std::initializer_list<std::string_view> words, std::size_t ahead) {
  return std::any_of(words.begin(), words.end(), [&](auto word) { return is(word, ahead); });
}

bool TokenCursor::accept(std::string_view word) {
  if (!is(word)) return false;
  advance();
  return true;
}

bool TokenCursor::accept_all(std::initializer_list<std::string_view> words) {
  std::size_t i = 0;
  for (const std::string_view word : words) {
    if (!is(word, i++)) return false;
  }
  for (; i > 0; --i) advance();
  return true;
}

bool TokenCursor::accept_symbol(char symbol) {
  if (!is_symbol(symbol)) return false;
  advance();
  return true;
}

void TokenCursor::skip_parentheses() {
  if (!is_symbol('(')) return;
  int depth = 0;
  do {
    if (is_symbol('(')) ++depth;
    if (is_symbol(')')) --depth;
    advance();
    // Nothing is scanned ahead: from here on only quotes, comments and parentheses are looked at.
    if (depth > 0 && count_ == 0 && dialect_ == Dialect::kTsql) return leap_out(&scanner_, depth);
  } while (depth > 0 && !at_end());
}

}  // namespace engine::sql
