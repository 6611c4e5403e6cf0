// Snowflake, BigQuery, Db2, Firebird, and what no dialect is known of: statements up to a
// terminator, with blocks BEGIN ... END where a routine or a script has them.
//
// Source: the vendors' references; docs/dialects.md names the page for each rule.
#include <algorithm>

#include "engine/sql/script_blocks.h"
#include "engine/sql/unit_finder.h"

namespace engine::sql {
namespace {

// What isql does itself, beside those that begin with SET.
constexpr std::string_view kIsqlWords[] = {
    "?",    "add", "blobdump", "blobview", "connect", "copy",  "edit",   "exit", "help",  "in",
    "inpu", "inp", "input",    "out",      "outp",    "outpu", "output", "quit", "shell", "show"};
// Behind SET, what is for the server.
constexpr std::string_view kServerSettings[] = {
    "bind",      "decfloat",   "generator",   "optimize", "role",    "session",
    "statement", "statistics", "trans",       "transa",   "transac", "transact",
    "transacti", "transactio", "transaction", "trusted"};

class ScriptFinder final : public UnitFinder {
 public:
  ScriptFinder(std::string_view text, Dialect dialect)
      : UnitFinder(text, dialect), dialect_(dialect) {
    end_statements_with(dialect == Dialect::kDb2 ? closing_mark() : ";");
  }

 private:
  // So many blocks are read to the end of the text before they are found never closed. From then on
  // each ends at the next certain place, so that a text of nothing else is not read again for each.
  static constexpr std::size_t kMostOpen = 16;

  bool advance() override {
    std::size_t unit = kNone;
    ScriptBlocks blocks(dialect_);
    bool rows = false;
    while (true) {
      int depth = 0;
      if (rows && skim_rows(unit, &depth)) return true;
      const std::size_t from = scanner_.position();
      const std::size_t here =
          unit == kNone ? skip_spaces_and_marks(from) : kNonSpaces.find(text(), from);
      if (here >= text().size()) return last_statement(unit, &blocks);
      if (unit == kNone && client_line(here)) return true;
      if (at_terminator(here)) {
        if (!blocks.holds()) return end_statement(unit, here);
        if (open_blocks_ >= kMostOpen && certain_behind(unit, here)) {
          return open_block(unit, blocks);
        }
      }
      scanner_.seek(here);
      const Token token = next_token(kNonSpaces);
      if (!token.closed) {
        emit_broken(unit, token);
        return true;
      }
      if (token.is_comment() || token.kind == TokenKind::kNewline) continue;
      if (terminator() == ";") blocks.read(token, text());  // else the script says where they end
      if (unit != kNone) continue;
      unit = token.begin;
      // No other words matter then.
      rows = token.kind == TokenKind::kWord && writes_rows(token.in(text()));
    }
  }

  bool last_statement(std::size_t unit, ScriptBlocks* blocks) {
    if (unit == kNone) return false;
    if (blocks->holds()) return open_block(unit, *blocks);
    emit_unit(unit, trim_end(unit, text().size()));
    scanner_.seek(text().size());
    return true;
  }

  bool open_block(std::size_t unit, const ScriptBlocks& blocks) {
    ++open_blocks_;
    emit_broken(unit, blocks.open());
    return true;
  }

  // Is what stands behind the terminator, and comments, certain to begin something new?
  bool certain_behind(std::size_t unit, std::size_t here) {
    see_indentation(unit);
    return resynchronise(here, behind_comments(here + terminator().size()) + 1) != kNone;
  }

  // The Db2 command line processor takes it only as the last character of a line.
  bool at_terminator(std::size_t here) const {
    if (text().substr(here, terminator().size()) != terminator()) return false;
    return dialect_ != Dialect::kDb2 || at_line_end(skip_blanks(here + terminator().size()));
  }

  bool end_statement(std::size_t unit, std::size_t here) {
    const std::size_t end = here + terminator().size();
    if (unit != kNone) leave_by(text().substr(unit, trim_end(unit, here) - unit), unit);
    if (unit == kNone) {
      emit_directive(here, end, DirectiveRole::kCloses);
    } else if (dialect_ == Dialect::kFirebird && is_for_isql(unit, here)) {
      emit_directive(unit, end);
    } else {
      emit_unit(unit, end);
    }
    scanner_.seek(end);
    return true;
  }

  // A batch file of the Db2 command line processor is read "until QUIT, TERMINATE, or the
  // end-of-file".
  void leave_by(std::string_view statement, std::size_t unit) {
    constexpr std::string_view kDb2[] = {"quit", "terminate"};
    constexpr std::string_view kIsql[] = {"exit", "quit"};
    if (dialect_ == Dialect::kDb2 && equals_any(statement, kDb2)) leave("db2", unit, unit);
    if (dialect_ == Dialect::kFirebird && equals_any(first_word(statement), kIsql)) {
      leave("isql", unit, unit);
    }
  }

  // As isql parts them: "QUIT/* c */" is another than "QUIT".
  static std::string_view first_word(std::string_view text) {
    return text.substr(0, kSpaces.find(text, 0));
  }

  bool is_for_isql(std::size_t unit, std::size_t end) const {
    std::string_view rest = text().substr(unit, end - unit);
    const auto next = [&rest] {
      rest.remove_prefix(kNonSpaces.find(rest, 0));
      const std::string_view word = first_word(rest);
      rest.remove_prefix(word.size());
      return word;
    };
    const std::string_view first = next();
    if (!equal_words(first, "set")) return equals_any(first, kIsqlWords);
    const std::string_view option = next();
    if (equal_words(option, "time")) return !equal_words(next(), "zone");
    return !option.empty() && !equals_any(option, kServerSettings);
  }

  // Lines for the client: SnowSQL's and the Db2 command line's "!command", Db2's
  // "--#SET TERMINATOR @" and Firebird's "SET TERM ^ ;".
  bool client_line(std::size_t begin) {
    const bool bang = text()[begin] == '!';
    if (bang && (dialect_ == Dialect::kSnowflake || dialect_ == Dialect::kDb2)) {
      if (dialect_ == Dialect::kSnowflake) follow_command(begin);
      emit_line(begin);
      return true;
    }
    if (dialect_ == Dialect::kDb2) return control_line(begin);
    return dialect_ == Dialect::kFirebird && set_term(begin);
  }

  // SnowSQL's "!set sql_delimiter=//", and what ends it.
  void follow_command(std::size_t begin) {
    constexpr std::string_view kLeave[] = {"exit", "q", "quit"};
    if (equals_any(word_at(begin + 1), kLeave)) leave("snowsql", begin, begin);
    const std::string_view line = text().substr(begin, line_end(begin) - begin);
    constexpr std::string_view kOption = "sql_delimiter=";
    if (!equal_words(word_at(begin + 1), "set")) return;
    const std::size_t option = kNonSpaces.find(line, 4);
    if (option >= line.size() || !equal_words(line.substr(option, kOption.size()), kOption)) return;
    const std::string_view value = line.substr(option + kOption.size());
    const std::string_view mark = value.substr(0, kSpaces.find(value, 0));
    if (!mark.empty()) end_statements_with(mark);
  }

  // "--#SET TERMINATOR @"; other options ("--#SET ROWS_FETCH 10") change nothing here. A line "/"
  // is what SET SQLCOMPAT PLSQL makes of it.
  bool control_line(std::size_t begin) {
    if (lone_word_line(begin, "/")) {
      emit_line(begin, DirectiveRole::kCloses);
      return true;
    }
    if (!equal_words(text().substr(begin, 6), "--#set")) return false;
    const std::size_t stop = line_end(begin);
    const std::size_t option = skip_blanks(begin + 6);
    const std::string_view word = word_at(option);
    const std::size_t value = skip_blanks(option + word.size());
    const bool ends = equal_words(word, "terminator") || equal_words(word, "delimiter");
    if (ends && value < stop) {
      end_statements_with(
          text().substr(value, std::min(kSpaces.find(text(), value), stop) - value));
    }
    return client_line_end(begin, stop);
  }

  bool set_term(std::size_t begin) {
    const std::string_view set = word_at(begin);
    const std::size_t option = kNonSpaces.find(text(), begin + set.size());
    const std::string_view word = word_at(std::min(option, text().size()));
    const bool named = word.size() >= 4 && equal_words(word, kTerminator.substr(0, word.size()));
    if (!equal_words(set, "set") || !named) return false;
    const std::size_t value = behind_comments(option + word.size());
    // Where the statement ends at once, nothing is named: the semicolon is back.
    if (text().substr(value, terminator().size()) == terminator()) {
      const std::size_t line_stop = value + terminator().size();
      end_statements_with(";");
      return client_line_end(begin, line_stop);
    }
    const std::size_t value_stop = std::min(kSpaces.find(text(), value), text().size());
    // "^;" is the value and the terminator.
    std::size_t end = text().substr(0, value_stop).find(terminator(), value + 1);
    const std::size_t value_end = std::min(end, value_stop);
    if (end == kNone) end = behind_comments(value_stop);
    if (text().substr(end, terminator().size()) != terminator()) return false;
    const std::size_t line_stop = end + terminator().size();
    end_statements_with(text().substr(value, value_end - value));
    return client_line_end(begin, line_stop);
  }

  std::size_t behind_comments(std::size_t from) const {
    Scanner scanner(text(), scanner_.rules(), from);
    Token token = scanner.next(kNonSpaces);
    while (token.is_comment()) token = scanner.next(kNonSpaces);
    return token.begin;
  }

  void end_statements_with(std::string_view terminator) {
    set_terminator(terminator);
    scanner_.set_rules(lex_rules(dialect_, terminator));
    skim_to(terminator.substr(0, 1));
  }

  bool client_line_end(std::size_t begin, std::size_t end) {
    const bool back = terminator() == ";";
    emit_directive(begin, trim_end(begin, end),
                   back ? DirectiveRole::kCloses : DirectiveRole::kIntroduces);
    scanner_.seek(end);
    return true;
  }

  // A script for "db2 -td@" says so only by ending with it, comments left out of account.
  std::string_view closing_mark() const {
    constexpr ByteSet marks("@!#$%^~|&");
    std::size_t end = trim_end(0, text().size());
    while (end > 0) {
      std::size_t comment = end;
      if (text().substr(0, end).ends_with("*/")) {
        comment = text().rfind("/*", end - 2);
        if (comment == kNone) break;
      } else {
        while (comment > 0 && !at_line_start(comment)) --comment;
        if (text().substr(skip_blanks(comment), 2) != "--") break;
      }
      end = trim_end(0, comment);
    }
    const bool marked = end > 0 && marks.contains(text()[end - 1]);
    return marked ? text().substr(end - 1, 1) : std::string_view(";");
  }

  static constexpr std::string_view kTerminator = "terminator";
  Dialect dialect_;
  std::size_t open_blocks_ = 0;
};

}  // namespace

std::unique_ptr<UnitFinder> make_script_finder(std::string_view text, Dialect dialect) {
  return std::make_unique<ScriptFinder>(text, dialect);
}

}  // namespace engine::sql
