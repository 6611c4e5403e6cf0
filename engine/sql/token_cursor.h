// TokenCursor: the significant tokens of a statement (no white space, no
// comments), read one by one with as much look-ahead as a parser asks for. Only
// what is asked for is scanned, so the head of a COPY of fifty gigabytes costs
// what it is long.
//
// Thread contract: confined to one thread; borrows the text.
#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <initializer_list>
#include <string_view>

#include "engine/sql/ascii.h"
#include "engine/sql/scanner.h"

namespace engine::sql {

class TokenCursor {
 public:
  /// Tokens of text[begin, end).
  TokenCursor(std::string_view text, std::size_t begin, std::size_t end, Dialect dialect);

  Dialect dialect() const { return dialect_; }
  std::string_view text() const { return text_; }
  /// REQUIRES: ahead < kMostAhead.
  const Token& peek(std::size_t ahead = 0) {
    assert(ahead < kMostAhead);
    while (count_ <= ahead) tokens_[(first_ + count_++) % kMostAhead] = scan();
    return tokens_[(first_ + ahead) % kMostAhead];
  }
  bool at_end() { return peek().kind == TokenKind::kEnd; }
  void advance() {
    peek();
    first_ = (first_ + 1) % kMostAhead;
    --count_;
  }

  /// The bytes of a token as they stand.
  std::string_view raw(std::size_t ahead = 0) { return peek(ahead).in(text_); }

  /// Keywords are unquoted words; `word` is given in lower case.
  bool is(std::string_view word, std::size_t ahead = 0) {
    const Token& token = peek(ahead);
    return token.kind == TokenKind::kWord && token.size() == word.size() &&
           equal_words(token.in(text_), word);
  }
  bool is_any(std::initializer_list<std::string_view> words, std::size_t ahead = 0);
  bool accept(std::string_view word);
  bool accept_all(std::initializer_list<std::string_view> words);

  bool is_symbol(char symbol, std::size_t ahead = 0) {
    const Token& token = peek(ahead);
    return token.kind == TokenKind::kSymbol && text_[token.begin] == symbol;
  }
  bool accept_symbol(char symbol);
  /// At '(': to behind the matching ')'. Elsewhere nothing.
  void skip_parentheses();

 private:
  static constexpr std::size_t kMostAhead = 8;

  Token scan();

  std::string_view text_;
  Scanner scanner_;
  Dialect dialect_;
  std::array<Token, kMostAhead> tokens_;  // a ring: `count_` tokens from `first_` on are scanned
  std::size_t first_ = 0;
  std::size_t count_ = 0;
};

}  // namespace engine::sql
