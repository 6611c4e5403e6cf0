// TokenCursor: the significant tokens of a statement (no white space, no comments), read one by one
// with as much look-ahead as a parser asks for. Only what is asked for is scanned, so the head of a
// COPY of fifty gigabytes costs what it is long.
//
// Thread contract: confined to one thread; borrows the text.
#pragma once

#include <cstddef>
#include <deque>
#include <initializer_list>
#include <string_view>

#include "engine/sql/scanner.h"

namespace engine::sql {

class TokenCursor {
 public:
  /// Tokens of text[begin, end).
  TokenCursor(std::string_view text, std::size_t begin, std::size_t end, Dialect dialect);

  Dialect dialect() const { return dialect_; }
  const Token& peek(std::size_t ahead = 0);
  bool at_end() { return peek().kind == TokenKind::kEnd; }
  void advance();

  /// The bytes of a token as they stand.
  std::string_view raw(std::size_t ahead = 0) { return peek(ahead).in(text_); }

  /// Keywords are unquoted words; `word` is given in lower case.
  bool is(std::string_view word, std::size_t ahead = 0);
  bool is_any(std::initializer_list<std::string_view> words, std::size_t ahead = 0);
  bool accept(std::string_view word);
  bool accept_all(std::initializer_list<std::string_view> words);

  bool is_symbol(char symbol, std::size_t ahead = 0);
  bool accept_symbol(char symbol);
  /// At '(': to behind the matching ')'. Elsewhere nothing.
  void skip_parentheses();

 private:
  Token scan();

  std::string_view text_;
  Scanner scanner_;
  Dialect dialect_;
  std::deque<Token> ahead_;
};

}  // namespace engine::sql
