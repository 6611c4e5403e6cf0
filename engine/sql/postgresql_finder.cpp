// PostgreSQL: statements as psql cuts them, meta-commands, and COPY data.
//
// Source: psqlscan.l, psqlscanslash.l, mainloop.c, command.c and copy.c of PostgreSQL 15; which
// COPY has rows is for the server to say (gram.y).
#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "engine/sql/lines.h"
#include "engine/sql/psql_commands.h"
#include "engine/sql/unit_finder.h"

namespace engine::sql {
namespace {

constexpr std::string_view kPsql = "psql";

class PostgresqlFinder final : public UnitFinder {
 public:
  explicit PostgresqlFinder(std::string_view text) : UnitFinder(text, Dialect::kPostgresql) {
    LexRules rules = scanner_.rules();
    rules.psql_variables = true;
    scanner_.set_rules(rules);
    set_stops();
  }

 private:
  // What psql remembers of the statement it is reading.
  struct Reading {
    std::size_t begin = kNone;
    bool content = false;  // more than semicolons
    int paren_depth = 0;
    int begin_depth = 0;
    int words = 0;                // since the last "\;"
    char initials[4] = {};        // of the first words, as psql keeps them: c(reate) o r f(unction)
    bool create_routine = false;  // CREATE [OR REPLACE] {FUNCTION | PROCEDURE}
    bool copy = false;
    bool from = false;       // the last word was FROM, outside parentheses
    int copies = 0;          // how many COPY ... FROM stdin it has
    bool setting = false;    // SET, RESET or DISCARD
    bool strings = false;    // of standard_conforming_strings
    bool value_off = false;  // and its value
  };

  static constexpr int kHeadWords = 6;

  void set_stops() {
    leap_stops_ = scanner_.quote_stops();
    leap_stops_.add(";()\\");
    skim_to(";\\", '\0', '\0', true);
  }

  bool advance() override {
    Reading statement;
    while (true) {
      if (pending_line_ != kNone && kNonSpaces.find(text(), scanner_.position()) >= pending_line_ &&
          start_line(statement)) {
        return true;
      }
      // Words matter at the head of a statement, and all through a routine or a COPY.
      const bool words = statement.words < kHeadWords || statement.create_routine ||
                         statement.copy || statement.strings || pending_line_ != kNone;
      // With escapes in all strings but U&'', which ones have them is for the scanner to say.
      if (!words && !scanner_.rules().backslash_in_single &&
          skim_rows(statement.begin, &statement.paren_depth)) {
        return true;
      }
      const Token token = next_token(words ? kNonSpaces : leap_stops_);
      if (token.kind == TokenKind::kEnd) return finish(statement, token.begin);
      if (!token.closed) {
        emit_broken(statement.begin, token);
        return true;
      }
      if (token.is_comment()) continue;
      const char c = text()[token.begin];
      if (c == '\\' && token.kind == TokenKind::kSymbol) {
        if (backslash(&statement, token.begin)) return true;
        continue;
      }
      if (statement.begin == kNone) statement.begin = token.begin;
      const bool is_open = statement.paren_depth > 0 || statement.begin_depth > 0;
      if (c == ';' && token.kind == TokenKind::kSymbol && !is_open) {
        return end_statement(statement, token.end);
      }
      take(&statement, token);
    }
  }

  void take(Reading* statement, const Token& token) const {
    if (token.kind == TokenKind::kSymbol) {
      const char c = text()[token.begin];
      if (c == '(') ++statement->paren_depth;
      if (c == ')' && statement->paren_depth > 0) --statement->paren_depth;
    }
    statement->content = true;
    if (token.kind == TokenKind::kWord) {
      if (is_identifier(token)) word(statement, token.in(text()));
    } else {
      statement->from = false;
      if (statement->strings) value(statement, token.in(text()));
    }
  }

  // Not the name of ":name", nor the U of U&'' and U&"".
  bool is_identifier(const Token& token) const {
    const std::string_view before = text().substr(0, token.begin);
    if (before.ends_with(':') && !before.ends_with("::")) return false;
    const std::string_view behind = text().substr(token.end, 2);
    return !equal_words(token.in(text()), "u") || (behind != "&'" && behind != "&\"");
  }

  // The line behind one where a statement ended: only here does psql ask whether strings conform
  // to the standard, and here the rows of a COPY begin that had more on its line. True when
  // something was emitted.
  bool start_line(const Reading& statement) {
    std::size_t line = std::exchange(pending_line_, kNone);
    if (pending_strings_) {
      LexRules rules = scanner_.rules();
      rules.backslash_in_single = *pending_strings_ == Strings::kEscape;
      scanner_.set_rules(rules);
      set_stops();
      pending_strings_.reset();
    }
    const int copies = std::exchange(pending_copies_, 0);
    if (copies == 0) return false;
    const std::size_t end = copy_data_end(line, copies);
    line = std::max(line, scanner_.position());  // a quote or comment may have run over it
    if (end <= line) return false;
    scanner_.seek(end);
    if (statement.begin != kNone) return false;
    emit_directive(line, end, DirectiveRole::kCloses);
    return true;
  }

  bool finish(const Reading& statement, std::size_t end) {
    if (statement.begin == kNone) return false;
    if (statement.paren_depth > 0 || statement.begin_depth > 0) warn_of_open(statement.begin);
    return end_statement(statement, trim_end(statement.begin, end));
  }

  // The statement is read once more for the outermost parenthesis, or BEGIN, that holds it open:
  // the leaps over it have counted and not looked.
  void warn_of_open(std::size_t begin) {
    Scanner again(text(), scanner_.rules(), begin);
    Reading statement;
    Token parenthesis{}, block{};
    for (Token token = again.next(kNonSpaces); token.kind != TokenKind::kEnd;
         token = again.next(kNonSpaces)) {
      if (token.is_comment() || token.kind == TokenKind::kNewline) continue;
      if (token.kind == TokenKind::kSymbol && text()[token.begin] == '\\') {
        const std::size_t stop = line_end(token.begin);
        again.seek(psql_command(text(), token.begin, stop, restriction_).end);
        continue;
      }
      const Reading before = statement;
      take(&statement, token);
      if (before.paren_depth == 0 && statement.paren_depth > 0) parenthesis = token;
      if (before.begin_depth == 0 && statement.begin_depth > 0) block = token;
    }
    if (statement.paren_depth > 0) {
      warn_open(parenthesis);
    } else if (statement.begin_depth > 0) {
      warn_open(block);
    }
  }

  bool end_statement(const Reading& statement, std::size_t end) {
    if (statement.strings) {
      pending_strings_ = statement.value_off ? Strings::kEscape : Strings::kStandard;
    }
    if (statement.strings || statement.copies > 0) pending_line_ = next_line(end);
    scanner_.seek(end);
    if (statement.copies > 0 && pending_copies_ == 0 && rows_follow(statement, end)) {
      const std::size_t rows = pending_line_;
      const std::size_t data_end = copy_data_end(rows, statement.copies);
      emit_unit(statement.begin, data_end, rows);
      scanner_.seek(data_end);
      return true;
    }
    pending_copies_ += statement.copies;
    if (statement.content) {
      emit_unit(statement.begin, end);
    } else {  // nothing but semicolons asks the server for nothing
      emit_directive(statement.begin, end, DirectiveRole::kCloses);
    }
    return true;
  }

  // Nothing but comments is left of the line that a COPY ends in, or what ends psql, which reads
  // the rows before it does so.
  bool rows_follow(const Reading& copy, std::size_t end) {
    const std::size_t line = line_end(end);
    Scanner rest(text().substr(0, line), scanner_.rules(), end);
    Token token = rest.next(kNonSpaces);
    while (token.is_comment() && token.closed) token = rest.next(kNonSpaces);
    if (token.kind == TokenKind::kEnd) return true;
    return token.in(text()) == "\\" &&
           may_quit(psql_command(text(), token.begin, line, restriction_)) &&
           leave(kPsql, token.begin, copy.begin);
  }

  // Behind as many lines "\." as there are COPYs, or the end of the text.
  std::size_t copy_data_end(std::size_t from, int copies) {
    begin_long_read(from);
    std::size_t line = from;
    while (line < text().size()) {
      if (text().substr(line, 2) == "\\." && line_end(line) == line + 2) {
        if (--copies == 0) return line + 2;
      }
      line = next_backslash_line(line);
    }
    return text().size();
  }

  // Where the next line begins with one.
  std::size_t next_backslash_line(std::size_t from) {
    for (std::size_t at = from;; at = std::max(from, long_read() - 1)) {  // a pair may lie across
      const std::string_view stretch = text().substr(0, long_read() + kLongReadStep);
      const std::size_t found = kernels().find_pair(stretch, at, '\n', '\\');
      if (found < stretch.size()) return found + 1;
      read_on(stretch.size());
      if (stretch.size() == text().size()) return text().size();
    }
  }

  static void word(Reading* statement, std::string_view w) {
    if (statement->words < 4) note_initial(statement, w);
    ++statement->words;
    if (statement->create_routine && statement->paren_depth == 0) {
      if (equal_words(w, "begin")) ++statement->begin_depth;
      if (equal_words(w, "case") && statement->begin_depth > 0) ++statement->begin_depth;
      if (equal_words(w, "end") && statement->begin_depth > 0) --statement->begin_depth;
    }
    if (statement->words == 1) {
      statement->copy = equal_words(w, "copy");
      statement->setting =
          equal_words(w, "set") || equal_words(w, "reset") || equal_words(w, "discard");
      if (!statement->copy && !statement->setting && !equal_words(w, "create")) {
        statement->words = kHeadWords;  // no other statement's words change where it ends
      }
    }
    if (statement->copy && statement->paren_depth == 0) {
      const bool input = equal_words(w, "stdin") || equal_words(w, "stdout");
      if (statement->from && input) ++statement->copies;
      statement->from = equal_words(w, "from");
    }
    if (statement->strings) value(statement, w);
    if (statement->setting && (equal_words(w, "standard_conforming_strings") ||
                               (statement->words == 2 && equal_words(w, "all")))) {
      statement->strings = true;
    }
  }

  // A boolean may be cut short.
  static void value(Reading* statement, std::string_view v) {
    if (!v.empty() && v.front() == '\'') v = v.substr(1, v.size() - 2);
    const bool letters =
        !v.empty() && (equal_words(v, std::string_view("false").substr(0, v.size())) ||
                       equal_words(v, std::string_view("no").substr(0, v.size())));
    statement->value_off |= letters || v == "0" || equal_words(v, "off") || equal_words(v, "of");
  }

  static void note_initial(Reading* statement, std::string_view w) {
    constexpr std::string_view kKept[] = {"create", "or", "replace", "function", "procedure"};
    for (const std::string_view kept : kKept) {
      if (equal_words(w, kept)) statement->initials[statement->words] = kept[0];
    }
    const char* i = statement->initials;
    statement->create_routine =
        i[0] == 'c' && (i[1] == 'f' || i[1] == 'p' ||
                        (i[1] == 'o' && i[2] == 'r' && (i[3] == 'f' || i[3] == 'p')));
  }

  // A meta-command. Between statements it is a directive; behind SQL text some send the buffer, as
  // a semicolon does. True when something was emitted.
  bool backslash(Reading* statement, std::size_t begin) {
    const char next = begin + 1 < text().size() ? text()[begin + 1] : '\0';
    if (next == ';' || next == ':') {  // these go to the server without their backslash
      scanner_.seek(begin + 2);
      if (statement->begin == kNone) statement->begin = begin;
      if (next == ';') join_statements(statement);
      return false;
    }
    const PsqlCommand command = psql_command(text(), begin, line_end(begin), restriction_);
    scanner_.seek(command.end);
    follow_restriction(command);
    follow_conditions(command);
    if (may_quit(command)) {
      if (quit(*statement, begin, trim_end(begin, command.end))) return true;
      if (statement->begin != kNone) {  // no command, but text
        scanner_.seek(begin + 1);
        return false;
      }
    }
    if (statement->begin == kNone) {
      std::size_t end = trim_end(begin, command.end);
      std::size_t rows = 0;
      if (command.kind == PsqlCommandKind::kCopyIn) {
        rows = next_line(end);
        end = copy_data_end(rows, 1);
        scanner_.seek(end);
      }
      emit_directive(begin, end, DirectiveRole::kAlone, rows);
      return true;
    }
    const std::size_t end = trim_end(begin, command.end);
    if (command.kind == PsqlCommandKind::kSends) return end_statement(*statement, end);
    if (command.kind == PsqlCommandKind::kForgets) {
      emit_directive(statement->begin, end);
      return true;
    }
    if (command.kind == PsqlCommandKind::kCopyIn) {
      scanner_.seek(copy_data_end(next_line(end), 1));
    }
    return false;
  }

  // psql sends what it has read before it leaves, and reads the rows of that.
  bool quit(const Reading& statement, std::size_t begin, std::size_t end) {
    const bool is_alone = statement.begin == kNone;
    if (!leave(kPsql, begin, is_alone ? begin : statement.begin)) return false;
    const int copies = std::exchange(pending_copies_, 0) + statement.copies;
    const std::size_t rows = copies > 0 ? next_line(end) : 0;
    if (copies > 0) end = copy_data_end(rows, copies);
    scanner_.seek(end);
    if (is_alone) {
      emit_directive(begin, end, DirectiveRole::kAlone, rows);
    } else {
      emit_unit(statement.begin, end, rows);
    }
    return true;
  }

  // "\;" sends two statements as one; psql counts words from the start again.
  static void join_statements(Reading* statement) {
    statement->words = 0;
    statement->create_routine = statement->copy = statement->from = statement->setting = false;
    for (char& initial : statement->initials) initial = '\0';
  }

  void follow_restriction(const PsqlCommand& command) {
    if (command.kind == PsqlCommandKind::kRestricts) restriction_ = command.argument;
    if (command.kind == PsqlCommandKind::kFrees) restriction_ = {};
  }

  // In a branch of \if it may be passed over.
  bool may_quit(const PsqlCommand& command) const {
    return command.kind == PsqlCommandKind::kQuits && conditions_ == 0;
  }

  void follow_conditions(const PsqlCommand& command) {
    if (command.kind == PsqlCommandKind::kIf) ++conditions_;
    if (command.kind == PsqlCommandKind::kEndif && conditions_ > 0) --conditions_;
  }

  enum class Strings : std::uint8_t { kStandard, kEscape };

  ByteSet leap_stops_;
  std::string_view
      restriction_;     // the key of \restrict: no other command counts before it is given
  int conditions_ = 0;  // \if that are open
  std::size_t pending_line_ = kNone;  // where something changes that the line before has set
  int pending_copies_ = 0;
  std::optional<Strings> pending_strings_;
};

}  // namespace

std::unique_ptr<UnitFinder> make_postgresql_finder(std::string_view text) {
  return std::make_unique<PostgresqlFinder>(text);
}

}  // namespace engine::sql
