// Scanner: the tokens of an SQL text under a dialect's lexical rules, with the freedom to leap over
// the bytes that a caller has no use for.
//
// A caller says at which bytes it wants to stop. Between stops nothing is looked at, so a caller
// that waits for the end of an INSERT stops at quotes, comments and terminators and leaps over the
// rest; one that reads a definition stops at words too. Quotes and comments are recognised by what
// stands before them (E'...', q'[...]', a$b$), so a leap loses nothing.
//
// Thread contract: confined to one thread; borrows the text.
// Units: positions are bytes of the text.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/sql/byte_set.h"
#include "engine/sql/lex_rules.h"

namespace engine::sql {

enum class TokenKind : std::uint8_t {
  kEnd,
  kWord,         ///< identifier or keyword, @variable, #temp
  kNumber,       ///< begins with a digit
  kString,       ///< any literal in quotes, dollar quotes or q-quotes
  kName,         ///< quoted identifier
  kLineComment,  ///< without its line end
  kBlockComment,
  kNewline,  ///< "\n", "\r\n" or "\r"
  kSymbol,   ///< one byte, or "/*!" with its version, or "*/" of an executable comment
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  bool closed = true;  ///< false: quote or comment still open at the end of the text
  std::size_t begin = 0;
  std::size_t end = 0;

  std::size_t size() const { return end - begin; }
  std::string_view in(std::string_view text) const { return text.substr(begin, end - begin); }
  bool is_comment() const {
    return kind == TokenKind::kLineComment || kind == TokenKind::kBlockComment;
  }
};

class Scanner {
 public:
  Scanner(std::string_view text, const LexRules& rules, std::size_t position = 0);

  /// The next token that begins at a byte of `stops`. `stops` must hold the bytes that begin a
  /// quote or a comment (quote_stops()), or they are taken for plain text.
  Token next(const ByteSet& stops);

  /// next(kNonSpaces); the words and symbols that most of a text is are taken without asking the
  /// rules.
  Token next_token() {
    const std::size_t begin = kNonSpaces.find(text_, position_);
    std::size_t end = begin;
    if (end < text_.size() &&
        (kWordStarts.contains(text_[end]) || (text_[end] == '@' && rules_.at_in_words))) {
      do {
        ++end;
      } while (end < text_.size() && word_byte(text_[end]));
      // N'...' is a string, $(name) a part of the word.
      const bool ends = end == text_.size() || !kWordGoesOn.contains(text_[end]);
      if (ends || (text_[end] == '(' && text_[end - 1] != '$')) {
        return token(TokenKind::kWord, begin, end);
      }
    }
    if (begin < text_.size() && kPlainSymbols.contains(text_[begin])) {
      return token(TokenKind::kSymbol, begin, begin + 1);
    }
    position_ = begin;
    return next(kNonSpaces);
  }

  /// Bytes that begin a quote or a comment under the current rules.
  const ByteSet& quote_stops() const { return quote_stops_; }

  std::string_view text() const { return text_; }
  std::size_t position() const { return position_; }
  void seek(std::size_t position) { position_ = position; }
  const LexRules& rules() const { return rules_; }
  void set_rules(const LexRules& rules);

 private:
  static constexpr ByteSet kWordStarts =
      ByteSet("_").add_range('a', 'z').add_range('A', 'Z').add_range(0x80, 0xff);
  static constexpr ByteSet kPlainSymbols = ByteSet("(),.;=<>+|&%");
  static constexpr ByteSet kWordGoesOn = ByteSet("'\"(");

  char at(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
  bool word_byte(char c) const { return word_bytes_.contains(c); }
  bool after_word(std::size_t i) const { return i > 0 && word_byte(text_[i - 1]); }

  Token token(TokenKind kind, std::size_t begin, std::size_t end, bool closed = true) {
    position_ = end;
    return {kind, closed, begin, end};
  }
  Token symbol(std::size_t begin, std::size_t length = 1);
  Token line_comment(std::size_t begin);
  Token block_comment(std::size_t begin);
  Token slash(std::size_t begin);
  Token quoted(std::size_t begin, std::size_t open_length, bool backslash, TokenKind kind);
  Token single_quoted(std::size_t begin, std::size_t quote);
  Token double_quoted(std::size_t begin, std::size_t quote);
  Token q_quoted(std::size_t begin, std::size_t quote);
  Token triple_quoted(std::size_t begin, std::size_t quote);
  Token bracketed(std::size_t begin);
  Token dollar(std::size_t begin);
  Token word(std::size_t begin);
  bool inside_word(std::size_t i);
  bool is_unicode_prefix(std::size_t quote) const;
  bool is_string_prefix(std::size_t begin, std::size_t end) const;

  std::string_view text_;
  std::size_t position_;
  LexRules rules_;
  ByteSet quote_stops_;
  ByteSet word_bytes_;
  // The last '$' asked for, whether it was a part of a word, and the last byte of a dollar quote.
  std::size_t last_dollar_ = std::string_view::npos;
  bool last_dollar_inside_ = false;
  std::size_t dollar_quote_last_ = std::string_view::npos;
  // From here on nothing closes a comment or a bracket: known once a search came to the end.
  std::size_t no_comment_end_ = std::string_view::npos;
  std::size_t no_bracket_end_ = std::string_view::npos;
};

}  // namespace engine::sql
