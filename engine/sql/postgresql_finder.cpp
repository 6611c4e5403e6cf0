// PostgreSQL: statements as psql cuts them, meta-commands, and COPY data.
//
// Source: psqlscan.l and mainloop.c of PostgreSQL 15.
#include <algorithm>
#include <utility>

#include "engine/sql/lines.h"
#include "engine/sql/unit_finder.h"

namespace engine::sql {
namespace {

class PostgresqlFinder final : public UnitFinder {
 public:
  explicit PostgresqlFinder(std::string_view text) : UnitFinder(text, Dialect::kPostgresql) {
    set_stops();
  }

 private:
  // What psql remembers of the statement it is reading.
  struct Reading {
    std::size_t begin = kNone;
    int paren_depth = 0;
    int begin_depth = 0;
    int words = 0;
    char initials[4] = {};        // of the first words, as psql keeps them: c(reate) o r f(unction)
    bool create_routine = false;  // CREATE [OR REPLACE] {FUNCTION | PROCEDURE}
    bool copy = false;
    bool from = false;  // the last word was FROM, outside parentheses
    bool copy_from_stdin = false;
    int set_words = 0;  // of SET standard_conforming_strings
    bool value_off = false;
  };

  static constexpr int kHeadWords = 6;

  void set_stops() {
    leap_stops_ = scanner_.quote_stops();
    leap_stops_.add(";()\\");
    skim_to(";\\", '\0', '\0', true);
  }

  bool advance() override {
    if (data_due_ != kNone && kNonSpaces.find(text(), scanner_.position()) >= data_due_) {
      return emit_due_data();
    }
    Reading statement;
    while (true) {
      // Words matter at the head of a statement, and all through a routine or a COPY.
      const bool words = statement.words < kHeadWords || statement.create_routine || statement.copy;
      if (!words && statement.set_words != 2) skim(&statement.paren_depth);
      const Token token = next_token(words ? kNonSpaces : leap_stops_);
      if (data_due_ != kNone && token.end > data_due_) return end_at_data(statement);
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
      if (token.kind == TokenKind::kWord) {
        word(&statement, token);
      } else if (token.kind == TokenKind::kSymbol) {
        if (c == '(') ++statement.paren_depth;
        if (c == ')' && statement.paren_depth > 0) --statement.paren_depth;
        if (c == ';' && statement.paren_depth == 0 && statement.begin_depth == 0) {
          return end_statement(statement, token.end);
        }
      } else {
        ++statement.words;
        statement.from = false;
        if (statement.set_words == 2 && token.kind == TokenKind::kString) {
          statement.value_off = equal_words(token.in(text()), "'off'");
        }
      }
    }
  }

  bool finish(const Reading& statement, std::size_t end) {
    if (statement.begin == kNone) return false;
    return end_statement(statement, trim_end(statement.begin, end));
  }

  bool end_statement(const Reading& statement, std::size_t end) {
    if (statement.set_words == 2) set_standard_conforming(!statement.value_off);
    if (!statement.copy_from_stdin) {
      emit_unit(statement.begin, end);
      return true;
    }
    // The data begins on the next line; what follows on this line is SQL still.
    const std::size_t rest = skip_blanks(end);
    const std::size_t rows = next_line(end);
    if (!at_line_end(rest) && text().substr(rest, 2) != "--") {
      emit_unit(statement.begin, end);
      data_due_ = rows;
      return true;
    }
    const std::size_t data_end = copy_data_end(rows);
    emit_unit(statement.begin, data_end, rows);
    scanner_.seek(data_end);
    return true;
  }

  // A statement that stood behind COPY on its line ends there: the client takes the lines that
  // follow for rows before it reads on.
  bool end_at_data(const Reading& statement) {
    scanner_.seek(data_due_);
    if (statement.begin == kNone) return emit_due_data();
    emit_unit(statement.begin, trim_end(statement.begin, data_due_));
    return true;
  }

  // The data follows as text for the client alone.
  bool emit_due_data() {
    const std::size_t begin = std::max(std::exchange(data_due_, kNone), scanner_.position());
    const std::size_t end = copy_data_end(begin);
    if (begin >= end) return advance();
    emit_directive(begin, end, DirectiveRole::kCloses);
    scanner_.seek(end);
    return true;
  }

  // Behind the line "\.", or the end of the text.
  std::size_t copy_data_end(std::size_t from) const {
    std::size_t line = from;
    while (line < text().size()) {
      if (text().substr(line, 2) == "\\." && line_end(line) == line + 2) return line + 2;
      line = kernels().find_pair(text(), line, '\n', '\\') + 1;
    }
    return text().size();
  }

  void word(Reading* statement, const Token& token) {
    const std::string_view w = token.in(text());
    if (statement->words < 4) note_initial(statement, w);
    ++statement->words;
    if (statement->create_routine && statement->paren_depth == 0) {
      if (equal_words(w, "begin")) ++statement->begin_depth;
      if (equal_words(w, "case") && statement->begin_depth > 0) ++statement->begin_depth;
      if (equal_words(w, "end") && statement->begin_depth > 0) --statement->begin_depth;
    }
    if (statement->words == 1) statement->copy = equal_words(w, "copy");
    if (statement->copy && statement->paren_depth == 0) {
      if (statement->from && equal_words(w, "stdin")) statement->copy_from_stdin = true;
      statement->from = equal_words(w, "from");
    }
    if (statement->words == 1) {
      if (equal_words(w, "set")) {
        statement->set_words = 1;
      } else if (!statement->copy && !equal_words(w, "create")) {
        statement->words = kHeadWords;  // no other statement's words change where it ends
      }
    }
    if (statement->set_words == 1 && equal_words(w, "standard_conforming_strings")) {
      statement->set_words = 2;
    } else if (statement->set_words == 2) {
      statement->value_off |= equal_words(w, "off");
    }
  }

  void note_initial(Reading* statement, std::string_view w) {
    constexpr std::string_view kKept[] = {"create", "or", "replace", "function", "procedure"};
    for (const std::string_view kept : kKept) {
      if (equal_words(w, kept)) statement->initials[statement->words] = kept[0];
    }
    const char* i = statement->initials;
    statement->create_routine =
        i[0] == 'c' && (i[1] == 'f' || i[1] == 'p' ||
                        (i[1] == 'o' && i[2] == 'r' && (i[3] == 'f' || i[3] == 'p')));
  }

  void set_standard_conforming(bool on) {
    LexRules rules = scanner_.rules();
    rules.backslash_in_single = !on;
    scanner_.set_rules(rules);
    set_stops();
  }

  // A meta-command. Between statements it is a directive; behind SQL text some send the buffer, as
  // a semicolon does. True when something was emitted.
  bool backslash(Reading* statement, std::size_t begin) {
    if (begin + 1 < text().size() && text()[begin + 1] == ';') {
      scanner_.seek(begin + 2);  // "\;" joins two statements into one query
      if (statement->begin == kNone) statement->begin = begin;
      statement->paren_depth = 0;
      return false;
    }
    const std::string_view name = word_at(begin + 1);
    const std::size_t name_end = begin + 1 + name.size();
    const std::size_t end = meta_command_end(name_end);
    if (statement->begin == kNone) {
      std::size_t directive_end = trim_end(begin, end);
      std::size_t rows = 0;
      if (name == "copy" && copies_from_stdin(text().substr(name_end, end - name_end))) {
        rows = next_line(end);
        directive_end = copy_data_end(rows);
      }
      emit_directive(begin, directive_end, DirectiveRole::kAlone, rows);
      scanner_.seek(directive_end);
      return true;
    }
    scanner_.seek(end);
    constexpr std::string_view kSenders[] = {"g",     "gx",           "gset", "gexec",
                                             "gdesc", "crosstabview", "watch"};
    for (const std::string_view sender : kSenders) {
      if (name == sender) return end_statement(*statement, trim_end(begin, end));
    }
    if (name == "r" || name == "reset") {
      emit_unit(statement->begin, trim_end(begin, end));
      return true;
    }
    return false;
  }

  // A meta-command runs to the end of its line, or to "\\" outside quotes.
  std::size_t meta_command_end(std::size_t from) const {
    const std::size_t stop = line_end(from);
    char quote = '\0';
    for (std::size_t i = from; i < stop; ++i) {
      const char c = text()[i];
      if (quote != '\0') {
        if (c == '\\') ++i;
        if (c == quote) quote = '\0';
      } else if (c == '\'' || c == '"' || c == '`') {
        quote = c;
      } else if (c == '\\' && i + 1 < stop && text()[i + 1] == '\\') {
        return i + 2;
      }
    }
    return stop;
  }

  bool copies_from_stdin(std::string_view arguments) const {
    Scanner scanner(arguments, lex_rules(Dialect::kPostgresql));
    bool from = false;
    for (Token token = scanner.next(kNonSpaces); token.kind != TokenKind::kEnd;
         token = scanner.next(kNonSpaces)) {
      const std::string_view w = token.in(arguments);
      if (from && (equal_words(w, "stdin") || equal_words(w, "pstdin"))) return true;
      from = equal_words(w, "from");
    }
    return false;
  }

  std::size_t data_due_ = kNone;  // where the rows of a COPY begin that had more on its line
  ByteSet leap_stops_;
};

}  // namespace

std::unique_ptr<UnitFinder> make_postgresql_finder(std::string_view text) {
  return std::make_unique<PostgresqlFinder>(text);
}

}  // namespace engine::sql
