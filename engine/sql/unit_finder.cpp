#include "engine/sql/unit_finder.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

namespace engine::sql {
namespace {

// Words that begin a statement in every dialect, and hardly ever a line of anything else.
constexpr std::string_view kStatementWords[] = {
    "alter", "comment", "commit", "copy",  "create", "delete",   "drop",
    "grant", "insert",  "lock",   "merge", "revoke", "truncate", "update",
};

bool begins_statement(std::string_view line) {
  for (const std::string_view word : kStatementWords) {
    if (line.size() > word.size() && equal_words(line.substr(0, word.size()), word) &&
        !kWordBytes.contains(line[word.size()])) {
      return true;
    }
  }
  return false;
}

}  // namespace

UnitFinder::UnitFinder(std::string_view text, Dialect dialect)
    : scanner_(text, lex_rules(dialect)),
      line_mark_(std::memchr(text.data(), '\n', text.size()) != nullptr ? '\n' : '\r') {}

bool UnitFinder::next(SplitPart* part) {
  if (pending_head_ == pending_.size()) {
    pending_.clear();
    pending_head_ = 0;
    if (!advance()) push(PartKind::kGap, emitted_.position, text().size());
    if (pending_.empty()) return false;
  }
  *part = pending_[pending_head_++];
  return true;
}

void UnitFinder::emit(PartKind kind, std::size_t begin, std::size_t end) {
  push(PartKind::kGap, emitted_.position, begin);
  push(kind, begin, end);
}

void UnitFinder::push(PartKind kind, std::size_t begin, std::size_t end) {
  if (begin == end) return;
  SplitPart part;
  part.kind = kind;
  part.offset = begin;
  part.length = end - begin;
  part.line = emitted_.line;
  if (kind == PartKind::kUnit) part.broken = std::exchange(broken_, false);
  pending_.push_back(part);
  emitted_.line += count_lines(begin, end);
  emitted_.position = end;
}

std::uint64_t UnitFinder::count_lines(std::size_t begin, std::size_t end) const {
  return static_cast<std::uint64_t>(std::count(text().begin() + static_cast<std::ptrdiff_t>(begin),
                                               text().begin() + static_cast<std::ptrdiff_t>(end),
                                               line_mark_));
}

void UnitFinder::warn(const Token& open) {
  Warning warning;
  warning.line = emitted_.line + count_lines(emitted_.position, open.begin);
  std::size_t line_begin = open.begin;
  while (line_begin > 0 && text()[line_begin - 1] != line_mark_) --line_begin;
  warning.column = open.begin - line_begin + 1;
  const std::string_view start = open.in(text()).substr(0, open.is_comment() ? 2 : 1);
  warning.message = (open.is_comment() ? "comment " : "quote ") + std::string(start) +
                    " is never closed; the unit is kept as it is and reading goes on behind it";
  warnings_.push_back(std::move(warning));
}

// A literal that touches a word, as the second one of 'O'Brien' does: inside and outside are turned
// round. A one-letter word before it is a prefix (N'...', E'...').
bool UnitFinder::touches_word(const Token& literal) const {
  const char quote = text()[literal.begin];
  if (quote != '\'' && quote != '"') return false;
  if (literal.end < text().size() && kWordBytes.contains(text()[literal.end])) return true;
  return literal.begin > 1 && kWordBytes.contains(text()[literal.begin - 1]) &&
         kWordBytes.contains(text()[literal.begin - 2]);
}

Token UnitFinder::next_token(const ByteSet& stops) {
  constexpr std::size_t kTrusted = 16;  // broken quotes, before none is believed any more
  Token token = scanner_.next(stops);
  if (!token.closed || (token.kind != TokenKind::kString && token.kind != TokenKind::kName)) {
    return token;
  }
  if ((warnings_.size() >= kTrusted || touches_word(token)) &&
      resynchronise(token.begin, token.end) != kNone) {
    token.closed = false;
  }
  return token;
}

std::size_t UnitFinder::cut_broken(std::size_t unit, const Token& open) {
  // One odd quote turns inside and outside round for all that follows, and may show only at the end
  // of the text. The culprit is then the first literal of the unit that runs over a certain place.
  Token culprit = open;
  const bool at_end = open.end == text().size();
  Scanner again(text(), scanner_.rules(), unit);
  while (at_end) {
    const Token token = again.next(again.quote_stops());
    if (token.kind == TokenKind::kEnd || token.begin >= open.begin) break;
    if (token.kind != TokenKind::kString && token.kind != TokenKind::kName) continue;
    if (resynchronise(token.begin, token.end) != kNone) {
      culprit = token;
      break;
    }
  }
  broken_ = true;
  warn(culprit);
  const std::size_t cut = resynchronise(culprit.begin, text().size());
  return cut == kNone ? text().size() : cut;
}

std::size_t UnitFinder::resynchronise(std::size_t from, std::size_t limit) const {
  // A statement word at the start of a line, the line of text before it closed by a semicolon.
  for (std::size_t line = next_line(from); line < limit; line = next_line(line)) {
    if (!begins_statement(text().substr(line, 16))) continue;
    const std::size_t before = trim_end(from, line);
    if (before > from && text()[before - 1] == ';') return line;
  }
  return kNone;
}

std::size_t UnitFinder::line_end(std::size_t position) const {
  constexpr ByteSet line_ends("\r\n");
  return line_ends.find(text(), position);
}

std::size_t UnitFinder::next_line(std::size_t position) const {
  std::size_t end = line_end(position);
  if (end < text().size() && text()[end] == '\r') ++end;
  if (end < text().size() && text()[end] == '\n') {
    ++end;
  }
  return end;
}

bool UnitFinder::at_line_start(std::size_t position) const {
  return position == 0 || text()[position - 1] == '\n' || text()[position - 1] == '\r';
}

std::size_t UnitFinder::skip_blanks(std::size_t position) const {
  while (position < text().size() && (text()[position] == ' ' || text()[position] == '\t')) {
    ++position;
  }
  return position;
}

std::size_t UnitFinder::trim_end(std::size_t begin, std::size_t end) const {
  while (end > begin && kSpaces.contains(text()[end - 1])) --end;
  return end;
}

bool UnitFinder::lone_word_line(std::size_t position, std::string_view word) const {
  const std::size_t begin = skip_blanks(position);
  if (begin + word.size() > text().size()) return false;
  if (!equal_words(text().substr(begin, word.size()), word)) return false;
  const std::size_t rest = skip_blanks(begin + word.size());
  return rest == line_end(begin);
}

}  // namespace engine::sql
