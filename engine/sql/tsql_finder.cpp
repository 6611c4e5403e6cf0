// T-SQL: the unit is the batch, which ends at a line GO.
//
// Source: Microsoft's ManagedBatchParser (sqltoolsservice), which SSMS and Azure Data Studio use.
#include "engine/sql/unit_finder.h"

namespace engine::sql {
namespace {

// Commands of sqlcmd and of the SQLCMD mode of SSMS: a colon, then one of these.
constexpr std::string_view kSqlcmdWords[] = {
    "connect", "ed",        "error", "exit", "help",  "list",       "listvar", "on",
    "out",     "perftrace", "quit",  "r",    "reset", "serverlist", "setvar",  "xml",
};

class TsqlFinder final : public UnitFinder {
 public:
  explicit TsqlFinder(std::string_view text) : UnitFinder(text, Dialect::kTsql) {
    body_stops_ = scanner_.quote_stops();
    body_stops_.add("\r\n");
    skim_to("", 'g', ':');
  }

 private:
  bool advance() override {
    std::size_t unit = kNone;
    std::size_t end = 0;
    bool line_start = at_line_start(scanner_.position());
    while (true) {
      std::size_t here = scanner_.position();
      if (unit != kNone && !(line_start && go_line(here, &end))) {
        int depth = 0;
        skim(&depth);
        here = line_begun(here);
        line_start = here != kNone;
      }
      if (line_start && go_line(here, &end)) {
        close_unit(unit, here);
        emit_directive(skip_blanks(here), end, DirectiveRole::kCloses);
        scanner_.seek(end);
        return true;
      }
      if (line_start && leaves(here) && end_reading(unit, skip_blanks(here))) return true;
      if (line_start && unit == kNone && sqlcmd_line(here)) {
        emit_line(skip_blanks(here));
        return true;
      }
      // In a batch it is a line of it in which quotes are none.
      if (line_start && sqlcmd_line(here) && text()[skip_blanks(here)] == ':') {
        scanner_.seek(line_end(here));
        continue;
      }
      const Token token = next_token(unit == kNone ? kUnitStops : body_stops_);
      line_start = token.kind == TokenKind::kNewline;
      if (token.kind == TokenKind::kEnd) return close_unit(unit, token.begin);
      if (unit == kNone && is_end_mark(token)) return false;
      if (token.kind == TokenKind::kNewline) continue;
      if (!token.closed) {
        emit_broken(unit, token);
        return true;
      }
      if (unit == kNone && !token.is_comment()) unit = token.begin;
    }
  }

  // Ctrl-Z, as editors of DOS leave it behind the last line.
  bool is_end_mark(const Token& token) const {
    constexpr char kCtrlZ = '\x1a';
    return text()[token.begin] == kCtrlZ &&
           kNonSpaces.find(text(), token.begin + 1) == text().size();
  }

  bool close_unit(std::size_t unit, std::size_t end) {
    if (unit == kNone) return false;
    emit_unit(unit, trim_end(unit, end));
    return true;
  }

  // GO, an optional count or variable of sqlcmd, an optional line comment, and nothing else. "GO;"
  // is an error to SSMS and stays a part of the batch; "GO5" is a name.
  bool go_line(std::size_t line, std::size_t* end) const {
    std::size_t i = skip_blanks(line);
    if (i + 2 > text().size() || !equal_words(text().substr(i, 2), "go")) return false;
    if (i + 2 < text().size() && kDigits.contains(text()[i + 2])) return false;
    i = skip_blanks(i + 2);
    if (text().substr(i, 2) == "$(") {
      const std::size_t close = text().find_first_of(")\r\n", i);
      if (close == kNone || text()[close] != ')') return false;
      i = close + 1;
    }
    while (i < text().size() && kDigits.contains(text()[i])) ++i;
    const std::size_t line_stop = line_end(i);
    const std::string_view rest = text().substr(skip_blanks(i), line_stop - skip_blanks(i));
    if (!rest.empty() && rest.substr(0, 2) != "--") return false;
    *end = trim_end(line, line_stop);
    return true;
  }

  bool sqlcmd_line(std::size_t line) const {
    const std::size_t i = skip_blanks(line);
    if (i >= text().size()) return false;
    if (text().substr(i, 2) == "!!" || text().substr(i, 3) == ":!!") return true;
    if (text()[i] != ':') return false;
    return equals_any(word_at(i + 1), kSqlcmdWords);
  }

  bool leaves(std::size_t line) const {
    constexpr std::string_view kLeave[] = {"exit", "quit"};
    const std::size_t i = skip_blanks(line);
    return i < text().size() && text()[i] == ':' && equals_any(word_at(i + 1), kLeave);
  }

  // sqlcmd sends a batch that no GO has ended for ":exit(query)" alone, and else forgets it.
  bool end_reading(std::size_t unit, std::size_t command) {
    const std::size_t begin = unit == kNone ? command : unit;
    if (!leave("sqlcmd", command, begin)) return false;
    const std::size_t end = trim_end(command, line_end(command));
    const std::string_view line = text().substr(command, end - command);
    const bool sends = line.find('(') != kNone;
    if (sends) {
      emit_unit(begin, end);
    } else {
      emit_directive(begin, end);
    }
    return true;
  }

  std::size_t resynchronise(std::size_t from, std::size_t limit) const override {
    std::size_t end = 0;
    for (std::size_t line = next_line(from); line < limit; line = next_line(line)) {
      if (go_line(line, &end)) return line;
    }
    return kNone;
  }

  // Until the batch has begun, every byte but a blank matters.
  static constexpr ByteSet kUnitStops = ByteSet(" \t\f\v").invert();
  ByteSet body_stops_;
};

}  // namespace

std::unique_ptr<UnitFinder> make_tsql_finder(std::string_view text) {
  return std::make_unique<TsqlFinder>(text);
}

}  // namespace engine::sql
