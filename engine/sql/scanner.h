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

/// Without initial values: a cursor has a row of them, of which it fills few.
struct Token {
  TokenKind kind;
  bool closed;  ///< false: quote or comment still open at the end of the text
  char symbol;  ///< of a symbol: its first byte
  std::size_t begin;
  std::size_t end;
  std::uint64_t head;  ///< of a word from next_tokens(): Word::head_of(); else 0

  std::size_t size() const { return end - begin; }
  std::string_view in(std::string_view text) const { return {text.data() + begin, size()}; }
  bool is_comment() const {
    return kind == TokenKind::kLineComment || kind == TokenKind::kBlockComment;
  }
  /// What a parser reads: no comment, no line end, and none of the marks of MySQL's
  /// "/*!50003 ... */", which are white space around code.
  bool is_significant() const {
    const bool is_mark = kind == TokenKind::kSymbol && size() > 1;
    return !is_comment() && kind != TokenKind::kNewline && !is_mark;
  }
};

class Scanner {
 public:
  Scanner(std::string_view text, const LexRules& rules, std::size_t position = 0)
      : Scanner(text, text.size(), rules, position) {}
  /// Of text[0, end): what stands behind is looked at, and is of no token.
  Scanner(std::string_view text, std::size_t end, const LexRules& rules, std::size_t position);

  /// The next token that begins at a byte of `stops`. `stops` must hold the bytes that begin a
  /// quote or a comment (quote_stops()), or they are taken for plain text.
  Token next(const ByteSet& stops);

  /// Fills the row from `out` to `end` with the significant tokens that come next:
  /// next(kNonSpaces), and the head of a word. The words, symbols and names that most of a text is
  /// are taken without asking the rules. Written in place: a token that is copied as it has just
  /// been made waits for each of its parts to reach the cache.
  void next_tokens(Token* out, Token* end) {
    std::size_t position = position_;
    while (out < end) {
      std::size_t begin = position;
      if (has_room(begin)) {
        begin += readable_[begin] == ' ';  // before most tokens stands one blank, or none
        if (static_cast<unsigned char>(readable_[begin]) <= ' ') begin = skip_spaces(begin);
      }
      position = has_room(begin) ? take_plain(begin, out) : take_end(begin, out);
      if (position != 0) {
        ++out;
      } else {
        out += take_by_rules(begin, out);
        position = position_;
      }
    }
    position_ = position;
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
  // What a token may be, by its first byte.
  enum class First : std::uint8_t { kOther, kSymbol, kLetter, kAt, kDigit, kBracket };
  static constexpr auto kFirsts = [] {
    constexpr ByteSet symbols("(),.;=<>+|&%");
    std::array<First, 256> firsts{};
    for (std::size_t byte = 0; byte < firsts.size(); ++byte) {
      const char c = static_cast<char>(byte);
      if (symbols.contains(c)) firsts[byte] = First::kSymbol;
      if (kWordBytes.contains(c)) firsts[byte] = First::kLetter;
      if (kDigits.contains(c)) firsts[byte] = First::kDigit;
    }
    firsts['@'] = First::kAt;
    firsts['['] = First::kBracket;
    return firsts;
  }();

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
  // Bytes from there on can be looked at together, and begin a token.
  bool has_room(std::size_t begin) const { return begin < room_end_; }
  std::size_t skip_spaces(std::size_t begin) const {
    while (has_room(begin)) {
      const std::size_t spaces = leading_spaces(readable_, begin);
      begin += spaces;
      if (spaces < kWordScanStep) break;
    }
    return begin;
  }
  // The token at `begin`, where no white space stands, and where it ends; 0 where the rules have to
  // be asked.
  std::size_t take_plain(std::size_t begin, Token* out) {
    const char c = readable_[begin];
    const First first = kFirsts[static_cast<unsigned char>(c)];
    if (first == First::kSymbol) return put(TokenKind::kSymbol, c, begin, begin + 1, 0, out);
    if (first == First::kLetter || (first == First::kAt && rules_.at_in_words)) {
      const WordRun run = leading_word(readable_, begin);
      std::size_t end = begin + run.size;
      if (run.size == kWordScanStep) {
        while (end < readable_.size() && kWordBytes.contains(readable_[end])) ++end;
        if (end == readable_.size()) return 0;
      }
      if (word_goes_on_->contains(readable_[end])) return 0;
      return put(TokenKind::kWord, '\0', begin, end, run.head, out);
    }
    if (first == First::kBracket && rules_.brackets) {
      std::size_t last = begin + leading_until(readable_, begin, ']');
      if (last == begin + kWordScanStep && has_room(last)) {
        last += leading_until(readable_, last, ']');
      }
      if (readable_[last] != ']' || readable_[last + 1] == ']') return 0;
      return put(TokenKind::kName, '\0', begin, last + 1, 0, out);
    }
    if (first != First::kDigit || rules_.dollar_quotes == DollarQuotes::kTagged) return 0;
    const std::size_t end = word_end(begin);
    if (end < text_.size() && text_[end] == '(') return 0;
    return put(TokenKind::kNumber, '\0', begin, end, 0, out);
  }
  // Nothing stands from `begin` on: a cursor looks ahead of the last token of its statement.
  std::size_t take_end(std::size_t begin, Token* out) {
    const std::size_t end = text_.size();
    return begin < end ? 0 : put(TokenKind::kEnd, '\0', end, end, 0, out);
  }
  std::size_t put(TokenKind kind, char symbol, std::size_t begin, std::size_t end,
                  std::uint64_t head, Token* out) {
    if (end > text_.size()) return 0;
    out->kind = kind;
    out->closed = true;
    out->symbol = symbol;
    out->begin = begin;
    out->end = end;
    out->head = head;
    return end;
  }
  // Is it significant?
  bool take_by_rules(std::size_t begin, Token* out);
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
  std::string_view readable_;  // it, and what stands behind it
  std::size_t room_end_;
  std::size_t position_;
  std::size_t reach_ = std::string_view::npos;
  LexRules rules_;
  // Of the few sets that there are: a scanner is made for every statement.
  const ByteSet* quote_stops_;
  const ByteSet* word_bytes_;
  const ByteSet* word_goes_on_;  // with these a word may be longer than leading_word() says
  // The last '$' asked for, whether it was a part of a word, and the last byte of a dollar quote.
  std::size_t last_dollar_ = std::string_view::npos;
  bool last_dollar_inside_ = false;
  std::size_t dollar_quote_last_ = std::string_view::npos;
  // From here on nothing closes a comment or a bracket: known once a search came to the end.
  std::size_t no_comment_end_ = std::string_view::npos;
  std::size_t no_bracket_end_ = std::string_view::npos;
};

}  // namespace engine::sql
