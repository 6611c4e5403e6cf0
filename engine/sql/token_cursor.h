// TokenCursor: the significant tokens of a statement (no white space, no comments), read one by one
// with as much look-ahead as a parser asks for. Little more than what is asked for is scanned, so
// the head of a COPY of fifty gigabytes costs what it is long.
//
// Thread contract: confined to one thread; borrows the text.
#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <initializer_list>
#include <string_view>

#include "engine/sql/scanner.h"
#include "engine/sql/word.h"

namespace engine::sql {

class TokenCursor {
 public:
  /// Tokens of text[begin, end).
  TokenCursor(std::string_view text, std::size_t begin, std::size_t end, Dialect dialect);
  /// A copy stands at the same token and has scanned nothing.
  TokenCursor(const TokenCursor& other);
  TokenCursor& operator=(const TokenCursor& other);
  ~TokenCursor() = default;

  Dialect dialect() const { return dialect_; }
  std::string_view text() const { return text_; }
  /// What it gives holds until the next call: more tokens may move those that wait.
  /// REQUIRES: ahead < kMostAhead.
  const Token& peek(std::size_t ahead = 0) {
    assert(ahead < kMostAhead);
    const Token* const token = next_ + ahead;
    return token < scanned_ ? *token : scan_to(ahead);
  }
  bool at_end() { return peek().kind == TokenKind::kEnd; }
  void advance() {
    peek();
    ++next_;
  }

  /// The bytes of a token as they stand.
  std::string_view raw(std::size_t ahead = 0) { return peek(ahead).in(text_); }

  /// An unquoted word; empty where the token is none.
  Word word(std::size_t ahead = 0) {
    const Token& token = peek(ahead);
    return token.kind == TokenKind::kWord ? Word(token.head, token.in(text_)) : Word();
  }
  /// Keywords are unquoted words.
  bool is(const Word& word, std::size_t ahead = 0) {
    const Token& token = peek(ahead);
    return token.head == word.head() && Word(token.head, token.in(text_)) == word;
  }
  bool is_any(std::initializer_list<Word> words, std::size_t ahead = 0) {
    const Token& token = peek(ahead);
    return token.head != 0 && is_one_of(Word(token.head, token.in(text_)), words);
  }
  bool accept(const Word& word) {
    if (!is(word)) return false;
    advance();
    return true;
  }
  bool accept_all(std::initializer_list<Word> words);

  bool is_symbol(char symbol, std::size_t ahead = 0) { return peek(ahead).symbol == symbol; }
  bool accept_symbol(char symbol);
  /// At '(': to behind the matching ')'. Elsewhere nothing.
  void skip_parentheses();

  /// Behind the last token.
  std::size_t position() const;
  /// Passes over text that the caller knows, to `values`, which are behind a '(', and them: to
  /// behind the matching ')'. REQUIRES: T-SQL; `values` is not before here.
  void pass_values(std::size_t values);

 private:
  static constexpr std::size_t kMostAhead = 8;

  // So many are scanned in one go: more would be scanned in vain behind the head of a statement.
  static constexpr std::size_t kTogether = 3;

  // Out of line: a parser asks for a token many times, and it is scanned once.
  const Token& scan_to(std::size_t ahead);
  void seek(std::size_t position);

  std::string_view text_;
  Scanner scanner_;
  Dialect dialect_;
  std::array<Token, 2 * kMostAhead + kTogether> tokens_;  // those from `next_` to `scanned_` wait
  Token* next_ = tokens_.data();
  Token* scanned_ = tokens_.data();
};

}  // namespace engine::sql
