// SQLite: statements as sqlite3_complete() and the shell cut them.
//
// Source: complete.c and shell.c of SQLite 3.40.
#include <algorithm>

#include "engine/sql/unit_finder.h"

namespace engine::sql {
namespace {

class SqliteFinder final : public UnitFinder {
 public:
  explicit SqliteFinder(std::string_view text) : UnitFinder(text, Dialect::kSqlite) {
    leap_stops_ = scanner_.quote_stops();
    leap_stops_.add(";\r\n");
    skim_to(";", 'g', '/');
  }

 private:
  // The states and tokens of complete.c: a trigger ends at "; END ;", all else at ";".
  enum State : unsigned char { kStart = 1, kNormal, kExplain, kCreate, kTrigger, kSemi, kEndWord };
  enum Word : unsigned char {
    kSemicolon,
    kSpace,
    kOther,
    kExplainWord,
    kCreateWord,
    kTempWord,
    kTriggerWord,
    kEndToken
  };

  static State step(State state, Word word) {
    static constexpr State kNext[8][8] = {
        {kStart, kStart, kNormal, kExplain, kCreate, kNormal, kNormal, kNormal},
        {kStart, kStart, kNormal, kExplain, kCreate, kNormal, kNormal, kNormal},
        {kStart, kNormal, kNormal, kNormal, kNormal, kNormal, kNormal, kNormal},
        {kStart, kExplain, kExplain, kNormal, kCreate, kNormal, kNormal, kNormal},
        {kStart, kCreate, kNormal, kNormal, kNormal, kCreate, kTrigger, kNormal},
        {kSemi, kTrigger, kTrigger, kTrigger, kTrigger, kTrigger, kTrigger, kTrigger},
        {kSemi, kSemi, kTrigger, kTrigger, kTrigger, kTrigger, kTrigger, kEndWord},
        {kStart, kEndWord, kTrigger, kTrigger, kTrigger, kTrigger, kTrigger, kTrigger},
    };
    return kNext[state][word];
  }

  Word word_of(const Token& token) const {
    const std::string_view w = token.in(text());
    if (token.kind == TokenKind::kSymbol) return w == ";" ? kSemicolon : kOther;
    if (token.kind != TokenKind::kWord) return kOther;
    if (equal_words(w, "explain")) return kExplainWord;
    if (equal_words(w, "create")) return kCreateWord;
    if (equal_words(w, "temp") || equal_words(w, "temporary")) return kTempWord;
    if (equal_words(w, "trigger")) return kTriggerWord;
    return equal_words(w, "end") ? kEndToken : kOther;
  }

  bool advance() override {
    std::size_t unit = kNone;
    State state = kStart;
    bool line_start = at_line_start(scanner_.position());
    while (true) {
      const std::size_t here = scanner_.position();
      if (line_start && shell_line(here, unit, state)) return true;
      if (state == kNormal) {
        int depth = 0;
        if (skim_rows(unit, &depth)) return true;
        const std::size_t line = line_begun(here);
        if (line != kNone && shell_line(line, unit, state)) return true;
      }
      const Token token = next_token(state == kNormal ? leap_stops_ : kTokenStops);
      line_start = token.kind == TokenKind::kNewline && text()[token.end - 1] == line_feed();
      if (token.kind == TokenKind::kEnd || runs_to_end(token)) {
        if (unit == kNone) return false;
        emit_unit(unit, trim_end(unit, token.begin));
        return true;
      }
      if (token.kind == TokenKind::kNewline) continue;
      if (!token.closed) {
        emit_broken(unit, token);
        return true;
      }
      if (token.is_comment()) {
        // A carriage return by itself does not end one.
        if (token.kind == TokenKind::kLineComment) {
          scanner_.seek(std::min(text().find(line_feed(), token.end), text().size()));
        }
        continue;
      }
      state = step(state, word_of(token));
      if (unit == kNone && state == kStart) {  // a semicolon by itself sends nothing
        emit_directive(token.begin, token.end, DirectiveRole::kCloses);
        return true;
      }
      if (unit == kNone) unit = token.begin;
      if (state == kStart) {
        emit_unit(unit, token.end);
        return true;
      }
    }
  }

  // A comment may: "until the end of input, whichever comes first". Not over a statement, though,
  // which more likely was to be read.
  bool runs_to_end(const Token& token) const {
    return token.kind == TokenKind::kBlockComment && !token.closed && is_last(token);
  }

  // Lines that the shell takes for itself: ".mode csv" and "# comment" between statements; "go" and
  // "/" by themselves or before comments stand for a semicolon.
  bool shell_line(std::size_t line, std::size_t unit, State state) {
    if (line > 0 && text()[line - 1] != line_feed()) return false;
    const std::size_t stop = line_end(line);
    if (unit == kNone && line < stop && (text()[line] == '.' || text()[line] == '#')) {
      if (leaves(line)) leave("sqlite3", line, line);
      emit_line(line);
      return true;
    }
    if (!is_terminator(text().substr(0, stop), line)) return false;
    if (unit != kNone) {
      if (step(state, kSemicolon) != kStart) return false;
      emit_unit(unit, trim_end(unit, line));
    }
    emit_line(skip_blanks(line), DirectiveRole::kCloses);
    return true;
  }

  // ".quit" and ".exit", which may be cut short as long as no other command (".echo") comes first.
  bool leaves(std::size_t line) const {
    if (text()[line] != '.') return false;
    const std::size_t begin = skip_blanks(line + 1);
    const std::string_view word = word_at(begin);
    const std::size_t end = begin + word.size();
    if (!at_line_end(end) && !kSpaces.contains(text()[end])) return false;
    return (word.size() >= 1 && std::string_view("quit").starts_with(word)) ||
           (word.size() >= 2 && std::string_view("exit").starts_with(word));
  }

  bool is_terminator(std::string_view line, std::size_t begin) const {
    begin = kNonSpaces.find(line, begin);
    if (line.substr(begin, 1) == "/") {
      begin += 1;
    } else if (equal_words(line.substr(begin, 2), "go")) {
      begin += 2;
    } else {
      return false;
    }
    Scanner rest(line, scanner_.rules(), begin);
    Token token = rest.next(kNonSpaces);
    while (token.is_comment() && token.closed) token = rest.next(kNonSpaces);
    return token.kind == TokenKind::kEnd;
  }

  static constexpr ByteSet kTokenStops = ByteSet(" \t\f\v").invert();
  ByteSet leap_stops_;
};

}  // namespace

std::unique_ptr<UnitFinder> make_sqlite_finder(std::string_view text) {
  return std::make_unique<SqliteFinder>(text);
}

}  // namespace engine::sql
