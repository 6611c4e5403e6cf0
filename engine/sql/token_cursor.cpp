#include "engine/sql/token_cursor.h"

#include <algorithm>

#include "engine/sql/kernels/kernels.h"
#include "engine/sql/utf8.h"

namespace engine::sql {
namespace {

// To behind the ')' that closes so many, in a T-SQL text. Rows hold strings and numbers mostly,
// which the kernel passes over; from a name or a comment on the scanner reads.
void leap_out(Scanner* scanner, int depth) {
  scanner->seek(kernels().skim_values(scanner->text(), scanner->position(), &depth));
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
      scanner_(text, text_.size(), lex_rules(dialect), behind_byte_order_marks(text_, begin)),
      dialect_(dialect) {}

TokenCursor::TokenCursor(const TokenCursor& other)
    : text_(other.text_), scanner_(other.scanner_), dialect_(other.dialect_) {
  scanner_.seek(other.position());
}

TokenCursor& TokenCursor::operator=(const TokenCursor& other) {
  const std::size_t position = other.position();
  text_ = other.text_;
  scanner_ = other.scanner_;
  dialect_ = other.dialect_;
  seek(position);
  return *this;
}

// Where the next token is looked for.
std::size_t TokenCursor::position() const {
  return next_ < scanned_ ? next_->begin : scanner_.position();
}

void TokenCursor::seek(std::size_t position) {
  scanner_.seek(position);
  next_ = scanned_ = tokens_.data();
}

const Token& TokenCursor::scan_to(std::size_t ahead) {
  // None waits so far behind that no parser could look ahead of it.
  if (next_ + ahead > tokens_.data() + kMostAhead) {
    scanned_ = std::copy(next_, scanned_, tokens_.data());
    next_ = tokens_.data();
  }
  Token* const end = next_ + ahead + kTogether;
  scanner_.next_tokens(scanned_, end);
  scanned_ = end;
  return next_[ahead];
}

bool TokenCursor::accept_all(std::initializer_list<Word> words) {
  std::size_t i = 0;
  for (const Word& word : words) {
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

void TokenCursor::pass_values(std::size_t values) {
  seek(values);
  leap_out(&scanner_, 1);
}

void TokenCursor::skip_parentheses() {
  if (!is_symbol('(')) return;
  int depth = 0;
  do {
    if (is_symbol('(')) ++depth;
    if (is_symbol(')')) --depth;
    advance();
    // From here on only quotes, comments and parentheses are looked at.
    if (depth > 0 && dialect_ == Dialect::kTsql) {
      seek(position());
      return leap_out(&scanner_, depth);
    }
  } while (depth > 0 && !at_end());
}

}  // namespace engine::sql
