#include "engine/sql/unit_finder.h"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/sql/certain_place.h"
#include "engine/sql/lines.h"
#include "engine/sql/odd_quote.h"
#include "engine/sql/utf8.h"

namespace engine::sql {
namespace {

// Broken quotes, before none is believed any more.
constexpr std::size_t kTrusted = 16;

// What dumps write row by row. No client has a command of these names, no block begins with them.
constexpr std::string_view kRowWords[] = {"insert", "replace", "update", "delete"};

// How far behind a doubtful literal it is read on, to see whether all is in order there.
constexpr std::size_t kReadOn = 4096;

}  // namespace

UnitFinder::UnitFinder(std::string_view text, Dialect dialect)
    : scanner_(text, lex_rules(dialect)), dialect_(dialect), line_mark_(line_mark(text)) {}

SplitParts UnitFinder::next() {
  pending_.clear();
  rows_ = {};
  if (leaves_) {
    push_unread();
  } else if (!advance()) {
    push_gap(text().size());
  } else if (leaves_) {
    pending_.back().leaves = true;
  }
  return {pending_, rows_};
}

void UnitFinder::emit_unit(std::size_t begin, std::size_t end, std::size_t rows) {
  push_gap(begin);
  if (SplitPart* part = push(PartKind::kUnit, begin, end)) {
    part->rows = rows;
    last_unit_ = *part;
  }
}

void UnitFinder::emit_directive(std::size_t begin, std::size_t end, DirectiveRole role,
                                std::size_t rows) {
  push_gap(begin);
  if (SplitPart* part = push(PartKind::kDirective, begin, end)) {
    part->role = role;
    part->rows = rows;
  }
}

void UnitFinder::emit_line(std::size_t begin, DirectiveRole role) {
  const std::size_t stop = line_end(begin);
  emit_directive(begin, trim_end(begin, stop), role);
  scanner_.seek(stop);
}

void UnitFinder::emit_broken(std::size_t unit, const Token& open) {
  const std::size_t begin = unit == kNone ? open.begin : unit;
  const std::size_t cut = cut_broken(begin, open);
  push_gap(begin);
  if (SplitPart* part = push(PartKind::kUnit, begin, trim_end(begin, cut))) part->broken = true;
  scanner_.seek(cut);
}

void UnitFinder::push_gap(std::size_t end) { push(PartKind::kGap, emitted_.position, end); }

SplitPart* UnitFinder::push(PartKind kind, std::size_t begin, std::size_t end) {
  if (begin == end) return nullptr;
  SplitPart& part = pending_.emplace_back();
  part.kind = kind;
  part.offset = begin;
  part.length = end - begin;
  part.line = emitted_.line;
  // A gap lies before the directive that may have changed the terminator.
  part.terminator = kind == PartKind::kGap ? emitted_.terminator : terminator_;
  emitted_.line += lines_between(begin, end);
  emitted_.position = end;
  emitted_.terminator = part.terminator;
  return &part;
}

std::uint64_t UnitFinder::lines_between(std::size_t begin, std::size_t end) const {
  if (end - begin == 1) return text()[begin] == line_mark_ ? 1 : 0;  // between two lines
  const CountedLines& known = long_read_;
  if (known.begin < begin || known.end > end)
    return kernels().count(text(), begin, end, line_mark_);
  return kernels().count(text(), begin, known.begin, line_mark_) + known.lines +
         kernels().count(text(), known.end, end, line_mark_);
}

void UnitFinder::begin_long_read(std::size_t from) {
  const std::size_t emitted = emitted_.position;  // behind `from` where a literal ran over that
  const std::uint64_t first = from < emitted ? emitted_.line - lines_between(from, emitted)
                                             : emitted_.line + lines_between(emitted, from);
  long_read_ = {from, from, 0, first};
}

void UnitFinder::read_on(std::size_t until) {
  long_read_.lines += kernels().count(text(), long_read_.end, until, line_mark_);
  long_read_.end = until;
  if (follower_) follower_({until, long_read_.first + long_read_.lines});
}

bool UnitFinder::leave(std::string_view client, std::size_t at, std::size_t unit) {
  if (leaves_) {
    leaves_again_ = at;
    return true;
  }
  const std::size_t begin = unit < at ? unit : static_cast<std::size_t>(last_unit_.offset);
  if (begin == doubted_) return false;
  Warning warning = warning_at(at);
  warning.message = std::string(client) + " reads no further";
  if (is_doubtful(at, unit)) {
    doubted_ = begin;
    warning.message += ", but a quote before it is odd; this is taken for text";
    warnings_.push_back(std::move(warning));
    return false;
  }
  warning.message += "; what stands behind is kept as it is and makes no object";
  leaves_ = std::move(warning);
  return true;
}

// A command by itself may still be the inside of a literal that began in the unit before it.
bool UnitFinder::is_doubtful(std::size_t at, std::size_t unit) const {
  const std::string_view line = text().substr(0, line_end(at));
  if (unit < at) {
    const OddQuotes odd = find_odd_quotes({text().substr(0, at), scanner_.rules(), unit});
    return odd.touch_words ||
           (odd.in_parentheses && (odd.end_as_one_begins || has_one_quote_too_many(line, at)));
  }
  const SplitPart& last = last_unit_;
  const std::uint64_t end = last.rows != 0 ? last.rows : last.end();
  const std::string_view until = text().substr(0, static_cast<std::size_t>(end));
  const OddQuotes odd =
      find_odd_quotes({until, scanner_.rules(), static_cast<std::size_t>(last.offset)});
  return odd.in_parentheses && (odd.touch_words || odd.end_as_one_begins);
}

// What is for the client alone goes unread without a word, as comments do.
void UnitFinder::push_unread() {
  const Place place = emitted_;
  scanner_.seek(place.position);
  const std::size_t warned = warnings_.size();
  const bool loses = place.position < text().size() && finds_unit();
  warnings_.resize(warned);
  if (loses) warnings_.push_back(*leaves_);
  pending_.clear();
  rows_ = {};
  emitted_ = place;
  push_gap(text().size());
}

bool UnitFinder::finds_unit() {
  while (rows_.empty() && advance()) {
    const auto is_lost = [this](const SplitPart& part) {
      return part.kind == PartKind::kUnit && part.offset != leaves_again_;
    };
    if (std::any_of(pending_.begin(), pending_.end(), is_lost)) return true;
    pending_.clear();
  }
  return !rows_.empty();
}

void UnitFinder::warn_open(const Token& open) {
  warn(open, "the client reads on to the end of the text, which is one unit");
}

void UnitFinder::warn(const Token& open, std::string_view outcome) {
  Warning warning = warning_at(open.begin);
  const bool is_block = open.kind == TokenKind::kWord;
  const std::string_view start = open.in(text()).substr(0, is_block            ? kNone
                                                           : open.is_comment() ? 2
                                                                               : 1);
  const std::string_view what = is_block                          ? "block "
                                : open.is_comment()               ? "comment "
                                : open.kind == TokenKind::kSymbol ? "parenthesis "
                                                                  : "quote ";
  warning.message = std::string(what) + std::string(start) + " is never closed; ";
  warning.message += outcome;
  warnings_.push_back(std::move(warning));
}

// Of a place that is not emitted yet.
Warning UnitFinder::warning_at(std::size_t position) const {
  Warning warning;
  warning.line = emitted_.line + lines_between(emitted_.position, position);
  std::size_t line_begin = position;
  while (line_begin > 0 && text()[line_begin - 1] != line_mark_) --line_begin;
  warning.column = position - line_begin + 1;
  return warning;
}

// An odd quote before it may have turned inside and outside round; it runs over a certain place
// then.
bool UnitFinder::is_turned_round(const Token& literal) {
  const bool before = literal.begin > 0 && kWordBytes.contains(text()[literal.begin - 1]);
  const bool behind = literal.end < text().size() && kWordBytes.contains(text()[literal.end]);
  const bool certainly = warnings_.size() >= kTrusted ||
                         (behind && touches_word_behind(text(), literal)) ||
                         (before && is_left_open(text(), literal));
  const bool as_one_begins = dialect_ != Dialect::kTsql && ends_as_one_begins(text(), literal);
  const bool behind_a_word = before && touches_word_before(text(), literal);
  if (!certainly && !as_one_begins && !behind_a_word) return false;
  see_indentation(kNonSpaces.find(text(), emitted_.position));
  const std::size_t first = resynchronise(literal.begin, literal.end);
  if (first == kNone || certainly) return first != kNone;
  if (!behind_a_word && resynchronise(next_line(first), literal.end) == kNone) return false;
  return !reads_on_well_behind(literal);
}

bool UnitFinder::reads_on_well_behind(const Token& literal) const {
  const std::size_t most = std::min(literal.end + kReadOn, text().size());
  std::size_t limit = resynchronise(literal.end, most);
  if (limit == kNone && most == text().size()) limit = most;
  return limit != kNone &&
         reads_on_well({text(), scanner_.rules(), literal.end}, terminator_, limit);
}

void UnitFinder::skim_to(std::string_view stops, char line_letter, char line_mark,
                         bool parentheses) {
  const LexRules& lex = scanner_.rules();
  SkimRules rules;
  if (lex.bracket_escape) {
    rules.set_names('[', ']');
  } else if (!lex.double_is_name && lex.backticks) {
    rules.set_names('`', '`');
  } else if (lex.double_is_name && !lex.backslash_in_double) {
    rules.set_names('"', '"');
  }
  can_skim_ = !lex.triple_quotes && rules.add_stops(stops);
  for (const char c : std::string_view("\"`[#$")) {
    if (c != rules.name_open && scanner_.quote_stops().contains(c)) {
      can_skim_ &= rules.add_stops(std::string_view(&c, 1));
    }
  }
  rules.backslash = lex.backslash_in_single;
  if (rules.backslash) can_skim_ &= rules.add_stops("\\");
  rules.letter_prefixes = lex.escape_strings || lex.q_quotes;
  rules.parentheses = parentheses;
  // What differs in case only is a head too; a kernel cannot tell a blank from the end of the text.
  if (line_letter != '\0') rules.line_letter = static_cast<char>(line_letter | 0x20);
  can_skim_ &= rules.line_letter != ' ';
  rules.line_mark = line_mark;
  skim_rules_ = rules;
}

void UnitFinder::skim(int* depth) {
  if (!can_skim_ || warnings_.size() >= kTrusted) return;
  scanner_.seek(kernels().skim(text(), scanner_.position(), skim_rules_, depth));
}

bool UnitFinder::skim_rows(std::size_t unit, int* depth) {
  const std::string_view head = row_head(unit);
  if (head.empty() || !can_skim_ || warnings_.size() >= kTrusted) {
    skim(depth);
    return false;
  }
  const std::uint64_t line = emitted_.line + lines_between(emitted_.position, unit);
  RowEnds ends(RowHead(head), ';', line, unit + kRowsText, row_ends_);
  scanner_.seek(kernels().skim_rows(text(), scanner_.position(), skim_rules_, depth, &ends));
  if (ends.found().empty()) return false;
  emit_rows(unit, ends.found());
  return true;
}

// The word and the blank behind it, while the scanner has not come further.
std::string_view UnitFinder::row_head(std::size_t unit) const {
  if (scanner_.position() > unit + RowHead::kLongest || terminator_ != ";") return {};
  const std::string_view word = word_at(unit);
  const std::size_t end = unit + word.size();
  if (scanner_.position() > end || end == text().size() || text()[end] != ' ') return {};
  return writes_rows(word) ? text().substr(unit, word.size() + 1) : std::string_view();
}

bool UnitFinder::writes_rows(std::string_view first_word) {
  return equals_any(first_word, kRowWords);
}

void UnitFinder::emit_rows(std::size_t unit, std::span<const RowEnd> ends) {
  push_gap(unit);
  rows_ = RowRun(unit, emitted_.line, ends);
  emitted_.position = static_cast<std::size_t>(rows_.end());
  emitted_.line = rows_.end_line();
  emitted_.terminator = terminator_;
  last_unit_ = rows_.unit(rows_.size() - 1);
  scanner_.seek(emitted_.position);
}

std::size_t UnitFinder::line_begun(std::size_t from) const {
  std::size_t line = scanner_.position();
  while (line > from && (text()[line - 1] == ' ' || text()[line - 1] == '\t')) --line;
  return line > from && at_line_start(line) ? line : kNone;
}

Token UnitFinder::next_token(const ByteSet& stops) {
  if (warnings_.size() >= kTrusted) limit_reach(stops.find(text(), scanner_.position()));
  Token token = scanner_.next(stops);
  const bool literal = token.kind == TokenKind::kString || token.kind == TokenKind::kName;
  if (literal && token.closed && is_turned_round(token)) token.closed = false;
  return token;
}

// No literal is believed beyond the next certain place, so none is looked for the end of beyond it:
// many that nothing closes would each be a search to the end of the text.
void UnitFinder::limit_reach(std::size_t begin) {
  if (begin < reach_) return;
  see_indentation(kNonSpaces.find(text(), emitted_.position));
  reach_ = std::min(resynchronise(begin, text().size()), text().size());
  scanner_.set_reach(reach_);
}

void UnitFinder::see_indentation(std::size_t unit) {
  if (unit == indented_) return;
  indented_ = unit;
  std::size_t line = unit;
  while (line > 0 && (text()[line - 1] == ' ' || text()[line - 1] == '\t')) --line;
  indentation_ = at_line_start(line) ? unit - line : 0;
  if (indentation_ < fruitless_) indentation_ = kNone;
}

std::size_t UnitFinder::cut_broken(std::size_t unit, const Token& open) {
  see_indentation(unit);
  Token culprit = culprit_of(unit, open);
  std::size_t cut = resynchronise(culprit.begin, text().size());
  // Then any line will do that begins with such a word. A block holds them itself, and a body in
  // dollar quotes all but CREATE.
  if (cut == kNone && open.kind != TokenKind::kWord && indentation_ != kNone) {
    fruitless_ = indentation_ + 1;
    only_create_ = text()[open.begin] == '$';
    indentation_ = indented_ = kNone;
    culprit = culprit_of(unit, open);
    cut = resynchronise(culprit.begin, text().size());
  }
  only_create_ = false;
  warn(culprit, "the unit is kept as it is and reading goes on behind it");
  return cut == kNone ? text().size() : cut;
}

// One odd quote turns inside and outside round for all that follows, and may show far behind it.
// The culprit is then the first literal of the unit that cannot be one, or, at the end of the text,
// that runs over a certain place. Those are asked for in ascending order, so all of this is one
// pass over the unit.
Token UnitFinder::culprit_of(std::size_t unit, const Token& open) const {
  if (open.kind == TokenKind::kWord) return open;
  Scanner again(text().substr(0, open.begin), scanner_.rules(), unit);
  std::size_t certain = open.end == text().size() ? resynchronise(unit, open.begin) : kNone;
  while (true) {
    const Token token = again.next(again.quote_stops());
    if (token.kind == TokenKind::kEnd) return open;
    if (token.kind != TokenKind::kString && token.kind != TokenKind::kName) continue;
    if (certain <= token.begin) certain = resynchronise(token.begin, open.begin);
    if (certain < token.end || is_left_open(text(), token)) return token;
  }
}

bool UnitFinder::is_last(const Token& open) const {
  return next_certain_place(text(), {dialect_, terminator_, kNone, false}, open.begin,
                            text().size()) == kNone;
}

std::size_t UnitFinder::resynchronise(std::size_t from, std::size_t limit) const {
  return next_certain_place(text(), {dialect_, terminator_, indentation_, only_create_}, from,
                            limit);
}

std::string_view UnitFinder::word_at(std::size_t position) const {
  std::size_t end = position;
  while (end < text().size() && kWordBytes.contains(text()[end])) ++end;
  return text().substr(position, end - position);
}

std::size_t UnitFinder::line_end(std::size_t position) const {
  return find_line_end(text(), position);
}

bool UnitFinder::at_line_end(std::size_t position) const {
  return position >= text().size() || text()[position] == '\n' || text()[position] == '\r';
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

std::size_t UnitFinder::skip_spaces_and_marks(std::size_t position) const {
  while (true) {
    const std::size_t next = behind_byte_order_marks(text(), kNonSpaces.find(text(), position));
    if (next >= text().size() || next == position) return next;
    position = next;
  }
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
  return at_line_end(rest);
}

}  // namespace engine::sql
