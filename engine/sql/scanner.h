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
#include <new>
#include <string_view>

#include "engine/sql/byte_set.h"
#include "engine/sql/lex_rules.h"
#include "engine/sql/word.h"
#include "engine/sql/word_scan.h"

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
  char symbol = '\0';  ///< of a symbol: its first byte
  std::size_t begin = 0;
  std::size_t end = 0;
  std::uint64_t head = 0;  ///< of a word from next_token(): Word::head_of(); else 0

  std::size_t size() const { return end - begin; }
  std::string_view in(std::string_view text) const { return {text.data() + begin, size()}; }
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

  /// next(kNonSpaces), and the head of a word; the words and symbols that most of a text is are
  /// taken without asking the rules. Written in place: a token that is copied as it has just been
  /// made waits for each of its parts to reach the cache.
  void next_token(Token* out) {
    std::size_t begin = position_;
    while (has_word_scan_room(text_, begin)) {
      const std::size_t spaces = leading_spaces(text_, begin);
      begin += spaces;
      if (spaces < kWordScanStep) return read_token(begin, out);
    }
    read_token(kNonSpaces.find(text_, begin), out);
  }

  /// Bytes that begin a quote or a comment under the current rules.
  const ByteSet& quote_stops() const { return *quote_stops_; }

  std::string_view text() const { return text_; }
  std::size_t position() const { return position_; }
  void seek(std::size_t position) { position_ = position; }
  const LexRules& rules() const { return rules_; }
  void set_rules(const LexRules& rules);
  /// What a q-quote or a dollar quote that begins before `reach` ends with is looked for up to
  /// there only; not found, the token is not closed.
  void set_reach(std::size_t reach) { reach_ = reach; }

 private:
  static constexpr ByteSet kWordStarts =
      ByteSet("_").add_range('a', 'z').add_range('A', 'Z').add_range(0x80, 0xff);
  static constexpr ByteSet kPlainSymbols = ByteSet("(),.;=<>+|&%");
  static constexpr ByteSet kWordGoesOn = ByteSet("'\"(");

  char at(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
  bool word_byte(char c) const { return word_bytes_->contains(c); }
  bool after_word(std::size_t i) const { return i > 0 && word_byte(text_[i - 1]); }

  std::size_t find_close(std::string_view close, std::size_t from) const {
    return (from < reach_ ? text_.substr(0, reach_) : text_).find(close, from);
  }

  Token token(TokenKind kind, std::size_t begin, std::size_t end, bool closed = true) {
    position_ = end;
    const char symbol = kind == TokenKind::kSymbol ? text_[begin] : '\0';
    return {kind, closed, symbol, begin, end, 0};
  }
  // No white space stands at `begin`.
  void read_token(std::size_t begin, Token* out) {
    if (has_word_scan_room(text_, begin)) {
      const char c = text_[begin];
      if (kPlainSymbols.contains(c)) {
        set(TokenKind::kSymbol, begin, begin + 1, 0, out);
        out->symbol = c;
        return;
      }
      if (c == '[' && rules_.brackets) {
        const std::size_t last = begin + leading_until(text_, begin, ']');
        if (last + 1 < text_.size() && text_[last] == ']' && text_[last + 1] != ']') {
          return set(TokenKind::kName, begin, last + 1, 0, out);
        }
      }
      if (kWordStarts.contains(c) || (c == '@' && rules_.at_in_words)) {
        const WordRun run = leading_word(text_, begin, word_extras_);
        std::size_t end = begin + run.size;
        if (run.size == kWordScanStep) end = word_end(end);
        // N'...' is a string, $(name) a part of the word.
        const bool ends = end == text_.size() || !kWordGoesOn.contains(text_[end]);
        if (ends || (text_[end] == '(' && text_[end - 1] != '$')) {
          return set(TokenKind::kWord, begin, end, run.head, out);
        }
      } else if (kDigits.contains(c) && rules_.dollar_quotes != DollarQuotes::kTagged) {
        const std::size_t end = word_end(begin);
        if (end == text_.size() || text_[end] != '(') {
          return set(TokenKind::kNumber, begin, end, 0, out);
        }
      }
    }
    position_ = begin;
    new (out) Token(next(kNonSpaces));
    if (out->kind == TokenKind::kWord) out->head = Word::head_of(out->in(text_));
  }
  void set(TokenKind kind, std::size_t begin, std::size_t end, std::uint64_t head, Token* out) {
    position_ = end;
    out->kind = kind;
    out->closed = true;
    out->symbol = '\0';
    out->begin = begin;
    out->end = end;
    out->head = head;
  }
  std::size_t word_end(std::size_t from) const {
    while (from < text_.size() && word_byte(text_[from])) ++from;
    return from;
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
  bool is_psql_variable(std::size_t name) const;
  bool inside_word(std::size_t i);
  bool is_unicode_prefix(std::size_t quote) const;
  bool is_string_prefix(std::size_t begin, std::size_t end) const;

  std::string_view text_;
  std::size_t position_;
  std::size_t reach_ = std::string_view::npos;
  LexRules rules_;
  // Of the few sets that there are: a scanner is made for every statement.
  const ByteSet* quote_stops_;
  const ByteSet* word_bytes_;
  WordExtras word_extras_;
  // The last '$' asked for, whether it was a part of a word, and the last byte of a dollar quote.
  std::size_t last_dollar_ = std::string_view::npos;
  bool last_dollar_inside_ = false;
  std::size_t dollar_quote_last_ = std::string_view::npos;
  // From here on nothing closes a comment or a bracket: known once a search came to the end.
  std::size_t no_comment_end_ = std::string_view::npos;
  std::size_t no_bracket_end_ = std::string_view::npos;
};

}  // namespace engine::sql
