#include "engine/sql/scanner.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <initializer_list>

#include "engine/sql/lines.h"
#include "engine/sql/utf8.h"

namespace engine::sql {
namespace {

// Where the dialect's letter may stand directly before a quote and change its meaning.
bool same_letter(char c, char lower) { return (c | 0x20) == lower; }

constexpr char closing_bracket(char open) {
  switch (open) {
    case '[':
      return ']';
    case '(':
      return ')';
    case '{':
      return '}';
    case '<':
      return '>';
    default:
      return open;
  }
}

constexpr std::size_t kLongestQMark = 4;

// A set of bytes for each choice of `letters` beside those of `common`.
template <std::size_t N>
constexpr std::array<ByteSet, 1 << N> byte_sets(const ByteSet& common,
                                                const char (&letters)[N + 1]) {
  std::array<ByteSet, 1 << N> sets{};
  for (std::size_t choice = 0; choice < sets.size(); ++choice) {
    sets[choice] = common;
    for (std::size_t i = 0; i < N; ++i) {
      if (choice >> i & 1) sets[choice].add({letters + i, 1});
    }
  }
  return sets;
}
constexpr auto kQuoteStops = byte_sets<5>(ByteSet("'\"-/"), "#`[$*");
constexpr auto kWordByteSets = byte_sets<3>(kWordBytes, "$#@");
constexpr auto kWordGoesOn = byte_sets<3>(ByteSet("'\""), "$#@");  // N'...', a$b

}  // namespace

Scanner::Scanner(std::string_view text, std::size_t end, const LexRules& rules,
                 std::size_t position)
    : text_(text.substr(0, end)), readable_(text), position_(position) {
  // What begins a token, the bytes that are looked at together, and the one behind them.
  constexpr std::size_t kRoom = 1 + kWordScanStep;
  room_end_ = text.size() > kRoom ? std::min(text_.size(), text.size() - kRoom) : 0;
  set_rules(rules);
}

void Scanner::set_rules(const LexRules& rules) {
  rules_ = rules;
  // A bit for each of the bytes that byte_sets() was given.
  const auto choice = [](std::initializer_list<bool> chosen) {
    std::size_t bits = 0;
    for (std::size_t place = 0; const bool one : chosen) bits |= std::size_t{one} << place++;
    return bits;
  };
  quote_stops_ =
      &kQuoteStops[choice({rules.hash_comments, rules.backticks, rules.brackets,
                           rules.dollar_quotes != DollarQuotes::kNone, rules.executable_comments})];
  const std::size_t in_words =
      choice({rules.dollar_in_words, rules.hash_in_words, rules.at_in_words});
  word_bytes_ = &kWordByteSets[in_words];
  word_goes_on_ = &kWordGoesOn[in_words];
}

// No white space stands before `begin`, which may lie behind the end.
bool Scanner::take_by_rules(std::size_t begin, Token* out) {
  position_ = std::min(begin, text_.size());
  *out = next(kNonSpaces);
  if (out->kind == TokenKind::kWord) out->head = Word::head_of(out->in(text_));
  return out->is_significant();
}

Token Scanner::symbol(std::size_t begin, std::size_t length) {
  return token(TokenKind::kSymbol, begin, begin + length);
}

Token Scanner::next(const ByteSet& stops) {
  const std::size_t begin = stops.find(text_, position_);
  if (begin >= text_.size()) return token(TokenKind::kEnd, text_.size(), text_.size());
  const char c = text_[begin];
  switch (c) {
    case '\n':
      return token(TokenKind::kNewline, begin, begin + 1);
    case '\r':
      return token(TokenKind::kNewline, begin, begin + (at(begin + 1) == '\n' ? 2 : 1));
    case '\'':
      return single_quoted(begin, begin);
    case '"':
      return double_quoted(begin, begin);
    case '-':
      if (at(begin + 1) == '-' && (!rules_.dash_needs_space || begin + 2 >= text_.size() ||
                                   static_cast<unsigned char>(text_[begin + 2]) <= ' ')) {
        return line_comment(begin);
      }
      return symbol(begin);
    case '/':
      return slash(begin);
    case '*':
      if (rules_.executable_comments && at(begin + 1) == '/') return symbol(begin, 2);
      return symbol(begin);
    case '#':
      if (rules_.hash_comments) return line_comment(begin);
      break;
    case '`':
      if (rules_.backticks) {
        return quoted(begin, 1, rules_.backslash_in_backticks, TokenKind::kName);
      }
      break;
    case '[':
      if (rules_.brackets) return bracketed(begin);
      break;
    case '$':
      if (rules_.dollar_quotes != DollarQuotes::kNone && !inside_word(begin)) return dollar(begin);
      break;
    default:
      break;
  }
  if (word_byte(c)) return word(begin);
  return symbol(begin);
}

Token Scanner::line_comment(std::size_t begin) {
  return token(TokenKind::kLineComment, begin, find_line_end(text_, begin));
}

Token Scanner::slash(std::size_t begin) {
  const char second = at(begin + 1);
  if (second == '/' && rules_.slash_comments) {
    if (begin == 0 || text_[begin - 1] != ':') return line_comment(begin);
    // PUT file:///tmp/*.csv: the path, in which "/*" begins nothing.
    constexpr ByteSet kEnds(" \t\r\n\f\v;,)'\"");
    return symbol(begin, kEnds.find(text_, begin) - begin);
  }
  if (second != '*') return symbol(begin);
  if (rules_.executable_comments) {
    // "/*!40101 code */" and MariaDB's "/*M!100201 code */": the opening and the version are white
    // space to the server, what follows is code.
    std::size_t mark = begin + 2;
    if (at(mark) == 'M' && at(mark + 1) == '!') ++mark;
    if (at(mark) == '!') {
      std::size_t end = mark + 1;
      while (end < text_.size() && end < mark + 7 && kDigits.contains(text_[end])) ++end;
      return symbol(begin, end - begin);
    }
  }
  return block_comment(begin);
}

Token Scanner::block_comment(std::size_t begin) {
  std::size_t i = begin + 2;
  std::size_t close = begin;
  std::size_t depth = 1;
  while (begin < no_comment_end_) {
    if (close < i) close = kernels().find_pair(text_, i, '*', '/');
    if (close >= text_.size()) {
      if (i == begin + 2) no_comment_end_ = begin;
      break;
    }
    const std::size_t open = rules_.nested_comments
                                 ? kernels().find_pair(text_.substr(0, close + 1), i, '/', '*')
                                 : close;
    if (open < close) {
      i = open + 2;
      ++depth;
    } else {
      i = close + 2;
      if (--depth == 0) return token(TokenKind::kBlockComment, begin, i);
    }
  }
  return token(TokenKind::kBlockComment, begin, text_.size(), false);
}

// From `begin`, whose last `open_length` bytes' last one is the quote, to the closing quote; a
// doubled quote is one of the text.
Token Scanner::quoted(std::size_t begin, std::size_t open_length, bool backslash, TokenKind kind) {
  const char quote = text_[begin + open_length - 1];
  std::size_t i = begin + open_length;
  while (i < text_.size()) {
    if (backslash) {
      i = kernels().find_either(text_, i, quote, '\\');
      if (i < text_.size() && text_[i] == '\\') {
        i += 2;
        continue;
      }
    } else {
      const void* found = std::memchr(text_.data() + i, quote, text_.size() - i);
      i = found ? static_cast<std::size_t>(static_cast<const char*>(found) - text_.data())
                : text_.size();
    }
    if (i >= text_.size()) break;
    if (at(i + 1) != quote) return token(kind, begin, i + 1);
    i += 2;
  }
  return token(kind, begin, text_.size(), false);
}

Token Scanner::single_quoted(std::size_t begin, std::size_t quote) {
  const char before = quote > 0 ? text_[quote - 1] : '\0';
  const bool prefixed =
      begin < quote ? quote - begin == 1 : quote > 0 && !(quote > 1 && word_byte(text_[quote - 2]));
  if (rules_.q_quotes && quote > 0 && same_letter(before, 'q')) {
    const bool national = quote > 1 && same_letter(text_[quote - 2], 'n') &&
                          !(quote > 2 && word_byte(text_[quote - 3]));
    if (prefixed || national) return q_quoted(begin, quote);
  }
  bool backslash = rules_.backslash_in_single;
  if (rules_.escape_strings && prefixed) {  // E'', and those that never have escapes
    if (same_letter(before, 'e')) backslash = true;
    if (same_letter(before, 'b') || same_letter(before, 'x')) backslash = false;
  }
  if (rules_.escape_strings && before == '&') backslash &= !is_unicode_prefix(quote);
  if (rules_.triple_quotes && at(quote + 1) == '\'' && at(quote + 2) == '\'') {
    return triple_quoted(begin, quote);
  }
  return quoted(begin, quote - begin + 1, backslash, TokenKind::kString);
}

// U&'...'.
bool Scanner::is_unicode_prefix(std::size_t quote) const {
  return quote > 1 && same_letter(text_[quote - 2], 'u') &&
         !(quote > 2 && word_byte(text_[quote - 3]));
}

Token Scanner::double_quoted(std::size_t begin, std::size_t quote) {
  if (rules_.triple_quotes && at(quote + 1) == '"' && at(quote + 2) == '"') {
    return triple_quoted(begin, quote);
  }
  return quoted(begin, quote - begin + 1, rules_.backslash_in_double,
                rules_.double_is_name ? TokenKind::kName : TokenKind::kString);
}

// Oracle's q'[...]': the text ends at the matching bracket (or the same character, of as many bytes
// as it has) and a quote.
Token Scanner::q_quoted(std::size_t begin, std::size_t quote) {
  const std::size_t open = quote + 1;
  if (open >= text_.size()) return token(TokenKind::kString, begin, text_.size(), false);
  const std::size_t length = q_mark_length(text_, open);
  std::array<char, kLongestQMark + 1> mark{};
  text_.copy(mark.data(), length, open);
  mark[0] = closing_bracket(mark[0]);
  mark[length] = '\'';
  const std::size_t close = find_close({mark.data(), length + 1}, open + length);
  if (close == std::string_view::npos) return token(TokenKind::kString, begin, text_.size(), false);
  return token(TokenKind::kString, begin, close + length + 1);
}

// A backslash keeps the next byte from closing, in raw strings (r'...') as well.
Token Scanner::triple_quoted(std::size_t begin, std::size_t quote) {
  const char mark = text_[quote];
  std::size_t i = quote + 3;
  while (i < text_.size()) {
    if (text_[i] == '\\') {
      i += 2;
    } else if (text_[i] == mark && at(i + 1) == mark && at(i + 2) == mark) {
      return token(TokenKind::kString, begin, i + 3);
    } else {
      ++i;
    }
  }
  return token(TokenKind::kString, begin, text_.size(), false);
}

Token Scanner::bracketed(std::size_t begin) {
  std::size_t i = begin + 1;
  while (begin < no_bracket_end_ && (i = text_.find(']', i)) != std::string_view::npos) {
    if (!rules_.bracket_escape || at(i + 1) != ']') {
      return token(TokenKind::kName, begin, i + 1);
    }
    i += 2;
  }
  no_bracket_end_ = std::min(no_bracket_end_, begin);
  return token(TokenKind::kName, begin, text_.size(), false);
}

// The name of :name, but not of a::type.
bool Scanner::is_psql_variable(std::size_t name) const {
  return rules_.psql_variables && name > 0 && text_[name - 1] == ':' &&
         (name == 1 || text_[name - 2] != ':');
}

// Does the '$' here belong to the word before it? Not where that is a number, a parameter ($1) or
// the end of another dollar quote: a leap may have passed over what decides it. Nor where it is a
// variable of psql, :name, which holds no '$'.
bool Scanner::inside_word(std::size_t i) {
  std::size_t digits = i;
  while (digits > 0 && kDigits.contains(text_[digits - 1])) --digits;
  bool inside = false;
  if (digits > 0 && text_[digits - 1] == '$') {
    const bool last = digits - 1 == last_dollar_;
    inside = digits - 1 != dollar_quote_last_ && (!last || last_dollar_inside_);
  } else {
    inside = digits > 0 && word_byte(text_[digits - 1]);
    std::size_t name = digits;
    while (name > 0 && kWordBytes.contains(text_[name - 1])) --name;
    if (is_psql_variable(name)) inside = false;
  }
  if (rules_.dollar_quotes == DollarQuotes::kPlain) inside = after_word(i);
  last_dollar_ = i;
  last_dollar_inside_ = inside;
  return inside;
}

Token Scanner::dollar(std::size_t begin) {
  std::size_t tag_end = begin + 1;
  const bool tagged = rules_.dollar_quotes == DollarQuotes::kTagged;
  if (tagged && !kDigits.contains(at(tag_end))) {
    while (tag_end < text_.size() && kWordBytes.contains(text_[tag_end])) ++tag_end;
  }
  if (at(tag_end) != '$') {
    if (tagged && !kDigits.contains(at(begin + 1))) return symbol(begin);
    return word_byte('$') ? word(begin) : symbol(begin);
  }
  const std::string_view tag = text_.substr(begin, tag_end + 1 - begin);
  const std::size_t close = find_close(tag, tag_end + 1);
  if (close == std::string_view::npos) return token(TokenKind::kString, begin, text_.size(), false);
  dollar_quote_last_ = close + tag.size() - 1;
  return token(TokenKind::kString, begin, close + tag.size());
}

// A word directly before a quote may be a part of the literal: E'', N'', q'', nq'', r"", B''.
bool Scanner::is_string_prefix(std::size_t begin, std::size_t end) const {
  if (end - begin > 2 || end >= text_.size()) return false;
  const char c = text_[end];
  if (c != '\'' && !(c == '"' && rules_.triple_quotes)) return false;
  constexpr ByteSet letters("eEnNqQrRbBxX");
  for (std::size_t i = begin; i < end; ++i) {
    if (!letters.contains(text_[i])) return false;
  }
  return true;
}

Token Scanner::word(std::size_t begin) {
  std::size_t end = begin;
  if (rules_.dollar_quotes == DollarQuotes::kTagged) {
    // A number, or a parameter ($1), may touch a dollar quote; with letters behind it, it is junk.
    if (text_[end] == '$') ++end;
    while (kDigits.contains(at(end))) ++end;
    if (end > begin && at(end) == '$') return token(TokenKind::kNumber, begin, end);
  }
  if (is_psql_variable(begin)) {
    while (kWordBytes.contains(at(end))) ++end;
    if (end > begin) return token(TokenKind::kWord, begin, end);
  }
  while (end < text_.size()) {
    if (word_byte(text_[end])) {
      ++end;
    } else if (rules_.sqlcmd_variables && text_[end] == '(' && end > begin &&
               text_[end - 1] == '$') {
      std::size_t close = end + 1;  // sqlcmd's $(name)
      while (close < text_.size() && kWordBytes.contains(text_[close])) ++close;
      if (close == end + 1 || at(close) != ')') break;
      end = close + 1;
    } else {
      break;
    }
  }
  if (is_string_prefix(begin, end)) {
    return text_[end] == '"' ? double_quoted(begin, end) : single_quoted(begin, end);
  }
  const bool number =
      kDigits.contains(text_[begin]) || (text_[begin] == '$' && kDigits.contains(at(begin + 1)));
  const TokenKind kind = number ? TokenKind::kNumber : TokenKind::kWord;
  return token(kind, begin, end);
}

}  // namespace engine::sql
