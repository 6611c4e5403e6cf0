#include "engine/sql/odd_quote.h"

#include <algorithm>

#include "engine/sql/byte_set.h"
#include "engine/sql/lines.h"
#include "engine/sql/word_set.h"

namespace engine::sql {
namespace {

// Keywords that a literal may touch: the blank between them is often left out.
constexpr std::string_view kBesideLiteralsText =
    "and as between by case collate cost do else end escape except for from group having ilike "
    "immediate immutable in into is language like limit not on or order print raise return "
    "returning "
    "returns security select set stable strict then uescape union using values volatile when where "
    "with";
constexpr WordSet<count_words(kBesideLiteralsText)> kBesideLiterals(kBesideLiteralsText);

bool is_keyword(std::string_view word) { return kBesideLiterals.contains(Word::of(word)); }

bool is_plain(std::string_view text, const Token& literal) {
  return text[literal.begin] == '\'' || text[literal.begin] == '"';
}

std::string_view word_before(std::string_view text, std::size_t end) {
  std::size_t begin = end;
  while (begin > 0 && kWordBytes.contains(text[begin - 1])) --begin;
  return text.substr(begin, end - begin);
}

}  // namespace

bool touches_word_behind(std::string_view text, const Token& literal) {
  std::size_t end = literal.end;
  while (end < text.size() && kWordBytes.contains(text[end])) ++end;
  const std::string_view word = text.substr(literal.end, end - literal.end);
  return is_plain(text, literal) && !word.empty() && !is_keyword(word);
}

bool touches_word_before(std::string_view text, const Token& literal) {
  const std::string_view word = word_before(text, literal.begin);
  return is_plain(text, literal) && word.size() > 1 && !is_keyword(word);
}

bool is_left_open(std::string_view text, const Token& literal) {
  if (!is_plain(text, literal)) return false;
  const std::string_view word = word_before(text, literal.begin);
  const std::size_t begin = literal.begin - word.size();
  return !word.empty() && begin > 0 && text[begin - 1] == text[literal.begin] && !is_keyword(word);
}

bool ends_as_one_begins(std::string_view text, const Token& literal) {
  constexpr ByteSet kBeforeLiterals("(,=|<>+");
  std::size_t before = literal.end - 1;
  while (before > literal.begin + 1 && kSpaces.contains(text[before - 1])) --before;
  return before > literal.begin + 1 && kBeforeLiterals.contains(text[before - 1]);
}

OddQuotes find_odd_quotes(Scanner scanner) {
  const std::string_view text = scanner.text();
  ByteSet stops = scanner.quote_stops();
  stops.add("()");
  OddQuotes odd;
  int depth = 0;
  for (Token token = scanner.next(stops); token.kind != TokenKind::kEnd;
       token = scanner.next(stops)) {
    if (token.kind == TokenKind::kString || token.kind == TokenKind::kName) {
      odd.touch_words =
          odd.touch_words || touches_word_behind(text, token) || touches_word_before(text, token);
      odd.end_as_one_begins = odd.end_as_one_begins || ends_as_one_begins(text, token);
    } else if (token.kind == TokenKind::kSymbol) {
      if (text[token.begin] == '(') ++depth;
      if (text[token.begin] == ')' && depth > 0) --depth;
    }
  }
  odd.in_parentheses = depth > 0;
  return odd;
}

bool has_one_quote_too_many(std::string_view text, std::size_t at) {
  const std::size_t begin = text.find_last_of("\r\n", at) + 1;  // npos + 1 is 0
  const std::string_view line = text.substr(begin);
  return std::count(line.begin(), line.end(), '\'') % 2 != 0 ||
         std::count(line.begin(), line.end(), '"') % 2 != 0;
}

bool reads_on_well(Scanner scanner, std::string_view terminator, std::size_t limit) {
  const std::string_view text = scanner.text();
  ByteSet stops = scanner.quote_stops();
  stops.add(terminator.substr(0, 1));
  while (true) {
    const Token token = scanner.next(stops);
    if (token.kind == TokenKind::kEnd || token.begin >= limit) return true;
    if (!token.closed) return false;
    if (token.kind == TokenKind::kString || token.kind == TokenKind::kName) {
      const bool over_lines = token.in(text).find_first_of("\r\n") != std::string_view::npos;
      if (token.end > limit || (over_lines && ends_as_one_begins(text, token))) return false;
      if (touches_word_behind(text, token) || touches_word_before(text, token)) return false;
    } else if (text.substr(token.begin, terminator.size()) == terminator) {
      const std::size_t behind = token.begin + terminator.size();
      const std::string_view rest = text.substr(behind, find_line_end(text, behind) - behind);
      if (rest.find_first_not_of(" \t") == std::string_view::npos) return true;
    }
  }
}

}  // namespace engine::sql
